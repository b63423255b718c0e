"""Decisions for programs: matters, bodies, meetings and papers; following one, and alerts from asking to ending."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from lyhord.audit.actions import record
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.following.facts import Facts
from lyhord.following.models import NOTHING, Follow, Profile
from lyhord.following.news_actions import publish
from lyhord.matters.models import Matter
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from tests.conftest import Cast
from tests.matters.papers import LAMPS, TEST, read, three_boards
from tests.www.api.conftest import Program

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P27", "0.25", "3.13")]
EMAIL = "eva@exempel.se"
WANTED = {"name": "barnens skola", "topics": ["school"], "email": EMAIL}


@pytest.fixture
def lamps(motala: Organisation) -> Matter:
    """The lamps, where matters are shown."""
    Organisation.objects.filter(pk=motala.pk).update(features={**motala.features, "matters": True})
    forget_hosts()
    with organisation_scope(motala.pk):
        three_boards()
        return Matter.objects.get()


class TestReading:
    """What everybody may read."""

    def test_from_the_list_to_what_was_decided(self, lamps: Matter, nobody: Program) -> None:
        [row] = nobody.get("matters", q="gatubelysning")["items"]
        assert (row["id"], row["title"], row["over"]) == (lamps.pk, LAMPS, True)
        assert row["page"].endswith(f"/beslut/{lamps.pk}/")
        whole = nobody.get(f"matters/{lamps.pk}")
        assert row.items() <= whole.items()
        assert "KS 2026-412" in whole["numbers"]
        assert whole["decision"]["text"].startswith("Kommunfullmäktige beslutar")
        assert "VARLA 3:22" in {place["name"] for place in whole["places"]}
        assert len(whole["events"]) >= 3
        assert [one["at"] for one in whole["events"]] == sorted((one["at"] for one in whole["events"]), reverse=True)
        assert len(whole["papers"]) == 3
        tag = nobody.last["ETag"]
        nobody.get(f"matters/{lamps.pk}", 304, headers={"If-None-Match": tag})

    def test_what_can_be_chosen_narrows(self, lamps: Matter, nobody: Program) -> None:
        choices = nobody.get("matter-choices")
        assert {"school"} <= {one["code"] for one in choices["topics"]}
        assert {one["level"] for one in choices["events"]} == {1, 2, 3}
        [body] = [one for one in nobody.get("bodies")["items"] if one["name"] == "Kommunfullmäktige"]
        for narrowed, count in (
            ({"body": body["code"]}, 1),
            ({"body": "ingen"}, 0),
            ({"stage": "decided"}, 1),
            ({"stage": "ongoing"}, 0),
            ({"kind": "plan"}, 0),
            ({"q": "2026-412"}, 1),
        ):
            assert len(nobody.get("matters", **narrowed)["items"]) == count, narrowed
        nobody.get("matters", 422, stage="banan")

    def test_pages_neither_skip_nor_repeat(self, lamps: Matter, motala: Organisation, nobody: Program) -> None:
        with organisation_scope(motala.pk):
            for number in range(5):
                text = f"§ 1 Dnr KS 2026/9{number}\nVäg {number}\n\nBeslut\nNämnden beslutar att bifalla vägen.\n"
                read(f"Nämnd {number}", "2026-10-06", text)
            newest = list(Matter.objects.order_by("-last_on", "-pk").values_list("pk", flat=True))
        seen: list[int] = []
        after = ""
        while True:
            page = nobody.get("matters", limit=2, after=after)
            seen += [one["id"] for one in page["items"]]
            after = page["next"]
            if not after:
                break
            assert 'rel="next"' in nobody.last["Link"]
        assert seen == newest
        assert nobody.get("matters", limit=2, after="nonsens")["items"][0]["id"] == newest[0]

    def test_meetings_and_their_papers(self, lamps: Matter, nobody: Program) -> None:
        paper = next(one for one in nobody.get(f"matters/{lamps.pk}")["papers"] if "fullmäktige" in one["title"])
        assert "Varla 3:22" in nobody.get(f"papers/{paper['id']}")["pages"][0]["text"]
        meeting = nobody.get(f"meetings/{paper['meeting']}")
        [item] = meeting["papers"][0]["items"]
        assert (item["number"], item["heading"], item["matter"]) == (118, LAMPS, lamps.pk)
        [body] = [one for one in nobody.get("bodies")["items"] if one["name"] == meeting["body"]]
        listed = nobody.get(f"bodies/{body['code']}/meetings")["items"]
        assert [one["id"] for one in listed] == [meeting["id"]]
        for missing in ("bodies/ingen/meetings", "meetings/99999999", "papers/99999999", "matters/99999999"):
            nobody.get(missing, 404)

    def test_what_is_hidden_is_nowhere(self, lamps: Matter, motala: Organisation, nobody: Program) -> None:
        paper = nobody.get(f"matters/{lamps.pk}")["papers"][0]
        with organisation_scope(motala.pk):
            Matter.objects.update(hidden=True)
        assert nobody.get("matters")["items"] == []
        nobody.get(f"matters/{lamps.pk}", 404)
        [item] = nobody.get(f"meetings/{paper['meeting']}")["papers"][0]["items"]
        assert (item["heading"], item["matter"]) == ("", None)

    def test_one_that_was_merged_is_the_other(self, lamps: Matter, motala: Organisation, nobody: Program) -> None:
        with organisation_scope(motala.pk):
            other = Matter.objects.create(
                organisation_id=motala.pk, title="Samma", created_at=now(), merged_into_id=lamps.pk
            )
        assert nobody.get(f"matters/{other.pk}")["id"] == lamps.pk

    def test_where_matters_are_not_shown(self, motala: Organisation, nobody: Program) -> None:
        for path in ("matters", "matters/1", "matter-choices", "bodies", "bodies/x/meetings", "meetings/1", "papers/1"):
            nobody.get(path, 404)


class TestFollowing:
    """One matter, by an address that says yes itself."""

    def test_from_asking_to_stopping(self, lamps: Matter, motala: Organisation, nobody: Program) -> None:
        asked = nobody.post(f"matters/{lamps.pk}/followers", {"email": EMAIL, "level": 3}, 202)
        assert asked["proof"] == "link"
        with organisation_scope(motala.pk):
            token = Follow.objects.get(subject_type="matter").token
            assert str(token) in Notice.objects.get().link
        url = f"follows/{token}"
        told = nobody.get(url)
        assert (told["state"], told["matter"], told["title"], told["level"]) == ("asked", lamps.pk, LAMPS, 3)
        assert EMAIL not in str(told)
        nobody.put(f"{url}/choice", {"level": 1}, 404)  # not before its owner has said yes
        assert nobody.put(url)["state"] == "following"
        pause = (now() + timedelta(days=7)).isoformat()
        chosen = nobody.put(f"{url}/choice", {"level": NOTHING, "muted_until": pause})
        assert (chosen["level"], chosen["muted_until"] is not None) == (NOTHING, True)
        too_far = [{"level": 1, "muted_until": at} for at in ("9999-12-31T23:59:59-10:00", "0001-01-01T00:00:00+14:00")]
        for wrong in ({"level": 9}, {"level": 1, "muted_until": "i morgon"}, {}, *too_far):
            nobody.put(f"{url}/choice", wrong, 422)
        nobody.send("delete", url, status=204)
        nobody.get(url, 404)

    def test_whose_time_is_nearly_up_goes_on(self, lamps: Matter, motala: Organisation, nobody: Program) -> None:
        nobody.post(f"matters/{lamps.pk}/followers", {"email": EMAIL}, 202)
        with organisation_scope(motala.pk):
            token = Follow.objects.get().token
        nobody.put(f"follows/{token}")
        with organisation_scope(motala.pk):
            Follow.objects.update(asked_to_renew_at=now(), expires_at=now() + timedelta(days=1))
        assert nobody.get(f"follows/{token}")["ending"]
        assert not nobody.put(f"follows/{token}")["ending"]

    def test_a_question_that_is_too_old_is_gone(self, lamps: Matter, motala: Organisation, nobody: Program) -> None:
        nobody.post(f"matters/{lamps.pk}/followers", {"email": EMAIL}, 202)
        with organisation_scope(motala.pk):
            Follow.objects.update(created_at=now() - timedelta(days=8))
            token = Follow.objects.get().token
        nobody.put(f"follows/{token}", status=404)

    def test_what_cannot_be_followed(self, lamps: Matter, motala: Organisation, nobody: Program) -> None:
        nobody.post(f"matters/{lamps.pk}/followers", {"email": "ingen adress"}, 422)
        nobody.post(f"matters/{lamps.pk}/followers", {"email": EMAIL, "level": 2}, 422)
        nobody.post(f"matters/{lamps.pk}/followers", {"sender": "pigeon", "address": "x"}, 404)
        nobody.post("matters/99999999/followers", {"email": EMAIL}, 404)
        features = {**motala.features, "matters": True, "following": False}
        Organisation.objects.filter(pk=motala.pk).update(features=features)
        forget_hosts()
        nobody.post(f"matters/{lamps.pk}/followers", {"email": EMAIL}, 404)
        nobody.post("alerts", WANTED, 404)
        nobody.post("alerts/preview", {"name": "x"}, 404)


def happen(organisation: Organisation) -> None:
    """A decision about a school."""
    with organisation_scope(organisation.pk):
        event = record(verb="matter.decided", subject_type="matter", subject_id=1, by=TEST, level=3)
        facts = Facts(topics=(("school", "Skola"),))
        publish(event=event, title="Ny skola", what="Beslut", path="/beslut/1/", facts=facts, by=TEST)


def asked(organisation: Organisation) -> str:
    """The address of the only alert."""
    with organisation_scope(organisation.pk):
        return f"alerts/{Profile.objects.get().token}"


class TestAlerts:
    """A standing interest, by the token in its messages."""

    def test_from_asking_to_ending(self, motala: Organisation, nobody: Program) -> None:
        happen(motala)
        wanted = {name: value for name, value in WANTED.items() if name != "email"}
        seen = nobody.post("alerts/preview", wanted, 200)
        assert (seen["count"], seen["items"][0]["title"], seen["items"][0]["reason"]) == (1, "Ny skola", "Skola")
        assert nobody.post("alerts", WANTED, 202) == {"asked": True}
        url = asked(motala)
        with organisation_scope(motala.pk):
            assert Notice.objects.get().kind == "profile_confirm"
        waiting = nobody.get(url)
        assert (waiting["state"], waiting["settings"]["topics"]) == ("asked", [])
        nobody.put(url, wanted, 409)
        assert nobody.put(f"{url}/confirmation")["state"] == "active"
        assert nobody.put(f"{url}/confirmation")["state"] == "active"
        happen(motala)
        [news] = nobody.get(url)["news"]
        assert (news["title"], news["silent"], news["matter"]) == ("Ny skola", False, 1)
        silent = f"{url}/silent/{news['id']}"
        nobody.put(silent, status=204)
        assert nobody.get(url)["news"][0]["silent"]
        nobody.send("delete", silent, status=204)
        assert not nobody.get(url)["news"][0]["silent"]
        nobody.put(f"{url}/silent/99999999", status=404)
        near = {"lat": 58.5371, "lon": 15.0365, "radius_m": 800, "label": "hemma"}
        changed = nobody.put(url, {"name": "skolan", "words": ["lekplats", " "], "near": near, "level": 3})
        settings: dict[str, Any] = changed["settings"]
        assert (settings["name"], settings["words"], settings["near"]) == ("skolan", ["lekplats"], near)
        assert EMAIL not in str(changed)
        nobody.send("delete", url, status=204)
        nobody.send("delete", url, status=404)
        with organisation_scope(motala.pk):
            assert not Profile.objects.exists()

    def test_whose_time_is_nearly_up_goes_on(self, motala: Organisation, nobody: Program) -> None:
        nobody.post("alerts", WANTED, 202)
        url = asked(motala)
        nobody.put(f"{url}/confirmation")
        with organisation_scope(motala.pk):
            Profile.objects.update(asked_to_renew_at=now())
        assert nobody.get(url)["ending"]
        assert not nobody.put(f"{url}/confirmation")["ending"]

    @pytest.mark.parametrize(
        ("wrong", "where"),
        [
            ({"topics": ["finns-inte"]}, "topics"),
            ({"areas": [99999999]}, "areas"),
            ({"words": ["!"]}, "words"),
            ({"name": ""}, "name"),
            ({"level": 2}, "level"),
            ({"near": {"lat": 58.5, "lon": 15.0, "radius_m": 1}}, "radius_m"),
            ({"near": {"lat": 99, "lon": 15.0}}, "lat"),
            ({"email": "ingen"}, "address"),
        ],
    )
    def test_each_mistake_has_its_name(
        self, motala: Organisation, nobody: Program, wrong: dict[str, Any], where: str
    ) -> None:
        errors = nobody.post("alerts", {**WANTED, **wrong}, 422)["errors"]
        assert any(where in name for name in errors), errors

    def test_an_address_is_asked_a_few_times_a_day_only(self, motala: Organisation, nobody: Program) -> None:
        for number in range(5):
            nobody.post("alerts", {**WANTED, "name": f"nr {number}"}, 202)
        with organisation_scope(motala.pk):
            assert Notice.objects.count() == 3

    def test_a_token_is_of_one_organisation(self, cast: Cast, nobody: Program) -> None:
        Program(host="mjolby.localhost").post("alerts", WANTED, 202)
        for url in (asked(cast.mjolby), f"alerts/{uuid4()}"):
            nobody.get(url, 404)
            nobody.put(f"{url}/confirmation", status=404)
            nobody.send("delete", url, status=404)

    def test_one_address_sees_its_alerts(self, motala: Organisation, nobody: Program) -> None:
        nobody.post("alerts", WANTED, 202)
        nobody.put(f"{asked(motala)}/confirmation")
        with organisation_scope(motala.pk):
            found = Profile.objects.select_related("contact").get()
        url = f"contacts/{found.contact.token}"
        shown = nobody.get(url)
        assert shown["alerts"] == [{"name": "barnens skola", "token": str(found.token)}]
        chosen = {"rhythm": "now", "news_rhythm": "week", "quiet": False, "language": "sv"}
        assert nobody.put(url, chosen)["news_rhythm"] == "week"
        del chosen["news_rhythm"]
        assert nobody.put(url, chosen)["news_rhythm"] == "week"  # left out: as before
