"""What is written about the API holds: the OpenAPI document, and every example on the page for people."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel

from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from lyhord.www.api.v1 import api
from tests.classes import subclasses
from tests.conftest import Cast
from tests.matters.papers import three_boards
from tests.www.api.conftest import Program, make_key, publish

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P27", "0.25")]

PAGE = Path(__file__).parents[3] / "docs" / "api.md"
EXAMPLE = re.compile(r"```http\n(.+?)\n```\n\n```json\n(\d{3})\n(.+?)\n```", re.DOTALL)
PLACE = re.compile(r"\{(\w+)\}")
ANYTHING = "…"
RESIDENTS = {
    "organisation",
    "case types",
    "places",
    "photos",
    "reports",
    "own case",
    "published",
    "follows",
    "maps",
    "matters",
    "alerts",
}


@pytest.fixture
def document(nobody: Program) -> Any:
    return nobody.get("openapi.json")


def heeds_a_revision(method: str, path: str) -> bool:
    """Changes of a case: all but what is one's own (a draft) or only adds (a message), or says that one has read."""
    if method == "get" or path.endswith(("/draft", "/read", "/messages", "/wake", "/code")) or "/push" in path:
        return False
    return path.startswith(("/cases/", "/own-case/"))


class TestOpenApi:
    """The document."""

    def test_is_right(self, document: Any) -> None:
        assert document["openapi"].startswith("3.1")
        assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []

    def test_no_two_shapes_have_one_name(self) -> None:
        """The document knows shapes by name alone: one of two would be told of as the other."""
        names = Counter(
            shape.__name__ for shape in subclasses(BaseModel) if shape.__module__.startswith("lyhord.www.api.")
        )
        assert len(names) > 60
        assert not [name for name, count in names.items() if count > 1]

    def test_describes_every_address(self, document: Any) -> None:
        described = {(method, path) for path, operations in document["paths"].items() for method in operations}
        real = {
            (method.lower(), path)
            for router in api._get_bound_routers()
            for path, view in router.path_operations.items()
            for operation in view.operations
            for method in operation.methods
        }
        assert described == real
        assert len(described) > 40

    def test_every_operation_is_named_explained_and_tells_how_it_fails(self, document: Any) -> None:
        names = []
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                names.append(operation["operationId"])
                assert operation["summary"], path
                assert operation["description"], path
                assert operation["security"], path
                statuses = set(operation["responses"])
                assert {"401", "404", "422", "429", "500"} <= statuses, path
                assert any(status.startswith("2") for status in statuses), path
                assert ("304" in statuses) is (method == "get"), path
                parameters = {parameter["name"] for parameter in operation["parameters"]}
                assert ("If-Match" in parameters) is heeds_a_revision(method, path), path
                assert ("412" in statuses) is heeds_a_revision(method, path), path
        assert len(names) == len(set(names))

    def test_nothing_of_residents_needs_a_key(self, document: Any) -> None:
        for path, operations in document["paths"].items():
            for operation in operations.values():
                closed = operation["tags"][0] not in RESIDENTS or path.startswith("/own-case")
                assert ({} in operation["security"]) is not closed, path


def show_matters(cast: Cast) -> None:
    """Matters turned on, and the lamps decided."""
    Organisation.objects.filter(pk=cast.motala.pk).update(features={**cast.motala.features, "matters": True})
    forget_hosts()
    with organisation_scope(cast.motala.pk):
        three_boards()


def filled(text: str, known: dict[str, Any]) -> str:
    return PLACE.sub(lambda place: str(known.get(place[1], place[0])), text)


def check(said: Any, wanted: Any, known: dict[str, Any]) -> None:
    """That an answer holds what the page says; "{name}" keeps what stands there, "…" is anything."""
    if isinstance(wanted, dict):
        for name, value in wanted.items():
            check(said[name], value, known)
    elif isinstance(wanted, list):
        assert len(said) == len(wanted)
        for one, other in zip(said, wanted, strict=True):
            check(one, other, known)
    elif isinstance(wanted, str) and (place := PLACE.fullmatch(wanted)):
        assert said == known.setdefault(place[1], said)
    elif wanted != ANYTHING:
        assert said == wanted


def test_every_example_on_the_page(cast: Cast) -> None:
    publish(cast)
    show_matters(cast)
    known: dict[str, Any] = {"key": make_key(cast.motala, cast.maria)}
    examples = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
    assert len(examples) >= 12
    for asked, status, wanted in examples:
        head, _blank, body = filled(asked, known).partition("\n\n")
        first, *lines = head.splitlines()
        method, path = first.split(" ")
        headers = dict(line.split(": ", 1) for line in lines)
        kind = headers.pop("Content-Type", "")
        answer: Any = Program().client.generic(method, path, body.encode(), content_type=kind, headers=headers)
        assert answer.status_code == int(status), (first, answer.content)
        check(json.loads(answer.content), json.loads(wanted), known)
