"""By which ways one is told of one's case, and what one address hears of: for programs, as on the pages."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest

from lyhord.core.tenancy import organisation_scope
from lyhord.following.models import Follow, Role
from lyhord.notifications.actions import address_bounced
from lyhord.notifications.models import Contact, Notice
from lyhord.notifications.proof import proof_of
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast
from tests.notifications.pager import pager
from tests.www.api.conftest import Program, publish

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.25", "3.21")]
EMAIL = "anna@exempel.se"
BEEPER = "+46701234567"


@pytest.fixture
def beeped() -> Iterator[list[tuple[str, str]]]:
    with pager() as sent:
        yield sent


def sent_code(motala: Organisation) -> str:
    """The code in the newest message."""
    with organisation_scope(motala.pk):
        [code] = re.findall(r"\b\d{6}\b", Notice.objects.latest("pk").body)
    return str(code)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def contact_of(motala: Organisation, address: str = EMAIL) -> Contact:
    with organisation_scope(motala.pk):
        return Contact.objects.get(address=address)


class TestWaysOfOnesCase:
    """Listing, adding, saying yes, taking away."""

    def test_a_way_is_added_said_yes_to_and_taken_away(self, motala: Organisation, beeped: object) -> None:
        owner = Program(x_follow_code=factories.make_case(motala).code)
        before = owner.get("own-case/ways")
        assert before["items"] == []
        assert "pager" in {one["sender"] for one in before["offered"]}
        [way] = owner.post("own-case/ways", {"sender": "pager", "address": BEEPER})["items"]
        assert not way["confirmed"]
        assert BEEPER not in str(way)
        code = sent_code(motala)
        refused = owner.post(f"own-case/ways/{way['id']}/code", {"code": other_than(code)}, 422)
        assert "code" in refused["errors"]
        [way] = owner.post(f"own-case/ways/{way['id']}/code", {"code": code}, 200)["items"]
        assert way["confirmed"]
        owner.send("delete", f"own-case/ways/{way['id']}", status=204)
        assert owner.get("own-case/ways")["items"] == []

    def test_all_are_dropped_at_once(self, motala: Organisation) -> None:
        owner = Program(x_follow_code=factories.make_case(motala, email=EMAIL).code)
        assert len(owner.get("own-case/ways")["items"]) == 1
        owner.send("delete", "own-case/ways", status=204)
        assert owner.get("own-case/ways")["items"] == []

    def test_what_is_not_offered_or_anothers_is_not_there(self, motala: Organisation) -> None:
        owner = Program(x_follow_code=factories.make_case(motala).code)
        owner.post("own-case/ways", {"sender": "pigeon", "address": "x"}, 404)
        owner.post("own-case/ways", {"sender": "email", "address": "inte en adress"}, 422)
        theirs = Program(x_follow_code=factories.make_case(motala, email=EMAIL).code).get("own-case/ways")["items"][0]
        for path in (f"own-case/ways/{theirs['id']}/wake", f"own-case/ways/{theirs['id']}/code"):
            owner.post(path, {"code": "000000"}, 404)
        owner.send("delete", f"own-case/ways/{theirs['id']}", status=404)
        with organisation_scope(motala.pk):
            assert Follow.objects.filter(role=Role.REPORTER).count() == 1


class TestFollowingAPublishedCase:
    """A stranger's address is asked, by link or code."""

    def test_a_code_makes_a_follower(self, cast: Cast, nobody: Program, beeped: object) -> None:
        number = publish(cast).case.number
        asked = nobody.post(f"published/{number}/followers", {"sender": "pager", "address": BEEPER}, 202)
        assert asked["proof"] == "code"
        code = sent_code(cast.motala)
        path = f"published/{number}/followers/code"
        for wrong in ({"handle": "x", "code": code}, {"handle": asked["handle"], "code": other_than(code)}):
            assert "code" in nobody.post(path, wrong, 422)["errors"]
        assert nobody.post(path, {"handle": asked["handle"], "code": code}, 200) == {"following": True}
        nobody.post(path, {"handle": asked["handle"], "code": code}, 200)  # sent twice, done once
        with organisation_scope(cast.motala.pk):
            assert Follow.objects.filter(contact__address=BEEPER).count() == 1

    def test_no_other_sender_and_no_other_case(self, cast: Cast, nobody: Program) -> None:
        number = publish(cast).case.number
        nobody.post(f"published/{number}/followers", {"sender": "pigeon", "address": "x"}, 404)
        hidden = factories.make_case(cast.motala).case.number
        nobody.post(f"published/{hidden}/followers", {"email": EMAIL}, 404)


class TestOneAddress:
    """By the token in every message."""

    def test_it_sees_what_it_hears_of_and_chooses(self, motala: Organisation, nobody: Program) -> None:
        case = factories.make_case(motala, email=EMAIL).case
        url = f"contacts/{contact_of(motala).token}"
        shown = nobody.get(url)
        [follow] = shown["follows"]
        assert (follow["own"], follow["number"], follow["title"]) == (True, case.number, "")
        assert EMAIL not in str(shown)
        chosen = {"rhythm": "day", "quiet": True, "language": "en"}
        assert chosen.items() <= nobody.put(url, chosen).items()
        assert contact_of(motala).rhythm == "day"
        assert "language" in nobody.put(url, {**chosen, "language": "xx"}, 422)["errors"]
        nobody.put(url, {**chosen, "rhythm": "yearly"}, 422)
        nobody.send("delete", f"{url}/follows/{follow['id']}", status=204)
        assert nobody.get(url)["follows"] == []
        nobody.send("delete", f"{url}/follows/{follow['id']}", status=404)

    def test_no_more_of_anything(self, motala: Organisation, nobody: Program) -> None:
        for _each in range(2):
            factories.make_case(motala, email=EMAIL)
        url = f"contacts/{contact_of(motala).token}"
        assert len(nobody.get(url)["follows"]) == 2
        nobody.send("delete", url, status=204)
        nobody.send("delete", url, status=204)
        assert nobody.get(url)["follows"] == []

    def test_a_paused_address_says_that_it_works(self, motala: Organisation, nobody: Program) -> None:
        factories.make_case(motala, email=EMAIL)
        found = contact_of(motala)
        url = f"contacts/{found.token}"
        with organisation_scope(motala.pk):
            address_bounced(address=EMAIL, reason="550", by=factories.TEST)
        assert nobody.get(url)["paused_at"] is not None
        nobody.post(f"{url}/wake", status=204)
        nobody.put(f"{url}/works", {"proof": "gissat"}, 404)
        assert nobody.put(f"{url}/works", {"proof": proof_of(contact_of(motala))})["paused_at"] is None

    def test_another_token_and_another_organisations_are_not_there(
        self, cast: Cast, motala: Organisation, nobody: Program
    ) -> None:
        factories.make_case(cast.mjolby, email=EMAIL)
        for token in (uuid4(), contact_of(cast.mjolby).token):
            nobody.get(f"contacts/{token}", 404)
            nobody.send("delete", f"contacts/{token}", status=404)
