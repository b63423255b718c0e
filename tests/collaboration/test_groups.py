"""Who belongs to a group: both sides say yes, and every copy of it says the same."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lyhord.audit.models import Event
from lyhord.collaboration import actions
from lyhord.collaboration.models import Group, Offer, Outcome, Partner, PoolEntry
from lyhord.collaboration.queries import collaborates, joined_groups, others_in
from lyhord.core.errors import Conflict, Invalid, NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories
from tests.collaboration.conftest import Neighbours, ask, entries
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.20")]


def copy_of(organisation: Organisation) -> dict[str, dict[str, bool]]:
    """The groups as the organisation knows them: by name, who is in it and whether they have joined."""
    with organisation_scope(organisation.pk):
        found: dict[str, dict[str, bool]] = {group.name: {} for group in Group.objects.all()}
        for partner in Partner.objects.select_related("group", "member"):
            found[partner.group.name][partner.member.slug] = partner.joined
    return found


def group_of(organisation: Organisation) -> int:
    with organisation_scope(organisation.pk):
        return Group.objects.get().pk


def verbs(organisation: Organisation) -> list[tuple[str, str]]:
    with organisation_scope(organisation.pk):
        events = Event.objects.filter(subject_type="group").order_by("pk")
        return [(event.verb.removeprefix("group."), event.data.get("member", "")) for event in events]


def test_asked_and_answered(cast: Cast) -> None:
    with organisation_scope(cast.motala.pk):
        group = actions.found_group(name="Östra", by=cast.admin.actor)
        actions.invite(group_id=group.pk, organisation=cast.mjolby, by=cast.admin.actor)
        assert collaborates()
        assert others_in(joined_groups()) == [(group, [])]  # nobody has said yes
    assert copy_of(cast.motala) == copy_of(cast.mjolby) == {"Östra": {"motala": True, "mjolby": False}}
    with organisation_scope(cast.mjolby.pk):
        assert not collaborates()
        for _twice in range(2):
            actions.accept(group_id=group_of(cast.mjolby), by=cast.outsider.actor)
        assert collaborates()
        assert others_in(joined_groups())[0][1] == ["Motala kommun"]
    assert copy_of(cast.motala) == copy_of(cast.mjolby) == {"Östra": {"motala": True, "mjolby": True}}
    assert verbs(cast.motala) == [("founded", ""), ("invited", "Mjolby kommun"), ("joined", "Mjolby kommun")]
    with organisation_scope(cast.motala.pk):  # who it was stands in their own log only
        assert Event.objects.get(verb="group.joined").actor_label == "Mjolby kommun"
    with organisation_scope(cast.mjolby.pk):
        assert Event.objects.get(verb="group.joined").actor_label == "Olle Ut"


def test_nothing_reaches_who_has_not_said_yes(cast: Cast) -> None:
    with organisation_scope(cast.motala.pk):
        group = actions.found_group(name="Östra", by=factories.TEST)
        actions.invite(group_id=group.pk, organisation=cast.mjolby, by=factories.TEST)
    case = factories.make_case(cast.motala).case
    with pytest.raises(Invalid):
        ask(cast.motala, case.pk)
    assert entries(cast.mjolby) == []
    with organisation_scope(cast.mjolby.pk):
        with pytest.raises(Conflict):  # nor may it invite others
            actions.invite(group_id=group_of(cast.mjolby), organisation=cast.motala, by=factories.TEST)
        actions.leave(group_id=group_of(cast.mjolby), by=factories.TEST)
    assert copy_of(cast.mjolby) == {}
    assert copy_of(cast.motala) == {"Östra": {"motala": True}}
    assert ("declined", "Mjolby kommun") in verbs(cast.motala)


def test_who_leaves_takes_its_questions_along(neighbours: Neighbours) -> None:
    actions.gather(name="Östra", members=[neighbours.motala, neighbours.vadstena], by=factories.TEST)
    case = factories.make_case(neighbours.motala).case
    theirs = factories.make_case(neighbours.mjolby).case
    ask(neighbours.motala, case.pk)
    ask(neighbours.mjolby, theirs.pk)
    with organisation_scope(neighbours.motala.pk):
        actions.leave(group_id=group_of(neighbours.motala), by=factories.TEST)
        assert not PoolEntry.objects.exists()
        assert Offer.objects.get().state == Outcome.WITHDRAWN
        assert not collaborates()
    assert copy_of(neighbours.motala) == {}
    assert copy_of(neighbours.mjolby) == {"Östra": {"mjolby": True, "vadstena": True}}
    assert [entry.state for entry in entries(neighbours.mjolby)] == [Outcome.WITHDRAWN]
    states = {entry.giver_id: entry.state for entry in entries(neighbours.vadstena)}
    assert states == {neighbours.motala.pk: Outcome.WITHDRAWN, neighbours.mjolby.pk: Outcome.OPEN}


def test_whom_one_cannot_ask(neighbours: Neighbours) -> None:
    demo = factories.make_organisation("provkommun", demo=True)
    with organisation_scope(neighbours.motala.pk):
        group = Group.objects.get()
        for organisation in (neighbours.mjolby, neighbours.motala, demo):
            with pytest.raises(Invalid) as caught:
                actions.invite(group_id=group.pk, organisation=organisation, by=factories.TEST)
            assert set(caught.value.errors) == {"organisation"}
        for name in (" ", "x" * 81):
            with pytest.raises(Invalid):
                actions.found_group(name=name, by=factories.TEST)


def test_anothers_group_is_not_there(neighbours: Neighbours) -> None:
    theirs = group_of(neighbours.vadstena)
    with organisation_scope(neighbours.motala.pk):
        with pytest.raises(NotFound):
            actions.accept(group_id=theirs, by=factories.TEST)
        with pytest.raises(NotFound):
            actions.leave(group_id=theirs, by=factories.TEST)
        with pytest.raises(NotFound):
            actions.invite(group_id=theirs, organisation=neighbours.odeshog, by=factories.TEST)


def test_the_command_makes_and_widens_a_group(cast: Cast) -> None:
    others = [factories.make_organisation(slug) for slug in ("vadstena", "odeshog")]
    out = StringIO()
    call_command("collaboration_group", "Östra", "motala", "mjolby", stdout=out)
    assert out.getvalue() == "Östra: Motala kommun, Mjolby kommun.\n"
    call_command("collaboration_group", "Östra", "mjolby", "vadstena", stdout=out)
    everybody = {"Östra": {"motala": True, "mjolby": True, "vadstena": True}}
    assert copy_of(cast.motala) == copy_of(cast.mjolby) == copy_of(others[0]) == everybody
    assert copy_of(others[1]) == {}
    for wrong in (["motala"], ["motala", "motala"], ["motala", "ingenstans"]):
        with pytest.raises(CommandError):
            call_command("collaboration_group", "Ny", *wrong)


def test_eight_municipalities_in_one_group() -> None:
    slugs = ["motala", "mjolby", "vadstena", "odeshog", "boxholm", "ydre", "kinda", "finspang"]
    members = [factories.make_organisation(slug) for slug in slugs]
    actions.gather(name="De åtta", members=members, by=factories.TEST)
    assert all(copy_of(member) == {"De åtta": dict.fromkeys(slugs, True)} for member in members)
    ask(members[0], factories.make_case(members[0]).case.pk)
    assert [len(entries(member)) for member in members] == [0, *[1] * 7]
