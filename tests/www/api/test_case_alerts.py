"""Alerts about published cases, for programs: chosen, looked at before, told, and silenced one by one."""

from typing import Any

import pytest

from lyhord.core.tenancy import organisation_scope
from lyhord.following.models import Profile
from lyhord.organisations.models import Organisation
from tests import factories
from tests.cases.test_news import jobs, report, show
from tests.www.api.conftest import Program

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P4", "P27")]
LAT, LON = factories.MOTALA
WANTED: dict[str, Any] = {
    "name": "hemma",
    "about": ["cases"],
    "near": {"lat": LAT + 0.001, "lon": LON, "radius_m": 500, "label": "hemma"},
}


def test_from_choices_to_news(motala: Organisation, nobody: Program) -> None:
    choices = nobody.get("alert-choices")
    assert choices["about"] == ["cases"]  # decisions are not shown here
    assert {"code": "category:belysning", "name": "Belysning"} in choices["sorts"]
    assert {"code": "type:belysning.lampa", "name": "Släckt gatubelysning"} in choices["sorts"]
    nobody.post("alerts", {**WANTED, "sorts": ["type:belysning.lampa"], "email": "anna@exempel.se"}, 202)
    with organisation_scope(motala.pk):
        url = f"alerts/{Profile.objects.get().token}"
    settings = nobody.put(f"{url}/confirmation")["settings"]
    assert (settings["about"], settings["sorts"]) == (["cases"], ["type:belysning.lampa"])
    with organisation_scope(motala.pk):
        case = report(motala)
        show(case)
        show(report(motala, at=(LAT + 0.1, LON)))
        show(report(motala, type="ovrigt"))
        jobs()
    [news] = nobody.get(url)["news"]
    assert (news["case"], news["matter"], news["what"]) == (case.number, None, "Nytt ärende")
    assert news["reason"] == "Släckt gatubelysning, Vintergatan 12, 111 m från hemma"
    assert news["page"].endswith(f"/arenden/{case.number}/")
    nobody.put(f"{url}/silent/{news['id']}", status=204)
    assert nobody.get(url)["news"][0]["silent"]
    both = nobody.put(url, {**WANTED, "about": ["cases", "matters"]})
    assert both["settings"]["about"] == ["matters", "cases"]


def test_what_it_would_have_been(motala: Organisation, nobody: Program) -> None:
    with organisation_scope(motala.pk):
        show(report(motala))
        jobs()
    assert nobody.post("alerts/preview", WANTED, 200)["count"] == 1
    assert nobody.post("alerts/preview", {**WANTED, "about": ["matters"]}, 200)["count"] == 0
    without = {name: value for name, value in WANTED.items() if name != "about"}
    assert nobody.post("alerts/preview", without, 200)["count"] == 0  # as it was before there was a choice


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"about": []}, "about"),
        ({"about": ["allt"]}, "about"),
        ({"about": ["cases"] * 3}, "about"),
        ({"sorts": ["category:finns-inte"]}, "sorts"),
        ({"sorts": ["belysning"]}, "sorts"),
    ],
)
def test_each_mistake_has_its_name(motala: Organisation, nobody: Program, wrong: dict[str, Any], where: str) -> None:
    errors = nobody.post("alerts/preview", {**WANTED, **wrong}, 422)["errors"]
    assert any(where in name for name in errors), errors


@pytest.mark.requirement("X1")
def test_sorts_are_those_of_the_organisation(cast: Any, nobody: Program) -> None:
    with organisation_scope(cast.mjolby.pk):
        factories.make_category("hamnar", "Hamnar", for_faults=True)
    assert "category:hamnar" not in str(nobody.get("alert-choices"))
    nobody.post("alerts/preview", {**WANTED, "sorts": ["category:hamnar"]}, 422)
