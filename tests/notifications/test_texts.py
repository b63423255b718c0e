"""Text messages out: what leaves, to whom, when, how often, and how it went."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from lyhord.cases import actions
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.phone_number import takes_sms
from lyhord.core.sealed import unseal
from lyhord.core.tenancy import organisation_scope
from lyhord.following.models import Follow
from lyhord.notifications.gateway import GATEWAYS, Gateway
from lyhord.notifications.models import Contact, Notice, NoticeState, SentText
from lyhord.notifications.sender import SENDERS
from lyhord.notifications.text_actions import renew_key, set_gateway
from lyhord.notifications.texts import SECRET
from lyhord.organisations.models import Organisation
from tests import factories
from tests.factories import TEST, at
from tests.far_end import Reply, listening, work
from tests.notifications.texting import ASTA, NUMBER, Texting, row_of

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.21", "0.22")]
NOON = at("2026-11-27 12:00")
RESIDENT = Actor.resident()


@pytest.fixture(autouse=True)
def _usual_links(settings: Settings) -> Iterator[None]:
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "https", ""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def motala(db: None) -> Organisation:
    return factories.make_organisation("motala")


@pytest.fixture
def texting(settings: Settings, motala: Organisation) -> Iterator[Texting]:
    with listening(settings) as far_end:
        yield Texting(far_end, motala)


def make(organisation: Organisation, *, by: Actor = RESIDENT, **values: Any) -> tuple[Case, str]:
    reporter = NewReporter(phone=ASTA, tell_by=("sms",), **values)
    made = factories.make_case(organisation, reporter=reporter, wants_feedback=True)
    return made.case, made.code


def code_in(texting: Texting) -> str:
    return next(word for word in texting.words[-1].split() if word.isdecimal() and len(word) == 6)


def confirmed(texting: Texting, case: Case) -> Follow:
    with organisation_scope(case.organisation_id):
        follow = Follow.objects.get(subject_id=case.pk, contact__sender="sms")
        actions.confirm_by_code(follow_id=follow.pk, written=code_in(texting), by=RESIDENT)
        follow.refresh_from_db()
    assert follow.confirmed_at
    work()
    return follow


def answer(case: Case) -> None:
    with organisation_scope(case.organisation_id):
        actions.change_state(case_id=case.pk, to=State.RESOLVED, by=TEST, message="Nu lyser den.", reason="")


def test_a_number_gets_a_code_and_nothing_else_before_it_is_written(texting: Texting, motala: Organisation) -> None:
    case, _code = make(motala)
    work()
    assert len(texting.words) == 1
    assert case.number not in texting.words[0]
    assert "https" not in texting.words[0]
    form = texting.sent[0]
    assert (form["from"], form["to"]) == (NUMBER, ASTA)
    assert texting.far_end.heard[0].headers["authorization"].startswith("Basic ")
    confirmed(texting, case)
    assert len(texting.words) == 2  # the receipt
    assert case.number in texting.words[1]
    assert "https://motala.localhost/f/" in texting.words[1]
    with organisation_scope(motala.pk):
        assert list(SentText.objects.order_by("pk").values_list("remote_id", "parts")) == [("s1", 1), ("s2", 1)]


def test_a_number_that_has_shown_itself_is_not_asked_again(texting: Texting, motala: Organisation) -> None:
    first, _code = make(motala)
    work()
    confirmed(texting, first)
    second, _code = make(motala)
    work()
    assert second.number in texting.words[-1]


def test_who_rang_answers_yes_in_place_of_a_code(texting: Texting, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        boss = factories.make_member(motala, "ring@motala.example", "Ring", "contact_centre")
    reporter = NewReporter(phone=ASTA, tell_by=("sms",))
    from lyhord.cases.facts import NewCase
    from lyhord.cases.models import CaseType

    with organisation_scope(motala.pk):
        case_type = CaseType.objects.select_related("current", "category").get(code="belysning.lampa")
        new = NewCase(case_type=case_type, text="Mörkt.", channel="phone", reporter=reporter, wants_feedback=True)
        case = actions.register(organisation=motala, new=new, by=boss.actor).case
    work()
    assert "Svara JA" in texting.words[0]
    assert case.number in texting.words[0]
    assert texting.writes("Ja!").status_code == 200
    work()
    assert case.number in texting.words[1]
    with organisation_scope(motala.pk):
        assert Follow.objects.get(subject_id=case.pk).confirmed_at


def test_news_says_nothing_of_what_it_is_about(texting: Texting, motala: Organisation) -> None:
    case, _code = make(motala)
    work()
    confirmed(texting, case)
    answer(case)
    work()
    said = texting.words[-1]
    assert "https://motala.localhost/f/" in said
    assert "lyser" not in said
    assert "Vintergatan" not in said


@pytest.mark.requirement("X2")
def test_to_somebody_protected_not_even_where_or_which(texting: Texting, motala: Organisation) -> None:
    case, code = make(motala, protected=True)
    work()
    confirmed(texting, case)
    answer(case)
    work()
    assert len(texting.words) == 3
    for said in texting.words[1:]:
        assert "http" not in said
        assert "otala" not in said
        assert case.number not in said
        assert code[:4] not in said


def test_at_night_it_waits_for_the_morning(texting: Texting, motala: Organisation) -> None:
    case, _code = make(motala)
    work()
    confirmed(texting, case)
    before = len(texting.words)
    with time_machine.travel(at("2026-11-27 22:30"), tick=False):
        answer(case)
        work()
        assert len(texting.words) == before
    with time_machine.travel(at("2026-11-28 06:59"), tick=False):
        work()
        assert len(texting.words) == before
    with time_machine.travel(at("2026-11-28 07:00"), tick=False):
        work()
    assert len(texting.words) == before + 1


def test_what_is_too_much_for_a_day_goes_the_next(settings: Settings, motala: Organisation) -> None:
    with listening(settings) as far_end:
        texting = Texting(far_end, motala, most_a_day=1)
        make(motala)
        work()
        with organisation_scope(motala.pk):
            follow = Follow.objects.get()
            actions.confirm_by_code(follow_id=follow.pk, written=code_in(texting), by=RESIDENT)
        work()
        assert len(texting.words) == 1
        with organisation_scope(motala.pk):
            waiting = Notice.objects.get(kind="case_received")
            assert (waiting.state, waiting.last_error) == (
                NoticeState.QUEUED,
                "så många sms får inte skickas på en dag",
            )
        work(days=1)
        assert len(texting.words) == 2


@pytest.mark.parametrize("status", ["delivered", "sent"])
def test_a_report_that_it_arrived(texting: Texting, motala: Organisation, status: str) -> None:
    make(motala)
    work()
    assert texting.reports(0, status).status_code == 200
    with organisation_scope(motala.pk):
        assert bool(SentText.objects.get().delivered_at) is (status == "delivered")
        assert Contact.objects.get(sender="sms").paused_at is None


@pytest.mark.requirement("3.21")
def test_a_message_that_was_lost_pauses_the_number_until_its_owner_writes(
    texting: Texting, motala: Organisation
) -> None:
    case, _code = make(motala)
    work()
    confirmed(texting, case)
    for _twice in range(2):
        assert texting.reports(1, "failed").status_code == 200
    with organisation_scope(motala.pk):
        contact = Contact.objects.get(sender="sms")
        assert contact.paused_at
        assert Notice.objects.get(kind="case_received").state == NoticeState.FAILED
    answer(case)
    work()
    assert len(texting.words) == 2
    texting.writes("Jag undrar hur det går med lampan")
    work()
    assert len(texting.words) == 3
    with organisation_scope(motala.pk):
        contact.refresh_from_db()
        assert contact.paused_at is None


def test_a_report_without_the_key_changes_nothing(texting: Texting, motala: Organisation) -> None:
    make(motala)
    work()
    form, query = {"id": "s1", "status": "failed"}, "?rapport=1"
    for key in ("", "x", texting.key[:-1], f"{texting.key}x"):
        answered = texting.call(form, query=query, key=key)
        assert (answered.status_code, answered["WWW-Authenticate"]) == (401, 'Basic realm="sms"')
    with organisation_scope(motala.pk):
        assert Contact.objects.get(sender="sms").paused_at is None
        renew_key(by=TEST)
    assert texting.reports(0, "failed").status_code == 401
    mjolby = factories.make_organisation("mjolby")
    texting.organisation = mjolby
    assert texting.reports(0, "failed").status_code == 401


@pytest.mark.parametrize(
    ("reply", "permanent", "paused"),
    [
        (Reply(status=503, body=b"busy"), False, False),
        (Reply(status=429, body=b"slow down"), False, False),
        (Reply(status=402, body=b"no money"), False, False),
        (Reply(status=401, body=b"who are you"), False, False),
        (Reply(status=400, body=b"Text too long"), True, False),
        (Reply(status=400, body=b"Invalid to number"), True, True),
    ],
)
def test_what_the_gateway_refuses(
    texting: Texting, motala: Organisation, reply: Reply, permanent: bool, paused: bool
) -> None:
    texting.far_end.replies = [reply]
    make(motala)
    work()
    with organisation_scope(motala.pk):
        notice = Notice.objects.get()
        assert notice.state == (NoticeState.FAILED if permanent else NoticeState.QUEUED)
        assert str(reply.status) in notice.last_error
        assert bool(Contact.objects.get(sender="sms").paused_at) is paused
    if not permanent:
        work(days=0.1)
        assert len(texting.words) == 2


@pytest.mark.parametrize(
    ("written", "fine"),
    [("070-174 06 05", True), ("+46 70 174 06 05", True), ("0141-22 33 44", False), ("+1 650 253 0000", False)],
)
def test_which_numbers_can_be_chosen(texting: Texting, motala: Organisation, written: str, fine: bool) -> None:
    sms = SENDERS.get("sms")
    with organisation_scope(motala.pk):
        assert sms.offered(motala)
        if fine:
            assert sms.clean(written) == ASTA
        else:
            with pytest.raises(Invalid):
                sms.clean(written)


def test_nothing_is_offered_before_it_is_switched_on(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        assert not SENDERS.get("sms").offered(motala)


def test_the_secrets_are_sealed_and_kept(texting: Texting, motala: Organisation) -> None:
    row = row_of(motala)
    assert "zxhemligt" not in row.secret
    assert unseal(row.secret, purpose=SECRET) == "zxhemligt"
    assert texting.key not in row.key
    with organisation_scope(motala.pk):
        values = {"gateway": "46elks", "url": row.url, "username": "u", "sender": "Motala", "countries": "46 358"}
        set_gateway(**values, secret="", most_a_day=5, active=False, by=TEST)
    row = row_of(motala)
    assert unseal(row.secret, purpose=SECRET) == "zxhemligt"
    assert (row.sender, row.active) == ("Motala", False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gateway", "nej"),
        ("url", "ftp://x"),
        ("sender", "Åby"),
        ("sender", "x"),
        ("countries", ""),
        ("countries", "Sverige"),
        ("most_a_day", 0),
    ],
)
def test_settings_that_make_no_sense(motala: Organisation, field: str, value: object) -> None:
    values: dict[str, Any] = {"gateway": "46elks", "url": "", "username": "u", "secret": "x", "sender": NUMBER}
    values |= {"countries": "46", "most_a_day": 10, "active": True, field: value}
    with organisation_scope(motala.pk), pytest.raises(Invalid) as caught:
        set_gateway(**values, by=TEST)
    assert list(caught.value.errors) == [field]


def test_every_gateway_keeps_the_contract() -> None:
    assert len(GATEWAYS.slugs()) >= 2
    for gateway in GATEWAYS:
        assert isinstance(gateway, Gateway)
        assert str(gateway.label)
        for nonsense in ({}, {"id": ""}, {"id": "1", "status": "?"}):
            with pytest.raises(ValueError, match="no"):
                gateway.fate(nonsense)
        with pytest.raises(ValueError, match="no"):
            gateway.incoming({"message": "hej"})


def test_the_numbers_of_these_tests_may_be_texted() -> None:
    assert takes_sms(ASTA)
