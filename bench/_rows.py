"""Rows of cases and what belongs to them, as text for COPY: five years, skewed as real ones are."""

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple
from uuid import UUID

from bench._facts import SHARES, Town, TypeFacts
from bench._words import Words
from lyhord.cases import follow_code
from lyhord.places.morton import cell

YEARS = 5
COME_BACK = 0.15
"""The share of those who leave an address that have left it before."""
CODE_EVERY = 40
"""Every so many cases have a follow code that can be made again; the others' digests are random."""
COLUMNS: dict[str, str] = {
    "cases_case": "id organisation_id uid number kind case_type_id version_id category_id title text answers language"
    " channel state state_reason state_until responsible duplicate_of_id unit_id officer_id route_kind route_reason"
    " confidential protected lat lon accuracy_m position_source place_text cell area_id registered_at acknowledge_by"
    " answer_by answered_at closed_at waiting_since unread resident_wrote wants_feedback changed_at revision"
    " follow_digest follow_version publication_state followers has_documents",
    "cases_reporter": "organisation_id case_id name email phone sender_kind organisation_name organisation_number"
    " protected",
    "cases_message": "organisation_id case_id side author_id author_label text channel at external_id",
    "cases_publication": "organisation_id case_id title text answer published_at published_by_id",
    "audit_event": "organisation_id at verb subject_type subject_id level actor_kind actor_id actor_label data",
    "notifications_contact": "id organisation_id sender address language token created_at verified_at pause_reason"
    " rhythm news_rhythm quiet",
    "following_follow": "organisation_id subject_type subject_id contact_id role token created_at confirmed_at level",
    "notifications_notice": "organisation_id kind sender address contact_id language subject body link stop_link"
    " reply_to reason thread private subject_type subject_id state attempts next_try_at last_error created_at sent_at"
    " dedupe_key",
    "intake_reception": "organisation_id source external_id case_id received_at submitted_at",
}
_NULL = "\\N"
_OPEN = (("received", 30), ("assigned", 25), ("in_progress", 25), ("planned", 12), ("waiting", 8))
_REASONS = {
    "waiting": "reservdel",
    "planned": "Lagas",
    "not_resolved": "Ryms inte i år",
    "refused": "Statlig väg",
}
_CLOSED = (("resolved", 78), ("not_resolved", 12), ("refused", 7), ("duplicate", 3))


def begins(until: datetime) -> datetime:
    """When the first case came in."""
    return until - timedelta(days=365 * YEARS)


class Rows:
    """Makes the rows of one stretch of cases; the same stretch is always the same."""

    def __init__(self, towns: list[Town], *, total: int, until: datetime, key: bytes) -> None:
        self._towns = towns
        self._town_shares = list(accumulate(SHARES[: len(towns)]))
        self._type_shares = [list(accumulate(kind.weight for kind in town.types)) for town in towns]
        self._total, self._until, self._key = total, until, key
        self._dice = Random()
        self._words = Words(self._dice)
        self._last: dict[int, int] = {}
        self._people: dict[int, list[_Person]] = {}
        self._out: dict[str, list[str]] = {}

    def make(self, low: int, high: int) -> Mapping[str, list[str]]:
        """Table to lines, for the cases numbered `low` up to `high` (from 1)."""
        self._dice.seed(low)
        self._last.clear()
        self._people.clear()
        self._out = {table: [] for table in COLUMNS}
        for number in range(low, high):
            self._case(number)
        return self._out

    def _add(self, table: str, *values: object) -> None:
        self._out[table].append("\t".join([_NULL if value is None else str(value) for value in values]) + "\n")

    def _case(self, number: int) -> None:
        dice = self._dice
        index = dice.choices(range(len(self._towns)), cum_weights=self._town_shares)[0]
        town = self._towns[index]
        kind = dice.choices(town.types, cum_weights=self._type_shares[index])[0]
        at = begins(self._until) + (self._until - begins(self._until)) * (number / (self._total + 1))
        story = _Story(dice, self._until, at)
        lat, lon, street = self._place(town)
        text, answer = self._words.report(kind.code, kind.name, street)
        title = f"{kind.name}, {street}"[:80] if kind.kind == "felanmalan" else text[:80]
        state = story.state
        duplicate_of = self._last.get(index) if state == "duplicate" else None
        if state == "duplicate" and duplicate_of is None:
            state = "resolved"
        crew = town.officers.get(kind.unit_id, ())
        officer = dice.choice(crew) if crew and state != "received" and dice.random() < 0.93 else None
        wrote = officer is not None and dice.random() < 0.35
        named, wants = dice.random() < 0.6, dice.random() < 0.8
        shown = self._publication_state(kind, story)
        placed = kind.kind == "felanmalan" or dice.random() < 0.3
        uid = UUID(int=dice.getrandbits(128), version=4)
        closed = None if story.open else story.ended
        self._add(
            "cases_case",
            *(number, town.organisation_id, uid, f"{at.year - 2000:02}-{number}", kind.kind, kind.type_id),
            *(kind.version_id, kind.category_id, title, text, "{}", "sv" if dice.random() < 0.94 else "en"),
            *(dice.choice(("web", "web", "web", "web", "phone", "email")), state, story.reason(state)),
            *(story.day(state), "Trafikverket" if state == "refused" else "", duplicate_of, kind.unit_id, officer),
            *("category", f"{kind.name} går till enheten, som har hand om det."),
            *(_bool(kind.unit_id in town.confidential_units), "f"),
            *((lat, lon, 12, "gps", street, cell(lat, lon)) if placed else (None, None, None, "", "", None)),
            *(dice.choice(town.areas) if town.areas and placed and dice.random() < 0.6 else None, at),
            *(at + timedelta(days=2), at + timedelta(days=12), closed, closed, story.waiting(state)),
            *(_bool(dice.random() < (0.15 if story.open else 0.003)), _bool(wrote), _bool(named and wants)),
            *(
                story.ended,
                dice.randrange(1, 9),
                self._digest(number, uid),
                1,
                shown,
                1 if dice.random() < 0.03 else 0,
                "f",
            ),
        )
        self._last[index] = number
        said = _Said(town.organisation_id, number, at, text, answer)
        self._arrival(said, story, named=named)
        if officer is not None:
            self._work(said, story, officer, wrote=wrote)
        if shown == "published":
            told = answer if not story.open else ""
            self._add("cases_publication", town.organisation_id, number, title, text, told, story.ended, officer)

    def _place(self, town: Town) -> tuple[float, float, str]:
        """Near an address: most within a block, some out of town."""
        lat, lon, street = self._dice.choice(town.places)
        spread = 0.0012 if self._dice.random() < 0.75 else 0.03
        lat, lon = lat + self._dice.gauss(0, spread), lon + self._dice.gauss(0, spread * 1.9)
        return round(lat, 6), round(lon, 6), street

    def _publication_state(self, kind: TypeFacts, story: "_Story") -> str:
        if not kind.publishable or self._dice.random() > 0.5:
            return "closed"
        if story.age_days < 20 and self._dice.random() < 0.3:
            return "review"
        return "declined" if self._dice.random() < 0.06 else "published"

    def _digest(self, number: int, uid: UUID) -> str:
        if number % CODE_EVERY:
            return f"\\\\x{self._dice.getrandbits(256):064x}"
        return f"\\\\x{follow_code.digest(follow_code.code_for(self._key, uid, 1)).hex()}"

    def _arrival(self, said: "_Said", story: "_Story", *, named: bool) -> None:
        """Who said it, what they were sent, and that it came in."""
        dice, here, number, at = self._dice, said.organisation_id, said.number, said.at
        if named:
            name, email, contact = self._person(here, number, at)
            self._add("cases_reporter", here, number, name, email, "", "person", "", "", "f")
            self._add("following_follow", here, "case", number, contact, "reporter", self._uuid(), at, at, 1)
            lost = story.age_days < 30 and dice.random() < 0.01
            self._add(
                "notifications_notice",
                *(here, "case_received", "email", email, contact, "sv", "Vi har tagit emot ditt ärende", "", "", ""),
                *("", "", "", "f", "case", number, "failed" if lost else "sent", 1, None, "", at, None if lost else at),
                f"case-{number}-received",
            )
        self._add("intake_reception", here, "web", f"{UUID(int=dice.getrandbits(128))}", number, at, None)
        reason = '{"number": "%s", "channel": "web", "unit": "x", "reason": "Går till enheten som har hand om det."}'
        self._add("audit_event", here, at, "case.registered", "case", number, 2, "resident", None, "", reason % number)

    def _person(self, here: int, number: int, at: datetime) -> "_Person":
        """Somebody who leaves an address: most for the first time; then a contact has the number of the case."""
        known = self._people.setdefault(here, [])
        if known and self._dice.random() < COME_BACK:
            return self._dice.choice(known)
        name, email = self._words.person()
        local, _at, host = email.partition("@")
        found = _Person(name, f"{local}.{number}@{host}", number)
        rhythms = ("now", "day", "f")
        self._add(
            "notifications_contact", number, here, "email", found.email, "sv", self._uuid(), at, None, "", *rhythms
        )
        known.append(found)
        return found

    def _uuid(self) -> UUID:
        return UUID(int=self._dice.getrandbits(128), version=4)

    def _work(self, said: "_Said", story: "_Story", officer: int, *, wrote: bool) -> None:
        """What was said and done in a case that somebody has."""
        dice, here, number = self._dice, said.organisation_id, said.number
        seen = min(said.at + timedelta(hours=dice.uniform(1, 70)), story.ended)

        def event(at: datetime, verb: str, data: str) -> None:
            self._add("audit_event", here, at, verb, "case", number, 2, "person", officer, "Någon", data)

        def message(at: datetime, side: str, text: str) -> None:
            author = (None, "", text, "web") if side == "resident" else (officer, "Någon", text, "desk")
            self._add("cases_message", here, number, side, *author, at, "")

        event(seen, "case.assigned", f'{{"officer": {officer}, "name": "Någon"}}')
        if dice.random() < 0.4:
            message(seen, "internal", said.text)
        if wrote:
            message(seen, "resident", said.text)
        if not story.open or dice.random() < 0.4:
            message(story.ended, "office", said.answer)
            event(story.ended, "case.replied", "{}")
            if wrote and dice.random() < 0.35:
                message(story.ended, "resident", said.text)
        if not story.open:
            event(story.ended, "case.state_changed", '{"before": "assigned", "after": "resolved"}')


class _Person(NamedTuple):
    """Who leaves an address, and the id of the contact that it has become."""

    name: str
    email: str
    contact_id: int


class _Said(NamedTuple):
    """A case, as far as what belongs to it needs to know."""

    organisation_id: int
    number: int
    at: datetime
    text: str
    answer: str


class _Story:
    """Whether a case is open still, and when it last changed. One in twenty is; most of those are recent."""

    def __init__(self, dice: Random, until: datetime, at: datetime) -> None:
        self.age_days = (until - at) / timedelta(days=1)
        self.open = dice.random() < 0.9 * math.exp(-self.age_days / 55) + 0.022
        names = _OPEN if self.open else _CLOSED
        self.state: str = dice.choices([name for name, _ in names], weights=[share for _, share in names])[0]
        self._at, self._until, self._dice = at, until, dice
        self.ended = min(at + timedelta(days=dice.expovariate(1 / 9)), until)

    def reason(self, state: str) -> str:
        return {
            "waiting": "reservdel",
            "planned": "Lagas",
            "not_resolved": "Ryms inte i år",
            "refused": "Statlig väg",
        }.get(state, "")

    def day(self, state: str) -> str | None:
        ahead = timedelta(days=self._dice.randrange(-5, 60))
        return (self._until + ahead).date().isoformat() if state in {"planned", "waiting"} else None

    def waiting(self, state: str) -> datetime | None:
        if state in {"received", "assigned"}:
            return self._at
        return self.ended if state == "in_progress" and self._dice.random() < 0.5 else None


def _bool(value: bool) -> str:
    return "t" if value else "f"


def stretches(total: int, size: int) -> Iterator[tuple[int, int]]:
    """The cases 1 to `total` in stretches: half-open ranges."""
    for low in range(1, total + 1, size):
        yield low, min(low + size, total + 1)


def now() -> datetime:
    """To the second, so that a stretch can be made again."""
    return datetime.now(UTC).replace(microsecond=0)
