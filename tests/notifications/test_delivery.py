"""From the outbox to a real SMTP server: once, late, never, and after a crash."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
import time_machine
from django.db import connection
from pytest_django import Settings

from lyhord.audit.models import Event
from lyhord.cases.models import Case
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Conflict
from lyhord.core.tenancy import organisation_scope
from lyhord.jobs.models import Job
from lyhord.notifications import actions, delivery
from lyhord.notifications.models import Notice, NoticeState
from lyhord.notifications.names import message_id
from lyhord.organisations.models import Organisation
from tests import factories
from tests.notifications.post_office import PostOffice, text_of

pytestmark = pytest.mark.django_db(transaction=True)

type Work = Callable[[], int]
EMAIL = "anna.lind@exempel.se"
SARA = Actor("person", 1, "Sara Ek")
LONG = timedelta(days=1)


def the_notice(organisation: Organisation) -> Notice:
    """The only notice, read anew."""
    with organisation_scope(organisation.pk):
        return Notice.objects.get()


def verbs(organisation: Organisation) -> list[str]:
    """What the log says of notices, in order."""
    with organisation_scope(organisation.pk):
        events = Event.objects.filter(verb__startswith="notice.").order_by("pk")
        return list(events.values_list("verb", flat=True))


@pytest.mark.requirement("0.22")
def test_delivered_once(motala: Organisation, post_office: PostOffice, work: Work) -> None:
    case = factories.make_case(motala, email=EMAIL)
    assert post_office.letters == []
    work()
    work()
    [letter] = post_office.letters
    assert post_office.recipients == [[EMAIL]]
    assert case.case.number in text_of(letter)
    assert f"/f/{case.code}/" in text_of(letter)
    notice = the_notice(motala)
    assert (notice.state, notice.attempts, notice.last_error) == ("sent", 1, "")
    assert notice.sent_at is not None
    assert not Job.objects.exists()


@pytest.mark.requirement("0.22")
def test_nothing_is_sent_to_whoever_wants_nothing(motala: Organisation, post_office: PostOffice, work: Work) -> None:
    factories.make_case(motala, email=EMAIL, wants_feedback=False)
    factories.make_case(motala)
    work()
    assert post_office.letters == []
    with organisation_scope(motala.pk):
        assert Case.objects.count() == 2


@pytest.mark.requirement("2.16")
def test_without_a_mail_server_the_case_is_saved_and_the_mail_goes_later_once(
    motala: Organisation, post_office: PostOffice, work: Work
) -> None:
    post_office.close()
    case = factories.make_case(motala, email=EMAIL)
    with organisation_scope(motala.pk):
        assert Case.objects.filter(number=case.case.number).exists()
    start = now()
    with time_machine.travel(start, tick=False) as clock:
        work()
        notice = the_notice(motala)
        assert (notice.state, notice.attempts) == ("queued", 1)
        assert "ConnectionRefused" in notice.last_error
        assert notice.next_try_at is not None
        assert notice.next_try_at > start
        assert work() == 0  # not before its time
        post_office.open()
        clock.shift(60)
        work()
        clock.shift(LONG)
        work()
    assert len(post_office.letters) == 1
    notice = the_notice(motala)
    assert (notice.state, notice.attempts, notice.next_try_at) == ("sent", 2, None)


@pytest.mark.parametrize("at", ["at_rcpt", "at_data"])
def test_a_server_that_says_later_is_asked_later(
    motala: Organisation, post_office: PostOffice, work: Work, at: str
) -> None:
    getattr(post_office, at).append("451 4.7.1 Greylisted, try again")
    factories.make_case(motala, email=EMAIL)
    with time_machine.travel(now(), tick=False) as clock:
        work()
        notice = the_notice(motala)
        assert notice.state == "queued"
        assert notice.last_error == "451 4.7.1 Greylisted, try again"
        clock.shift(60)
        work()
    assert len(post_office.letters) == 1
    assert the_notice(motala).state == "sent"
    assert verbs(motala) == []


@pytest.mark.requirement("2.16")
@pytest.mark.parametrize("at", ["at_rcpt", "at_data"])
def test_a_server_that_says_never_is_believed(
    motala: Organisation, post_office: PostOffice, work: Work, at: str
) -> None:
    getattr(post_office, at).append(f"550 5.1.1 <{EMAIL}>: no such user")
    case = factories.make_case(motala, email=EMAIL)
    with time_machine.travel(now(), tick=False) as clock:
        work()
        clock.shift(LONG)
        assert work() == 0
    notice = the_notice(motala)
    assert (notice.state, notice.attempts, notice.next_try_at) == ("failed", 1, None)
    assert "no such user" in notice.last_error
    assert EMAIL not in notice.last_error
    assert verbs(motala) == ["notice.failed"]
    with organisation_scope(motala.pk):
        event = Event.objects.get(verb="notice.failed")
        assert (event.subject_type, event.subject_id) == ("case", case.case.pk)
        assert EMAIL not in str(event.data)


def test_after_the_last_try_it_has_failed(motala: Organisation, post_office: PostOffice, work: Work) -> None:
    post_office.close()
    factories.make_case(motala, email=EMAIL)
    with time_machine.travel(now(), tick=False) as clock:
        for attempt in range(1, delivery.MAX_ATTEMPTS + 1):
            assert work() == 1
            notice = the_notice(motala)
            assert notice.attempts == attempt
            clock.shift(LONG)
        assert work() == 0
    notice = the_notice(motala)
    assert (notice.state, notice.next_try_at) == ("failed", None)
    assert "ConnectionRefused" in notice.last_error
    assert verbs(motala) == ["notice.failed"]
    job = Job.objects.get()
    assert job.state == "dead"
    assert EMAIL not in job.last_error


def test_what_failed_can_be_resent_and_what_was_sent_cannot(
    motala: Organisation, post_office: PostOffice, work: Work
) -> None:
    post_office.at_rcpt.append("550 no")
    factories.make_case(motala, email=EMAIL)
    work()
    failed = the_notice(motala)
    assert failed.state == "failed"
    with organisation_scope(motala.pk):
        resent = actions.resend(notice_id=failed.pk, by=SARA)
        assert (resent.state, resent.attempts) == ("queued", 0)
        with pytest.raises(Conflict):
            actions.resend(notice_id=failed.pk, by=SARA)
    work()
    assert len(post_office.letters) == 1
    assert the_notice(motala).state == "sent"
    assert verbs(motala) == ["notice.failed", "notice.resent"]
    with organisation_scope(motala.pk), pytest.raises(Conflict):
        actions.resend(notice_id=failed.pk, by=SARA)


def test_what_is_cancelled_does_not_leave(motala: Organisation, post_office: PostOffice, work: Work) -> None:
    factories.make_case(motala, email=EMAIL)
    with organisation_scope(motala.pk):
        actions.cancel(notice_id=Notice.objects.get().pk, by=SARA)
    work()
    assert post_office.letters == []
    assert the_notice(motala).state == "cancelled"


def test_no_transaction_is_open_while_the_server_thinks(
    motala: Organisation, post_office: PostOffice, work: Work
) -> None:
    open_ones: list[int] = []

    def look() -> None:
        """Ask PostgreSQL itself, from the server's thread: which of our connections is in a transaction?"""
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_stat_activity where datname = current_database()"
                " and pid <> pg_backend_pid() and state <> 'idle'"
            )
            open_ones.append(cursor.fetchone()[0])
        connection.close()

    post_office.on_letter = look
    factories.make_case(motala, email=EMAIL)
    work()
    assert open_ones == [0]


def test_words_are_kept_in_the_demo_only(motala: Organisation, post_office: PostOffice, work: Work) -> None:
    case = factories.make_case(motala, email=EMAIL)
    work()
    notice = the_notice(motala)
    assert case.code not in notice.body + notice.link + notice.stop_link
    assert case.case.number in notice.subject
    with organisation_scope(motala.pk):
        Notice.objects.all().delete()
    motala.demo = True
    motala.save()
    case = factories.make_case(motala, email=EMAIL)
    work()
    assert case.code in the_notice(motala).body


def test_an_error_nobody_foresaw_is_tried_again(
    motala: Organisation, settings: Settings, post_office: PostOffice, work: Work
) -> None:
    right = settings.MAILERS
    settings.MAILERS = {"default": {"BACKEND": "nowhere.Backend"}}
    factories.make_case(motala, email=EMAIL)
    with time_machine.travel(now(), tick=False) as clock:
        work()
        notice = the_notice(motala)
        assert (notice.state, notice.last_error) == ("queued", "InvalidMailer")
        settings.MAILERS = right
        clock.shift(60)
        work()
    assert len(post_office.letters) == 1


@pytest.mark.all
@pytest.mark.requirement("2.16")
def test_a_crash_after_the_server_took_it_sends_it_again_with_the_same_message_id(
    motala: Organisation, post_office: PostOffice, work: Work
) -> None:
    """A real worker is killed between the server's yes and our writing it down."""
    factories.make_case(motala, email=EMAIL)
    worker = _start_worker(post_office.port)
    post_office.on_letter = lambda: os.kill(worker.pid, signal.SIGKILL)
    assert worker.wait(60) == -signal.SIGKILL
    post_office.on_letter = lambda: None
    notice = the_notice(motala)
    assert (notice.state, notice.attempts) == (NoticeState.QUEUED, 1)
    with connection.cursor() as cursor:  # the lease of the dead worker runs out
        cursor.execute("update jobs_job set state = 'ready', lease_until = null where state = 'running'")
    work()
    first, second = post_office.letters
    assert first["Message-ID"] == second["Message-ID"] == message_id(notice.pk, "motala.localhost")
    notice = the_notice(motala)
    assert (notice.state, notice.attempts) == ("sent", 2)


def _start_worker(port: int) -> "subprocess.Popen[bytes]":
    settings = connection.settings_dict
    name, user, host = (quote(settings[key], safe="") for key in ("NAME", "USER", "HOST"))
    url = f"postgresql://{user}@/{name}?host={host}&port={settings['PORT']}"
    environment = {
        **os.environ,
        "LYHORD_DATABASE_URL": url,
        "LYHORD_OWNER_DATABASE_URL": url,
        "LYHORD_EMAIL_HOST": "127.0.0.1",
        "LYHORD_EMAIL_PORT": str(port),
        "LYHORD_DEMO": "0",
    }
    root = Path(__file__).parents[2]
    return subprocess.Popen([sys.executable, str(root / "manage.py"), "work"], cwd=root, env=environment)
