"""What staff do with a case: each deed is done once, wrong ones are said at the field, and nothing written is lost."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lyhord.audit.models import Event
from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.core.clock import today
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation, Unit
from tests import factories
from tests.conftest import Cast
from tests.www.desk.conftest import browser, fields, send
from tests.www.soup import soup

pytestmark = pytest.mark.django_db
SOON = (today() + timedelta(days=14)).isoformat()


@pytest.fixture
def case(cast: Cast) -> Case:
    """Elin's lamp; she wants an answer."""
    return factories.make_case(cast.motala, email="elin@example.se").case


@pytest.fixture(autouse=True)
def _scope(motala: Organisation) -> Iterator[None]:
    with organisation_scope(motala.pk):
        yield


def again(case: Case) -> Case:
    return Case.objects.select_related("unit", "officer", "duplicate_of", "case_type").get(pk=case.pk)


def page(case: Case, query: str = "vy=alla") -> str:
    return f"/desk/{case.pk}/?{query}"


def said(response: Any, action: str = "") -> list[str]:
    """The sentences about what is wrong, in the form whose address holds `action`."""
    forms = [form for form in soup(response).select("form[method=post]") if action in str(form.get("action", ""))]
    return [error.get_text(strip=True) for form in forms for error in form.select(".err")]


def done(client: Client, response: Any) -> str:
    """The words that confirm, on the page that one is led to."""
    assert response.status_code == 302, said(response)
    return str(soup(client.get(response.headers["Location"])).select_one(".messages").get_text(strip=True))


# ── taking and giving ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.requirement("2.16")
def test_take_give_and_give_back(sara: Client, cast: Cast, case: Case) -> None:
    # the button that takes the case stands before the form that gives it to somebody
    take = fields(sara.get(page(case)), "/handlaggare/")
    assert "officer" not in take
    assert done(sara, sara.post(take.pop(""), take)) == "Du har hand om ärendet."
    assert (again(case).officer, again(case).state) == (cast.sara, State.ASSIGNED)
    give = f"/desk/{case.pk}/handlaggare/"
    assert done(sara, sara.post(give, {"officer": cast.amir.pk})) == "Ärendet har ny handläggare."
    assert done(sara, sara.post(give, {"officer": ""})) == "Ärendet har ingen handläggare nu."
    assert (again(case).officer, again(case).state) == (None, State.RECEIVED)


def test_a_case_is_given_to_those_who_see_it_only(sara: Client, cast: Cast, case: Case) -> None:
    form = next(one for one in soup(sara.get(page(case))).select("form[method=post]") if one.select("[name=officer]"))
    names = {option.text for option in form.select("option")}
    assert {"Sara Ek", "Amir Holm", "Maria Lund", "Kim Berg", "Ada Min"} <= names
    assert not names & {"Nils Ask", "Rut Visor", "Olle Ut"}
    for other in (cast.nils.pk, cast.auditor.pk, cast.outsider.pk, "x", "²", "9" * 30):
        response = sara.post(f"/desk/{case.pk}/handlaggare/", {"officer": other})
        assert response.status_code == 422
        assert said(response, "/handlaggare/") == ["Välj något i listan."]
    assert again(case).officer is None


@pytest.mark.requirement("4.3")
def test_moving_to_another_unit_leads_back_to_the_list(sara: Client, case: Case) -> None:
    other = Unit.objects.get(code="kundcenter")
    response = send(sara, page(case), "/flytta/", unit=other.pk, reason="Gäller avgiften.")
    assert response.headers["Location"] == "/desk/?vy=alla"  # Sara no longer sees the case
    assert done(sara, response) == f"Ärendet {case.number} finns nu hos Kundcenter."
    assert (again(case).unit, again(case).number) == (other, case.number)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"unit": ""}, "Välj vart ärendet ska."),
        ({"unit": "99999999"}, "Välj något i listan."),
        ({"unit": "kundcenter", "reason": "  "}, "Skriv varför ärendet ska dit. Mottagaren läser det först."),
        (
            {"unit": "kundcenter", "reason": "x" * 1001},
            "Skriv kortare, med högst 1000 tecken. Det du skrev finns kvar.",
        ),
    ],
)
def test_what_is_wrong_with_a_move_is_said_at_its_field(
    sara: Client, case: Case, values: dict[str, str], sentence: str
) -> None:
    given = {"unit": "", "reason": "Gäller avgiften.", **values}
    if given["unit"] == "kundcenter":
        given["unit"] = str(Unit.objects.get(code="kundcenter").pk)
    response = send(sara, page(case), "/flytta/", **given)
    assert response.status_code == 422
    assert said(response, "/flytta/") == [sentence]
    assert fields(response, "/flytta/")["reason"] == given["reason"].strip()
    assert soup(response).select_one('details[open] form[action*="/flytta/"]')
    assert again(case).unit.code == "gata-park"


# ── states ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.requirement("2.16", "4.4")
def test_plan_wait_resolve_and_reopen(sara: Client, case: Case) -> None:
    plan = {"to": "planned", "reason": "Byter lampan", "until": SOON}
    assert done(sara, send(sara, page(case), "/lage/", **plan)) == "Läget är ändrat."
    assert (again(case).state, str(again(case).state_until)) == ("planned", SOON)
    send(sara, page(case), "/lage/", to="waiting", reason="Reservdel", until=SOON)
    send(sara, page(case), "/lage/", to="resolved", message="Nu lyser den.")
    assert again(case).state == "resolved"
    assert "Nu lyser den." in sara.get(page(case)).text
    send(sara, page(case), "/lage/", to="in_progress")
    assert again(case).state == "in_progress"
    notices = Notice.objects.order_by("pk").values_list("kind", flat=True)
    assert list(notices) == ["case_received", "case_planned", "case_planned", "case_answered"]


@pytest.mark.requirement("4.4")
@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({"to": ""}, {"to": "Välj ett läge."}),
        ({"to": "duplicate"}, {"to": "Välj något i listan."}),
        ({"to": "löst"}, {"to": "Välj något i listan."}),
        ({"to": "planned"}, {"reason": "Skriv vad som ska göras.", "until": ""}),
        ({"to": "waiting", "reason": "Del", "until": "8/12"}, {"until": "Skriv datumet så här: 2026-12-08."}),
        ({"to": "waiting", "reason": "Del", "until": "0001-01-01"}, {"until": ""}),
        ({"to": "refused", "reason": "Statens väg", "message": "Hej"}, {"responsible": ""}),
        (
            {"to": "resolved"},
            {"message": "Den som hörde av sig vill ha svar. Skriv ett meddelande innan du avslutar."},
        ),
        ({"to": "refused", "reason": "x", "message": "Hej", "responsible": "y" * 300}, {"responsible": ""}),
    ],
)
def test_what_a_state_needs_is_said_at_its_field(
    sara: Client, case: Case, values: dict[str, str], sentences: dict[str, str]
) -> None:
    response = send(sara, page(case), "/lage/", **{"reason": "", **values})
    assert response.status_code == 422
    form = next(one for one in soup(response).select("form[method=post]") if "/lage/" in str(one["action"]))
    wrong = {str(error["id"]).removeprefix("id_state_").removesuffix("_error"): error for error in form.select(".err")}
    assert set(wrong) == set(sentences)
    for name, sentence in sentences.items():
        assert sentence in wrong[name].text
    kept = fields(response, "/lage/")
    for name in ("reason", "message", "responsible"):
        assert kept[name] == values.get(name, "")
    assert again(case).state == "received"


def test_a_complaint_asks_what_will_be_better(sara: Client, cast: Cast) -> None:
    complaint = factories.make_case(cast.motala, "Bullret!", type="klagomal", category="trafik").case
    response = send(sara, page(complaint), "/lage/", to="resolved")
    assert said(response, "/lage/") == ["Skriv vad ni ändrar. En mening räcker."]
    send(sara, page(complaint), "/lage/", to="resolved", closing_measure="Vi sänker farten.")
    assert again(complaint).state == "resolved"
    [event] = Event.objects.filter(verb="case.state_changed", subject_id=complaint.pk)
    assert event.data["closing"] == {"measure": "Vi sänker farten."}


# ── two people at once ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("action", "field", "values"),
    [
        ("/lage/", "reason", {"to": "planned", "reason": "Byter lampan", "until": SOON}),
        ("/flytta/", "reason", {"reason": "Gäller avgiften."}),
        ("/svara/", "text", {"text": "Vi kommer i morgon."}),
    ],
)
def test_who_comes_second_is_told_and_keeps_what_they_wrote(
    sara: Client, cast: Cast, case: Case, *, action: str, field: str, values: dict[str, str]
) -> None:
    form = fields(sara.get(page(case)), action)
    if action == "/flytta/":
        values = {**values, "unit": str(Unit.objects.get(code="tekniska").pk)}
    actions.reply(case_id=case.pk, text="Amir hann före.", by=cast.amir.actor)
    url = form.pop("")
    response = sara.post(url, {**form, **values})
    assert response.status_code == 409
    assert "Någon annan hann ändra ärendet före dig." in said(response, action)[0]
    assert "Amir hann före." in response.text
    kept = fields(response, action)
    assert kept[field] == values[field]
    # having read what is new, a second press does it
    url = kept.pop("")
    assert sara.post(url, {**kept, **({"unit": values["unit"]} if "unit" in values else {})}).status_code == 302


def test_a_double_click_on_a_deed_is_no_conflict_with_oneself(sara: Client, cast: Cast, case: Case) -> None:
    form = fields(sara.get(page(case)), "/handlaggare/")
    url = form.pop("")
    assert [sara.post(url, form).status_code for _ in range(2)] == [302, 302]


# ── the same thing, another sort ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.requirement("P1")
def test_merge_and_take_apart(sara: Client, cast: Cast, case: Case) -> None:
    other = factories.make_case(cast.motala, "Samma lampa").case
    response = send(sara, page(case), "/sla-ihop/", into=f" {other.number} ")
    assert done(sara, response) == f"{case.number} är ihopslaget med {other.number}."
    assert again(case).duplicate_of == other
    [only] = soup(sara.get(page(case))).select(".acts details form")
    assert str(only["action"]).startswith(f"/desk/{case.pk}/isar/")
    assert done(sara, send(sara, page(case), "/isar/")) == "Ärendet är ett eget ärende igen."
    assert again(case).duplicate_of is None


@pytest.mark.requirement("X1", "N4")
def test_a_case_is_merged_with_what_one_may_see_only(sara: Client, cast: Cast, case: Case) -> None:
    secret = factories.make_case(cast.motala, "Hemligt").case
    Case.objects.filter(pk=secret.pk).update(unit=Unit.objects.get(code="forskola"), confidential=True)
    elsewhere = [factories.make_case(cast.mjolby, "Annan kommun").case.number for _ in range(3)]
    for number in (secret.number, elsewhere[2], "26-999", "", "\x00", "';--", case.number):
        response = send(sara, page(case), "/sla-ihop/", into=number)
        assert response.status_code == 422, number
        assert len(said(response, "/sla-ihop/")) == 1
    assert again(case).state == "received"


@pytest.mark.requirement("4.13")
def test_convert_keeps_number_and_history(sara: Client, case: Case) -> None:
    assert done(sara, send(sara, page(case), "/sort/", case_type="klagomal")).startswith("Sorten är ändrad.")
    assert (again(case).kind, again(case).number) == ("klagomal", case.number)
    assert "Ändrat från" in sara.get(page(case)).text
    for code in ("", "finns-inte", "klagomal", "\x00"):
        response = send(sara, page(case), "/sort/", case_type=code)
        assert response.status_code == 422
        assert len(said(response, "/sort/")) == 1


# ── who may ─────────────────────────────────────────────────────────────────────────────────────────────────────

DEEDS = ["svara", "handlaggare", "flytta", "lage", "sla-ihop", "isar", "sort", "utkast"]


@pytest.mark.requirement("X1", "N4")
@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_is_for_those_who_may(cast: Cast, case: Case, deed: str) -> None:
    url = f"/desk/{case.pk}/{deed}/"
    before = Event.objects.count()
    assert browser(cast.auditor).post(url, {"text": "x"}).status_code == 403
    assert browser(cast.outsider).post(url, {"text": "x"}).status_code == 403
    assert browser(cast.nils).post(url, {"text": "x"}).status_code == 404
    assert browser(cast.outsider, "mjolby.localhost").post(url, {"text": "x"}).status_code == 404
    assert browser().post(url, {"text": "x"}).status_code in {302, 403}
    assert Event.objects.count() == before


@pytest.mark.parametrize("deed", DEEDS)
def test_an_address_of_a_deed_cannot_be_opened_but_says_so(sara: Client, case: Case, deed: str) -> None:
    response = sara.get(f"/desk/{case.pk}/{deed}/")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "Så går det inte att göra" in response.text
    assert sara.put(f"/desk/{case.pk}/").status_code == 405


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed != "utkast"])
def test_when_the_session_has_ended_what_was_written_is_given_back(case: Case, deed: str) -> None:
    written = {"text": "Ett långt svar.", "message": "Ett meddelande.", "reason": "<b>Skäl</b>"}
    response = browser().post(f"/desk/{case.pk}/{deed}/", written)
    assert response.status_code == 403
    assert "Du har blivit utloggad" in response.text
    assert [area.text for area in soup(response).select("textarea")] == [
        "Ett långt svar.",
        "Ett meddelande.",
        "<b>Skäl</b>",
    ]
    login = soup(response).select_one("a.pri")
    assert login is not None
    assert login["href"] == f"/konto/login/?next=/desk/{case.pk}/"


def test_a_forged_form_does_nothing_and_a_stale_one_gives_the_words_back(cast: Cast, case: Case) -> None:
    client = Client(enforce_csrf_checks=True, headers={"host": "motala.localhost"})
    client.force_login(cast.sara, backend="lyhord.accounts.backend.Backend")
    for deed in ("svara", "lage", "flytta"):
        response = client.post(f"/desk/{case.pk}/{deed}/", {"text": "Mitt svar", "to": "public"})
        assert response.status_code == 403
        assert "Sidan var öppen för länge" in response.text
        assert [area.text for area in soup(response).select("textarea")] == ["Mitt svar"]
        assert not soup(response).select("form[method=post] textarea")  # to copy, not to send on
    form = fields(client.get(page(case)), "/svara/")
    url = form.pop("")
    assert client.post(url, {**form, "text": "Mitt svar"}).status_code == 302


@pytest.mark.requirement("P14")
def test_a_question_is_asked_from_the_desk_and_answered_on_the_page(sara: Client, cast: Cast) -> None:
    made = factories.make_case(cast.motala, email="anna@exempel.se", wants_feedback=True)
    where = f"/desk/{made.case.pk}/"
    assert f'action="{where}fraga/' in sara.get(where).text
    refused = sara.post(f"{where}fraga/", {"text": "", "days": "14"})
    assert refused.status_code == 422
    assert "Skriv vad du vill veta" in refused.text
    assert sara.post(f"{where}fraga/", {"text": "Vilken stolpe?", "days": "14", "closes": "on"}).status_code == 302
    own = Client(headers={"host": "motala.localhost"}).get(f"/f/{made.code}/").text
    assert "Väntar på svar från dig till" in own
    assert 'href="#skriv"' in own
    with organisation_scope(cast.motala.pk):
        actions.change_state(case_id=made.case.pk, to=State.IN_PROGRESS, by=cast.sara.actor)
    assert 'href="#skriv"' not in Client(headers={"host": "motala.localhost"}).get(f"/f/{made.code}/").text
