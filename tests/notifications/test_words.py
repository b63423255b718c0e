"""What is written: quiet, in two languages, with all that a mail must have."""

import re
from datetime import date
from uuid import UUID

import pytest
from django.utils import translation

from lyhord.cases.models import Case
from lyhord.cases.notices import (
    CaseAnswered,
    CaseAsked,
    CaseClosed,
    CasePlanned,
    CaseReceived,
    CaseReminded,
    FollowConfirm,
    FollowedCaseChanged,
    FollowEnds,
    ReporterConfirm,
)
from lyhord.core.tenancy import organisation_scope
from lyhord.following.models import Follow
from lyhord.notifications.kind import NoticeKind, kinds, label_of
from lyhord.notifications.models import Contact
from lyhord.organisations.models import Organisation
from tests import factories

SECRET = "Grannen heter Hemliga Hulda och bor på Dolda vägen 7."
CODE = "7KPM4XTD7KPM4XTD7KPM4XTD7K"
TOKEN = UUID("11111111-2222-4333-8444-555555555555")
CONTACT_TOKEN = UUID("66666666-2222-4333-8444-555555555555")
ALL = sorted(kind for kind in kinds if kind.startswith(("case_", "follow", "reporter_")))
TO_REPORTER = [kind for kind in ALL if kind.startswith("case_")]
BANNED = re.compile(r"synpunkt|ärendehantering|dubblett|avvis|registrera|klicka", re.IGNORECASE)


@pytest.fixture
def case(motala: Organisation) -> Case:
    """A case full of what must not be told."""
    case = factories.make_case(motala, SECRET, place_text="Dolda vägen 7").case
    case.title = "Hemliga Hulda"
    case.state_reason = "Hulda är bortrest"
    case.state_until = date(2026, 12, 8)
    case.responsible = "Hulda själv"
    return case


def make(slug: str, organisation: Organisation, case: Case, language: str) -> NoticeKind:
    """A notice of that kind."""
    case.language = language
    contact = Contact(pk=6, sender="email", address="anna@exempel.se", language=language, token=CONTACT_TOKEN)
    follow = Follow(pk=5, contact=contact, token=TOKEN)
    if slug == "follow_confirm":
        return FollowConfirm(organisation=organisation, case=case, follow=follow)
    if slug == "follow_ends":
        follow.expires_at = factories.at("2026-12-04 12:00")
        return FollowEnds(organisation=organisation, case=case, follow=follow)
    if slug == "reporter_confirm":
        return ReporterConfirm(organisation=organisation, case=case, follow=follow)
    if slug == "followed_case_changed":
        return FollowedCaseChanged(organisation=organisation, case=case, follow=follow, key="m-1")
    by_slug = {
        kind.slug: kind for kind in (CaseReceived, CaseAnswered, CaseAsked, CaseReminded, CasePlanned, CaseClosed)
    }
    return by_slug[slug](organisation=organisation, case=case, code=CODE, key="m-1", follow=follow)


@pytest.mark.requirement("0.22")
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("slug", ALL)
def test_it_has_number_link_way_out_and_sender_and_says_nothing_else(
    motala: Organisation, case: Case, slug: str, language: str
) -> None:
    motala.phone_hours, motala.settings = "mån–fre 8–17", {"phone_hours": {"en": "Mon–Fri 8–17"}}
    notice = make(slug, motala, case, language)
    subject, body = notice.subject(), notice.body()
    assert "\n" not in subject
    assert case.number in subject
    assert case.number in body
    assert notice.link in body
    assert notice.stop_link in body
    assert notice.link.startswith("https://motala.localhost/")
    for part in (
        motala.name,
        motala.service_name,
        motala.phone,
        {"sv": "mån–fre 8–17", "en": "Mon–Fri 8–17"}[language],
    ):
        assert part in body
    for word in ("Hulda", "Dolda", "Grannen", "bortrest", "Lampan"):
        assert word not in subject + body
    assert not BANNED.search(subject + body)
    assert "&" not in body
    assert "\n\n\n" not in body


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ALL)
def test_the_two_languages_differ_and_neither_is_left_half(motala: Organisation, case: Case, slug: str) -> None:
    swedish, english = (make(slug, motala, case, language) for language in ("sv", "en"))
    assert swedish.subject() != english.subject()
    same = set(swedish.body().splitlines()) & set(english.body().splitlines())
    assert not [line for line in same if line and not line.startswith(("http", "--", motala.service_name))]
    assert not set("åäö") & set(english.subject())


@pytest.mark.django_db
def test_the_readers_language_counts_not_the_writers(motala: Organisation, case: Case) -> None:
    with translation.override("en"):
        assert make("case_answered", motala, case, "sv").subject() == f"Nytt svar i ärende {case.number}"
    assert make("case_answered", motala, case, "en").subject() == f"New answer in case {case.number}"
    assert make("case_answered", motala, case, "tlh").subject() == f"Nytt svar i ärende {case.number}"


@pytest.mark.requirement("X2")
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["sv", "en"])
def test_to_a_protected_reporter_all_news_reads_the_same(motala: Organisation, case: Case, language: str) -> None:
    case.protected = True
    words = {make(slug, motala, case, language).words for slug in TO_REPORTER}
    assert len(words) == 1
    [(subject, body)] = words
    assert subject in {"Du har ett nytt meddelande", "You have a new message"}
    assert case.number not in subject + body
    assert CODE in body
    assert all(make(slug, motala, case, language).private for slug in TO_REPORTER)


@pytest.mark.django_db
def test_the_promise_is_told_as_a_date(motala: Organisation, case: Case) -> None:
    case.answer_by = factories.at("2026-12-04 00:30")
    assert "Du får svar senast 4 december." in make("case_received", motala, case, "sv").body()
    assert "You will have an answer by 4 December." in make("case_received", motala, case, "en").body()
    case.answer_by = None
    assert "senast" not in make("case_received", motala, case, "sv").body()


@pytest.mark.django_db
def test_what_a_municipality_calls_itself_cannot_break_out_of_its_line(motala: Organisation, case: Case) -> None:
    motala.service_name = "Dialog & <b>Motala</b>"
    notice = make("case_answered", motala, case, "sv")
    assert "Dialog & <b>Motala</b>" in notice.body()


@pytest.mark.django_db
def test_keys_tell_one_piece_of_news_from_another(motala: Organisation, case: Case) -> None:
    with organisation_scope(motala.pk):
        keys = [make(slug, motala, case, "sv").dedupe_key for slug in ("case_received", "follow_confirm")]
    assert len(set(keys)) == 2
    assert all(len(key) <= 160 for key in keys)


def test_every_kind_has_a_name_for_staff() -> None:
    assert {"case_received", "case_answered", "case_planned", "case_closed"} <= set(kinds)
    for slug in kinds:
        assert label_of(slug)
        assert label_of(slug) != slug
    assert label_of("gone_long_ago") == "gone_long_ago"


def test_two_kinds_cannot_share_a_slug() -> None:
    with pytest.raises(RuntimeError, match="case_received"):
        type("Impostor", (NoticeKind,), {"slug": "case_received"})
