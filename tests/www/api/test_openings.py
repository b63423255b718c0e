"""Having one's say by the API, reading it through, and the figures."""

import pytest

from lyhord.core.tenancy import organisation_scope
from lyhord.engagement import actions
from lyhord.engagement.actions import OpeningValues
from lyhord.engagement.models import Act, Opening
from lyhord.matters.actions import make_matter
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from tests import factories
from tests.conftest import Cast
from tests.www.api.conftest import Program, as_staff

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.22", "3.23", "3.25", "P27", "P30")]


@pytest.fixture
def opened(motala: Organisation) -> dict[str, Opening]:
    """A poll, ideas and questions about a matter."""
    Organisation.objects.filter(pk=motala.pk).update(features={"engagement": True})
    forget_hosts()
    made = {}
    with organisation_scope(motala.pk):
        matter = make_matter(title="En ny park", kind="general", by=factories.TEST)
        for slug, settings in (("poll", {"options": "Ja\nNej"}), ("idea", {}), ("question", {}), ("consultation", {})):
            values = OpeningValues(question=f"Fråga {slug}", settings=settings, formal=slug == "consultation")
            row = actions.save_opening(matter_id=matter.pk, mechanism=slug, values=values, by=factories.TEST)
            made[slug] = actions.switch_opening(opening_id=row.pk, state="open", by=factories.TEST)
    return made


def test_a_vote_counts_once_and_is_told_from_five(opened: dict[str, Opening], nobody: Program) -> None:
    poll = opened["poll"]
    device = nobody.post(f"openings/{poll.pk}/acts", {"choice": "1"}, 201)["device"]
    assert nobody.post(f"openings/{poll.pk}/acts", {"choice": "2", "device": device}, 409)["code"] == "already"
    nobody.post(f"openings/{poll.pk}/acts", {"choice": "3"}, 422)

    def told() -> list[int | None]:
        rows = nobody.get(f"matters/{poll.matter_id}/openings")["items"]
        [row] = [one for one in rows if one["mechanism"] == "poll"]
        assert row["open"]
        return [row["total"], *(choice["count"] for choice in row["choices"])]

    for _ in range(4):
        assert told() == [None, None, None]
        nobody.post(f"openings/{poll.pk}/acts", {"choice": "1"}, 201)
    assert told() == [None, 5, None]
    for _ in range(5):
        nobody.post(f"openings/{poll.pk}/acts", {"choice": "2"}, 201)
    assert told() == [10, 5, 5]


def test_words_are_read_through_and_figures_follow(
    opened: dict[str, Opening], nobody: Program, cast: Cast, motala: Organisation
) -> None:
    ideas, staff = opened["idea"], as_staff(cast, cast.kim)
    taken = nobody.post(f"openings/{ideas.pk}/acts", {"text": "Ring 070-174 06 05."}, 201)
    assert taken["state"] == "waiting"
    assert nobody.get(f"openings/{ideas.pk}/acts")["items"] == []
    [waiting] = staff.get("opinions")["items"]
    assert waiting["hints"] == [{"kind": "phone", "text": "070-174 06 05"}]
    staff.put(f"opinions/{waiting['id']}", {"show": True, "text": ""}, 422)
    staff.put(f"opinions/{waiting['id']}", {"show": True, "text": "Ring.", "answer": "Ja."})
    [shown] = nobody.get(f"openings/{ideas.pk}/acts")["items"]
    assert (shown["text"], shown["answer"], shown["supports"]) == ("Ring.", "Ja.", None)
    device = nobody.post(f"acts/{shown['id']}/supports", {}, 201)["device"]
    nobody.post(f"acts/{shown['id']}/supports", {"device": device}, 409)
    figures = staff.get(f"matters/{ideas.matter_id}/engagement")
    assert (figures["acts"], figures["supports"], figures["by_mechanism"]) == (2, 1, {"idea": 1})
    assert staff.get("engagement") == figures
    nobody.get("engagement", 401)
    as_staff(cast, cast.sara).get("opinions", 403)


def test_a_question_gives_a_code_and_a_formal_answer_is_for_the_page(
    opened: dict[str, Opening], nobody: Program, motala: Organisation
) -> None:
    asked = nobody.post(f"openings/{opened['question'].pk}/acts", {"text": "När byggs den?"}, 201)
    assert asked["code"]
    said = {"text": "Så här.", "name": "Anna", "address": "Storgatan 1"}
    nobody.post(f"openings/{opened['consultation'].pk}/acts", said, 403)
    with organisation_scope(motala.pk):
        assert Act.objects.get().case_id is not None


def test_where_it_is_not_turned_on(opened: dict[str, Opening], nobody: Program, motala: Organisation) -> None:
    Organisation.objects.filter(pk=motala.pk).update(features={"matters": True})
    forget_hosts()
    poll = opened["poll"]
    nobody.get(f"matters/{poll.matter_id}/openings", 404)
    nobody.get(f"openings/{poll.pk}/acts", 404)
    nobody.post(f"openings/{poll.pk}/acts", {"choice": "1"}, 404)
    nobody.post("acts/1/supports", {}, 404)
