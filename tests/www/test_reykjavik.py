"""An organisation outside Sweden: its country's days, clock and numbers; its app knows the API and nothing else."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import holidays
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from lyhord.cases import actions
from lyhord.cases.calendar import add_working_days
from lyhord.cases.masking import find
from lyhord.cases.models import Case, MapCount, Reporter
from lyhord.core.clock import local
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.quiet_hours import morning_after
from lyhord.organisations.actions import change_organisation
from lyhord.organisations.models import Organisation, Unit
from lyhord.places.queries import forget_areas
from tests import factories
from tests.www.api.conftest import Program
from tests.www.desk.conftest import browser

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.25")]

HOST = "reykjavik.localhost"
HARPA = (64.1503, -21.9325)
BOX = [[-22.05, 64.05], [-21.6, 64.05], [-21.6, 64.2], [-22.05, 64.2], [-22.05, 64.05]]
CREATE = {"country": "IS", "name": "Reykjavíkurborg", "slug": "reykjavik", "centre": "64.1466,-21.9426"}
EVE_OF_SUMMER = datetime(2026, 4, 22, 16, 30, tzinfo=UTC)
"""A Wednesday, at 16.30 in Reykjavík and 18.30 in Stockholm; the day after is sumardagurinn fyrsti."""


@pytest.fixture
def city(tmp_path: Path, settings: Any) -> Iterator[Organisation]:
    """Reykjavík, made by the command as an operator would, with a box for a boundary."""
    settings.MEDIA_ROOT = tmp_path / "files"
    boundary = tmp_path / "box.geojson"
    shape = {"type": "Polygon", "coordinates": [BOX]}
    boundary.write_text(json.dumps({"type": "Feature", "properties": {"name": "Reykjavík"}, "geometry": shape}))
    call_command("create_organisation", boundary=boundary, time_zone="Atlantic/Reykjavik", **CREATE)
    forget_areas()
    yield Organisation.objects.get(slug="reykjavik")
    forget_areas()


@pytest.fixture
def app(city: Organisation) -> Program:
    """Somebody's own app for the city: it has an address, and no key."""
    return Program(host=HOST)


def told(app: Program, **values: Any) -> Any:
    """A report as the app sends it: it chooses among what the API says that there is."""
    kind = next(kind for kind in app.get("kinds")["items"] if kind["asks_place"])
    codes = [row["code"] for row in app.get("case-types", kind=kind["slug"])["items"]]
    asked = {code: app.get(f"case-types/{code}")["questions"] for code in codes[:12]}
    code = next(code for code in asked if not any(question["required"] for question in asked[code]))
    report = {"kind": kind["slug"], "case_type": code, "publish": True, "text": "The light by the harbour is out."}
    return app.post("reports", {**report, "lat": HARPA[0], "lon": HARPA[1], "language": "en", **values})


def publish(case: Case, city: Organisation) -> None:
    """By somebody who may."""
    by = factories.make_staff(city, factories.make_member(city, "jon@reykjavik.example", "Jón", "administrator")).actor
    actions.publish(case_id=case.pk, title="Light out", text=case.text, by=by, warned=True)


class TestMaking:
    """What the command needs and gives."""

    def test_nothing_swedish_is_asked_for(self, city: Organisation, app: Program) -> None:
        assert (city.code, city.country, city.time_zone) == ("", "IS", "Atlantic/Reykjavik")
        said = app.get("organisation")
        assert (said["name"], said["languages"]) == ("Reykjavíkurborg", ["en"])
        page = Client(headers={"host": HOST}).get("/")
        assert (page.status_code, page.headers["Content-Language"]) == (200, "en")
        with organisation_scope(city.pk):
            assert Unit.objects.get(code="gata-park").name == "Streets and parks"

    def test_hints_before_publishing_are_of_icelandic_numbers(self, city: Organisation) -> None:
        text = "Ring 611 1234, kt. 120174-3399."
        with organisation_scope(city.pk):
            assert [text[span.start : span.end] for span in find(text)] == ["611 1234", "120174-3399"]
        assert find("kt. 120174-3399.") == [], "in Sweden it is a number like any other"

    def test_the_country_knows_its_zone(self, motala: Organisation) -> None:
        call_command("create_organisation", **CREATE)
        assert Organisation.objects.get(slug="reykjavik").time_zone == "Atlantic/Reykjavik"
        assert (motala.country, motala.time_zone) == ("SE", "Europe/Stockholm")

    @pytest.mark.parametrize(
        ("wrong", "word"),
        [
            ({"time_zone": "Atlantic/Atlantis"}, "Atlantis"),
            ({"time_zone": "../etc/passwd"}, "passwd"),
            ({"centre": "-21.9,64.1"}, "latituden"),
            ({"centre": "mitt i"}, "LAT,LON"),
            ({"name": None}, "--name"),
        ],
    )
    @pytest.mark.django_db
    def test_what_cannot_be_is_refused_whole(self, wrong: dict[str, Any], word: str) -> None:
        with pytest.raises(CommandError, match=word):
            call_command("create_organisation", **{**CREATE, **wrong})
        assert not Organisation.objects.exists()


class TestDays:
    """The working days, against the library of the world's holidays."""

    def test_a_promise_steps_over_the_first_day_of_summer(self, city: Organisation) -> None:
        with organisation_scope(city.pk):
            assert add_working_days(EVE_OF_SUMMER, 1) == datetime(2026, 4, 24, 17, tzinfo=UTC)
        assert add_working_days(EVE_OF_SUMMER, 1) == datetime(2026, 4, 24, 15, tzinfo=UTC), "in Sweden it is evening"

    def test_what_the_app_is_promised(self, app: Program) -> None:
        free = holidays.country_holidays("IS", years=2026, categories=("public", "half_day"))
        with time_machine.travel(EVE_OF_SUMMER, tick=False):
            sent = told(app)
        promised = datetime.fromisoformat(sent["answer_by"])
        assert (promised.hour, promised.minute, promised.utcoffset()) == (17, 0, UTC.utcoffset(None))
        assert promised.date() not in free
        with time_machine.travel(EVE_OF_SUMMER.replace(day=23, month=6), tick=False):
            midsummer = datetime.fromisoformat(told(app)["answer_by"])
        working = {
            day
            for begins, ends in ((EVE_OF_SUMMER, promised), (EVE_OF_SUMMER.replace(day=23, month=6), midsummer))
            for day in (date.fromordinal(n) for n in range(begins.toordinal() + 1, ends.toordinal() + 1))
            if day.weekday() < 5
        }
        assert date(2026, 4, 23) in working, "it lay between"
        calendar_days = (promised.date() - EVE_OF_SUMMER.date()).days
        assert calendar_days > (midsummer.date() - date(2026, 6, 23)).days, (
            "Midsummer's Eve is an ordinary Friday there"
        )


class TestClock:
    """Times, wherever they are shown."""

    def test_the_pages_show_the_hour_there(self, app: Program, city: Organisation) -> None:
        with time_machine.travel(EVE_OF_SUMMER, tick=False):
            code = told(app)["code"]
            shown = Client(headers={"host": HOST}).get(f"/f/{code}/").content.decode()
            assert "16.30" in shown or "16:30" in shown
            assert "18.30" not in shown
            assert "18:30" not in shown

    def test_the_desk_too(self, app: Program, city: Organisation) -> None:
        with organisation_scope(city.pk):
            member = factories.make_member(city, "jon@reykjavik.example", "Jón Jónsson", "administrator")
        with time_machine.travel(EVE_OF_SUMMER, tick=False):
            number = told(app)["number"]
            desk = browser(member, host=HOST)
            with organisation_scope(city.pk):
                case = Case.objects.get(number=number)
            shown = desk.get(f"/desk/{case.pk}/").content.decode()
        assert "16.30" in shown or "16:30" in shown
        assert "18.30" not in shown

    def test_a_scope_within_a_scope_has_its_own_clock(self, city: Organisation, motala: Organisation) -> None:
        with organisation_scope(motala.pk):
            assert local(EVE_OF_SUMMER).hour == 18
            with organisation_scope(city.pk):
                assert local(EVE_OF_SUMMER).hour == 16
            assert local(EVE_OF_SUMMER).hour == 18

    def test_the_night_is_theirs(self, city: Organisation) -> None:
        evening = datetime(2026, 4, 22, 20, 30, tzinfo=UTC)  # 22.30 in Sweden
        assert morning_after(evening) is not None
        with organisation_scope(city.pk):
            assert morning_after(evening) is None

    def test_a_case_at_new_year_is_of_the_year_there(self, app: Program, city: Organisation) -> None:
        """The map's counts by year, and when the city moves: they are counted anew."""
        with time_machine.travel(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), tick=False):
            number = told(app)["number"]
        with organisation_scope(city.pk):
            case = Case.objects.get(number=number)
            publish(case, city)
            assert counted_years() == {2026}
            values = {"country": "SE", "time_zone": "Europe/Stockholm"}
            change_organisation(organisation=city, values=values, by=factories.TEST)
            assert counted_years() == {2027}


def counted_years() -> set[int]:
    return set(MapCount.objects.exclude(year=MapCount.TOTAL).values_list("year", flat=True))


class TestNumbers:
    """Telephones and organisations."""

    def test_a_number_without_a_country_is_icelandic(self, app: Program, city: Organisation) -> None:
        sent = told(app, sender={"phone": "611 1234", "tell_by": ["sms"]}, wants_feedback=True)
        with organisation_scope(city.pk):
            assert Reporter.objects.get(case__number=sent["number"]).phone == "+3546111234"
        wrong = app.post("reports", {"text": "Hi.", "sender": {"phone": "12", "tell_by": ["sms"]}}, 422)
        assert "611 1234" in json.dumps(wrong, ensure_ascii=False)

    def test_a_company_has_a_kennitala(self, app: Program, city: Organisation) -> None:
        company = {"sender_kind": "company", "organisation_name": "Borgin", "organisation_number": "5302697609"}
        sent = told(app, sender=company)
        with organisation_scope(city.pk):
            assert Reporter.objects.get(case__number=sent["number"]).organisation_number == "530269-7609"
        for number in ("530269-7619", "120174-3399", "212000-0142x"):
            app.post("reports", {"text": "Hi.", "sender": {**company, "organisation_number": number}}, 422)


def test_what_is_published_is_open_data_there(app: Program, city: Organisation, tmp_path: Path) -> None:
    """In WGS 84: the plane of Sweden does not reach that far."""
    number = told(app)["number"]
    with organisation_scope(city.pk):
        publish(Case.objects.get(number=number), city)
    web = Client(headers={"host": HOST})
    (feature,) = json.loads(web.get("/oppna-data/arenden.geojson").getvalue())["features"]
    assert feature["geometry"]["coordinates"] == [HARPA[1], HARPA[0]]
    path = tmp_path / "a.gpkg"
    path.write_bytes(web.get("/oppna-data/arenden.gpkg").getvalue())
    database = sqlite3.connect(path)
    (srs, west, south) = database.execute("select srs_id, min_x, min_y from gpkg_contents").fetchone()
    assert (srs, west, south) == (4326, HARPA[1], HARPA[0])
    (blob,) = database.execute("select geom from arenden").fetchone()
    database.close()
    assert int.from_bytes(blob[4:8], "little") == 4326
    assert "WGS 84" in web.get("/oppna-data/").content.decode()
