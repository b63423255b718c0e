"""Incoming at the desk: what a person says of what came, and the log of all that came."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lyhord.accounts.models import User
from lyhord.audit.models import Event
from lyhord.cases import actions
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, Message, Side
from lyhord.core.tenancy import organisation_scope
from lyhord.files.actions import keep_document
from lyhord.intake.arrivals import inlets_for, keep_mail
from lyhord.intake.draft_actions import add_draft
from lyhord.intake.handling import handle_mail
from lyhord.intake.models import Arrival, ArrivalState, DraftCase, DraftState, Original
from lyhord.organisations.models import Unit
from tests import factories
from tests.conftest import Cast
from tests.intake.mail import make
from tests.intake.mail.conftest import open_inlets
from tests.www.desk.conftest import browser
from tests.www.desk.test_list import AROUND
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P24", "2.16")]
EVERT = "evert@annan.example"


@pytest.fixture
def mailed(cast: Cast) -> Cast:
    open_inlets(cast.motala)
    return cast


def bring(cast: Cast, text: str, **values: Any) -> Arrival:
    """A mail by Evert, handled."""
    raw = make.mail(text, name=factories.unique(), **{"sender": f"Evert <{EVERT}>", **values})
    with organisation_scope(cast.motala.pk):
        inlet = inlets_for([make.CONTACT])[cast.motala.pk]
        arrival = keep_mail(inlet=inlet, raw=raw, recipients=[make.CONTACT], by=factories.TEST)
    handle_mail(organisation_id=cast.motala.pk, arrival_id=arrival.pk)
    with organisation_scope(cast.motala.pk):
        arrival.refresh_from_db()
        return arrival


def about(cast: Cast, case: Case, text: str = "Visa mig.") -> DraftCase:
    """A draft by Evert, who quotes a case's number."""
    arrival = bring(cast, text, subject=f"Angående {case.number}")
    with organisation_scope(cast.motala.pk):
        return DraftCase.objects.get(arrival=arrival)


def test_from_a_strangers_mail_to_a_new_case(mailed: Cast, kim: Client) -> None:
    case = factories.make_case(mailed.motala).case
    draft = about(mailed, case, "Lampan är släckt.")
    row = soup(kim.get("/desk/inkommet/")).select_one(".list li")
    assert row is not None
    for word in ("Nämner ett ärendes nummer", case.number, "Evert", f"Angående {case.number}", "Lampan är släckt."):
        assert word in row.text
    page = kim.get(f"/desk/inkommet/{draft.pk}/")
    assert soup(page).select_one(f'a[href="/desk/{case.pk}/"]') is not None
    form = next(one for one in soup(page).select("main form") if one.select_one('[value="case"]'))
    sent = {"do": "case", "text": form.select_one("textarea").text.strip(), "kind": "felanmalan", "answer": "on"}
    assert sent["text"] == f"Angående {case.number}\n\nLampan är släckt."
    answer = kim.post(f"/desk/inkommet/{draft.pk}/", sent)
    with organisation_scope(mailed.motala.pk):
        new = Case.objects.exclude(pk=case.pk).get()
        assert answer.headers["Location"] == f"/desk/{new.pk}/"
        assert (new.channel, new.reporters.get().email) == ("email", EVERT)
        assert not Message.objects.filter(case=case).exists()
    again = kim.post(f"/desk/inkommet/{draft.pk}/", sent)
    assert again.status_code == 422
    assert "Någon annan har redan bestämt" in again.content.decode()


def test_from_a_strangers_mail_into_the_case(mailed: Cast, sara: Client) -> None:
    case = factories.make_case(mailed.motala).case
    draft = about(mailed, case)
    sent = {"do": "join", "number": case.number}
    assert sara.post(f"/desk/inkommet/{draft.pk}/", sent).headers["Location"] == f"/desk/{case.pk}/"
    with organisation_scope(mailed.motala.pk):
        message = Message.objects.get(case=case)
        assert message.side == Side.INTERNAL
        assert message.text.startswith(f"Evert <{EVERT}>:")


@pytest.mark.parametrize("number", ["", "26-999999", "hej"])
def test_a_number_of_no_case_is_said_by_the_field(mailed: Cast, sara: Client, number: str) -> None:
    draft = about(mailed, factories.make_case(mailed.motala).case)
    page = sara.post(f"/desk/inkommet/{draft.pk}/", {"do": "join", "number": number})
    assert page.status_code == 422
    assert soup(page).select_one("#id_join_number[aria-invalid]") is not None


def test_what_is_wrong_with_a_case_is_said_and_the_words_are_kept(mailed: Cast, sara: Client) -> None:
    draft = about(mailed, factories.make_case(mailed.motala).case)
    page = sara.post(f"/desk/inkommet/{draft.pk}/", {"do": "case", "text": "", "kind": "fraga"})
    assert page.status_code == 422
    page = sara.post(f"/desk/inkommet/{draft.pk}/", {"do": "case", "text": "Mina ord", "kind": "finns-inte"})
    assert page.status_code == 422
    assert "Mina ord" in page.content.decode()


def test_it_is_let_be_and_taken_back(mailed: Cast, sara: Client) -> None:
    draft = about(mailed, factories.make_case(mailed.motala).case)
    page = sara.post(f"/desk/inkommet/{draft.pk}/", {"do": "dismiss"}, follow=True)
    assert "Det blev inget ärende." in page.content.decode()
    assert "Inget väntar" in sara.get("/desk/inkommet/").content.decode()
    sara.post(f"/desk/inkommet/{draft.pk}/", {"do": "restore"})
    with organisation_scope(mailed.motala.pk):
        assert DraftCase.objects.get().state == DraftState.WAITING
    assert sara.post(f"/desk/inkommet/{draft.pk}/", {"do": "x"}).status_code == 422


def test_its_files_are_handed_out_to_those_who_see_it(mailed: Cast, sara: Client) -> None:
    case = factories.make_case(mailed.motala).case
    with organisation_scope(mailed.motala.pk):
        document = keep_document(organisation_id=mailed.motala.pk, data=b"%PDF-1.4", name="a.pdf", by=factories.TEST)
        photo = factories.make_file()
        draft = add_draft(
            channel="email",
            reason="number",
            text="Se bilagan",
            linked=case,
            photos=[photo],
            documents=[document],
            by=factories.TEST,
        )
    page = soup(sara.get(f"/desk/inkommet/{draft.pk}/"))
    url = reverse("desk:draft_document", args=[draft.pk, document.uid])
    assert page.select_one(f'a[href="{url}"]') is not None
    answer = sara.get(url)
    assert b"".join(answer.streaming_content) == b"%PDF-1.4"  # type: ignore[attr-defined]  # a file response
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert sara.get(reverse("desk:draft_document", args=[draft.pk, photo.uid])).status_code == 404
    assert sara.get(reverse("desk:draft_photo", args=[draft.pk, document.uid, "small"])).status_code == 404
    assert browser(mailed.nils).get(url).status_code == 404
    assert browser(mailed.outsider, "mjolby.localhost").get(url).status_code == 404


def read_by_whom(cast: Cast, verb: str) -> list[str]:
    """Who the log says has read."""
    with organisation_scope(cast.motala.pk):
        return list(Event.objects.filter(verb=verb).order_by("pk").values_list("actor_label", flat=True))


@pytest.mark.requirement("X2")
def test_about_somebody_protected_the_words_are_veiled(mailed: Cast, sara: Client, maria: Client) -> None:
    reporter = NewReporter(name="Ulla Hemlig", email="ulla@exempel.se", protected=True)
    case = factories.make_case(mailed.motala, reporter=reporter, place_text="Dolda vägen 3").case
    draft = about(mailed, case, "Jag letar efter Ulla Hemlig. Bor hon på Dolda vägen 3?")
    for address in ("/desk/inkommet/", f"/desk/inkommet/{draft.pk}/", "/desk/inkommet/logg/"):
        page = sara.get(address).content.decode()
        assert not [word for word in ("Ulla", "Hemlig", "Dolda", EVERT) if word in page], address
    assert sara.get(reverse("desk:original", args=[draft.arrival_id])).status_code == 404
    kept = sara.post(f"/desk/inkommet/{draft.pk}/", {"do": "case", "kind": "fraga"})
    assert kept.status_code == 302
    with organisation_scope(mailed.motala.pk):
        assert "Ulla Hemlig" in Case.objects.exclude(pk=case.pk).get().text  # what was said is what is kept
    another = about(mailed, case, "Bor Ulla Hemlig där?")
    read = "draft.protected_read"
    before = read_by_whom(mailed, read)
    assert maria.get(reverse("desk:original", args=[another.arrival_id])).status_code == 200
    assert read_by_whom(mailed, read) == [*before, mailed.maria.full_name]
    shown = maria.get(f"/desk/inkommet/{another.pk}/")
    assert "Ulla Hemlig" in shown.content.decode()
    assert shown.headers["Cache-Control"] == "private, no-store"


@pytest.mark.requirement("X2")
def test_about_a_confidential_unit_only_its_own_see(mailed: Cast, kim: Client) -> None:
    case = factories.make_case(mailed.motala).case
    with organisation_scope(mailed.motala.pk):
        preschool = Unit.objects.get(code="forskola")
        actions.move(case_id=case.pk, unit_id=preschool.pk, reason="Barn", by=mailed.admin.actor)
    draft = about(mailed, case, "Zxhemligt")
    for user, status in ((mailed.kim, 404), (mailed.admin, 404), (mailed.sara, 404), (mailed.nils, 200)):
        assert browser(user).get(f"/desk/inkommet/{draft.pk}/").status_code == status
    log = soup(kim.get("/desk/inkommet/logg/"))
    assert EVERT not in log.text
    assert not log.select("td a")
    assert kim.get(reverse("desk:original", args=[draft.arrival_id])).status_code == 404
    assert browser(mailed.nils).get(reverse("desk:original", args=[draft.arrival_id])).status_code == 200


def test_what_could_not_be_read_is_hot_and_can_be_tried_again(mailed: Cast, kim: Client) -> None:
    arrival = bring(mailed, "Hej")
    with organisation_scope(mailed.motala.pk):
        Arrival.objects.filter(pk=arrival.pk).update(
            state=ArrivalState.FAILED, reason="too_slow", outcome="", case=None
        )
    page = soup(kim.get("/desk/inkommet/logg/?visa=fel"))
    assert "Det tog för lång tid att läsa." in page.text
    form = page.select_one("main td form")
    assert form is not None
    assert kim.post(str(form["action"])).status_code == 302
    with organisation_scope(mailed.motala.pk):
        assert Arrival.objects.get().state == ArrivalState.RECEIVED
    assert "redan hanterat" in kim.post(str(form["action"]), follow=True).content.decode()
    assert browser(mailed.sara).post(str(form["action"])).status_code == 403
    assert browser(mailed.auditor).post(str(form["action"])).status_code == 403


def test_the_log_says_what_became_of_each(mailed: Cast, kim: Client) -> None:
    bring(mailed, "Lampan är släckt.")
    bring(mailed, "Nyheter", headers="List-Id: <x.example>")
    bring(mailed, "Är borta", subject="Autosvar", headers="Auto-Submitted: auto-replied")
    page = soup(kim.get("/desk/inkommet/logg/"))
    rows = [" ".join(row.text.split()) for row in page.select("tbody tr")]
    assert len(rows) == 3
    assert "Ett autosvar som inte hör till något ärende." in rows[0]
    assert "Väntar på att granskas" in rows[1]
    assert "Utskick till många" in rows[1]
    assert "Blev ett ärende" in rows[2]
    assert "Visa fler" not in page.text


def test_the_original_is_saved_as_it_came(mailed: Cast, sara: Client, kim: Client) -> None:
    arrival = bring(mailed, "Lampan är släckt.")
    url = reverse("desk:original", args=[arrival.pk])
    answer = kim.get(url)
    with organisation_scope(mailed.motala.pk):
        assert answer.content == bytes(Original.objects.get().data)
        Original.objects.all().delete()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="inkommet-{arrival.pk}.eml"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert kim.get(url).status_code == 404
    assert browser(mailed.auditor).get(url).status_code == 403


@pytest.mark.parametrize("who", ["sara", "kim", "maria", "admin"])
def test_the_menu_leads_there(mailed: Cast, who: str) -> None:
    user: User = getattr(mailed, who)
    about(mailed, factories.make_case(mailed.motala).case)
    link = soup(browser(user).get("/desk/")).select_one('nav a[href="/desk/inkommet/"]')
    assert link is not None
    assert "1" in link.text


def test_an_auditor_sees_the_log_and_no_words(mailed: Cast) -> None:
    bring(mailed, "Lampan är släckt.")
    auditor = browser(mailed.auditor)
    assert auditor.get("/desk/inkommet/").status_code == 403
    assert "Lampan är släckt" not in auditor.get("/desk/inkommet/logg/").content.decode()


def test_the_pages_cost_few_queries(
    mailed: Cast, kim: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    draft = about(mailed, factories.make_case(mailed.motala).case)
    kim.get("/desk/inkommet/")
    with django_assert_num_queries(AROUND + 5):
        kim.get("/desk/inkommet/")
    with django_assert_num_queries(AROUND + 7):
        kim.get(f"/desk/inkommet/{draft.pk}/")
    with django_assert_num_queries(AROUND + 5):
        kim.get("/desk/inkommet/logg/")


def test_when_the_session_has_ended_the_words_are_given_back(mailed: Cast) -> None:
    draft = about(mailed, factories.make_case(mailed.motala).case)
    page = browser().post(f"/desk/inkommet/{draft.pk}/", {"do": "case", "text": "Mina ord", "kind": "fraga"})
    assert page.status_code == 403
    assert "Mina ord" in page.content.decode()
