"""Papers read in: once each, linked into matters, and what is new told once."""

from dataclasses import replace
from datetime import date

import pytest

from lyhord.audit.models import Event
from lyhord.matters import actions
from lyhord.matters.models import Body, Document, DocumentVersion, Item, Matter, MatterEvent, Meeting
from lyhord.matters.papers import UNREAD, Page
from lyhord.organisations.models import Organisation
from lyhord.places.models import Address
from tests.matters.papers import COMMITTEE, COUNCIL, EXECUTIVE, LAMPS, TEST, read, taken, three_boards

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.1")]


def told() -> list[tuple[str, str, int]]:
    return list(MatterEvent.objects.order_by("occurred_on", "pk").values_list("type", "result", "level"))


def test_a_matter_passes_three_bodies_and_is_one(motala: Organisation) -> None:
    three_boards()
    [matter] = Matter.objects.all()
    assert (matter.title, matter.stage) == (LAMPS, "decided")
    assert (matter.first_on, matter.last_on) == (date(2026, 9, 22), date(2026, 11, 16))
    assert matter.body is not None
    assert matter.body.name == "Kommunfullmäktige"
    assert told() == [("proposed", "endorsed", 2), ("proposed", "endorsed", 2), ("decided", "approved", 3)]
    assert [str(number) for number in matter.numbers.all()] == ["KS 2026-412"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_the_order_in_which_papers_come_does_not_matter(motala: Organisation, order: tuple[int, ...]) -> None:
    papers = [
        ("Kommunstyrelsens arbetsutskott", "2026-09-22", COMMITTEE),
        ("Kommunstyrelsen", "2026-10-06", EXECUTIVE),
        ("Kommunfullmäktige", "2026-11-16", COUNCIL),
    ]
    for index in order:
        read(*papers[index])
    [matter] = Matter.objects.filter(merged_into=None)
    assert matter.items.count() == 3
    assert matter.stage == "decided"
    assert [event.occurred_on.month for event in matter.events.order_by("occurred_on")] == [9, 10, 11]


@pytest.mark.requirement("3.14")
def test_what_is_read_three_times_is_told_once(motala: Organisation) -> None:
    three_boards()
    before, logged = told(), Event.objects.count()
    for _again in range(2):
        for done in three_boards():
            assert (done.changed, done.events) == (False, 0)
    assert told() == before
    assert Event.objects.count() == logged
    assert DocumentVersion.objects.count() == 3


def test_a_new_way_of_cutting_tells_no_old_news(motala: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    three_boards()
    before = told()
    DocumentVersion.objects.update(step=0)  # as an older program left them
    done = read("Kommunfullmäktige", "2026-11-16", COUNCIL)
    assert (done.changed, done.events) == (True, 0)
    assert told() == before
    assert DocumentVersion.objects.count() == 3


@pytest.mark.requirement("3.14", "3.18")
def test_a_corrected_spelling_is_a_detail(motala: Organisation) -> None:
    three_boards()
    done = read("Kommunfullmäktige", "2026-11-16", COUNCIL.replace("ny belysning", "nya lampor"))
    assert (done.changed, done.new, done.events) == (True, False, 1)
    assert told()[-1] == ("correction", "", 1)
    assert [version.number for version in DocumentVersion.objects.filter(document=done.document)] == [1, 2]


@pytest.mark.requirement("3.18")
def test_a_decision_that_became_another_is_news(motala: Organisation) -> None:
    three_boards()
    read("Kommunfullmäktige", "2026-11-16", COUNCIL.replace("att bifalla", "att avslå"))
    assert ("decided", "rejected", 3) in told()


@pytest.mark.requirement("3.18")
def test_a_consultation_that_opens_is_most_important(motala: Organisation) -> None:
    text = "§ 9 Dnr PLAN 2026/7\nDetaljplan för Varla 3:22\n\nBeslut\nNämnden beslutar att sända planen på samråd.\n"
    read("Plannämnden", "2026-10-01", text)
    [matter] = Matter.objects.all()
    assert (matter.kind, matter.stage) == ("plan", "consultation")
    assert ("consultation", "", 3) in told()


def test_an_agenda_says_that_it_comes_up_and_minutes_what_came_of_it(motala: Organisation) -> None:
    read("Kommunstyrelsen", "2026-10-06", f"| 1. | {LAMPS} | KS 2026/412 |", "agenda")
    assert Meeting.objects.get().state == Meeting.State.PLANNED
    assert told() == [("agenda", "", 2)]
    read("Kommunstyrelsen", "2026-10-06", EXECUTIVE)
    assert Meeting.objects.get().state == Meeting.State.HELD
    assert told() == [("agenda", "", 2), ("proposed", "endorsed", 2)]
    assert Matter.objects.count() == 1


@pytest.mark.requirement("3.3")
def test_the_same_agenda_from_two_sources_is_told_once(motala: Organisation) -> None:
    text = f"| 1. | {LAMPS} | KS 2026/412 |"
    read("Kommunstyrelsen", "2026-10-06", text, "agenda", key="page")
    read("Kommunstyrelsen", "2026-10-06", text, "agenda", key="feed")
    assert Document.objects.count() == 2
    assert told() == [("agenda", "", 2)]


@pytest.mark.requirement("3.2")
def test_topics_and_places_come_out_of_the_text_with_their_evidence(motala: Organisation) -> None:
    Address.objects.create(street="Vintergatan", number="1", lat=58.54, lon=15.03, search_key="vintergatan 1")
    three_boards()
    [matter] = Matter.objects.all()
    topics = dict(matter.topics.values_list("topic", "evidence"))
    assert topics["streets"] == "gatubelysning"
    assert set(matter.places.values_list("kind", "name")) == {
        ("street", "Vintergatan"),
        ("area", "Varamon"),
        ("property", "VARLA 3:22"),
    }
    assert matter.places.get(kind="street").lat == pytest.approx(58.54)


def test_words_of_the_decision_and_reservations_are_kept_as_they_stand(motala: Organisation) -> None:
    read("Kommunstyrelsen", "2026-10-06", EXECUTIVE)
    item = Item.objects.get()
    assert item.decision_text == "Kommunstyrelsen föreslår att kommunfullmäktige bifaller förslaget."
    assert item.reservations == "Britta Ek (X) reserverar sig."


def test_a_document_that_could_not_be_read_is_kept_as_such(motala: Organisation) -> None:
    paper = replace(taken("Kommunstyrelsen", "2026-10-06", "", key="scan"), pages=(Page("", UNREAD),), sha256="0" * 64)
    done = actions.read_document(taken=paper, by=TEST)
    assert done.document.quality == Document.Quality.UNREADABLE
    assert done.document.meeting is not None
    assert Item.objects.count() == 0


def test_what_belongs_to_a_meeting_only_is_no_matter_to_follow(motala: Organisation) -> None:
    read("Kommunstyrelsen", "2026-10-06", "§ 1 Dnr 2026-00001\nVal av justerare\n\nBeslut\nBritta Ek väljs.\n")
    assert Matter.objects.get().kind == "formal"


def test_an_alias_is_the_same_body(motala: Organisation) -> None:
    body = actions.body_named(name="Byggnadsnämnden", by=TEST)
    assert body is not None
    assert body.classification == Body.Classification.BOARD
    actions.change_body(body_id=body.pk, name=body.name, classification="board", aliases=["bn"], by=TEST)
    assert actions.body_named(name="BN", by=TEST) == body
    assert Event.objects.filter(verb="body.changed").count() == 1


@pytest.mark.requirement("3.28")
def test_a_withdrawn_document_says_nothing_any_more(motala: Organisation) -> None:
    done = read("Kommunfullmäktige", "2026-11-16", COUNCIL)
    assert " varl" in Matter.objects.get().stems
    actions.withdraw_document(document_id=done.document.pk, by=TEST, reason="personuppgifter")
    assert DocumentVersion.objects.get().pages == []
    assert Item.objects.get().decision_text == ""
    assert "varl" not in Matter.objects.get().stems
    assert Document.objects.get().withdrawn_at is not None
