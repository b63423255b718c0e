"""Case systems: what goes there and comes back, in order, once, and never what is for staff where residents read."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from lyhord.cases.actions import change_state, note, protect, reply
from lyhord.cases.models import Case, Message, Side
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import Conflict, LyhordError
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange import inbox, systems, tasks
from lyhord.exchange import system_actions as actions
from lyhord.exchange.adapter import ADAPTERS, Adapter, AdapterError, Attachment, Batch, Change, Connection, News
from lyhord.exchange.models import ChangeKind, ChangeState, Incoming, Link, Outgoing, System
from lyhord.organisations.models import Organisation
from tests import factories
from tests.far_end import work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("0.9", "0.21", "N9")]


@dataclass
class Peer(Adapter):
    """A case system in memory that can be told to fail, before or after it did what it was told."""

    done: list[tuple[str, Change]] = field(default_factory=list)
    news: list[News] = field(default_factory=list)
    fails: list[str] = field(default_factory=list)
    """"before", "after" or "refused", one for each coming call."""
    gone: set[str] = field(default_factory=set)
    """The keys of news whose content can no longer be fetched."""
    slug = "rt"
    label = "Peer"
    settings = ADAPTERS.get("rt").settings
    states_out = ADAPTERS.get("rt").states_out
    states_in = ADAPTERS.get("rt").states_in

    def check(self, connection: Connection, queues: list[str]) -> None:
        pass

    def _do(self, remote_id: str, change: Change) -> None:
        how = self.fails.pop(0) if self.fails else ""
        if how == "refused":
            raise AdapterError("refused", "no", permanent=True)
        if how == "before":
            raise AdapterError("busy")
        self.done.append((remote_id, change))
        if how == "after":
            raise AdapterError("answer")

    def create(self, connection: Connection, change: Change) -> str:
        keys = [one.key for _remote, one in self.done if one.kind is ChangeKind.CREATE]
        if change.key not in keys:
            self._do(f"R{len(keys) + 1}", change)
            return f"R{len(keys) + 1}"
        return f"R{keys.index(change.key) + 1}"

    def send(self, connection: Connection, remote_id: str, change: Change, *, again: bool) -> None:
        if not (again and any(one.key == change.key for _remote, one in self.done)):
            self._do(remote_id, change)

    def start(self, connection: Connection) -> str:
        return "0"

    def pull(self, connection: Connection, cursor: str) -> Batch:
        return Batch(tuple(self.news), str(len(self.news)))

    def content(self, connection: Connection, news: News) -> News:
        if news.key in self.gone:
            raise AdapterError("gone", permanent=True)
        return news

    def kinds(self) -> list[str]:
        return [change.kind.value for _remote, change in self.done]


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Peer:
    made = Peer()
    monkeypatch.setitem(ADAPTERS._plugins, "rt", made)
    return made


@pytest.fixture
def town() -> Organisation:
    return factories.make_organisation("motala")


def set_up(town: Organisation, *, on: bool = True) -> System:
    with organisation_scope(town.pk):
        system = actions.save_system(
            name="RT",
            adapter="rt",
            settings={"url": "https://rt.example", "user": "lyhord"},
            secret="hemligt",
            mapping={"types": {"*": "Gata och park"}, "people": {"anna": "anna@example.se"}},
            by=factories.TEST,
        )
        return actions.switch_system(system_id=system.pk, active=on, by=factories.TEST)


def pull(town: Organisation, system: System) -> None:
    tasks.pull.call(organisation_id=town.pk, system_id=system.pk)  # the cursor is set
    tasks.pull.call(organisation_id=town.pk, system_id=system.pk)


def said(key: str, kind: ChangeKind, *, text: str = "", value: str = "", ago: float = 0) -> News:
    at = now() - timedelta(seconds=ago)
    return News(key=key, remote_id="R1", kind=kind, at=at, text=text, value=value)


@pytest.fixture
def case(town: Organisation, peer: Peer) -> Case:
    set_up(town)
    made = factories.make_case(town, email="elin@example.se").case
    work()
    return made


def test_what_happens_here_is_done_there_in_order(town: Organisation, peer: Peer, case: Case) -> None:
    with organisation_scope(town.pk):
        reply(case_id=case.pk, text="Vi åker ut på måndag. Å ä ö.", by=factories.TEST)
        note(case_id=case.pk, text="Ring elverket.", by=factories.TEST)
        change_state(case_id=case.pk, to=State.RESOLVED, by=factories.TEST)
    work()
    assert peer.kinds() == ["create", "public", "state", "internal", "state"]
    created = peer.done[0][1]
    assert (created.queue, created.lat, created.key) == ("Gata och park", case.lat, f"motala-{case.number}")
    assert peer.done[1][1].text == "Vi åker ut på måndag. Å ä ö."
    assert peer.done[-1][1].value == "resolved"
    assert {remote for remote, _change in peer.done} == {"R1"}


@pytest.mark.requirement("0.10")
def test_off_until_switched_on_and_then_open_cases_are_sent_once(town: Organisation, peer: Peer) -> None:
    system = set_up(town, on=False)
    first, closed = factories.make_case(town).case, factories.make_case(town).case
    with organisation_scope(town.pk):
        change_state(case_id=closed.pk, to=State.RESOLVED, by=factories.TEST)
    work()
    assert peer.done == []
    since = now() - timedelta(days=1)
    with organisation_scope(town.pk):
        with pytest.raises(Conflict):
            actions.backfill(system_id=system.pk, since=since, by=factories.TEST)
        system = actions.switch_system(system_id=system.pk, active=True, by=factories.TEST)
        assert [one.pk for one in systems.planned(system, since)] == [first.pk]
        assert actions.backfill(system_id=system.pk, since=since, by=factories.TEST) == 1
        assert actions.backfill(system_id=system.pk, since=since, by=factories.TEST) == 0
    work()
    assert peer.kinds() == ["create"]


def test_the_secret_is_stored_sealed(town: Organisation) -> None:
    assert "hemligt" not in set_up(town).secret


def test_nothing_of_a_protected_case_leaves(town: Organisation, peer: Peer, case: Case) -> None:
    with organisation_scope(town.pk):
        protect(case_id=case.pk, by=factories.TEST)
        note(case_id=case.pk, text="Hemligt.", by=factories.TEST)
    work()
    assert peer.kinds() == ["create"]


@pytest.mark.parametrize("how", ["before", "after"])
def test_a_peer_that_fails_gets_everything_once_and_in_order(
    town: Organisation, peer: Peer, case: Case, how: str
) -> None:
    """Down, or cut off after it had received: tried again, never doubled."""
    with organisation_scope(town.pk):
        for number in range(5):
            note(case_id=case.pk, text=f"Anteckning {number}", by=factories.TEST)
    peer.fails = [how] * 3
    for later in range(8):
        work(days=later)
    assert [change.text for _remote, change in peer.done[1:]] == [f"Anteckning {number}" for number in range(5)]


def test_a_refusal_is_final_seen_and_sent_again_or_given_up(town: Organisation, peer: Peer, case: Case) -> None:
    with organisation_scope(town.pk):
        for text in ("Ett", "Två", "Tre"):
            note(case_id=case.pk, text=text, by=factories.TEST)
    peer.fails = ["refused", "refused"]
    work()
    with organisation_scope(town.pk):
        failed = Outgoing.objects.get(state=ChangeState.FAILED)
        assert failed.error == "refused: no"
        actions.resend_change(outgoing_id=failed.pk, by=factories.TEST)
    work()
    assert peer.kinds() == ["create"]  # those behind wait: order is kept
    with organisation_scope(town.pk):
        actions.give_up_change(outgoing_id=failed.pk, by=factories.TEST)
        with pytest.raises(Conflict):
            actions.give_up_change(outgoing_id=failed.pk, by=factories.TEST)
    work()
    assert [change.text for _remote, change in peer.done[1:]] == ["Två", "Tre"]


@pytest.mark.requirement("0.22")
def test_what_is_said_there_comes_here_once_and_is_not_sent_back(town: Organisation, peer: Peer, case: Case) -> None:
    with organisation_scope(town.pk):
        system_row = System.objects.get()
    peer.news = [
        said("1", ChangeKind.PUBLIC, text="Nu är lampan bytt."),
        said("2", ChangeKind.INTERNAL, text="Kostade 400 kr."),
        said("3", ChangeKind.STATE, value="resolved"),
    ]
    for _twice in range(2):
        pull(town, system_row)
    work()
    with organisation_scope(town.pk):
        heard = Message.objects.order_by("pk").values_list("side", "text")
        assert list(heard) == [(Side.OFFICE, "Nu är lampan bytt."), (Side.INTERNAL, "Kostade 400 kr.")]
        assert Case.objects.get().state == State.RESOLVED
        assert Incoming.objects.count() == 3
    assert peer.kinds() == ["create"]


@pytest.mark.parametrize("ago", [0, 3600])
def test_both_sides_changed_the_later_stands_on_both(town: Organisation, peer: Peer, case: Case, ago: float) -> None:
    with organisation_scope(town.pk):
        system = System.objects.get()
        change_state(case_id=case.pk, to=State.RESOLVED, message="Klart.", by=factories.TEST)
    peer.news = [said("1", ChangeKind.STATE, value="open", ago=ago or -1)]
    pull(town, system)
    work()
    with organisation_scope(town.pk):
        state = Case.objects.get().state
        outcome = Incoming.objects.get().outcome
    sent = [change.value for _remote, change in peer.done if change.kind is ChangeKind.STATE]
    if ago:
        assert (state, outcome) == (State.RESOLVED, Incoming.Outcome.OVERTAKEN)
        assert sent[-1] == "resolved"
    else:
        assert (state, outcome) == (State.IN_PROGRESS, Incoming.Outcome.APPLIED)
        assert "resolved" not in sent
    assert len(sent) <= 2


def test_news_waits_while_a_change_is_under_way(town: Organisation, peer: Peer, case: Case) -> None:
    with organisation_scope(town.pk):
        system = System.objects.get()
        Link.objects.update(busy_until=now() + timedelta(minutes=1))
    peer.news = [said("1", ChangeKind.PUBLIC, text="Hej.")]
    pull(town, system)
    with organisation_scope(town.pk):
        assert Incoming.objects.count() == 0
        Link.objects.update(busy_until=None)
    pull(town, system)
    with organisation_scope(town.pk):
        assert Incoming.objects.count() == 1


def test_what_does_not_go_here_is_told_to_staff(town: Organisation, peer: Peer, case: Case) -> None:
    with organisation_scope(town.pk):
        system = System.objects.get()
        change_state(case_id=case.pk, to=State.RESOLVED, message="Klart.", by=factories.TEST)
    work()
    peer.news = [
        said("1", ChangeKind.STATE, value="rejected", ago=-5),
        said("2", ChangeKind.STATE, value="vad", ago=-6),
    ]
    pull(town, system)
    with organisation_scope(town.pk):
        outcomes = list(Incoming.objects.order_by("pk").values_list("outcome", flat=True))
        assert outcomes == [Incoming.Outcome.REFUSED, Incoming.Outcome.NOTHING]
        assert Message.objects.filter(side=Side.INTERNAL).count() == 1


def test_a_person_there_is_a_person_here(town: Organisation, peer: Peer, case: Case) -> None:
    with organisation_scope(town.pk):
        system, unit = System.objects.get(), Case.objects.get().unit.code
    anna = factories.make_member(town, "anna@example.se", "Anna A", "case_officer", unit)
    peer.news = [said("1", ChangeKind.OWNER, value="anna"), said("2", ChangeKind.OWNER, value="okänd")]
    pull(town, system)
    with organisation_scope(town.pk):
        assert Case.objects.get().officer_id == anna.pk
        outcomes = list(Incoming.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == [Incoming.Outcome.APPLIED, Incoming.Outcome.NOTHING]


def test_another_organisations_change_cannot_be_touched(town: Organisation, peer: Peer, case: Case) -> None:
    other = factories.make_organisation("mjolby")
    with organisation_scope(town.pk):
        row = Outgoing.objects.get()
    with organisation_scope(other.pk), pytest.raises(LyhordError):
        actions.resend_change(outgoing_id=row.pk, by=factories.TEST)


@pytest.mark.requirement("N5")
def test_a_peer_that_is_down_while_much_happens(town: Organisation, peer: Peer, case: Case) -> None:
    """A hundred changes in ten cases while it fails, before or after it has received: all there, once, in order."""
    cases = [case, *(factories.make_case(town).case for _each in range(9))]
    peer.fails = ["before", "after", "before"] * 15
    with organisation_scope(town.pk):
        for number in range(90):
            note(case_id=cases[number % 10].pk, text=str(number), by=factories.TEST)
    for later in range(25):
        work(days=later)
    texts: dict[str, list[int]] = {}
    for remote_id, change in peer.done:
        if change.kind is ChangeKind.INTERNAL:
            texts.setdefault(remote_id, []).append(int(change.text))
    assert sorted(number for numbers in texts.values() for number in numbers) == list(range(90))
    assert all(numbers == sorted(numbers) for numbers in texts.values())
    assert peer.kinds().count("create") == 10


def test_files_that_cannot_be_kept_are_named_for_staff(town: Organisation, peer: Peer, case: Case) -> None:
    with organisation_scope(town.pk):
        system = System.objects.get()
    bad = Attachment("trasig.jpg", "image/jpeg", b"no picture")
    peer.news = [replace(said("1", ChangeKind.PUBLIC, text="Se bilden."), files=(bad,))]
    pull(town, system)
    work()
    with organisation_scope(town.pk):
        heard = dict(Message.objects.values_list("side", "text"))
        assert heard[Side.OFFICE] == "Se bilden."
        assert "trasig.jpg" in heard[Side.INTERNAL]
    assert peer.kinds() == ["create"]


def test_one_thing_that_cannot_be_fetched_stops_no_other(town: Organisation, peer: Peer, case: Case) -> None:
    with organisation_scope(town.pk):
        system = System.objects.get()
    peer.gone = {"1"}
    peer.news = [said("1", ChangeKind.PUBLIC), said("2", ChangeKind.PUBLIC, text="Nu är det klart.")]
    for _twice in range(2):
        pull(town, system)
    with organisation_scope(town.pk):
        outcomes = dict(Incoming.objects.values_list("key", "outcome"))
        assert outcomes == {"1": Incoming.Outcome.REFUSED, "2": Incoming.Outcome.APPLIED}
        assert Message.objects.filter(side=Side.INTERNAL).count() == 1
        assert System.objects.get().last_error == ""


def test_what_staff_do_in_the_same_moment_is_sent(town: Organisation, peer: Peer, case: Case) -> None:
    """Only what the other system did is an echo of it."""
    with organisation_scope(town.pk):
        system, link = System.objects.get(), Link.objects.get()
        before = inbox.last_event(link)
        note(case_id=case.pk, text="Från dem.", by=Actor.system("RT"))
        note(case_id=case.pk, text="Från oss.", by=factories.TEST)
        inbox.echo(link, before, Actor.system(system.name))
    work()
    assert [change.text for _remote, change in peer.done[1:]] == ["Från oss."]


def test_older_news_that_comes_late_changes_nothing(town: Organisation, peer: Peer, case: Case) -> None:
    with organisation_scope(town.pk):
        system = System.objects.get()
    peer.news = [
        said("2", ChangeKind.STATE, value="resolved", ago=-10),
        said("1", ChangeKind.STATE, value="open", ago=-5),
    ]
    pull(town, system)
    with organisation_scope(town.pk):
        assert Case.objects.get().state == State.RESOLVED
        assert Incoming.objects.get(key="1").outcome == Incoming.Outcome.OVERTAKEN
