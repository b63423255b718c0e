"""Matters put together and taken apart by people, and what they put right."""

from datetime import date
from typing import Any

import pytest

from lyhord.audit.models import Event
from lyhord.core.errors import Invalid, NotFound
from lyhord.following.actions import confirm
from lyhord.following.models import Follow
from lyhord.following.queries import count
from lyhord.matters import actions
from lyhord.matters.models import Item, Matter, MatterEvent, MatterPlace
from lyhord.matters.stages import Levels
from lyhord.notifications.contact_actions import contact_for
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation
from lyhord.places.models import Area
from tests import factories
from tests.matters.papers import COUNCIL, EXECUTIVE, LAMPS, TEST, read, three_boards

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.1")]

ALONE = "§ 7 Dnr TN 2026/5\nBelysning vid Varamobaden\n\nBeslut\nTekniska nämnden beslutar att bevilja medel.\n"


def test_merging_moves_all_and_the_old_address_leads_on(motala: Organisation) -> None:
    three_boards()
    read("Tekniska nämnden", "2026-08-20", ALONE)
    one, other = Matter.objects.order_by("pk")
    actions.merge(matter_id=other.pk, into_id=one.pk, by=TEST)
    one.refresh_from_db()
    other.refresh_from_db()
    assert other.merged_into == one
    assert (one.items.count(), other.items.count()) == (4, 0)
    assert one.first_on == date(2026, 8, 20)
    assert Event.objects.filter(verb="matter.merged", subject_id=other.pk).get().data["into"] == one.pk
    read("Tekniska nämnden", "2026-08-20", ALONE.replace("medel", "pengar"))  # a new version finds its matter
    assert Item.objects.filter(matter=one).count() == 4


def test_what_a_person_has_split_no_rule_puts_together_again(motala: Organisation) -> None:
    three_boards()
    [matter] = Matter.objects.all()
    council = Item.objects.get(document__body__name="Kommunfullmäktige")
    made = actions.split(matter_id=matter.pk, item_ids=[council.pk], by=TEST)
    matter.refresh_from_db()
    assert (matter.items.count(), made.items.count()) == (2, 1)
    assert MatterEvent.objects.get(type="decided").matter == made
    assert (matter.stage, made.stage) == ("executive", "decided")
    read("Kommunfullmäktige", "2026-11-16", COUNCIL + "\nMer text.\n")
    read("Kommunstyrelsen", "2026-10-06", EXECUTIVE + "\nMer text.\n")
    assert (matter.items.count(), made.items.count()) == (2, 1)
    assert Event.objects.filter(verb="matter.split").exists()


def test_splitting_needs_something_on_both_sides(motala: Organisation) -> None:
    read("Tekniska nämnden", "2026-08-20", ALONE)
    matter = Matter.objects.get()
    with pytest.raises(Invalid):
        actions.split(matter_id=matter.pk, item_ids=[matter.items.get().pk], by=TEST)
    with pytest.raises(Invalid):
        actions.merge(matter_id=matter.pk, into_id=matter.pk, by=TEST)
    with pytest.raises(NotFound):
        actions.merge(matter_id=matter.pk, into_id=matter.pk + 1000, by=TEST)


def test_what_a_person_says_stays_when_it_is_read_again(motala: Organisation) -> None:
    three_boards()
    matter = Matter.objects.get()
    area = Area.objects.get(code="varamon")
    place = MatterPlace.objects.get(matter=matter, kind="area")
    actions.set_topics(matter_id=matter.pk, codes=["parks"], by=TEST)
    actions.deny_place(matter_id=matter.pk, place_id=place.pk, by=TEST)
    actions.set_words(
        matter_id=matter.pk, plain_title="Nya lampor", plain_text="Lamporna byts.", title="Lampor", by=TEST
    )
    read("Kommunfullmäktige", "2026-11-16", COUNCIL + "\nMer text.\n")
    matter.refresh_from_db()
    assert (matter.title, matter.plain_title) == ("Lampor", "Nya lampor")
    assert list(matter.topics.filter(denied=False).values_list("topic", "by")) == [("parks", "person")]
    assert MatterPlace.objects.get(matter=matter, name=area.name).denied
    actions.add_area(matter_id=matter.pk, area_id=area.pk, by=TEST)
    assert not MatterPlace.objects.get(matter=matter, name=area.name).denied
    log = Event.objects.filter(verb="matter.corrected", subject_id=matter.pk)
    assert log.filter(data__before__title=LAMPS).exists()


@pytest.mark.requirement("3.18")
def test_an_organisation_changes_how_much_things_matter(motala: Organisation) -> None:
    actions.set_level(kind="", code="decided", level=2, shown=True, by=TEST)
    three_boards()
    assert MatterEvent.objects.get(type="decided").level == 2
    actions.set_level(kind="", code="decided", level=3, shown=True, by=TEST)
    assert Levels().level("general", "decided") == 3
    with pytest.raises(Invalid):
        actions.set_level(kind="", code="nothing", level=3, shown=True, by=TEST)


@pytest.mark.requirement("3.18", "3.22")
def test_a_stage_that_no_paper_tells_of(motala: Organisation) -> None:
    three_boards()
    matter = Matter.objects.get()
    for _twice in range(2):
        actions.set_stage(
            matter_id=matter.pk,
            stage_code="consultation",
            occurred_on=date(2026, 11, 20),
            answer_until=date(2026, 12, 20),
            by=TEST,
        )
    matter.refresh_from_db()
    assert (matter.stage, matter.answer_until) == ("consultation", date(2026, 12, 20))
    event = MatterEvent.objects.get(type="consultation")
    assert event.level == 3
    actions.set_stage(matter_id=matter.pk, stage_code="appealed", occurred_on=date(2026, 12, 24), by=TEST)
    assert MatterEvent.objects.get(type="stage").level == 3
    with pytest.raises(Invalid):
        actions.set_stage(matter_id=matter.pk, stage_code="adopted", occurred_on=date(2026, 12, 24), by=TEST)


@pytest.mark.requirement("3.29")
def test_a_case_is_linked_once(motala: Organisation) -> None:
    case = factories.make_case(motala).case
    three_boards()
    matter = Matter.objects.get()
    for _twice in range(2):
        actions.link_case(matter_id=matter.pk, case_id=case.pk, by=TEST)
    assert matter.case_links.get().case == case
    assert Event.objects.filter(verb="case.matter_linked").count() == 1
    actions.unlink_case(matter_id=matter.pk, case_id=case.pk, by=TEST)
    assert not matter.case_links.exists()
    with pytest.raises(NotFound):
        actions.link_case(matter_id=matter.pk, case_id=case.pk + 1000, by=TEST)


def _followed(matter: Matter, name: str, level: int = 1) -> Follow:
    contact = contact_for(sender="email", address=f"{name}@exempel.se", language="sv")
    return actions.follow_matter_as_owner(matter_id=matter.pk, contact=contact, level=level, by=TEST)


def _followers(matter: Matter) -> list[tuple[str, int]]:
    rows = Follow.objects.filter(subject_type="matter", subject_id=matter.pk, confirmed_at__isnull=False)
    return sorted((each.contact.address.split("@")[0], each.level) for each in rows.select_related("contact"))


@pytest.mark.requirement("3.2")
def test_who_follows_goes_along_when_matters_are_merged_and_split(motala: Organisation) -> None:
    three_boards()
    read("Tekniska nämnden", "2026-08-20", ALONE)
    one, other = Matter.objects.order_by("pk")
    for name, here, there in (("anna", 3, 1), ("bo", 1, 4), ("eva", 0, 3), ("ida", 3, 0)):
        for matter, level in ((one, here), (other, there)):
            if level:
                _followed(matter, name, level)
    asked: dict[str, Any] = {"sender": "email", "address": "otto@exempel.se", "language": "sv", "level": 1, "by": TEST}
    actions.follow_matter(matter_id=other.pk, **asked)
    moved = Follow.objects.get(subject_id=other.pk, contact__address="eva@exempel.se")
    actions.merge(matter_id=other.pk, into_id=one.pk, by=TEST)
    together = [("anna", 1), ("bo", 4), ("eva", 3), ("ida", 3)]
    assert _followers(one) == together
    assert _followers(other) == []
    assert Follow.objects.get(token=moved.token).subject_id == one.pk  # the link in her mail still opens it
    assert Notice.objects.get(kind="matter_follow_confirm").subject_id == one.pk
    confirm(token=Follow.objects.get(contact__address="otto@exempel.se").token, by=TEST)
    council = Item.objects.get(document__body__name="Kommunfullmäktige")
    made = actions.split(matter_id=one.pk, item_ids=[council.pk], by=TEST)
    assert _followers(made) == _followers(one) == [*together, ("otto", 1)]
    assert count("matter", made.pk) == 4  # of five, one wants to hear nothing
    assert Follow.objects.values("token").distinct().count() == 10
