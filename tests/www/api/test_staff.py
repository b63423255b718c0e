"""What officers do, by somebody else's program."""

from typing import Any

import pytest

from lyhord.audit.models import Event
from lyhord.cases import actions
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, Message, Photo, Publication
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Unit
from tests import factories
from tests.conftest import Cast
from tests.www.api.conftest import BASE, Program, as_staff, now_of

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.25", "P27")]


def to_gata(cast: Cast, text: str = "Lampan är släckt.", **values: Any) -> Case:
    """A case at Sara's unit."""
    case = factories.make_case(cast.motala, text, **values).case
    assert case.unit.code == "gata-park"
    return case


class TestReading:
    """Lists and cases."""

    def test_who_one_is(self, sara: Program) -> None:
        me = sara.get("me")
        assert (me["name"], me["role"]) == ("Sara Ek", "case_officer")
        assert "handle_cases" in me["permissions"]
        mine = {unit["code"] for unit in sara.get("units")["items"] if unit["mine"]}
        assert mine == {"gata-park"}

    def test_a_list_goes_on_where_it_ended(self, sara: Program, cast: Cast) -> None:
        numbers = [to_gata(cast).number for _one in range(5)]
        found, after = [], ""
        for _page in range(3):
            page = sara.get("cases", limit=2, after=after)
            found += [row["number"] for row in page["items"]]
            after = page["next"]
        assert found == numbers
        assert not after

    def test_views_units_and_words(self, sara: Program, cast: Cast) -> None:
        case = to_gata(cast, "En zebra på vägen.")
        to_gata(cast)
        counts = {view["slug"]: view["count"] for view in sara.get("views")["items"]}
        assert (counts["ofordelat"], counts["mina"], counts["avslutade"]) == (2, 0, None)
        assert [row["number"] for row in sara.get("cases", q="zebra")["items"]] == [case.number]
        assert len(sara.get("cases", unit="gata-park")["items"]) == 2
        assert sara.get("cases", unit="kundcenter")["items"] == []
        assert sara.get("cases", view="mina")["items"] == []
        sara.get("cases", 404, view="finns-inte")
        sara.get("cases", 404, unit="finns-inte")

    def test_one_case(self, sara: Program, cast: Cast) -> None:
        case = to_gata(cast, email="eva@exempel.se", answers={"lamps": 3})
        with organisation_scope(cast.motala.pk):
            actions.note(case_id=case.pk, text="En anteckning.", by=cast.amir.actor)
        shown = sara.get(f"cases/{case.number}")
        assert shown["reporter"]["email"] == "eva@exempel.se"
        assert shown["answers"] == [{"question": "Hur många lampor?", "answer": "3"}]
        assert [said["side"] for said in shown["messages"]] == ["resident", "internal"]
        assert shown["messages"][1]["author"] == "Amir Holm"
        assert [line["text"] for line in sara.get(f"cases/{case.number}/history")["items"]][-1].startswith("Skrev")
        people = {person["name"] for person in sara.get(f"cases/{case.number}/officers")["items"]}
        assert people >= {"Sara Ek", "Amir Holm"}

    def test_what_is_merged_is_told_to_those_who_see_it(self, sara: Program, cast: Cast) -> None:
        one, other = to_gata(cast), to_gata(cast)
        with organisation_scope(cast.motala.pk):
            actions.merge(case_id=one.pk, into_number=other.number, by=cast.sara.actor)
        assert sara.get(f"cases/{one.number}")["duplicate_of"] == other.number
        assert sara.get(f"cases/{other.number}")["merged"] == [one.number]
        with organisation_scope(cast.motala.pk):
            Case.objects.filter(pk=other.pk).update(unit=Unit.objects.by_code("forskola"), confidential=True)
        assert sara.get(f"cases/{one.number}")["duplicate_of"] == ""

    def test_pictures_are_for_those_who_see_the_case(self, sara: Program, cast: Cast) -> None:
        case = to_gata(cast)
        with organisation_scope(cast.motala.pk):
            file = factories.make_file()
            Photo.objects.create(case=case, file=file, alt="En stolpe")
        (photo,) = sara.get(f"cases/{case.number}")["messages"][0]["photos"]
        assert photo["large"].endswith(f"/api/v1/cases/{case.number}/photos/{file.uid}/large")
        other = to_gata(cast)
        sara.get(f"cases/{other.number}/photos/{file.uid}/large", 404)

    def test_reading_says_nothing_has_been_read(self, sara: Program, cast: Cast) -> None:
        case = to_gata(cast)
        assert sara.get(f"cases/{case.number}")["unread"] is True
        sara.post(f"cases/{case.number}/read", status=204)
        assert sara.get(f"cases/{case.number}")["unread"] is False


@pytest.mark.requirement("X2")
class TestProtected:
    """Protected identity."""

    @pytest.fixture
    def case(self, cast: Cast) -> Case:
        reporter = NewReporter(name="Vera Dold", email="vera@exempel.se", phone="070-123 45 67", protected=True)
        return to_gata(cast, "Jag heter Vera Dold och bor på Vintergatan 12.", reporter=reporter)

    @pytest.mark.parametrize("path", ["cases/{}", "cases/{}/history", "cases", "cases?q=vera@exempel.se"])
    def test_is_veiled(self, sara: Program, case: Case, path: str) -> None:
        sara.client.get(f"{BASE}/{path.format(case.number)}")
        answer: Any = sara.client.get(f"{BASE}/{path.format(case.number)}")
        assert answer.status_code == 200
        said = answer.content.decode()
        for secret in ("Vera", "Dold", "vera@", "070-123", "Vintergatan", "58.5371", "Varamon"):
            assert secret not in said

    def test_is_shown_to_those_who_may_know_and_that_is_written_down(self, maria: Program, case: Case) -> None:
        shown = maria.get(f"cases/{case.number}")
        assert shown["reporter"]["name"] == "Vera Dold"
        assert maria.last["Cache-Control"] == "private, no-store"
        with organisation_scope(case.organisation_id):
            assert Event.objects.filter(verb="case.protected_read", subject_id=case.pk).count() == 1


class TestDeeds:
    """Changes."""

    def test_answering_and_noting(self, sara: Program, cast: Cast) -> None:
        case = to_gata(cast)
        headers = {"idempotency-key": "en"}
        first = sara.post(f"cases/{case.number}/replies", {"text": "Vi lagar den."}, headers=headers)
        assert sara.post(f"cases/{case.number}/replies", {"text": "Vi lagar den."}, headers=headers) == first
        sara.post(f"cases/{case.number}/notes", {"text": "Ring elbolaget."})
        assert sara.post(f"cases/{case.number}/replies", {"text": " "}, 422)["errors"]["text"]
        with organisation_scope(cast.motala.pk):
            said = list(Message.objects.order_by("pk").values_list("side", "author_id", "text"))
        assert said == [
            ("office", cast.sara.pk, "Vi lagar den."),
            ("internal", cast.sara.pk, "Ring elbolaget."),
        ]

    def test_taking_and_giving(self, sara: Program, cast: Cast) -> None:
        case = to_gata(cast)
        taken = sara.put(f"cases/{case.number}/officer", {"officer": cast.sara.pk})
        assert (taken["officer"], taken["state"]) == (cast.sara.pk, "assigned")
        assert sara.put(f"cases/{case.number}/officer", {"officer": cast.amir.pk})["officer"] == cast.amir.pk
        assert sara.put(f"cases/{case.number}/officer", {"officer": None})["officer"] is None
        assert sara.put(f"cases/{case.number}/officer", {"officer": cast.outsider.pk}, 422)["errors"]["officer"]
        sara.put(f"cases/{case.number}/officer", {}, 422)

    def test_handing_over(self, sara: Program, cast: Cast) -> None:
        case = to_gata(cast)
        assert sara.put(f"cases/{case.number}/unit", {"unit": "kundcenter", "reason": ""}, 422)["errors"]["reason"]
        assert sara.put(f"cases/{case.number}/unit", {"unit": "finns-inte", "reason": "x"}, 422)["errors"]["unit"]
        moved = sara.put(f"cases/{case.number}/unit", {"unit": "kundcenter", "reason": "Deras sak."})
        assert moved["unit"] == "kundcenter"
        sara.get(f"cases/{case.number}", 404)

    def test_states(self, sara: Program, cast: Cast) -> None:
        case = to_gata(cast, email="eva@exempel.se")
        plan = {"state": "planned", "reason": "Nytt armatur.", "until": "2099-01-01"}
        assert set(sara.put(f"cases/{case.number}/state", {"state": "planned"}, 422)["errors"]) == {"reason", "until"}
        assert sara.put(f"cases/{case.number}/state", plan)["state"] == "planned"
        assert set(sara.put(f"cases/{case.number}/state", {"state": "resolved"}, 422)["errors"]) == {"message"}
        done = {"state": "resolved", "message": "Det lyser."}
        assert sara.put(f"cases/{case.number}/state", done)["state"] == "resolved"
        assert sara.put(f"cases/{case.number}/state", plan, 409)["code"] == "state_change"
        assert sara.put(f"cases/{case.number}/state", {"state": "in_progress"})["state"] == "in_progress"

    def test_merging_and_taking_apart(self, sara: Program, cast: Cast) -> None:
        one, other = to_gata(cast), to_gata(cast)
        secret = factories.make_case(cast.motala).case
        with organisation_scope(cast.motala.pk):
            Case.objects.filter(pk=secret.pk).update(unit=Unit.objects.by_code("forskola"), confidential=True)
        sara.post(f"cases/{one.number}/merge", {"into": secret.number}, 404)
        assert sara.post(f"cases/{one.number}/merge", {"into": other.number}, 200)["state"] == "duplicate"
        assert sara.post(f"cases/{one.number}/unmerge", status=200)["state"] == "received"
        sara.post(f"cases/{one.number}/unmerge", status=422)

    def test_converting(self, sara: Program, cast: Cast) -> None:
        case = to_gata(cast)
        assert sara.put(f"cases/{case.number}/type", {"case_type": "fraga"})["case_type"] == "fraga"
        assert sara.put(f"cases/{case.number}/type", {"case_type": "\u0000"}, 422)["errors"]["case_type"]


class TestRevisions:
    """Two at the same time."""

    def test_nobody_overwrites_what_they_have_not_read(self, sara: Program, cast: Cast) -> None:
        case = to_gata(cast)
        sara.get(f"cases/{case.number}")
        read = {"if-match": sara.last["ETag"]}
        with organisation_scope(cast.motala.pk):
            actions.note(case_id=case.pk, text="Någon annan.", by=cast.amir.actor)
        before = now_of(cast.motala, case).revision
        other = to_gata(cast).number
        path = f"cases/{case.number}"
        for method, name, body in (
            ("post", "replies", {"text": "Hej"}),
            ("post", "notes", {"text": "Hej"}),
            ("put", "officer", {"officer": cast.sara.pk}),
            ("put", "unit", {"unit": "kundcenter", "reason": "x"}),
            ("put", "state", {"state": "in_progress"}),
            ("put", "type", {"case_type": "fraga"}),
            ("post", "merge", {"into": other}),
            ("post", "unmerge", None),
        ):
            said = sara.send(method, f"{path}/{name}", body, 412, headers=read)
            assert said["code"] == "revision", name
            assert "Någon annan hann" in said["detail"]
        assert now_of(cast.motala, case).revision == before
        sara.get(path)
        changed = sara.put(f"{path}/state", {"state": "in_progress"}, headers={"if-match": f"W/{sara.last['ETag']}"})
        sara.put(f"{path}/officer", {"officer": None}, headers={"if-match": f'"{changed["revision"]}"'})
        sara.put(f"{path}/officer", {"officer": cast.sara.pk}, 412, headers={"if-match": "nonsense"})
        sara.put(f"{path}/officer", {"officer": cast.sara.pk}, headers={"if-match": "*"})

    def test_nothing_new_is_said_in_no_words(self, sara: Program, cast: Cast) -> None:
        case = to_gata(cast)
        for path in (f"cases/{case.number}", "cases", "views", "me", "organisation", "case-types"):
            sara.get(path)
            tag = sara.last["ETag"]
            sara.get(path, 304, headers={"if-none-match": tag})
            assert sara.last["ETag"] == tag
            sara.get(path, 304, headers={"if-none-match": f'"other", W/{tag}'})
            sara.get(path, 200, headers={"if-none-match": '"other"'})
        with organisation_scope(cast.motala.pk):
            actions.note(case_id=case.pk, text="Något nytt.", by=cast.amir.actor)
        sara.get(f"cases/{case.number}")
        old = sara.last["ETag"]
        with organisation_scope(cast.motala.pk):
            Case.objects.filter(pk=case.pk).update(unread=False)  # which is no new revision
        sara.get(f"cases/{case.number}", 200, headers={"if-none-match": old})


class TestReviews:
    """Reading through before others see."""

    def test_publishing_and_taking_back(self, maria: Program, nobody: Program, cast: Cast) -> None:
        case = to_gata(cast, "Ring 070-123 45 67. Lampan är släckt.", publish=True)
        to_gata(cast)
        assert [row["number"] for row in maria.get("reviews")["items"]] == [case.number]
        waiting = maria.get(f"reviews/{case.number}")
        assert [hit["kind"] for hit in waiting["hits"]] == ["phone"]
        texts = {"title": "Släckt lampa", "text": waiting["text"]}
        path = f"cases/{case.number}/publication"
        assert maria.put(path, texts, 422)["code"] == "personal"
        maria.put(path, texts, 412, headers={"if-match": '"999"'})
        assert maria.put(path, {**texts, "text": "Lampan är släckt."})["publication"] == "published"
        assert nobody.get(f"published/{case.number}")["text"] == "Lampan är släckt."
        assert maria.post(f"{path}/decline", {"reason": "Fel."}, 200)["publication"] == "withdrawn"
        nobody.get(f"published/{case.number}", 410)

    def test_pictures_with_words(self, maria: Program, cast: Cast) -> None:
        case = to_gata(cast, publish=True)
        with organisation_scope(cast.motala.pk):
            shown = Photo.objects.create(case=case, file=factories.make_file())
            Photo.objects.create(case=case, file=factories.make_file(), internal=True)
        (photo,) = maria.get(f"reviews/{case.number}")["photos"]
        assert photo["id"] == shown.pk
        texts = {"title": "Lampa", "text": "Släckt.", "photos": [{"id": shown.pk, "alt": "En stolpe"}]}
        maria.put(f"cases/{case.number}/publication", texts)
        with organisation_scope(cast.motala.pk):
            shown.refresh_from_db()
            assert (shown.published, shown.alt) == (True, "En stolpe")
            assert Publication.objects.get(case=case).published_by_id == cast.maria.pk

    def test_declining(self, maria: Program, cast: Cast) -> None:
        case = to_gata(cast, publish=True)
        decline = f"cases/{case.number}/publication/decline"
        assert maria.post(decline, {}, 200)["publication"] == "declined"
        closed = to_gata(cast)
        maria.post(f"cases/{closed.number}/publication/decline", {}, 404)
        maria.get(f"reviews/{closed.number}", 404)


def test_others_programs_reach_nothing(cast: Cast) -> None:
    theirs = as_staff(cast, cast.nils)
    case = to_gata(cast)
    for path in ("", "/history", "/officers"):
        theirs.get(f"cases/{case.number}{path}", 404)
    theirs.post(f"cases/{case.number}/replies", {"text": "Hej"}, 404)


@pytest.mark.requirement("4.26")
def test_channels_of_a_period_that_makes_sense(sara: Program, cast: Cast) -> None:
    to_gata(cast)
    said = sara.get("statistics/channels")
    assert (said["cases"], said["items"][0]["channel"], said["items"][0]["share"]) == (1, "web", 1)
    assert sara.get("statistics/channels", first="2025-01-01", last="2025-12-31")["items"] == []
    for first, last in (("2025-01-01", "2024-01-01"), ("2020-01-01", "2025-01-01"), ("1800-01-01", "2025-01-01")):
        sara.get("statistics/channels", 422, first=first, last=last)


@pytest.mark.requirement("P3")
def test_a_short_list_and_where_a_case_really_is(sara: Program, cast: Cast) -> None:
    one, two = to_gata(cast, place_text="Vintergatan 12"), to_gata(cast, place_text="Vintergatan 2")
    for case in (one, two, two):
        sara.put(f"shortlist/{case.number}", status=204)
    assert [row["number"] for row in sara.get("shortlist")["items"]] == [two.number, one.number]
    sara.send("DELETE", f"shortlist/{two.number}", status=204)
    assert [row["number"] for row in sara.get("shortlist")["items"]] == [one.number]
    sara.put(f"cases/{one.number}/position", {"lat": 58.54, "lon": 15.04, "accuracy": 6})
    placed = now_of(cast.motala, one)
    assert (placed.lat, placed.lon, placed.accuracy_m, placed.place_text) == (58.54, 15.04, 6, "Vintergatan 12")
    sara.put(f"cases/{one.number}/position", {"lat": 91, "lon": 0}, status=422)
    hidden = to_gata(cast, reporter=NewReporter(name="X", protected=True))
    sara.put(f"cases/{hidden.number}/position", {"lat": 58.54, "lon": 15.04}, status=403)
    theirs = factories.make_case(cast.mjolby).case
    sara.put(f"shortlist/{theirs.number}9", status=404)
