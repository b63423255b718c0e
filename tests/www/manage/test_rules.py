"""The organisation's own rules: written by form, tried, published, explained, taken back."""

from typing import Any

import pytest
from django.test import Client

from lyhord.audit.models import Event
from lyhord.cases.models import RuleSet
from lyhord.core.tenancy import organisation_scope
from tests import factories
from tests.conftest import Cast
from tests.www.manage.conftest import CHOOSE, Answer, filled_in, text_of
from tests.www.soup import soup

pytestmark = pytest.mark.django_db
WHERE = "/installningar/regler/"


def add(admin: Client, **given: Any) -> Answer:
    return admin.post(f"{WHERE}ny/", filled_in(admin.get(f"{WHERE}ny/"), **given))


def newest(cast: Cast) -> RuleSet:
    with organisation_scope(cast.motala.pk):
        return RuleSet.objects.order_by("-number")[0]


def base(admin: Client) -> str:
    return str(soup(admin.get(WHERE)).select_one("input[name=base]")["value"])


@pytest.mark.requirement("P10")
def test_a_rule_from_form_to_the_next_case(cast: Cast, admin: Client) -> None:
    before = factories.make_case(cast.motala).case
    add(
        admin,
        name="Varamon",
        kinds=["felanmalan"],
        types=["belysning.lampa"],
        areas=["varamon"],
        unit="kundcenter",
    )
    page = admin.get(WHERE)
    text = text_of(page)
    assert "Det här är ett utkast." in text
    assert "Sort: Felanmälan" in text
    assert "Plats i Varamon" in text
    assert factories.make_case(cast.motala).case.unit_id == before.unit_id
    tried = text_of(admin.get(f"{WHERE}prova/"))
    assert "Vi provade på alla 2 ärenden" in tried
    assert "Gata och park → Kundcenter" in tried
    admin.post(f"{WHERE}publicera/", {"base": base(admin), "note": "Beslut 12"})
    case = factories.make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        assert case.unit.code == "kundcenter"
        verbs = list(Event.objects.filter(subject_type="rules").order_by("id").values_list("verb", flat=True))
    assert "regel 1 (Varamon)" in case.route_reason
    assert verbs == ["rules.drafted", "rules.published"]
    assert "Beslut 12" in text_of(admin.get(WHERE))


@pytest.mark.requirement("P10")
def test_every_condition_of_a_rule(cast: Cast, admin: Client) -> None:
    add(
        admin,
        name="Jouren",
        categories=["belysning"],
        answers=["danger=no"],
        days1=["sat", "sun"],
        days2=["mon", "tue", "wed", "thu", "fri"],
        start2="16.30",
        end2="07:00",
        season_first="11-01",
        season_last="04-30",
        unit="kundcenter",
    )
    [rule] = newest(cast).rules
    assert rule["answers"] == [{"question": "danger", "values": ["no"]}]
    assert [window["start"] for window in rule["hours"]] == ["00:00", "16:30"]
    assert rule["season"] == {"first": "11-01", "last": "04-30"}
    text = text_of(admin.get(WHERE))
    assert "Svar: Är någon i fara just nu? nej" in text
    assert "lördag, söndag och helgdag hela dygnet eller måndag–fredag 16.30–07.00" in text
    assert "Kommer in 1 november–30 april" in text
    form = filled_in(admin.get(f"{WHERE}0/"))
    admin.post(f"{WHERE}0/", form)
    assert newest(cast).rules == [rule]


@pytest.mark.requirement("P10")
@pytest.mark.parametrize(
    ("at", "unit", "why"),
    [
        ("2026-11-28 22:15", "Kundcenter", "det kom in en lördag klockan 22.15"),
        ("2026-11-26 10:00", "Gata och park", "utanför regelns tider"),
        ("2026-12-25 10:00", "Kundcenter", "en helgdag"),
    ],
)
def test_where_would_this_go_and_why(cast: Cast, admin: Client, at: str, unit: str, why: str) -> None:
    add(admin, name="Helg", days1=["sat", "sun"], unit="kundcenter")
    page = admin.get(WHERE, {"case_type": "belysning.lampa", "area": "varamon", "at": at})
    answer = soup(page).select_one("#prova .note")
    assert answer is not None
    assert answer.select_one("strong").get_text() == unit
    assert why in " ".join(answer.get_text().split())


@pytest.mark.parametrize(
    "asked",
    [
        {"case_type": "mars"},
        {"case_type": "belysning.lampa", "at": "i går"},
        {"case_type": "fraga", "at": "0001-01-01"},
    ],
)
def test_a_question_that_makes_no_sense(cast: Cast, admin: Client, asked: dict[str, str]) -> None:
    page = admin.get(WHERE, asked)
    assert page.status_code == 422
    assert not soup(page).select("#prova .note.good")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"unit": ""}, "Välj en enhet."),
        ({"unit": "mars"}, CHOOSE),
        ({"unit": "kundcenter", "start1": "25:00"}, "Skriv tiden så här: 07:00."),
        ({"unit": "kundcenter", "start1": "07:00", "end1": "07:00"}, "Tiden börjar och slutar samtidigt"),
        ({"unit": "kundcenter", "season_first": "11-31", "season_last": "12-01"}, "Skriv månad och dag så här"),
        ({"unit": "kundcenter", "season_first": "11-01"}, "Skriv både första och sista dagen."),
        ({"unit": "kundcenter", "areas": ["mars"]}, CHOOSE),
    ],
)
def test_what_makes_no_sense_is_told_and_kept(cast: Cast, admin: Client, given: dict[str, Any], sentence: str) -> None:
    response = add(admin, name="Mitt namn", **given)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert soup(response).select_one("#id_name")["value"] == "Mitt namn"
    with organisation_scope(cast.motala.pk):
        assert not RuleSet.objects.exists()


def test_order_decides_and_rules_move(cast: Cast, admin: Client) -> None:
    for name in ("A", "B", "C"):
        add(admin, name=name, unit="kundcenter")
    admin.post(f"{WHERE}2/flytta/", {"base": base(admin), "up": "1"})
    assert [rule["name"] for rule in newest(cast).rules] == ["A", "C", "B"]
    admin.post(f"{WHERE}0/flytta/", {"base": base(admin), "down": "1"})
    assert [rule["name"] for rule in newest(cast).rules] == ["C", "A", "B"]
    old = base(admin)
    admin.post(f"{WHERE}1/flytta/", {"base": old, "remove": "1"})
    assert [rule["name"] for rule in newest(cast).rules] == ["C", "B"]
    stale = admin.post(f"{WHERE}1/flytta/", {"base": old, "remove": "1"}, follow=True)
    assert "Någon annan har ändrat reglerna" in text_of(stale)
    assert [rule["name"] for rule in newest(cast).rules] == ["C", "B"]
    assert newest(cast).number == 1
    assert admin.post(f"{WHERE}9/flytta/", {"base": base(admin)}).status_code == 404


def test_two_who_write_rules_at_once(cast: Cast, admin: Client) -> None:
    mine = filled_in(admin.get(f"{WHERE}ny/"), name="Min", unit="kundcenter")
    add(admin, name="Din", unit="kundcenter")
    response = admin.post(f"{WHERE}ny/", mine)
    assert response.status_code == 422
    assert "Någon annan har ändrat reglerna" in text_of(response)
    assert soup(response).select_one("#id_name")["value"] == "Min"
    late = admin.post(f"{WHERE}publicera/", {"base": str(mine["base"])}, follow=True)
    assert "Någon annan har ändrat reglerna" in text_of(late)
    assert newest(cast).published_at is None


@pytest.mark.requirement("0.24", "P10")
def test_the_way_back(cast: Cast, admin: Client) -> None:
    for name in ("Första", "Andra"):
        add(admin, name=name, unit="kundcenter")
        admin.post(f"{WHERE}publicera/", {"base": base(admin)})
    admin.post(f"{WHERE}version/1/tillbaka/")
    assert (newest(cast).number, [rule["name"] for rule in newest(cast).rules]) == (3, ["Första"])
    assert newest(cast).published_at is not None
    add(admin, name="Tredje", unit="kundcenter")
    admin.post(f"{WHERE}kasta/")
    assert newest(cast).number == 3
    assert "Det finns inget utkast." in text_of(admin.post(f"{WHERE}kasta/", follow=True))
    assert "gäller redan" in text_of(admin.post(f"{WHERE}version/3/tillbaka/", follow=True))
    assert admin.post(f"{WHERE}version/77/tillbaka/").status_code == 404


def test_a_rule_whose_unit_is_gone_says_so(cast: Cast, admin: Client) -> None:
    with organisation_scope(cast.motala.pk):
        factories.make_unit("borta", "Borta")
    add(admin, name="Dit", unit="borta")
    with organisation_scope(cast.motala.pk):
        from lyhord.organisations.models import Unit

        Unit.objects.get(code="borta").delete()
    assert "borta finns inte längre. Regeln hoppas över." in text_of(admin.get(WHERE))
    page = admin.get(f"{WHERE}0/")
    assert "borta (finns inte)" in text_of(page)
