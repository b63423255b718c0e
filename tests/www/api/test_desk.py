"""What the desk's other tools do, by somebody else's program: drafts, several at once, the outbox, the log, the map."""

from typing import Any

import pytest

from lyhord.cases import actions
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, Draft
from lyhord.cases.states import State
from lyhord.collaboration import actions as collaboration
from lyhord.collaboration.models import Offer, Outcome
from lyhord.core.clock import today
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications import delivery
from lyhord.notifications.models import Notice, NoticeState
from tests import factories
from tests.conftest import Cast
from tests.www.api.conftest import Program, as_staff, now_of
from tests.www.api.test_staff import to_gata

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.25", "P27")]


@pytest.fixture
def kim(cast: Cast) -> Program:
    """The contact centre's program."""
    return as_staff(cast, cast.kim)


class TestDrafts:
    """What one is writing."""

    def test_is_kept_for_the_one_who_writes(self, sara: Program, maria: Program, cast: Cast) -> None:
        path = f"cases/{to_gata(cast).number}/draft"
        assert sara.get(path) == {"text": "", "internal": False, "saved_at": None, "hits": []}
        kept = sara.put(path, {"text": "Ring 070-123 45 67."})
        assert kept["hits"] == [{"kind": "phone", "text": "070-123 45 67"}]
        assert sara.get(path)["text"] == "Ring 070-123 45 67."
        assert sara.put(path, {"text": "Ring 070-123 45 67.", "internal": True})["hits"] == []
        assert maria.get(path)["text"] == ""
        sara.send("delete", path, status=204)
        sara.send("delete", path, status=204)
        with organisation_scope(cast.motala.pk):
            assert not Draft.objects.exists()

    def test_what_has_been_sent_is_no_draft(self, sara: Program, cast: Cast) -> None:
        number = to_gata(cast).number
        sara.post(f"cases/{number}/replies", {"text": "Vi lagar den."})
        assert sara.put(f"cases/{number}/draft", {"text": "Vi lagar den."})["saved_at"] is None


class TestSeveral:
    """The same with several."""

    def marked(self, *cases: Case) -> list[dict[str, Any]]:
        return [{"number": case.number, "revision": case.revision} for case in cases]

    def test_each_is_judged_by_itself(self, sara: Program, cast: Cast) -> None:
        one, other, hidden = (to_gata(cast) for _one in range(3))
        stale = self.marked(other)
        with organisation_scope(cast.motala.pk):
            actions.note(case_id=other.pk, text="Något nytt.", by=cast.amir.actor)
            actions.move(case_id=hidden.pk, unit_id=self.unit("kundcenter"), reason="x", by=cast.amir.actor)
            hidden.refresh_from_db()
        asked = [*self.marked(one), *stale, *self.marked(hidden), {"number": "nonsense\u0000", "revision": 1}]
        told = sara.post("bulk", {"deed": {"do": "take"}, "cases": asked}, 200)["items"]
        assert [row["fate"] for row in told] == ["done", "changed", "gone", "gone"]
        assert [row["number"] for row in told] == [row["number"] for row in asked]
        assert told[0]["revision"] == now_of(cast.motala, one).revision
        assert now_of(cast.motala, one).officer_id == cast.sara.pk
        assert now_of(cast.motala, other).officer_id is None
        assert sara.post("bulk", {"deed": {"do": "take"}, "cases": asked}, 200)["items"][0]["fate"] == "changed"

    def unit(self, code: str) -> int:
        from lyhord.organisations.models import Unit

        return Unit.objects.get(code=code).pk

    def test_planning_and_handing_over(self, sara: Program, cast: Cast) -> None:
        one, other = to_gata(cast), to_gata(cast)
        with organisation_scope(cast.motala.pk):
            done = actions.change_state(case_id=other.pk, to=State.RESOLVED, by=cast.sara.actor)
        plan = {"do": "plan", "reason": "Ny stolpe.", "until": "2099-01-31"}
        told = sara.post("bulk", {"deed": plan, "cases": self.marked(one, done)}, 200)["items"]
        assert [row["fate"] for row in told] == ["done", "refused"]
        assert told[1]["detail"]
        one = now_of(cast.motala, one)
        assert one.state == "planned"
        move = {"do": "move", "unit": "kundcenter", "reason": "Deras."}
        assert sara.post("bulk", {"deed": move, "cases": self.marked(one)}, 200)["items"][0]["fate"] == "done"
        assert now_of(cast.motala, one).unit.code == "kundcenter"
        wrong = {"deed": {**move, "unit": "finns-inte"}, "cases": self.marked(one)}
        assert sara.post("bulk", wrong, 422)["errors"]["deed.unit"]
        for bad in ({"do": "delete"}, {"do": "plan"}, {**plan, "reason": ""}):
            sara.post("bulk", {"deed": bad, "cases": self.marked(one)}, 422)
        sara.post("bulk", {"deed": {"do": "take"}, "cases": []}, 422)

    def test_only_those_who_may(self, cast: Cast) -> None:
        auditor = as_staff(cast, cast.auditor)
        auditor.post("bulk", {"deed": {"do": "take"}, "cases": self.marked(to_gata(cast))}, 403)


class TestOutbox:
    """Messages."""

    @pytest.fixture
    def failed(self, cast: Cast) -> Notice:
        case = to_gata(cast, email="eva@exempel.se")
        with organisation_scope(cast.motala.pk):
            notice = Notice.objects.get(subject_id=case.pk)
            delivery.failed(notice.pk, error="550 no")
            return notice

    def test_what_did_not_get_through_is_sent_again(self, kim: Program, failed: Notice, cast: Cast) -> None:
        (row,) = kim.get("outbox", state="failed")["items"]
        assert (row["id"], row["address"], row["last_error"]) == (failed.pk, "eva@exempel.se", "550 no")
        assert row["case"]
        assert "body" not in row
        assert kim.post(f"outbox/{failed.pk}/resend", status=200)["state"] == "queued"
        assert kim.get("outbox", state="failed")["items"] == []
        kim.post(f"outbox/{failed.pk}/resend", status=409)
        kim.post("outbox/987654321/resend", status=404)
        kim.get("outbox", 422, state="nonsense")

    def test_pages(self, kim: Program, cast: Cast) -> None:
        for _one in range(5):
            to_gata(cast, email="eva@exempel.se")
        seen, after = [], ""
        for _page in range(3):
            page = kim.get("outbox", limit=2, after=after)
            seen += [row["id"] for row in page["items"]]
            after = page["next"]
        assert not after
        assert seen == sorted(set(seen), reverse=True)
        assert len(seen) == 5

    @pytest.mark.requirement("X2")
    def test_whose_it_was_is_for_those_who_may_know(self, kim: Program, cast: Cast) -> None:
        reporter = NewReporter(name="Vera Dold", email="vera@exempel.se", protected=True)
        to_gata(cast, reporter=reporter, wants_feedback=True)
        shown = kim.get("outbox")
        assert shown["items"]
        assert "vera@" not in str(shown)
        assert {row["case"] for row in shown["items"]} == {""}

    def test_only_those_who_may(self, sara: Program, failed: Notice, cast: Cast) -> None:
        sara.get("outbox", 403)
        as_staff(cast, cast.auditor).get("outbox")
        as_staff(cast, cast.auditor).post(f"outbox/{failed.pk}/resend", status=403)


class TestLog:
    """The log."""

    def test_is_read_by_those_who_may(self, sara: Program, cast: Cast) -> None:
        admin = as_staff(cast, cast.admin)
        case = to_gata(cast)
        with organisation_scope(cast.motala.pk):
            actions.note(case_id=case.pk, text="Hemligt mellan oss.", by=cast.sara.actor)
        found = admin.get("log", subject="case")
        assert "Hemligt" not in str(found)
        assert {row["case"] for row in found["items"]} == {case.number}
        assert found["items"][0]["who"] == "Sara Ek"
        assert [row["verb"] for row in admin.get("log", verb="case.registered")["items"]] == ["case.registered"]
        assert admin.get("log", person=cast.amir.pk)["items"] == []
        assert admin.get("log", last="2001-01-01")["items"] == []
        assert len(admin.get("log", first=today().isoformat(), limit=2)["items"]) == 2
        admin.get("log", 422, first="igår")
        sara.get("log", 403)

    def test_goes_on_where_it_ended(self, cast: Cast) -> None:
        admin = as_staff(cast, cast.auditor)
        to_gata(cast)
        whole = [row["id"] for row in admin.get("log")["items"]]
        seen, after = [], ""
        while True:
            page = admin.get("log", limit=3, after=after)
            seen += [row["id"] for row in page["items"]]
            after = page["next"]
            if not after:
                break
        assert seen[: len(whole)] == whole
        assert len(seen) == len(set(seen))


class TestPool:
    """The common queue."""

    @pytest.fixture
    def olle(self, cast: Cast) -> Program:
        """The neighbour's program, and a group with them."""
        collaboration.gather(name="Östra", members=[cast.motala, cast.mjolby], by=factories.TEST)
        from tests.www.api.conftest import make_key

        return Program("mjolby.localhost", x_api_key=make_key(cast.mjolby, cast.outsider))

    def test_asking_and_taking_over(self, sara: Program, olle: Program, cast: Cast) -> None:
        case = to_gata(cast, "Jag heter Eva Ek. Lampan är släckt.", reporter=NewReporter(name="Eva Ek"))
        path = f"cases/{case.number}/offer"
        shown = sara.get(path)
        assert "Eva" not in shown["text"]
        (group,) = shown["groups"]
        assert (group["name"], group["members"], shown["waiting_since"]) == ("Östra", ["Mjolby kommun"], None)
        question = {"group": group["uid"], "reason": "Vägen är er.", "title": "Lampa", "text": "Släckt."}
        sara.put(path, {**question, "group": "00000000-0000-4000-8000-000000000000"}, 422)
        assert sara.put(path, {**question, "reason": ""}, 422)["errors"]["reason"]
        sara.put(path, question, 412, headers={"if-match": '"99"'})
        sara.put(path, question, headers={"if-match": sara.last.headers.get("ETag", "*")})
        sara.put(path, question, 409)
        assert sara.get(path)["waiting_since"]
        assert [row["number"] for row in sara.get("offers")["items"]] == [case.number]
        assert sara.get("pool")["items"] == []
        (entry,) = olle.get("pool")["items"]
        assert (entry["number"], entry["reason"], entry["giver"]) == (case.number, "Vägen är er.", "Motala kommun")
        taken = olle.post(f"pool/{entry['id']}/take", status=200)
        assert olle.post(f"pool/{entry['id']}/take", status=200) == taken
        assert sara.get(f"cases/{case.number}")["state"] == "refused"
        sara.send("delete", path, status=409)

    def test_taking_the_question_back(self, sara: Program, olle: Program, cast: Cast) -> None:
        case = to_gata(cast)
        path = f"cases/{case.number}/offer"
        (group,) = sara.get(path)["groups"]
        sara.put(path, {"group": group["uid"], "reason": "x", "title": "x", "text": "x"})
        sara.send("delete", path, status=204)
        sara.send("delete", path, status=204)
        assert olle.get("pool")["items"] == []
        with organisation_scope(cast.motala.pk):
            assert Offer.objects.get().state == Outcome.WITHDRAWN

    def test_what_may_not_be_shown(self, maria: Program, olle: Program, cast: Cast) -> None:
        case = to_gata(cast, "Vera Dold här.", reporter=NewReporter(name="Vera Dold", protected=True))
        shown = maria.get(f"cases/{case.number}/offer")
        assert shown["problem"]
        assert "Vera" not in str(shown)
        assert shown["title"] == ""

    def test_where_there_is_none(self, sara: Program, cast: Cast) -> None:
        case = to_gata(cast)
        for path in ("pool", "offers", f"cases/{case.number}/offer"):
            sara.get(path, 404)


class TestMapAndRelated:
    """What lies where, and what belongs together."""

    def test_the_desks_map(self, sara: Program, cast: Cast) -> None:
        case = to_gata(cast, at=(58.5371, 15.0365))
        to_gata(cast, at=(58.5371, 15.0365), reporter=NewReporter(name="Vera Dold", protected=True))
        found = sara.get("map/12/2218/1225")
        wide = sara.get("map/5/17/9")
        assert {one["number"] for one in found["cases"] + wide["cases"]} <= {case.number}
        assert [one["number"] for one in wide["cases"]] == [case.number]
        assert sara.get("map/5/17/9", unit="gata-park") == wide
        assert sara.get("map/5/17/9", unit="kundcenter")["cases"] == []
        assert sara.get("map/5/17/9", kind="fraga")["cases"] == []
        sara.get("map/5/17/9", 404, kind="finns-inte")
        sara.get("map/5/99/9", 404)
        sara.get("map/2/1/1", 422)

    def test_related(self, sara: Program, cast: Cast) -> None:
        one, other, merged = (to_gata(cast, at=(58.5371, 15.0365)) for _one in range(3))
        with organisation_scope(cast.motala.pk):
            actions.merge(case_id=merged.pk, into_number=one.number, by=cast.sara.actor)
        found = {row["number"]: row["relation"] for row in sara.get(f"cases/{one.number}/related")["items"]}
        assert found == {merged.number: "merged", other.number: "near"}
        assert sara.get(f"cases/{merged.number}/related")["items"][0]["relation"] == "same"

    def test_what_one_person_has_said(self, sara: Program, cast: Cast) -> None:
        one, other = to_gata(cast, email="eva@exempel.se"), to_gata(cast, email="Eva@exempel.se")
        to_gata(cast, email="bo@exempel.se")
        found = sara.get("cases", same_reporter_as=one.number)["items"]
        assert [row["number"] for row in found] == [other.number]
        sara.get("cases", 404, same_reporter_as="99-1")

    def test_which_states_come_next(self, sara: Program, cast: Cast) -> None:
        case = to_gata(cast)
        assert "duplicate" not in sara.get(f"cases/{case.number}")["changes"]
        sara.put(f"cases/{case.number}/state", {"state": "resolved"})
        assert set(sara.get(f"cases/{case.number}")["changes"]) == {"received", "assigned", "in_progress"}
        assert as_staff(cast, cast.auditor).get(f"cases/{case.number}")["changes"] == []


def test_a_resend_is_in_the_log_by_whom(kim: Program, cast: Cast) -> None:
    case = to_gata(cast, email="eva@exempel.se")
    with organisation_scope(cast.motala.pk):
        notice = Notice.objects.get(subject_id=case.pk)
        delivery.failed(notice.pk, error="550 no")
    kim.post(f"outbox/{notice.pk}/resend", status=200)
    with organisation_scope(cast.motala.pk):
        assert Notice.objects.get().state == NoticeState.QUEUED
    (row,) = as_staff(cast, cast.admin).get("log", verb="notice.resent")["items"]
    assert row["who"] == "Kim Berg, genom Testprogrammet"
