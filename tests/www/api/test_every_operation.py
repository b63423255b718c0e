"""Every operation: what it costs, that others' things are not there, that nobody overwrites what they have not read."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from lyhord.cases.models import Case
from lyhord.core.clock import now, pretend
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from tests.conftest import Cast
from tests.www.api.bearers import program_of, vouching
from tests.www.api.calls import CALLS, PICTURE, STAFF, body_of, ids_of, path_of, picture
from tests.www.api.conftest import BASE, WALL, Program, as_staff, problem
from tests.www.plant import Planted

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P27", "0.25")]


def send(program: Program, operation: str, path: str, body: Any, headers: dict[str, str] | None = None) -> Any:
    """The answer."""
    method = operation.partition(" ")[0].upper()
    if body is PICTURE:
        return program.client.post(f"{BASE}/{path}", {"photo": picture()}, headers=headers)
    data = b"" if body is None else json.dumps(body).encode()
    return program.client.generic(method, f"{BASE}/{path}", data, content_type="application/json", headers=headers)


def callers(cast: Cast, code: str) -> dict[str, Program]:
    vouching(cast.motala)
    programs = {"": Program(), "code": Program(x_follow_code=code), "resident": program_of()}
    return programs | {name: as_staff(cast, getattr(cast, name)) for name in ("kim", "admin", "maria")}


@contextmanager
def undone() -> Iterator[None]:
    """A savepoint that is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_the_list_of_calls_is_whole(nobody: Program) -> None:
    document = nobody.get("openapi.json")
    assert set(CALLS) == {f"{method} {path}" for path, operations in document["paths"].items() for method in operations}


@pytest.fixture
def time_stands_still(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What processes keep for some seconds is kept: whose turn it is to ask anew is no call's cost."""
    for name, module in list(sys.modules.items()):
        if name.startswith("lyhord.") and hasattr(module, "monotonic"):
            monkeypatch.setattr(module, "monotonic", lambda: 1e6)
    with pretend(now()):
        yield


@pytest.mark.requirement("N4")
def test_what_each_costs(cast: Cast, motala_things: Planted, settings: Any, time_stands_still: None) -> None:
    settings.API_READS_A_MINUTE = 10_000_000  # counted in large lots, so that none falls on the one measured
    ids = ids_of(motala_things)
    programs = callers(cast, motala_things.codes["shown"])
    wrong = []
    for program in programs.values():
        program.client.get(f"{BASE}/kinds")
        program.client.get(f"{BASE}/me")
        program.client.get(f"{BASE}/own-cases")
        program.client.get(f"{BASE}/own-case/ways")  # what every process keeps of the settings
    for operation, call in CALLS.items():
        count, answer = cost(programs[call.by], operation, path_of(operation, ids, call), body_of(call, ids))
        if answer.status_code != call.status:
            wrong.append(f"{operation}: {answer.status_code} {answer.content[:300]}")
        elif count > call.most:
            wrong.append(f"{operation}: {count} queries, not {call.most}")
    assert not wrong, "\n".join(wrong)


def cost(program: Program, operation: str, path: str, body: Any) -> tuple[int, Any]:
    """How many queries a call takes beside the wall's, and its answer; what it did is undone."""
    with undone(), CaptureQueriesContext(connection) as queries:
        answer = send(program, operation, path, body)
        if answer.streaming:
            b"".join(answer)  # a file that is handed out is closed when it has been read
    return len(queries) - WALL, answer


@pytest.mark.requirement("X1")
def test_what_is_anothers_is_not_there(cast: Cast, mjolby_things: Planted) -> None:
    """Every address that names something, with the ids of another organisation's."""
    theirs = ids_of(mjolby_things)
    features = {**cast.motala.features, "matters": True, "engagement": True}
    Organisation.objects.filter(pk=cast.motala.pk).update(features=features)
    forget_hosts()
    with organisation_scope(cast.motala.pk):
        ours = set(Case.objects.values_list("number", flat=True))
    program = as_staff(cast, cast.kim)
    program.get("me")
    tried = 0
    for operation, call in CALLS.items():
        named = [
            name
            for name in (
                "number",
                "uid",
                "token",
                "notice_id",
                "entry_id",
                "follow_id",
                "matter_id",
                "opening_id",
                "act_id",
                "meeting_id",
                "document_id",
                "body_code",
                "draft_id",
                "arrival_id",
                "outgoing_id",
            )
            if f"{{{name}}}" in operation
        ]
        if not named or call.by == "code":
            continue
        assert theirs[call.number] not in ours
        path, body = path_of(operation, theirs, call), body_of(call, {**theirs, "revision": 1})
        with undone():
            answer = send(program, operation, path, body)
        gone = 204 if operation == "delete /photos/{token}" else 404  # letting go of what is not there is done
        assert answer.status_code == gone, (operation, answer.status_code, answer.content)
        tried += 1
    assert tried > 30


def test_nobody_overwrites_what_they_have_not_read(cast: Cast, motala_things: Planted, nobody: Program) -> None:
    """With an old ETag in If-Match nothing is done, wherever the document says that it is heeded."""
    document = nobody.get("openapi.json")
    ids, programs = ids_of(motala_things), callers(cast, motala_things.codes["shown"])
    tried = 0
    for operation, call in CALLS.items():
        method, _blank, path = operation.partition(" ")
        parameters = {parameter["name"] for parameter in document["paths"][path][method]["parameters"]}
        if "If-Match" not in parameters:
            continue
        with undone():
            url, body = path_of(operation, ids, call), body_of(call, ids)
            answer = send(programs[call.by], operation, url, body, {"if-match": '"0-old"'})
        assert problem(answer, 412)["code"] == "revision", operation
        tried += 1
    assert tried >= 14


@pytest.mark.parametrize("operation", [name for name, call in STAFF.items() if call.by], ids=str)
def test_nothing_of_staffs_without_a_key(nobody: Program, operation: str) -> None:
    ids: dict[str, Any] = dict.fromkeys(("uid", "document_uid", "draft_uid", "draft_photo_uid", "token"), "x")
    ids |= {"number": "26-1", "notice_id": 1, "entry_id": 1, "draft_id": 1, "arrival_id": 1, "outgoing_id": 1}
    ids |= {"matter_id": 1, "act_id": 1}
    call = CALLS[operation]
    path = path_of(operation, {**ids, call.number: "26-1"}, call)
    problem(send(nobody, operation, path, None), 401)
