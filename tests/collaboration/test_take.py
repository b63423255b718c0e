"""A case goes over from one municipality to another: once, to one, with nothing that was not meant to go along."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from lyhord.audit.models import Event
from lyhord.cases import actions as case_actions
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, CaseType, Message, Photo, Reporter, Side
from lyhord.cases.states import State
from lyhord.collaboration import actions
from lyhord.collaboration.actions import Taken
from lyhord.collaboration.models import Group, Offer, Outcome, PoolEntry
from lyhord.core.errors import Conflict, LyhordError, NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.models import Reception
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation, Unit
from tests import factories
from tests.collaboration.conftest import Neighbours, ask, entries
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.20")]
ASTA = NewReporter(name="Asta Ek", email="asta@example.se", phone="070-123 45 67")


def made(organisation: Organisation, **values: Any) -> Case:
    return factories.make_case(
        organisation, "Lampan är släckt. Mvh Asta Ek", reporter=ASTA, wants_feedback=True, **values
    ).case


def take(organisation: Organisation, entry: PoolEntry | None = None) -> Taken:
    with organisation_scope(organisation.pk):
        pk = entry.pk if entry else PoolEntry.objects.order_by("-pk")[0].pk
        return actions.take(entry_id=pk, by=factories.TEST)


def test_the_case_becomes_the_takers_and_ends_at_the_giver(neighbours: Neighbours) -> None:
    case = made(neighbours.motala)
    ask(neighbours.motala, case.pk)
    taken = take(neighbours.mjolby)
    with organisation_scope(neighbours.mjolby.pk):
        there = Case.objects.select_related("unit", "case_type").get()
        assert there == taken.case
        assert (there.text, there.channel, there.state) == ("En lampa är släckt.", "collaboration", State.RECEIVED)
        assert (there.unit.code, there.case_type.code) == ("gata-park", "belysning.lampa")  # by their own rules
        assert (there.lat, there.lon, there.place_text) == (case.lat, case.lon, "Vintergatan 12")
        [reception] = Reception.objects.all()
        assert reception.source == f"collaboration:{neighbours.motala.pk}"
        [note] = Message.objects.all()
        assert note.side == Side.INTERNAL
        assert "Motala kommun" in note.text
        assert case.number in note.text
        assert "Vägen är er." in note.text
        assert Event.objects.filter(verb="case.taken_from", subject_id=there.pk).count() == 1
    with organisation_scope(neighbours.motala.pk):
        case.refresh_from_db()
        assert (case.state, case.responsible) == (State.REFUSED, "Mjolby kommun")
        offer = Offer.objects.get()
        assert (offer.state, offer.taker, offer.taker_number) == (Outcome.TAKEN, neighbours.mjolby, there.number)
        [message] = Message.objects.all()
        assert message.side == Side.OFFICE
        assert f"Mjolby kommun har tagit över ditt ärende. Hos dem har det nummer {there.number}." in message.text
        assert "De vet inte vem du är." in message.text
        assert "https://mjolby.localhost/ eller 0141-00 00 00" in message.text
        assert Event.objects.filter(verb="case.taken_over", subject_id=case.pk).count() == 1
        assert Notice.objects.filter(kind="case_answered", address="asta@example.se").count() == 1


def test_nothing_of_the_reporter_goes_along_unless_they_have_agreed(neighbours: Neighbours) -> None:
    case = made(neighbours.motala)
    ask(neighbours.motala, case.pk)
    take(neighbours.mjolby)
    with organisation_scope(neighbours.mjolby.pk):
        assert not Reporter.objects.exists()
        assert not Notice.objects.exists()
        assert not Case.objects.get().wants_feedback
        for table in ("cases_case", "cases_message", "audit_event", "collaboration_poolentry"):
            with connection.cursor() as cursor:
                cursor.execute(f"select coalesce(string_agg(t::text, ' '), '') from {table} t")
                said = cursor.fetchone()[0]
            assert "Asta" not in said, table
            assert "example.se" not in said, table


def test_with_a_yes_the_reporter_is_told_by_the_taker_and_their_words_go_along(neighbours: Neighbours) -> None:
    case = made(neighbours.motala)
    ask(neighbours.motala, case.pk, contact=True)
    take(neighbours.mjolby)
    with organisation_scope(neighbours.mjolby.pk):
        there, reporter = Case.objects.get(), Reporter.objects.get()
        assert (reporter.name, reporter.email, reporter.phone) == (ASTA.name, ASTA.email, ASTA.phone)
        assert there.wants_feedback
        assert there.text == "Lampan är släckt. Mvh Asta Ek"
        assert Notice.objects.get().kind == "case_received"
    with organisation_scope(neighbours.motala.pk):
        assert "De har fått dina kontaktuppgifter" in Message.objects.get().text
        assert Event.objects.get(verb="case.offered").data["contact"] is True


def test_in_the_reporters_language(neighbours: Neighbours) -> None:
    case = made(neighbours.motala, language="en")
    ask(neighbours.motala, case.pk)
    take(neighbours.mjolby)
    with organisation_scope(neighbours.motala.pk):
        assert "has taken over your case" in Message.objects.get().text


def test_taken_twice_by_the_same_is_one_case(neighbours: Neighbours) -> None:
    ask(neighbours.motala, made(neighbours.motala).pk)
    first, again = take(neighbours.mjolby), take(neighbours.mjolby)
    assert first.case == again.case
    with organisation_scope(neighbours.mjolby.pk):
        assert Case.objects.count() == 1
        assert Message.objects.count() == 1
    with organisation_scope(neighbours.motala.pk):
        assert Message.objects.count() == 1


def test_who_comes_second_is_told_who_was_first(neighbours: Neighbours) -> None:
    actions.gather(name="Östra", members=[neighbours.motala, neighbours.vadstena], by=factories.TEST)
    ask(neighbours.motala, made(neighbours.motala).pk)
    take(neighbours.mjolby)
    with pytest.raises(Conflict) as caught:
        take(neighbours.vadstena)
    assert str(caught.value) == "Mjolby kommun hann före. Ärendet är deras nu."
    with organisation_scope(neighbours.vadstena.pk):
        assert not Case.objects.exists()
    [left] = entries(neighbours.vadstena)
    assert (left.state, left.taker, left.text, left.title, left.reason, left.lat) == (
        Outcome.TAKEN,
        neighbours.mjolby,
        "",
        "",
        "",
        None,
    )


def test_a_sort_that_the_taker_does_not_have_is_left_to_its_words(neighbours: Neighbours) -> None:
    with organisation_scope(neighbours.motala.pk):
        factories.make_type("motala.egen", "felanmalan", "Bara i Motala")
    ask(neighbours.motala, made(neighbours.motala, type="motala.egen").pk, text="Det står en sak i vägen.")
    assert take(neighbours.mjolby).case.case_type.code == "ovrigt"


def test_praise_which_is_never_refused_is_passed_on(neighbours: Neighbours) -> None:
    case = made(neighbours.motala, type="berom")
    ask(neighbours.motala, case.pk)
    take(neighbours.mjolby)
    with organisation_scope(neighbours.motala.pk):
        case.refresh_from_db()
        assert case.state == State.RESOLVED


def test_only_published_pictures_go_along(neighbours: Neighbours, settings: Any, tmp_path: Any) -> None:
    from tests.www.plant import _file

    settings.MEDIA_ROOT = tmp_path
    with organisation_scope(neighbours.motala.pk):
        files = (_file(neighbours.motala), _file(neighbours.motala))
    case = made(neighbours.motala, photos=files, publish=True)
    with organisation_scope(neighbours.motala.pk):
        shown = Photo.objects.filter(case=case).order_by("pk")[0]
        case_actions.publish(case_id=case.pk, title="T", text="T", photo_ids=[shown.pk], warned=True, by=factories.TEST)
    ask(neighbours.motala, case.pk)
    take(neighbours.mjolby)
    with organisation_scope(neighbours.mjolby.pk):
        [copy] = Photo.objects.select_related("file")
        assert copy.file.organisation_id == neighbours.mjolby.pk
        assert copy.file.key != files[0].key
        assert not copy.published  # somebody there reads it through first, too


def test_what_was_closed_meanwhile_cannot_be_taken(neighbours: Neighbours) -> None:
    case = made(neighbours.motala)
    ask(neighbours.motala, case.pk)
    with organisation_scope(neighbours.motala.pk):
        Case.objects.filter(pk=case.pk).update(state=State.RESOLVED)  # before the reaction has run
    with pytest.raises(Conflict) as caught:
        take(neighbours.mjolby)
    assert str(caught.value) == "Motala kommun har tagit tillbaka frågan. Ärendet är kvar hos dem."
    with organisation_scope(neighbours.mjolby.pk):
        assert not Case.objects.exists()


def test_another_groups_entry_is_not_there(neighbours: Neighbours) -> None:
    ask(neighbours.motala, made(neighbours.motala).pk)
    [entry] = entries(neighbours.mjolby)
    assert entries(neighbours.vadstena) == []
    for stranger in (neighbours.vadstena, neighbours.motala):
        with pytest.raises(NotFound):
            take(stranger, entry)


def test_the_givers_own_list_decides(neighbours: Neighbours) -> None:
    """An entry that somebody has written into their own queue opens nothing."""
    case = made(neighbours.motala)
    ask(neighbours.motala, case.pk)
    [entry] = entries(neighbours.mjolby)
    with organisation_scope(neighbours.vadstena.pk):
        forged = PoolEntry.objects.create(
            uid=entry.uid,
            group=Group.objects.get(),
            giver=neighbours.motala,
            number=case.number,
            kind=case.kind,
            registered_at=case.registered_at,
            offered_at=case.registered_at,
        )
    with pytest.raises(NotFound):
        take(neighbours.vadstena, forged)
    with organisation_scope(neighbours.motala.pk):
        assert Offer.objects.get().state == Outcome.OPEN


def test_who_was_merged_into_it_is_not_told_that_they_have_agreed(neighbours: Neighbours) -> None:
    case = made(neighbours.motala)
    other = factories.make_case(neighbours.motala, "Samma", email="bo@example.se").case
    with organisation_scope(neighbours.motala.pk):
        case_actions.merge(case_id=other.pk, into_number=case.number, by=factories.TEST)
    ask(neighbours.motala, case.pk, contact=True)
    take(neighbours.mjolby)
    with organisation_scope(neighbours.motala.pk):
        said = {message.case_id: message.text for message in Message.objects.all()}
    assert set(said) == {case.pk, other.pk}
    for text in said.values():
        assert "har tagit över ditt ärende" in text
        assert "som du sagt ja till" not in text
        assert "De har kontaktuppgifter bara till den som har sagt ja till det." in text


def test_the_unit_that_had_it_and_the_one_that_is_asked_get_a_mail(neighbours: Neighbours) -> None:
    for organisation in (neighbours.motala, neighbours.mjolby):
        with organisation_scope(organisation.pk):
            Unit.objects.filter(code="gata-park").update(email=f"gata@{organisation.slug}.example")
            Unit.objects.filter(fallback=True).update(email=f"kundcenter@{organisation.slug}.example")
    case = made(neighbours.motala)
    ask(neighbours.motala, case.pk)
    with organisation_scope(neighbours.mjolby.pk):
        asked = Notice.objects.get()
        assert (asked.kind, asked.address) == ("pool_offered", "kundcenter@mjolby.example")
        assert asked.link == "https://mjolby.localhost/desk/gemensam/"
        assert "lampa" not in f"{asked.subject}{asked.body}".lower()
    take(neighbours.mjolby)
    with organisation_scope(neighbours.motala.pk):
        told = Notice.objects.get(kind="pool_taken")
        assert told.address == "gata@motala.example"
        assert case.number in told.subject


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_once_one_gets_it() -> None:
    motala, *others = (factories.make_organisation(slug) for slug in ("motala", "mjolby", "vadstena", "odeshog"))
    actions.gather(name="Östra", members=[motala, *others], by=factories.TEST)
    case = made(motala)
    ask(motala, case.pk)
    start = Barrier(len(others) * 2)
    results: list[int | str] = []

    def press(organisation: Organisation) -> None:
        try:
            start.wait()
            results.append(take(organisation).case.organisation_id)
        except LyhordError as error:
            results.append(str(error))
        finally:
            connection.close()

    threads = [Thread(target=press, args=[organisation]) for organisation in others * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with organisation_scope(motala.pk):
        winner = Offer.objects.select_related("taker").get().taker
        assert Message.objects.count() == 1
    assert winner is not None
    assert sorted(map(str, results)) == sorted(
        [str(winner.pk)] * 2 + [f"{winner.name} hann före. Ärendet är deras nu."] * 4
    )
    for organisation in others:
        with organisation_scope(organisation.pk):
            assert Case.objects.count() == (1 if organisation == winner else 0)


@pytest.mark.django_db(transaction=True)
def test_taken_taken_back_and_closed_at_once_is_one_of_them() -> None:
    """Whatever the order, nobody waits for ever and both sides agree."""
    motala, mjolby = (factories.make_organisation(slug) for slug in ("motala", "mjolby"))
    actions.gather(name="Östra", members=[motala, mjolby], by=factories.TEST)
    for _round in range(5):
        case = made(motala)
        ask(motala, case.pk)
        entry, start = entries(mjolby)[-1], Barrier(3)
        errors: list[str] = []

        def take_it(entry: PoolEntry = entry) -> None:
            take(mjolby, entry)

        def take_back(case: Case = case) -> None:
            with organisation_scope(motala.pk):
                actions.withdraw(case_id=case.pk, by=factories.TEST)

        def close(case: Case = case) -> None:
            with organisation_scope(motala.pk):
                case_actions.change_state(
                    case_id=case.pk,
                    to=State.RESOLVED,
                    closing={"measure": "Ny"},
                    message="Klart",
                    revision=case.revision,
                    by=factories.TEST,
                )

        def press(deed: Any, start: Barrier = start, errors: list[str] = errors) -> None:
            try:
                start.wait()
                deed()
            except LyhordError:
                pass
            except Exception as error:  # a deadlock, for one
                errors.append(repr(error))
            finally:
                connection.close()

        threads = [Thread(target=press, args=[deed]) for deed in (take_it, take_back, close)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        with organisation_scope(motala.pk):
            case.refresh_from_db()
            taken = Offer.objects.get(case=case).state == Outcome.TAKEN
        with organisation_scope(mjolby.pk):
            assert Reception.objects.filter(external_id=str(entry.uid)).exists() is taken
        assert (case.state == State.REFUSED) is taken


def test_of_nothing_that_is_written_down_half_remains(neighbours: Neighbours, cast: Cast) -> None:
    """When the taker cannot have it, the giver keeps it as it was."""
    case = made(neighbours.motala)
    ask(neighbours.motala, case.pk)
    with organisation_scope(neighbours.mjolby.pk):
        CaseType.objects.filter(kind="felanmalan").update(active=False)
        entry = PoolEntry.objects.get()
        with pytest.raises(LyhordError):
            actions.take(entry_id=entry.pk, by=factories.TEST)
        assert PoolEntry.objects.get().state == Outcome.OPEN
    with organisation_scope(neighbours.motala.pk):
        case.refresh_from_db()
        assert case.state == State.RECEIVED
        assert Offer.objects.get().state == Outcome.OPEN
