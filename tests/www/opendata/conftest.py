"""Those who fetch open data, and what they find."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from lyhord.cases import actions
from lyhord.cases.actions import Registered
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories
from tests.www.public.conftest import HOST

type Publish = Callable[..., Registered]


@pytest.fixture
def web(motala: Organisation) -> Client:
    """A program at motala.localhost."""
    return Client(headers={"host": HOST})


@pytest.fixture
def publish(motala: Organisation, cast: Any) -> Publish:
    """Make a published case in Motala."""

    def make(title: str = "Släckt lampa", text: str = "Lampan är släckt.", **values: Any) -> Registered:
        answer = values.pop("answer", "")
        made = factories.make_case(motala, text, publish=True, **values)
        with organisation_scope(motala.pk):
            actions.publish(
                case_id=made.case.pk, title=title, text=text, answer=answer, by=cast.sara.actor, warned=True
            )
        return made

    return make


CASE_COLUMNS = (
    "organisation_id, kind, case_type_id, version_id, category_id, title, text, answers, language, channel,"
    " state_reason, responsible, unit_id, route_kind, route_reason, confidential, protected, accuracy_m,"
    " position_source, place_text, area_id, registered_at, unread,"
    " resident_wrote, wants_feedback, changed_at, revision, follow_version,"
    " publication_state, followers, has_documents"
)


def multiply(organisation: Organisation, case_id: int, count: int) -> None:
    """Copies of a published case over some kilometres: every fifth is closed, every third of the others planned."""
    with organisation_scope(organisation.pk), connection.cursor() as cursor:
        cursor.execute(
            f"insert into cases_case ({CASE_COLUMNS}, uid, number, follow_digest, state, lat, lon, cell)"
            f" select {CASE_COLUMNS}, gen_random_uuid(), '26-9' || n, sha256(n::text::bytea),"
            " case when n %% 5 = 0 then 'resolved' when n %% 3 = 0 then 'planned' else 'received' end,"
            " lat + n / 20000.0, lon + n / 20000.0, cell + n * 100000000::bigint"
            " from cases_case, generate_series(1, %s) n where id = %s",
            [count, case_id],
        )
        cursor.execute(
            "insert into cases_publication (organisation_id, case_id, title, text, answer, published_at)"
            " select c.organisation_id, c.id, p.title, p.text, p.answer, p.published_at"
            " from cases_case c, cases_publication p where p.case_id = %s and c.id > %s",
            [case_id, case_id],
        )


def content(response: Any) -> bytes:
    """All of a response, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content
