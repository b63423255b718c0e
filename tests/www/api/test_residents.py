"""What residents do, by somebody else's program."""

import json
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from lyhord.cases import actions
from lyhord.cases.models import Case, Message, Reporter
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.clock import today
from lyhord.core.tenancy import organisation_scope
from lyhord.files.models import StoredFile
from lyhord.following.models import Follow
from lyhord.organisations.models import Organisation
from lyhord.places.models import Address, Area
from lyhord.places.queries import forget_areas
from tests import factories
from tests.conftest import Cast
from tests.www.api.conftest import BASE, WALL, Program, make_key, problem, publish

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.25", "P27")]

REPORT = {"text": "Lampan är släckt.", "case_type": "belysning.lampa", "lat": 58.5371, "lon": 15.0365}


def picture(colour: str = "green") -> BytesIO:
    """A small JPEG."""
    made = BytesIO()
    Image.new("RGB", (80, 60), colour).save(made, "JPEG")
    made.name = "photo.jpg"
    made.seek(0)
    return made


def send_picture(program: Program) -> str:
    answer: Any = program.client.post(f"{BASE}/photos", {"photo": picture()})
    assert answer.status_code == 201, answer.content
    return str(json.loads(answer.content)["token"])


class TestChoices:
    """What there is to choose among."""

    def test_the_organisation_and_its_kinds(self, nobody: Program) -> None:
        assert nobody.get("organisation")["name"] == "Motala kommun"
        kinds = {kind["slug"]: kind for kind in nobody.get("kinds")["items"]}
        assert kinds["felanmalan"]["asks_place"] is True
        assert {state["state"] for state in kinds["fraga"]["states"]} >= {"received", "resolved"}
        assert [area["code"] for area in nobody.get("categories")["items"]] == ["barn", "trafik"]

    def test_types_with_their_questions(self, nobody: Program) -> None:
        rows = nobody.get("case-types", kind="felanmalan")["items"]
        assert {row["code"] for row in rows} == {"belysning.lampa", "ovrigt"}
        lamp = nobody.get("case-types/belysning.lampa")
        assert [question["code"] for question in lamp["questions"]] == ["danger", "lamps"]
        assert lamp["questions"][0]["options"] == [{"code": "yes", "label": "Ja"}, {"code": "no", "label": "Nej"}]
        assert lamp["acute"][0]["phone"] == "0141-00 00 01"
        nobody.get("case-types/finns.inte", 404)

    def test_in_the_language_asked_for(self, nobody: Program) -> None:
        english = nobody.get("case-types/belysning.lampa", headers={"accept-language": "en-GB,sv;q=0.5"})
        assert english["name"] == "Släckt gatubelysning (en)"
        assert nobody.last["Content-Language"] == "en"
        assert nobody.get("case-types/belysning.lampa", headers={"accept-language": "fi"})["name"].endswith("belysning")

    def test_what_a_text_is_about(self, nobody: Program) -> None:
        asked = {"text": "gatlyktan är släckt och det är mörkt"}
        found = nobody.post("suggestions", asked, 200)["items"]
        assert found[0]["code"] == "belysning.lampa"

    def test_addresses(self, nobody: Program, motala: Organisation) -> None:
        with organisation_scope(motala.pk):
            Address.objects.create(
                street="Vintergatan", number="12", locality="Motala", lat=58.5371, lon=15.0365, search_key="vintergatan"
            )
        (found,) = nobody.get("addresses", q="vintergatan 12")["items"]
        assert found["label"] == "Vintergatan 12, Motala"
        here = nobody.get("addresses/at", lat=58.5371, lon=15.0365)
        assert here == {"label": "Vintergatan 12, Motala", "elsewhere": None, "inside": True}
        assert set(nobody.get("addresses/at", 422, lat="nan", lon=200)["errors"]) == {"lat", "lon"}

    def test_the_land_and_its_areas_as_geojson(self, nobody: Program, cast: Cast) -> None:
        found = nobody.get("areas")
        assert (found["type"], {one["type"] for one in found["features"]}) == ("FeatureCollection", {"Feature"})
        assert {one["properties"]["kind"] for one in found["features"]} == {"boundary", "district"}
        [border] = nobody.get("areas", kind="boundary")["features"]
        assert border["geometry"]["type"] in {"Polygon", "MultiPolygon"}
        assert border["properties"]["code"] == "motala"  # and nothing of another organisation's
        assert nobody.get("areas", kind="finns-inte")["features"] == []
        nobody.get("areas", 422, kind="x" * 21)

    def test_a_place_of_another_municipalitys(self, nobody: Program, cast: Cast) -> None:
        there = {"type": "Polygon", "coordinates": [[[15, 58.3], [15.2, 58.3], [15.2, 58.4], [15, 58.4], [15, 58.3]]]}
        with organisation_scope(cast.mjolby.pk):
            Area.objects.filter(kind="boundary").update(geojson=there)
        forget_areas()
        here = nobody.get("addresses/at", lat=58.35, lon=15.1)
        assert here["inside"] is False
        assert here["elsewhere"]["slug"] == "mjolby"
        assert here["elsewhere"]["api"].endswith("mjolby.localhost/api/v1")

    def test_in_which_language_one_is_answered(self, nobody: Program, motala: Organisation) -> None:
        sent = nobody.post("reports", {**REPORT, "language": "en"})
        with organisation_scope(motala.pk):
            assert Case.objects.get(number=sent["number"]).language == "en"
        assert nobody.post("reports", {**REPORT, "language": "fi"}, 422)["errors"]["language"]

    def test_what_others_have_told_of_nearby(self, nobody: Program, cast: Cast) -> None:
        shown = publish(cast)
        factories.make_case(cast.motala, "Hemlig lampa.")
        (found,) = nobody.get("nearby", lat=58.5371, lon=15.0365, case_type="belysning.lampa")["items"]
        assert (found["number"], found["distance_m"]) == (shown.case.number, 0)


class TestReports:
    """Sending one."""

    def test_a_report_and_its_receipt(self, nobody: Program, motala: Organisation) -> None:
        sender = {"name": "Eva Ek", "email": "eva@exempel.se"}
        sent = nobody.post("reports", {**REPORT, "answers": {"lamps": "3"}, "sender": sender, "wants_feedback": True})
        with organisation_scope(motala.pk):
            case = Case.objects.get(number=sent["number"])
            assert case.channel == "api"
            assert case.answers == {"lamps": 3}
            assert case.position_source == "api"
            assert Reporter.objects.get(case=case).email == "eva@exempel.se"
        assert nobody.last["Cache-Control"] == "private, no-store"
        assert nobody.last["Location"].endswith("/api/v1/own-case")
        assert Program(x_follow_code=sent["code"]).get("own-case")["number"] == sent["number"]

    @pytest.mark.requirement("0.25")
    def test_it_costs_few_queries(self, nobody: Program, django_assert_num_queries: Any) -> None:
        said = {**REPORT, "place_text": "Vid kyrkan", "sender": {"email": "eva@exempel.se"}, "wants_feedback": True}
        nobody.post("reports", said)
        # how often they send; claim, number and keys; their contact; all the rows
        with django_assert_num_queries(WALL + 4):
            nobody.post("reports", said)

    def test_without_a_type_the_words_decide(self, nobody: Program, motala: Organisation) -> None:
        sent = nobody.post("reports", {"text": "gatlyktan är släckt, det är mörkt"})
        with organisation_scope(motala.pk):
            assert Case.objects.get(number=sent["number"]).case_type.code == "belysning.lampa"

    def test_sent_again_it_is_one_case(self, nobody: Program, motala: Organisation) -> None:
        headers = {"idempotency-key": "en-nyckel"}
        first = nobody.post("reports", REPORT, headers=headers)
        assert nobody.post("reports", REPORT, 200, headers=headers) == first
        other = nobody.post("reports", {**REPORT, "text": "Något annat."}, headers=headers)
        assert other["number"] != first["number"]  # nobody gets another's receipt by guessing a key
        with organisation_scope(motala.pk):
            assert Case.objects.count() == 2

    def test_with_pictures(self, nobody: Program, motala: Organisation) -> None:
        token = send_picture(nobody)
        sent = nobody.post("reports", {**REPORT, "photos": [{"token": token, "alt": "En stolpe"}]})
        own = Program(x_follow_code=sent["code"])
        (photo,) = own.get("own-case")["messages"][0]["photos"]
        assert photo["alt"] == "En stolpe"
        fetched: Any = own.client.get(photo["small"])
        assert fetched["Content-Type"] == "image/jpeg"
        assert nobody.client.get(photo["small"]).status_code == 401

    def test_a_picture_sent_again_is_one(self, nobody: Program, motala: Organisation) -> None:
        headers = {"idempotency-key": "en-bild"}
        first: Any = nobody.client.post(f"{BASE}/photos", {"photo": picture()}, headers=headers)
        again: Any = nobody.client.post(f"{BASE}/photos", {"photo": picture()}, headers=headers)
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json() == again.json()
        other: Any = nobody.client.post(f"{BASE}/photos", {"photo": picture("red")}, headers=headers)
        assert other.json()["token"] != first.json()["token"]  # nobody gets another's picture by guessing a key
        assert send_picture(nobody) != send_picture(nobody)
        with organisation_scope(motala.pk):
            assert StoredFile.objects.count() == 4

    def test_a_picture_that_waits_can_be_looked_at(self, nobody: Program, cast: Cast) -> None:
        token = send_picture(nobody)
        shown: Any = nobody.client.get(f"{BASE}/photos/{token}")
        assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
        problem(Program("mjolby.localhost").client.get(f"{BASE}/photos/{token}"), 404)
        nobody.post("reports", {**REPORT, "photos": [{"token": token}]})
        problem(nobody.client.get(f"{BASE}/photos/{token}"), 404)

    def test_a_picture_can_be_taken_back(self, nobody: Program) -> None:
        token = send_picture(nobody)
        nobody.send("delete", f"photos/{token}", status=204)
        wrong = nobody.post("reports", {**REPORT, "photos": [{"token": token}]}, 422)
        assert "photos" in wrong["errors"]

    def test_what_is_no_picture(self, nobody: Program) -> None:
        text = BytesIO(b"hej")
        text.name = "x.jpg"
        answer = nobody.client.post(f"{BASE}/photos", {"photo": text})
        assert problem(answer, 422)["errors"]["photo"]

    def test_what_cannot_wait(self, nobody: Program, motala: Organisation) -> None:
        said = nobody.post("reports", {**REPORT, "answers": {"danger": "yes"}}, 422)
        assert said["code"] == "acute"
        assert "0141-00 00 01" in said["detail"]
        with organisation_scope(motala.pk):
            assert not Case.objects.exists()

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"text": ""}, "text"),
            ({"text": "x" * 2001}, "text"),
            ({"lat": 91}, "lat"),
            ({"lon": None}, "lon"),
            ({"case_type": "finns.inte"}, "case_type"),
            ({"kind": "finns-inte", "case_type": ""}, "kind"),
            ({"answers": {"lamps": "många"}}, "q_lamps"),
            ({"sender": {"email": "ingen adress"}}, "email"),
            ({"unknown": 1}, "unknown"),
            ({"text": "\ud800"}, "text"),
        ],
    )
    def test_what_is_wrong_is_said_by_field(self, nobody: Program, wrong: dict[str, Any], field: str) -> None:
        said = nobody.post("reports", {**REPORT, **wrong}, 422)
        assert any(field in name for name in said["errors"]), said

    def test_only_staff_send_for_others(self, nobody: Program, sara: Program, motala: Organisation) -> None:
        by_phone = {**REPORT, "channel": "phone"}
        nobody.post("reports", by_phone, 403)
        sent = sara.post("reports", by_phone)
        with organisation_scope(motala.pk):
            assert Case.objects.get(number=sent["number"]).channel == "phone"
        sara.post("reports", {**REPORT, "channel": "web"}, 422)

    def test_too_much_from_one_place(self, nobody: Program) -> None:
        for number in range(15):
            nobody.post("reports", {**REPORT, "text": f"Lampa {number}."})
        nobody.post("reports", REPORT, 429)
        assert int(nobody.last["Retry-After"]) > 0

    def test_too_much_from_one_key(self, cast: Cast) -> None:
        program = Program(x_api_key=make_key(cast.motala, hourly=2))
        program.post("reports", REPORT)
        program.post("reports", REPORT)
        program.post("reports", REPORT, 429)

    def test_another_sites_page_sends_nothing(self, nobody: Program) -> None:
        nobody.post("reports", REPORT, 403, headers={"sec-fetch-site": "cross-site"})


class TestOwnCase:
    """Following by code."""

    def test_what_one_reads(self, cast: Cast) -> None:
        made = factories.make_case(cast.motala, email="eva@exempel.se")
        with organisation_scope(cast.motala.pk):
            actions.note(case_id=made.case.pk, text="Hemlig anteckning", by=cast.sara.actor)
            actions.reply(case_id=made.case.pk, text="Vi lagar den.", by=cast.sara.actor)
        own = Program(x_follow_code=made.code)
        shown = own.get("own-case")
        assert [said["text"] for said in shown["messages"]] == ["Lampan är släckt.", "Vi lagar den."]
        assert shown["timeline"][0]["phase"] == "done"
        assert "Hemlig" not in str(shown)
        assert own.last["Cache-Control"] == "private, no-store"

    def test_writing_more_twice_is_once(self, cast: Cast) -> None:
        made = factories.make_case(cast.motala)
        own = Program(x_follow_code=made.code)
        headers = {"idempotency-key": "en"}
        own.post("own-case/messages", {"text": "Det blinkar."}, headers=headers)
        own.post("own-case/messages", {"text": "Det blinkar."}, headers=headers)
        assert own.post("own-case/messages", {"text": ""}, 422)["errors"]["text"]
        with organisation_scope(cast.motala.pk):
            assert Message.objects.get().text == "Det blinkar."

    @pytest.mark.requirement("2.18")
    def test_whether_it_became_good(self, cast: Cast) -> None:
        made = factories.make_case(cast.motala)
        own = Program(x_follow_code=made.code)
        assert own.get("own-case")["feedback"] is None
        with organisation_scope(cast.motala.pk):
            actions.change_state(case_id=made.case.pk, to=State.RESOLVED, by=cast.sara.actor)
        assert own.get("own-case")["feedback"] == {"good": None}
        assert own.put("own-case/feedback", {"good": True})["feedback"] == {"good": True}
        with organisation_scope(cast.motala.pk):
            Case.objects.filter(pk=made.case.pk).update(became_good=False)
        headers = {"idempotency-key": "en"}
        again = own.put("own-case/feedback", {"good": False, "text": "Det är mörkt."}, headers=headers)
        assert (again["state"], again["messages"][-1]["text"]) == ("received", "Det är mörkt.")
        own.put("own-case/feedback", {"good": False, "text": "Det är mörkt."}, headers=headers)
        with organisation_scope(cast.motala.pk):
            assert Message.objects.count() == 1

    def test_mail_on_and_off(self, cast: Cast) -> None:
        made = factories.make_case(cast.motala)
        own = Program(x_follow_code=made.code)
        own.put("own-case/mail", {"email": "eva@exempel.se"}, 204)
        assert own.get("own-case")["wants_mail"] is False  # nobody has said yet that the address is theirs
        with organisation_scope(cast.motala.pk):
            actions.confirm_follow(token=Follow.objects.get().token, by=Actor.resident())
        assert own.get("own-case")["wants_mail"] is True
        own.send("delete", "own-case/mail", status=204)
        assert own.get("own-case")["wants_mail"] is False
        own.put("own-case/mail", {"email": "nej"}, 422)

    def test_wrong_codes(self, nobody: Program, cast: Cast) -> None:
        theirs = factories.make_case(cast.mjolby)
        Program(x_follow_code=theirs.code).get("own-case", 404)
        nobody.get("own-case", 401)
        for _attempt in range(29):
            Program(x_follow_code="0" * 26).get("own-case", 404)
        Program(x_follow_code="0" * 26).get("own-case", 429)


class TestPublished:
    """What others have told of."""

    def test_the_list_goes_on_where_it_ended(self, nobody: Program, cast: Cast) -> None:
        numbers = [publish(cast).case.number for _one in range(5)][::-1]
        factories.make_case(cast.motala, "Inte publicerat.")
        found, after = [], ""
        for _page in range(3):
            page = nobody.get("published", limit=2, after=after)
            found += [row["number"] for row in page["items"]]
            after = page["next"]
            assert ("Link" in nobody.last) is bool(after)
        assert found == numbers
        assert not after

    def test_filters(self, nobody: Program, cast: Cast) -> None:
        shown = publish(cast).case
        assert nobody.get("published", q=shown.number)["items"][0]["title"] == "Släckt lampa"
        assert nobody.get("published", q="zebra")["items"] == []
        assert len(nobody.get("published", state=["received", "planned"])["items"]) == 1
        assert nobody.get("published", state="resolved")["items"] == []
        nobody.get("published", 422, state="nonsense")

    def test_one_case(self, nobody: Program, cast: Cast) -> None:
        shown = publish(cast, email="eva@exempel.se").case
        found = nobody.get(f"published/{shown.number}")
        assert found["text"] == "Lampan är släckt."
        assert "eva@" not in nobody.last.content.decode()
        hidden = factories.make_case(cast.motala).case
        nobody.get(f"published/{hidden.number}", 404)
        nobody.get("published/nonsense", 404)
        with organisation_scope(cast.motala.pk):
            actions.withdraw(case_id=shown.pk, by=cast.maria.actor)
        nobody.get(f"published/{shown.number}", 410)

    def test_following(self, nobody: Program, cast: Cast) -> None:
        shown = publish(cast).case
        asked = nobody.post(f"published/{shown.number}/followers", {"email": "eva@exempel.se"}, 202)
        assert (asked["asked"], asked["proof"]) == (True, "link")
        nobody.post(f"published/{shown.number}/followers", {"email": "nej"}, 422)
        with organisation_scope(cast.motala.pk):
            path = f"follows/{Follow.objects.get().token}"
        asked = nobody.get(path)
        assert (asked["state"], asked["number"], asked["email"]) == ("asked", shown.number, "e…@exempel.se")
        assert nobody.put(path)["state"] == "following"
        assert nobody.put(path)["state"] == "following"
        assert nobody.get(f"published/{shown.number}")["followers"] == 1
        Program("mjolby.localhost").get(path, 404)
        nobody.send("delete", path, status=204)
        nobody.get(path, 404)
        nobody.send("delete", path, status=404)

    def test_on_a_map(self, nobody: Program, cast: Cast) -> None:
        shown = publish(cast).case
        factories.make_case(cast.motala, "Hemlig.")
        found = nobody.get("published/map/5/17/9")
        assert [one["number"] for one in found["cases"]] == [shown.number]
        assert nobody.get("published/map/5/17/9", state="resolved")["cases"] == []
        assert nobody.get("published/heat")["total"] == 1

    def test_narrowed_as_on_the_pages(self, nobody: Program, cast: Cast) -> None:
        publish(cast)
        for wanted in ("case_type=belysning.lampa", "kind=felanmalan", f"first={today().isoformat()}"):
            assert len(nobody.get(f"published?{wanted}")["items"]) == 1
        for other in ("case_type=x", "kind=fraga", "last=2001-01-01", "area=x"):
            assert nobody.get(f"published?{other}")["items"] == []

    def test_an_organisation_that_publishes_nothing(self, nobody: Program, cast: Cast) -> None:
        shown = publish(cast).case
        Organisation.objects.filter(pk=cast.motala.pk).update(publishes=False)
        from lyhord.organisations.queries import forget_hosts

        forget_hosts()
        nobody.get("published", 404)
        nobody.get(f"published/{shown.number}", 404)
