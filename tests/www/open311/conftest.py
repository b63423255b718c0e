"""Clients of the Open311 server, and what they ask about."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lyhord.cases import actions
from lyhord.cases.actions import Registered
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.clients import create_key
from lyhord.intake.models import ApiKey
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast

KEY = "a key of the tests"
BASE = "/open311/v2"
type Publish = Callable[..., Registered]
type Post = Callable[..., Any]


@pytest.fixture(autouse=True)
def _files_of_their_own(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def make_key(organisation: Organisation, key: str = KEY, **values: Any) -> ApiKey:
    """A key of the organisation's."""
    with organisation_scope(organisation.pk):
        return create_key(client="Testklienten", key=key, by=factories.TEST, **values)[0]


@pytest.fixture
def key(motala: Organisation) -> ApiKey:
    """KEY, in Motala: shows at once, no rate."""
    return make_key(motala, publishes_at_once=True, throttled=False)


@pytest.fixture
def web(motala: Organisation) -> Client:
    """A program that asks motala.localhost."""
    return Client(headers={"host": "motala.localhost"}, raise_request_exception=False)


@pytest.fixture
def elsewhere(cast: Cast) -> Client:
    """A program that asks mjolby.localhost."""
    return Client(headers={"host": "mjolby.localhost"}, raise_request_exception=False)


@pytest.fixture
def post(web: Client, key: ApiKey) -> Post:
    """Send a report that is right but for what the test says; None leaves a parameter out."""

    def send(suffix: str = "json", headers: dict[str, str] | None = None, **values: Any) -> Any:
        data = {
            "api_key": KEY,
            "service_code": "ovrigt",
            "lat": "58.5371",
            "long": "15.0365",
            "description": "En bänk är trasig.",
            **values,
        }
        given = {name: value for name, value in data.items() if value is not None}
        return web.post(f"{BASE}/requests.{suffix}", given, headers=headers)

    return send


@pytest.fixture
def publish(motala: Organisation, cast: Cast) -> Publish:
    """Make a published case in Motala."""

    def make(title: str = "Släckt lampa", text: str = "Lampan är släckt.", **values: Any) -> Registered:
        answer, photo_ids = values.pop("answer", ""), values.pop("photo_ids", ())
        made = factories.make_case(motala, text, publish=True, **values)
        with organisation_scope(motala.pk):
            actions.publish(
                case_id=made.case.pk,
                title=title,
                text=text,
                answer=answer,
                photo_ids=photo_ids,
                by=cast.sara.actor,
                warned=True,
            )
            made.case.refresh_from_db()
        return made

    return make
