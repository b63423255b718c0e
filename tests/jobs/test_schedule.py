"""The schedule: each slot once, by Swedish clocks."""

import threading
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from time_machine import TimeMachineFixture

from lyhord.core.clock import local, now
from lyhord.jobs import schedule
from lyhord.jobs.models import Job, JobState, Schedule
from lyhord.jobs.schedule import Rule, daily, every
from lyhord.jobs.tasks import tidy
from tests.jobs import errands

moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(moments, times)
def test_a_daily_slot_is_later_and_comes_once_a_day(moment: datetime, at: time) -> None:
    rule = Rule(at=at)
    slot = rule.after(moment)
    assert moment < slot <= moment + timedelta(hours=25)
    following = rule.after(slot)
    assert local(following).date() == local(slot).date() + timedelta(days=1)
    shown = local(slot).time()
    assert shown == at or (2 <= at.hour < 3 and shown.hour == at.hour + 1), "only the hour that spring skips moves"


@given(moments, st.integers(1, 10_000))
def test_an_interval_has_its_slots_wherever_one_starts_counting(moment: datetime, minutes: int) -> None:
    rule = Rule(interval=timedelta(minutes=minutes))
    slot = rule.after(moment)
    assert moment < slot <= moment + timedelta(minutes=minutes)
    assert rule.after(slot) == slot + timedelta(minutes=minutes)


@pytest.mark.requirement("X11")
def test_autumns_double_hour_counts_once() -> None:
    rule = Rule(at=time(2, 30))
    first = rule.after(datetime(2026, 10, 24, 22, tzinfo=UTC))
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert rule.after(first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("wrong", ["3:10", "03:10:00", "25:00", "", "03.10"])
def test_a_wrong_time_is_refused_at_start(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"time|hour"):
        daily(wrong)


def test_an_interval_of_nothing_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="interval"):
        every(minutes=0)


@pytest.mark.django_db
def test_declared_tasks_get_a_row_and_keep_it() -> None:
    schedule.prepare()
    row = Schedule.objects.get(task=errands.often.module_path)
    assert row.next_run_at == Rule(interval=timedelta(minutes=5)).after(now())
    Schedule.objects.filter(pk=row.pk).update(next_run_at=now())
    schedule.prepare()
    assert Schedule.objects.get(pk=row.pk).next_run_at <= now()
    Schedule.objects.filter(pk=row.pk).update(rule="every 9:99:99")
    schedule.prepare()
    assert Schedule.objects.get(pk=row.pk).next_run_at > now()


@pytest.mark.django_db
def test_slots_missed_are_made_up_for_by_one_run(time_machine: TimeMachineFixture) -> None:
    schedule.prepare()
    Schedule.objects.exclude(task=errands.often.module_path).delete()
    assert schedule.enqueue_due() == 0
    time_machine.move_to(now() + timedelta(days=3))
    assert schedule.enqueue_due() == 1
    assert schedule.enqueue_due() == 0
    assert Job.objects.get().task == errands.often.module_path


@pytest.mark.django_db
def test_a_run_that_still_waits_is_not_queued_again() -> None:
    schedule.prepare()
    for _ in range(3):
        Schedule.objects.filter(task=errands.often.module_path).update(next_run_at=now())
        schedule.enqueue_due()
    assert Job.objects.filter(task=errands.often.module_path).count() == 1


@pytest.mark.django_db
def test_a_row_that_nobody_declares_is_left_alone() -> None:
    Schedule.objects.create(task="lyhord.of.tomorrow", rule="daily", next_run_at=now() - timedelta(days=1))
    assert schedule.enqueue_due() == 0


@pytest.mark.django_db(transaction=True)
def test_each_slot_is_queued_once_however_many_look() -> None:
    schedule.prepare()
    Schedule.objects.exclude(task=errands.often.module_path).delete()
    Schedule.objects.update(next_run_at=now())
    together, counted = threading.Barrier(6), []

    def look() -> None:
        together.wait()
        counted.append(schedule.enqueue_due())
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counted) == [0, 0, 0, 0, 0, 1]
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_tidying_keeps_the_dead_for_90_days() -> None:
    for age in (89, 91):
        Job.objects.create(task="x", state=JobState.DEAD, finished_at=now() - timedelta(days=age))
    Job.objects.create(task="x", state=JobState.DONE, finished_at=now() - timedelta(minutes=1))
    Job.objects.create(task="x")
    tidy.call()
    assert sorted(Job.objects.values_list("state", flat=True)) == [JobState.DEAD, JobState.READY]
