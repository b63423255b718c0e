"""Handing over, what case systems did not take, and what came in by mail: for officers' programs."""

from typing import Any

import pytest

from lyhord.audit.models import Event
from lyhord.cases import actions
from lyhord.cases.models import Case, Message, Side
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange.models import ChangeState, Outgoing, System
from lyhord.intake.models import Arrival, DraftCase, DraftFile, Original
from tests import factories
from tests.conftest import Cast
from tests.exchange.test_handover import road_owner
from tests.exchange.test_systems import Peer, peer
from tests.far_end import work
from tests.www.api.conftest import BASE, Program, as_staff
from tests.www.plant import Planted

__all__ = ["peer", "road_owner"]
pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P27", "0.25")]


class TestCaseSystems:
    """What has gone to and fro."""

    def test_handed_over_once_and_read_first(self, cast: Cast, peer: Peer, road_owner: System, maria: Program) -> None:
        case = factories.make_case(cast.motala, "Hål i riksvägen.", email="elin@example.se").case
        path = f"cases/{case.number}/handover"
        shown = maria.get(path)
        [taker] = shown["items"]
        assert (shown["problem"], taker["name"], taker["queue"]) == ("", "Vägverket", "Statlig väg")
        assert "Hål i riksvägen." in taker["text"]
        assert any("lämnas inte ut" in said for said in taker["stays"])
        given = {"to": taker["id"], "message": "Vägverket ansvarar för vägen."}
        maria.post(path, {**given, "message": " "}, 422)
        maria.post(path, given, 412, headers={"If-Match": '"99"'})
        maria.post(path, {**given, "to": 99999999}, 404)
        done = maria.post(path, given, 200)
        assert (done["number"], done["to"]) == (case.number, "Vägverket")
        maria.post(path, given, 409)
        work()
        assert [one.queue for _remote, one in peer.done] == ["Statlig väg"]
        [there] = maria.get(f"cases/{case.number}/systems")["items"]
        assert (there["system"], there["waiting"], there["changes"][0]["sent"]) == ("Vägverket", 0, "sent")
        with organisation_scope(cast.motala.pk):
            assert Message.objects.filter(case=case, side=Side.OFFICE, text=given["message"]).count() == 1

    def test_who_is_protected_is_handed_to_nobody(self, cast: Cast, road_owner: System, maria: Program) -> None:
        case = factories.make_case(cast.motala, "Hål.", email="elin@example.se").case
        with organisation_scope(cast.motala.pk):
            actions.protect(case_id=case.pk, by=cast.maria.actor)
        shown = maria.get(f"cases/{case.number}/handover")
        assert (bool(shown["problem"]), shown["items"]) == (True, [])
        maria.post(f"cases/{case.number}/handover", {"to": road_owner.pk, "message": "x"}, 409)

    def test_what_failed_is_sent_again_or_given_up(self, cast: Cast, motala_things: Planted) -> None:
        program = as_staff(cast, cast.kim)
        [failed] = program.get("failed-changes")["items"]
        assert failed["id"] == motala_things.ids["outgoing_id"]
        [there] = program.get(f"cases/{failed['number']}/systems")["items"]
        assert there["failed"] == failed
        as_staff(cast, cast.sara).post(f"failed-changes/{failed['id']}/resend", status=403)
        program.post(f"failed-changes/{failed['id']}/give-up", status=204)
        program.post(f"failed-changes/{failed['id']}/resend", status=409)
        with organisation_scope(cast.motala.pk):
            assert Outgoing.objects.get(pk=failed["id"]).state == ChangeState.CANCELLED


class TestIncoming:
    """What came by mail and is no case yet."""

    @pytest.fixture
    def kim(self, cast: Cast) -> Program:
        return as_staff(cast, cast.kim)

    @pytest.fixture
    def path(self, motala_things: Planted) -> str:
        return f"incoming/{motala_things.ids['draft_id']}"

    def test_it_becomes_a_case(self, cast: Cast, motala_things: Planted, kim: Program, path: str) -> None:
        rows = {row["id"]: row for row in kim.get("incoming")["items"]}
        whole = kim.get(path)
        row: dict[str, Any] = rows[whole["id"]]
        assert row.items() <= whole.items()
        assert (row["reason"], row["state"], whole["case"]) == ("number", "waiting", "")
        assert [one["photo"] for one in whole["files"]] == [True]
        for wrong in ({"kind": "finns-inte"}, {"case_type": "finns-inte"}):
            kim.post(f"{path}/case", wrong, 422)
        made = kim.post(f"{path}/case", {"case_type": "belysning.lampa", "text": "Lampan är släckt.", "answer": False})
        after = kim.get(path)
        assert (after["state"], after["case"]) == ("case", made["number"])
        kim.post(f"{path}/case", {}, 409)
        with organisation_scope(cast.motala.pk):
            case = Case.objects.select_related("case_type").get(number=made["number"])
            assert (case.text, case.case_type.code) == ("Lampan är släckt.", "belysning.lampa")

    def test_it_is_part_of_a_case(self, cast: Cast, kim: Program, path: str) -> None:
        case = factories.make_case(cast.motala).case
        kim.post(f"{path}/part", {"number": "99-1"}, 404)
        assert kim.post(f"{path}/part", {"number": case.number}, 200) == {"number": case.number}
        with organisation_scope(cast.motala.pk):
            assert Message.objects.get(case=case).side == Side.INTERNAL

    def test_it_is_nothing_and_something_after_all(self, kim: Program, path: str) -> None:
        assert kim.post(f"{path}/dismiss", status=200)["state"] == "dismissed"
        assert path.partition("/")[2] not in {str(row["id"]) for row in kim.get("incoming")["items"]}
        assert kim.post(f"{path}/restore", status=200)["state"] == "waiting"

    @pytest.mark.requirement("N4", "X2")
    def test_of_somebody_protected_only_who_may_know_reads(self, cast: Cast, motala_things: Planted) -> None:
        path = f"incoming/{motala_things.ids['protected_draft_id']}"
        veiled = str(as_staff(cast, cast.kim).get(path)).lower()
        assert not [word for word in ("zxulla", "zxhemlig", "zxdolda") if word in veiled]
        assert as_staff(cast, cast.kim).get(path)["files"] == []
        with organisation_scope(cast.motala.pk):
            read = Event.objects.filter(verb="draft.protected_read")
            assert not read.exists()
            files = DraftFile.objects.filter(draft_id=motala_things.ids["protected_draft_id"])
            uid = files.values_list("photo__uid", flat=True).get()
        as_staff(cast, cast.kim).get(f"{path}/photos/{uid}/small", 404)

    def test_what_is_of_a_secret_unit_is_not_there(self, cast: Cast, motala_things: Planted, kim: Program) -> None:
        kim.get(f"incoming/{motala_things.ids['secret_draft_id']}", 404)
        kim.post(f"incoming/{motala_things.ids['secret_draft_id']}/dismiss", status=404)

    def test_who_may_not_sees_nothing(self, cast: Cast, path: str, nobody: Program) -> None:
        as_staff(cast, cast.sara).get(path, 404)  # of a unit that is not hers
        as_staff(cast, cast.sara).get("arrivals", 403)
        nobody.get(path, 401)

    def test_what_could_not_be_read_is_tried_again(self, cast: Cast, motala_things: Planted) -> None:
        program = as_staff(cast, cast.maria)
        [failed] = program.get("arrivals", failed=True)["items"]
        assert (failed["id"], failed["state"]) == (motala_things.ids["arrival_id"], "failed")
        program.post(f"arrivals/{failed['id']}/retry", status=204)
        program.post(f"arrivals/{failed['id']}/retry", status=409)
        with organisation_scope(cast.motala.pk):
            assert Arrival.objects.get(pk=failed["id"]).state == "received"

    @pytest.mark.requirement("N4", "X2")
    def test_the_mail_as_it_came_is_for_whoever_may_save_it_on_the_page(
        self, cast: Cast, motala_things: Planted
    ) -> None:
        path = f"arrivals/{motala_things.ids['arrival_id']}/original"
        with organisation_scope(cast.motala.pk):
            raw = bytes(Original.objects.get(arrival_id=motala_things.ids["arrival_id"]).data)
            drafts = dict(DraftCase.objects.values_list("pk", "arrival_id"))
        maria = as_staff(cast, cast.maria)
        saved = maria.client.get(f"{BASE}/{path}")
        assert (saved.status_code, saved.content) == (200, raw)
        assert saved.headers["Content-Type"] == "application/octet-stream"
        assert saved.headers["Content-Disposition"].startswith("attachment;")
        as_staff(cast, cast.auditor).get(path, 403)
        as_staff(cast, cast.sara).get(path, 404)  # it is nothing of hers
        hidden = f"arrivals/{drafts[motala_things.ids['protected_draft_id']]}/original"
        as_staff(cast, cast.kim).get(hidden, 404)
        with organisation_scope(cast.motala.pk):
            read = Event.objects.filter(verb="draft.protected_read")
            assert not read.exists()
            assert maria.client.get(f"{BASE}/{hidden}").status_code == 200
            assert read.get().actor_label
        as_staff(cast, cast.maria).get(f"arrivals/{drafts[motala_things.ids['secret_draft_id']]}/original", 404)
        with organisation_scope(cast.motala.pk):
            Original.objects.all().delete()
        maria.get(path, 404)  # kept no more
