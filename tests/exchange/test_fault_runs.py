"""Runs with faults, each counted: nothing lost, nothing doubled, order in each case, a bounded number of messages."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from lyhord.cases.actions import change_state, note, reply
from lyhord.cases.models import Case, Message, Side
from lyhord.cases.states import State
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange import system_actions as actions
from lyhord.exchange import systems, tasks
from lyhord.exchange.adapter import ADAPTERS, AdapterError, Change, News
from lyhord.exchange.models import ChangeKind, ChangeState, Incoming, Link, Outgoing, System
from lyhord.organisations.models import Organisation
from tests import factories
from tests.exchange.conftest import counted
from tests.exchange.errand_server import ErrandServer, answering
from tests.exchange.test_systems import Peer, set_up
from tests.far_end import work

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "0.21", "0.22", "N5", "N9"), pytest.mark.all]
MINUTE = 1 / 1440


@dataclass
class Counting(Peer):
    """A peer that may be down, and counts how often it is called."""

    down: bool = False
    calls: int = 0

    def _do(self, remote_id: str, change: Change) -> None:
        self.calls += 1
        if self.down:
            raise AdapterError("busy")
        super()._do(remote_id, change)

    def said_to(self, remote_id: str, kind: ChangeKind) -> list[str]:
        return [one.text for remote, one in self.done if remote == remote_id and one.kind is kind]


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Counting:
    made = Counting()
    monkeypatch.setitem(ADAPTERS._plugins, "rt", made)
    return made


def _cases(town: Organisation, count: int) -> list[Case]:
    return [factories.make_case(town).case for _each in range(count)]


def _pull(town: Organisation, system: System, times: int = 1) -> None:
    for _each in range(times):
        tasks.pull.call(organisation_id=town.pk, system_id=system.pk)


def _states(town: Organisation) -> Counter[str]:
    with organisation_scope(town.pk):
        return Counter(Outgoing.objects.values_list("state", flat=True))


def test_down_for_an_hour_with_500_changes_queued(motala_alone: Organisation, peer: Counting) -> None:
    set_up(motala_alone)
    cases, notes = _cases(motala_alone, 50), 450
    peer.down = True
    with organisation_scope(motala_alone.pk):
        for number in range(notes):
            note(case_id=cases[number % 50].pk, text=str(number), by=factories.TEST)
    for minute in range(0, 60, 4):
        work(days=minute * MINUTE)
    while_down, peer.down = peer.calls, False
    assert peer.done == []
    later = 0
    while _states(motala_alone) != Counter({ChangeState.SENT: 500}) and later < 60:
        work(days=(60 + 30 * later) * MINUTE)
        later += 1
    keys = [one.key for _remote, one in peer.done]
    counted(
        f"down for an hour: 500 changes, {while_down} calls while down, {len(keys)} done, {peer.calls} calls in all"
    )
    assert len(keys) == len(set(keys)) == 500
    assert while_down <= 60 * 3  # it is left alone, though fifty cases wait
    for case in cases:
        with organisation_scope(motala_alone.pk):
            remote = Link.objects.get(case=case).remote_id
        told = [int(text) for text in peer.said_to(remote, ChangeKind.INTERNAL)]
        assert (len(told), told) == (notes // 50, sorted(told))
        assert peer.said_to(remote, ChangeKind.PUBLIC) == []  # nothing internal has crossed over


def test_news_out_of_order_and_many_times(motala_alone: Organisation, peer: Counting) -> None:
    """Pushed in any order, each twice: done here once, and the last state is the one that stands."""
    dice, cases = random.Random(7), _cases_there(motala_alone, peer, 5)
    with organisation_scope(motala_alone.pk):
        system = System.objects.get()
    begun, news, last = now(), list[News](), dict[str, str]()
    for number in range(60):
        remote, at = f"R{number % 5 + 1}", begun + timedelta(seconds=number + 1)
        word = dice.choice(["open", "resolved", "stalled"])
        kind = dice.choice([ChangeKind.PUBLIC, ChangeKind.INTERNAL, ChangeKind.STATE])
        value, text = (word, "") if kind is ChangeKind.STATE else ("", f"{kind} {number}")
        news.append(News(key=str(number), remote_id=remote, kind=kind, at=at, value=value, text=text))
        last[remote] = value if value in {"open", "resolved"} else last.get(remote, "")
    pushed = news * 2
    dice.shuffle(pushed)
    with time_machine.travel(begun + timedelta(minutes=5), tick=True):
        for start in range(0, len(pushed), 20):
            peer.news = pushed[start : start + 20]
            _pull(motala_alone, system)
        work()
    with organisation_scope(motala_alone.pk):
        heard = Counter(Message.objects.values_list("side", flat=True))
        taken = Incoming.objects.count()
        texts = {side: set(Message.objects.filter(side=side).values_list("text", flat=True)) for side in Side}
        ends = {link.remote_id: link.case.state for link in Link.objects.select_related("case")}
    wanted = Counter(one.kind for one in news)
    counted(f"pushed out of order, and twice: {len(pushed)} pushes, {taken} taken, {dict(heard)} here")
    assert taken == len(news)
    assert {text for text in texts[Side.OFFICE] if text.startswith("public")} == _texts(news, ChangeKind.PUBLIC)
    assert not any(text.startswith("internal") for text in texts[Side.OFFICE])
    assert {text for text in texts[Side.INTERNAL] if text.startswith("internal")} == _texts(news, ChangeKind.INTERNAL)
    assert heard[Side.OFFICE] <= wanted[ChangeKind.PUBLIC] + wanted[ChangeKind.STATE]
    assert len(cases) == 5
    for remote, word in last.items():
        assert not word or ends[remote] == {"open": State.IN_PROGRESS, "resolved": State.RESOLVED}[word], remote
    sent = [one.kind for _remote, one in peer.done if one.kind is not ChangeKind.CREATE]
    assert set(sent) <= {ChangeKind.STATE}  # of theirs nothing goes back, but which state stands
    assert len(sent) <= wanted[ChangeKind.STATE]


def _cases_there(town: Organisation, peer: Counting, count: int) -> list[Case]:
    set_up(town)
    cases = _cases(town, count)
    work()
    with organisation_scope(town.pk):
        system = System.objects.get()
    _pull(town, system)
    return cases


def _texts(news: list[News], kind: ChangeKind) -> set[str]:
    return {one.text for one in news if one.kind is kind}


@dataclass
class TwoSided(Counting):
    """A peer with states of its own, which those who work there change."""

    states: dict[str, str] = field(default_factory=dict)

    def _do(self, remote_id: str, change: Change) -> None:
        super()._do(remote_id, change)
        if change.kind is ChangeKind.STATE:
            self.states[remote_id] = change.value

    def staff_change(self, remote_id: str, word: str, at: datetime) -> None:
        """Somebody there: kept as news."""
        self.states[remote_id] = word
        key = f"s{len(self.news)}"
        self.news.append(News(key=key, remote_id=remote_id, kind=ChangeKind.STATE, at=at, value=word))


def test_both_sides_change_the_same_cases(motala_alone: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes there and here, in any order: both end in the same state, with a bounded number of messages."""
    peer, dice = TwoSided(), random.Random(11)
    monkeypatch.setitem(ADAPTERS._plugins, "rt", peer)
    cases = _cases_there(motala_alone, peer, 4)
    with organisation_scope(motala_alone.pk):
        system = System.objects.get()
    ours = theirs = 0
    with time_machine.travel(now() + timedelta(minutes=1), tick=False) as clock:
        for _step in range(60):
            clock.shift(timedelta(seconds=dice.randint(1, 90)))
            case, here = dice.choice(cases), dice.random() < 0.5
            if here and _change_here(motala_alone, case, dice):
                ours += 1
            elif not here:
                with organisation_scope(motala_alone.pk):
                    remote = Link.objects.get(case=case).remote_id
                peer.staff_change(remote, dice.choice(["open", "resolved"]), now())
                theirs += 1
            if dice.random() < 0.6:
                work()
            if dice.random() < 0.4:
                _pull(motala_alone, system)
        for _each in range(4):
            clock.shift(timedelta(minutes=3))
            _pull(motala_alone, system)
            work()
    with organisation_scope(motala_alone.pk):
        ends = {link.remote_id: (link.case.state, peer.states.get(link.remote_id)) for link in _links()}
        words = {remote: (systems.word_for(system, state), word) for remote, (state, word) in ends.items()}
        outcomes = Counter(Incoming.objects.values_list("outcome", flat=True))
    sent = sum(one.kind is ChangeKind.STATE for _remote, one in peer.done)
    counted(f"both sides: {ours} changes here, {theirs} there, {sent} states sent, {dict(outcomes)}, ends {ends}")
    assert all(here == there for here, there in words.values()), words
    assert sent <= ours + theirs + len(cases)
    assert sum(outcomes.values()) == theirs
    assert outcomes[Incoming.Outcome.REFUSED] == 0


def _links() -> list[Link]:
    return list(Link.objects.select_related("case"))


def _change_here(town: Organisation, case: Case, dice: random.Random) -> bool:
    with organisation_scope(town.pk):
        state = Case.objects.get(pk=case.pk).state
        to = State.IN_PROGRESS if state == State.RESOLVED else dice.choice([State.IN_PROGRESS, State.RESOLVED])
        if state == to:
            return False
        change_state(case_id=case.pk, to=to, by=factories.TEST)
        return True


@pytest.fixture
def there(settings: Any) -> Iterator[ErrandServer]:
    with answering(settings) as server:
        yield server


def test_cut_off_errors_in_a_yes_and_keys_that_end(motala_alone: Organisation, there: ErrandServer) -> None:
    """Over real HTTP: one call in four fails in one of four ways, and keys end all the time."""
    dice, faults = random.Random(3), ["before", "after", "error in a yes", "key has ended"]
    settings = {"url": there.url, "municipality": "0580", "namespace": "KONTAKTCENTER", "user": "lyhord"}
    with organisation_scope(motala_alone.pk):
        system = actions.save_system(
            name="Draken",
            adapter="errands",
            settings={**settings, "token_url": f"http://127.0.0.1:{there.port}/token"},
            secret="namn:lösen",
            mapping={"types": {"*": "GATA/HÅL"}},
            by=factories.TEST,
        )
        actions.switch_system(system_id=system.pk, active=True, by=factories.TEST)
    cases, count = _cases(motala_alone, 4), 8
    with organisation_scope(motala_alone.pk):
        for number in range(count):
            for case in cases:
                say = (reply, note)[number % 2]
                say(case_id=case.pk, text=f"{number}", by=factories.TEST)
    there.faults = [dice.choice(faults) if dice.random() < 0.25 else "" for _each in range(600)]
    planned = Counter(there.faults[:200])
    for quarter in range(40):
        work(days=quarter / 4)
    with organisation_scope(motala_alone.pk):
        tries = sum(Outgoing.objects.values_list("attempts", flat=True))
        states = Counter(Outgoing.objects.values_list("state", flat=True))
    met = 600 - len(there.faults)
    counted(f"faults over HTTP: {sum(states.values())} changes, {tries} tries, {met} calls, of the first 200 {planned}")
    there.faults = []
    assert set(states) == {ChangeState.SENT}
    for case in cases:
        [kept] = there.by_key(f"motala-{case.number}")
        public = [text.split("\n")[0] for text in there.spoken(kept.errand["id"])]
        assert public == ["0", "2", "4", "6"]
        assert [one["body"] for one in kept.notes] == ["1", "3", "5", "7"]
        assert len(kept.conversations) == 1
