"""The log page."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.test import Client

import lyhord
from lyhord.audit.actions import record
from lyhord.audit.queries import PAGE
from lyhord.cases.actions import note
from lyhord.core.clock import pretend
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Unit
from lyhord.www.manage.log import subject_of
from lyhord.www.manage.log_words import SUBJECTS, VERBS
from tests import factories
from tests.conftest import Cast
from tests.www.manage.conftest import Answer, Browse, text_of
from tests.www.soup import soup

pytestmark = pytest.mark.django_db
WHERE = "/installningar/logg/"


def rows(page: Answer | BeautifulSoup) -> list[str]:
    parsed = page if isinstance(page, BeautifulSoup) else soup(page)
    return [" ".join(row.get_text(" ").split()) for row in parsed.select("tbody tr")]


def test_by_what_who_and_when(cast: Cast, admin: Client) -> None:
    case = factories.make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        note(case_id=case.pk, text="Hemlig anteckning", by=cast.sara.actor)
        with pretend(factories.at("2026-03-02 12:00")):
            record(verb="unit.added", subject_type="unit", subject_id=1, by=cast.admin.actor, data={"code": "ny"})
    [by_verb] = rows(admin.get(f"{WHERE}?vad=case.noted"))
    assert case.number in by_verb
    assert "Sara Ek" in by_verb
    assert "Hemlig" not in text_of(admin.get(WHERE))
    [by_subject] = rows(admin.get(f"{WHERE}?vad=unit"))
    assert "Lade till en enhet" in by_subject
    assert len(rows(admin.get(f"{WHERE}?vem={cast.sara.pk}"))) == 1
    assert len(rows(admin.get(f"{WHERE}?fran=2026-03-02&till=2026-03-02"))) == 1
    assert not rows(admin.get(f"{WHERE}?fran=2026-03-03&till=2026-03-03"))
    assert not rows(admin.get(f"{WHERE}?vad=unit&vem={cast.sara.pk}"))


def test_a_confidential_case_is_only_that(cast: Cast, browse: Browse) -> None:
    case = factories.make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        case.unit, case.confidential = Unit.objects.get(code="forskola"), True
        case.save()
    for user in (cast.admin, cast.auditor):
        [row] = rows(browse(user).get(f"{WHERE}?vad=case.registered"))
        assert case.number not in row
        assert "sekretess" in row


def test_pages_neither_skip_nor_repeat(cast: Cast, admin: Client) -> None:
    with organisation_scope(cast.motala.pk), pretend(factories.at("2026-03-02 12:00")):
        for number in range(2 * PAGE + 5):
            record(
                verb="rules.drafted",
                subject_type="rules",
                subject_id=number,
                by=cast.admin.actor,
                data={"number": number},
            )
    seen, where = [], f"{WHERE}?vad=rules"
    while where:
        page = soup(admin.get(where))
        seen += [int(row.rsplit(" ", 1)[1]) for row in rows(page)]
        onward = page.select_one("a[rel=next]")
        where = f"{WHERE}{onward['href']}" if onward else ""
    assert seen == list(range(2 * PAGE + 5))[::-1]


@pytest.mark.parametrize(
    "query",
    [
        "efter=x",
        "efter=1_",
        "efter=99999999999999999999_1",
        f"efter=1_{9**30}",
        "efter=²_1",
        "vad=mars",
        "vem=-1",
        "vem=x",
        "fran=9999-12-31&till=9999-12-31",
        "fran=0001-01-01",
        "fran=i+går",
        "vad=%00",
    ],
)
def test_nonsense_shows_everything(cast: Cast, admin: Client, query: str) -> None:
    page = admin.get(f"{WHERE}?{query}")
    assert page.status_code == 200


SOURCE = Path(lyhord.__file__).parent
RECORDED = re.compile(r'verb="([a-z_]+\.[a-z_]+)",\s+subject_type="([a-z_]+)"')
LOGGED = re.compile(r'\blog\(\s*\w+,\s*"([a-z_]+)"')


def test_every_verb_has_words_and_its_subject() -> None:
    """Read from the source, so that a new verb cannot be forgotten."""
    found: dict[str, str] = {}
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found.update(dict(RECORDED.findall(text)))
        if "cases/actions" in path.as_posix():
            found.update({f"case.{word}": "case" for word in LOGGED.findall(text)})
    assert len(found) > 30
    assert not set(found) - set(VERBS)
    assert {verb: subject_of(verb) for verb in found} == found
    assert {subject_of(verb) for verb in VERBS} <= set(SUBJECTS)


def test_another_organisation_s_log_is_its_own(cast: Cast, admin: Client) -> None:
    theirs = factories.make_case(cast.mjolby).case
    assert theirs.number not in text_of(admin.get(f"{WHERE}?vad=case.registered"))
    assert not rows(admin.get(f"{WHERE}?vad=case.registered"))
