"""The one log: in the transaction of what it tells of, and told on after it."""

from collections.abc import Iterator
from threading import Event as Signal
from threading import Thread
from time import sleep
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from lyhord.audit import reactions
from lyhord.audit.actions import record
from lyhord.audit.models import Event
from lyhord.audit.reactions import reacts_to, run_reaction
from lyhord.core.actor import Actor
from lyhord.core.clock import pretend
from lyhord.core.tenancy import NoOrganisation, current_organisation_id, organisation_scope
from lyhord.jobs.inline import run_waiting
from lyhord.jobs.models import Job
from lyhord.organisations.models import Organisation, Unit
from tests import factories
from tests.conftest import Cast
from tests.factories import TEST, at

pytestmark = pytest.mark.django_db

SEEN: list[tuple[str, int, int | None]] = []


def write(verb: str = "test.happened", **values: Any) -> Event:
    return record(verb=verb, subject_type="test", subject_id=7, by=TEST, **values)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Reactions that tests add are taken away again."""
    by_verb = {verb: list(names) for verb, names in reactions._by_verb.items()}
    by_name = dict(reactions._by_name)
    SEEN.clear()
    yield
    reactions._by_verb.clear()
    reactions._by_verb.update(by_verb)
    reactions._by_name.clear()
    reactions._by_name.update(by_name)


class TestRecord:
    """Writing."""

    def test_everything_is_there(self, cast: Cast) -> None:
        with organisation_scope(cast.motala.pk), pretend(at("2026-11-23 16:42")):
            write(data={"å": [1, None]}, level=3)
            record(verb="test.read", subject_type="test", subject_id=8, by=cast.sara.actor)
            record(verb="test.said", subject_type="test", subject_id=9, by=Actor.resident())
            first, second, third = Event.objects.filter(subject_type="test").order_by("pk")
        assert (first.organisation_id, first.at, first.verb) == (
            cast.motala.pk,
            at("2026-11-23 16:42"),
            "test.happened",
        )
        assert (first.subject_type, first.subject_id, first.level, first.data) == ("test", 7, 3, {"å": [1, None]})
        assert (first.actor_kind, first.actor_id, first.actor_label) == ("system", None, "test")
        assert (second.actor_kind, second.actor_id, second.actor_label, second.level, second.data) == (
            "person",
            cast.sara.pk,
            "Sara Ek",
            2,
            {},
        )
        assert (third.actor_kind, third.actor_id, third.actor_label) == ("resident", None, "")
        assert first.transaction_id == second.transaction_id > 0

    @pytest.mark.parametrize("level", [0, 4, -1])
    def test_only_three_levels(self, motala: Organisation, level: int) -> None:
        with organisation_scope(motala.pk), pytest.raises(ValueError, match="level"):
            write(level=level)

    def test_not_without_an_organisation(self, motala: Organisation) -> None:
        with pytest.raises(NoOrganisation):
            write()

    def test_a_long_name_never_stops_what_it_tells_of(self, motala: Organisation) -> None:
        with organisation_scope(motala.pk):
            record(verb="test.x", subject_type="test", subject_id=1, by=Actor("person", 1, "x" * 500))
            assert len(Event.objects.get(verb="test.x").actor_label) == 200

    def test_the_history_of_one_thing_in_order(self, motala: Organisation) -> None:
        with organisation_scope(motala.pk):
            made = [write(f"test.{n}") for n in range(3)]
            record(verb="test.other", subject_type="test", subject_id=8, by=TEST)
            record(verb="test.other", subject_type="other", subject_id=7, by=TEST)
            assert list(Event.objects.all().about("test", 7)) == made

    @pytest.mark.requirement("X1")
    def test_each_organisation_has_its_own_log(self, cast: Cast) -> None:
        with organisation_scope(cast.motala.pk):
            write()
        with organisation_scope(cast.mjolby.pk):
            assert not Event.objects.filter(verb="test.happened").exists()


@pytest.mark.requirement("2.4", "X3")
@pytest.mark.django_db(transaction=True)
class TestOneTransaction:
    """The log and what it tells of are kept or lost together."""

    def test_a_rollback_takes_both_and_the_jobs(self) -> None:
        motala = factories.make_organisation()
        reacts_to("test.happened")(note_it)
        with pytest.raises(ZeroDivisionError):
            self.do_and_fail(motala)
        with organisation_scope(motala.pk):
            assert not Event.objects.filter(verb="test.happened").exists()
            assert Unit.objects.by_code("ny") is None
        assert not Job.objects.exists()

    def do_and_fail(self, organisation: Organisation) -> None:
        with organisation_scope(organisation.pk):
            factories.make_unit("ny", "Ny")
            write()
            raise ZeroDivisionError

    def test_when_the_log_cannot_be_written_nothing_happens(self) -> None:
        motala = factories.make_organisation()
        with pytest.raises(DatabaseError):
            self.do_and_log_what_cannot_be(motala)
        with organisation_scope(motala.pk):
            assert Unit.objects.by_code("ny") is None

    def do_and_log_what_cannot_be(self, organisation: Organisation) -> None:
        with organisation_scope(organisation.pk):
            factories.make_unit("ny", "Ny")
            write(data={"text": "\x00"})

    def test_a_reader_who_reads_on_misses_nothing_that_was_committed_late(self) -> None:
        """A begins first and commits last; whoever has read B by then must still be shown A afterwards."""
        motala = factories.make_organisation()
        written, may_commit = Signal(), Signal()

        def slow() -> None:
            try:
                with organisation_scope(motala.pk):
                    write("test.a")
                    written.set()
                    may_commit.wait(60)
            finally:
                connection.close()

        thread = Thread(target=slow)
        thread.start()
        assert written.wait(60)
        with organisation_scope(motala.pk):
            write("test.b")
        seen: list[str] = []
        last = (0, 0)
        for _ in range(600):  # other workers' transactions in the same cluster hold back what is settled, for a while
            with organisation_scope(motala.pk):
                # B is visible, but not settled while A, which is older, may still come
                assert Event.objects.filter(verb="test.b").exists()
                for event in Event.objects.all().settled().filter(subject_type="test"):
                    if (event.transaction_id, event.pk) > last:
                        last = (event.transaction_id, event.pk)
                        seen.append(event.verb)
            may_commit.set()
            thread.join()
            if len(seen) == 2:
                break
            sleep(0.1)
        assert seen == ["test.a", "test.b"]

    def test_transactions_that_follow_each_other_have_growing_numbers(self) -> None:
        motala = factories.make_organisation()
        numbers = []
        for _ in range(3):
            with organisation_scope(motala.pk):
                numbers += [write().transaction_id, write().transaction_id]
        with organisation_scope(motala.pk):
            numbers = list(
                Event.objects.filter(verb="test.happened").order_by("pk").values_list("transaction_id", flat=True)
            )
        assert numbers == sorted(numbers)
        assert len(set(numbers)) == 3


def note_it(event: Event) -> None:
    SEEN.append((event.verb, event.pk, current_organisation_id()))


def write_more(event: Event) -> None:
    if event.verb == "test.happened":
        write("test.followed")


def break_down(event: Event) -> None:
    factories.make_unit("halv", "Halv")
    raise ZeroDivisionError


class TestReactions:
    """News goes up as jobs."""

    def test_each_reaction_is_a_job_that_runs_in_the_events_organisation(self, cast: Cast) -> None:
        reacts_to("test.happened", "test.other")(note_it)
        for organisation in (cast.motala, cast.mjolby):
            with organisation_scope(organisation.pk):
                write()
                write("test.unheard")
        assert SEEN == []
        assert Job.objects.filter(task__contains="run_reaction").count() == 2
        run_waiting()
        assert [(verb, organisation) for verb, _, organisation in SEEN] == [
            ("test.happened", cast.motala.pk),
            ("test.happened", cast.mjolby.pk),
        ]
        assert current_organisation_id() is None

    def test_a_reaction_may_cause_the_next(self, motala: Organisation) -> None:
        reacts_to("test.happened")(write_more)
        reacts_to("test.followed")(note_it)
        with organisation_scope(motala.pk):
            write()
        run_waiting()
        assert [verb for verb, _, _ in SEEN] == ["test.followed"]

    def test_registering_again_does_not_run_it_twice(self, motala: Organisation) -> None:
        for _ in range(2):
            reacts_to("test.happened")(note_it)
        with organisation_scope(motala.pk):
            write()
        run_waiting()
        assert len(SEEN) == 1

    def test_one_that_fails_undoes_its_own_work_and_leaves_the_others(self, motala: Organisation) -> None:
        reacts_to("test.happened")(break_down)
        reacts_to("test.happened")(note_it)
        with organisation_scope(motala.pk):
            write()
        run_waiting(raise_errors=False)
        assert len(SEEN) == 1
        with organisation_scope(motala.pk):
            assert Unit.objects.by_code("halv") is None
        left = Job.objects.get()
        assert "ZeroDivisionError" in left.last_error

    def test_run_twice_it_sees_the_same_event(self, motala: Organisation) -> None:
        reacts_to("test.happened")(note_it)
        with organisation_scope(motala.pk):
            event = write()
        for _ in range(2):
            run_reaction.func(organisation_id=motala.pk, event_id=event.pk, name=f"{__name__}.note_it")
        assert [("test.happened", event.pk, motala.pk)] * 2 == SEEN

    @pytest.mark.requirement("X1")
    def test_an_event_is_never_read_in_another_organisation(self, cast: Cast) -> None:
        reacts_to("test.happened")(note_it)
        with organisation_scope(cast.motala.pk):
            event = write()
        with pytest.raises(Event.DoesNotExist):
            run_reaction.func(organisation_id=cast.mjolby.pk, event_id=event.pk, name=f"{__name__}.note_it")

    def test_every_reaction_of_the_product_is_known_by_a_name_that_can_be_run(self) -> None:
        names = {name for names in reactions._by_verb.values() for name in names}
        assert names
        assert names <= set(reactions._by_name)
        for verb, listed in reactions._by_verb.items():
            assert len(listed) == len(set(listed)), verb


def test_a_savepoint_that_is_rolled_back_takes_its_events_and_jobs_along(motala: Organisation) -> None:
    reacts_to("test.happened")(note_it)
    with organisation_scope(motala.pk):
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
        assert not Event.objects.filter(verb="test.happened").exists()
    assert not Job.objects.exists()
