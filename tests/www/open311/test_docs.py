"""Every example on the page about Open311, in the order that a stranger reads them."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lyhord.core.clock import now
from lyhord.organisations.models import Organisation
from lyhord.www.open311.formats import moment
from tests.conftest import Cast
from tests.www.api.test_documents import ANYTHING, EXAMPLE, check, filled
from tests.www.open311.conftest import make_key

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "N9")]

PAGE = Path(__file__).parents[3] / "docs" / "open311.md"


def test_every_example_on_the_page(web: Client, motala: Organisation, cast: Cast) -> None:
    make_key(motala, "demo", publishes_at_once=True, throttled=False)
    known: dict[str, Any] = {"now": moment(now())}
    examples = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
    assert len(examples) == 6
    for asked, status, wanted in examples:
        head, _blank, body = filled(asked, known).partition("\n\n")
        first, *lines = head.splitlines()
        method, path = first.split(" ")
        headers = dict(line.split(": ", 1) for line in lines)
        kind = headers.pop("Content-Type", "")
        answer: Any = web.generic(method, path, body.encode(), content_type=kind, headers=headers)
        assert answer.status_code == int(status), (first, answer.content)
        said, shown = json.loads(answer.content), json.loads(wanted)
        if isinstance(shown, list) and shown[-1] == ANYTHING:  # and more of the same
            said, shown = said[: len(shown) - 1], shown[:-1]
        check(said, shown, known)
