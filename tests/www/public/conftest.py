"""A resident's browser, and what residents meet."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lyhord.cases import actions
from lyhord.cases.actions import Registered
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories

HOST = "motala.localhost"
type Publish = Callable[..., Registered]


@pytest.fixture(autouse=True)
def _files_of_their_own(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def web(motala: Organisation) -> Client:
    """Somebody at motala.localhost, without any cookie."""
    return Client(headers={"host": HOST})


@pytest.fixture
def elsewhere(cast: Any) -> Client:
    """Somebody at the other organisation's host."""
    return Client(headers={"host": "mjolby.localhost"})


@pytest.fixture
def publish(motala: Organisation, cast: Any) -> Publish:
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
