"""Programs that use the API, and what they ask about."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lyhord.accounts.models import Membership, User
from lyhord.cases import actions
from lyhord.cases.actions import Registered
from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.clients import READ, WRITE, create_key
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast

BASE = "/api/v1"
WALL = 4  # into the organisation and out again: savepoint, scope, scope, released


@pytest.fixture(autouse=True)
def _surroundings(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


class Program:
    """What asks: with a key, a token, a code, or nothing."""

    def __init__(self, host: str = "motala.localhost", **headers: str) -> None:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        self.client = Client(headers={"host": host, **given}, raise_request_exception=False)

    def get(self, path: str, status: int = 200, headers: dict[str, str] | None = None, **query: Any) -> Any:
        """The JSON of a read; the answer itself is in `last`."""
        self.last: Any = self.client.get(f"{BASE}/{path}", query or None, headers=headers)
        return self._read(status)

    def send(
        self, method: str, path: str, body: Any = None, status: int = 200, headers: dict[str, str] | None = None
    ) -> Any:
        """The JSON of what came of sending."""
        data = b"" if body is None else json.dumps(body).encode()
        kind = "application/json"
        self.last = self.client.generic(method.upper(), f"{BASE}/{path}", data, content_type=kind, headers=headers)
        return self._read(status)

    def post(self, path: str, body: Any = None, status: int = 201, **options: Any) -> Any:
        """POST."""
        return self.send("post", path, body, status, **options)

    def put(self, path: str, body: Any = None, status: int = 200, **options: Any) -> Any:
        """PUT."""
        return self.send("put", path, body, status, **options)

    def _read(self, status: int) -> Any:
        answer = self.last
        assert answer.status_code == status, answer.content
        if status >= 400:
            return problem(answer, status)
        if status in {204, 304}:
            assert not answer.content
            return None
        assert answer["Content-Type"] == "application/json; charset=utf-8"
        return json.loads(answer.content)


def problem(answer: Any, status: int) -> Any:
    """The problem that an answer is."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    said = json.loads(answer.content)
    assert said["status"] == status
    assert said["title"]
    assert said["detail"]
    assert said["code"]
    return said


def make_key(organisation: Organisation, user: User | None = None, **values: Any) -> str:
    """A key, bound to a member where one is given."""
    with organisation_scope(organisation.pk):
        member = Membership.objects.get(user=user).pk if user else None
        return create_key(
            client="Testprogrammet", by=factories.TEST, member_id=member, **{"scopes": (READ, WRITE), **values}
        )[1]


def as_staff(cast: Cast, user: User, **values: Any) -> Program:
    """A program that acts as somebody in Motala."""
    return Program(x_api_key=make_key(cast.motala, user, **values))


@pytest.fixture
def nobody(motala: Organisation) -> Program:
    """A resident's program, without a key."""
    return Program()


@pytest.fixture
def sara(cast: Cast) -> Program:
    """The case officer's program."""
    return as_staff(cast, cast.sara)


@pytest.fixture
def maria(cast: Cast) -> Program:
    """The unit manager's program."""
    return as_staff(cast, cast.maria)


def publish(cast: Cast, text: str = "Lampan är släckt.", **values: Any) -> Registered:
    """A published case in Motala."""
    made = factories.make_case(cast.motala, text, publish=True, **values)
    with organisation_scope(cast.motala.pk):
        actions.publish(case_id=made.case.pk, title="Släckt lampa", text=text, by=cast.maria.actor, warned=True)
        made.case.refresh_from_db()
    return made


def now_of(organisation: Organisation, case: Case) -> Case:
    """The case as the database has it."""
    with organisation_scope(organisation.pk):
        return Case.objects.select_related("unit", "officer", "case_type").get(pk=case.pk)
