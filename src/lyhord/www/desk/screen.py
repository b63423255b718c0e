"""What the desk's case screen shows, gathered in one place for the template `desk/inbox.html`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lyhord.accounts.models import Membership
from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff
from lyhord.audit.models import Event
from lyhord.cases.answers import answers_from_json, answers_in_words
from lyhord.cases.history import Line, staff_history
from lyhord.cases.kind import KINDS, Kind
from lyhord.cases.masking import Span, find
from lyhord.cases.models import Case, Message, Photo, Publication, Reporter, Side
from lyhord.cases.queries import nearby_open
from lyhord.cases.states import CHANGES, NEEDS_DATE, NEEDS_REASON, NEEDS_RESPONSIBLE, State, StateWords
from lyhord.organisations.models import Unit
from lyhord.places.point import Point
from lyhord.www.desk.deadline import Deadline, deadline_of


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of the conversation. `side` is resident, office or internal."""

    side: str
    author_label: str
    at: datetime
    text: str
    channel: str
    photos: list[Photo]
    new: bool = False


@dataclass(frozen=True, slots=True)
class StateChoice:
    """A state the case may go to, and what the form asks for then."""

    state: State
    words: StateWords
    needs_reason: bool
    needs_date: bool
    needs_responsible: bool
    closing: tuple[Any, ...]
    message: str  # offered as it stands


@dataclass(frozen=True, slots=True)
class ReporterBox:
    """What the person may know of who said it."""

    name: str
    email: str
    phone: str
    sender_kind: str
    organisation_number: str
    hidden: bool  # protected identity, and no right to see it
    other_cases: int


@dataclass(slots=True)
class CaseScreen:
    """Everything on the case's page."""

    case: Case
    kind: Kind
    type_name: str
    state: State
    state_words: StateWords
    state_sentence: str
    deadline: Deadline
    thread: list[Said]
    history: list[Line]
    answers: list[tuple[str, str]]
    photos: list[Photo]
    reporter: ReporterBox | None
    choices: list[StateChoice]
    officers: list[Membership]
    units: list[Unit]
    similar: list[tuple[Case, float]]
    publication: Publication | None
    personal: list[Span]
    may: Mapping[str, bool]
    errors: dict[str, Any] = field(default_factory=dict)
    form: str = ""  # which form the errors belong to
    kept: Mapping[str, str] = field(default_factory=dict)  # what the person wrote


def case_screen(staff: Staff, case: Case) -> CaseScreen:
    """Gather it: a fixed number of queries, whatever the case holds."""
    kind = KINDS.get(case.kind)
    state = State(case.state)
    description = case.version.description
    photos = list(Photo.objects.filter(case=case).select_related("file").order_by("position", "pk"))
    language = get_language() or "sv"
    return CaseScreen(
        case=case,
        kind=kind,
        type_name=description.title(language),
        state=state,
        state_words=kind.words(state),
        state_sentence=kind.sentence(state, reason=case.state_reason, until=case.state_until),
        deadline=deadline_of(case),
        thread=_thread(case, photos),
        history=staff_history(list(Event.objects.all().about("case", case.pk)), case.kind),
        answers=answers_in_words(description, answers_from_json(description, case.answers), language),
        photos=photos,
        reporter=_reporter(staff, case),
        choices=_choices(kind, state),
        officers=list(Membership.objects.filter(active=True).select_related("user").order_by("sort_key")[:500]),
        units=sorted(Unit.objects.all(), key=lambda unit: unit.sort_key),
        similar=_similar(case),
        publication=Publication.objects.filter(case=case).first(),
        personal=find(case.text),
        may={permission.value: staff.may(permission) for permission in Permission},
    )


def _thread(case: Case, photos: list[Photo]) -> list[Said]:
    by_message: dict[int | None, list[Photo]] = {}
    for photo in photos:
        by_message.setdefault(photo.message_id, []).append(photo)
    first = Said(
        "resident", _("Invånaren"), case.registered_at, case.text, case.channel, by_message.get(None, []),
        new=case.unread and case.waiting_since == case.registered_at,
    )
    said = [first]
    for message in Message.objects.filter(case=case).order_by("pk"):
        label = message.author_label or (_("Invånaren") if message.side == Side.RESIDENT else _("Kommunen"))
        new = bool(
            case.unread and message.side == Side.RESIDENT and case.waiting_since and message.at >= case.waiting_since
        )
        said.append(
            Said(message.side, label, message.at, message.text, message.channel, by_message.get(message.pk, []), new)
        )
    return said


def _reporter(staff: Staff, case: Case) -> ReporterBox | None:
    reporter = Reporter.objects.filter(case=case).first()
    if reporter is None:
        return None
    if reporter.protected and not staff.may(Permission.SEE_PROTECTED):
        return ReporterBox("", "", "", reporter.sender_kind, "", hidden=True, other_cases=0)
    others = 0
    if reporter.email and not reporter.protected:
        mine = Case.objects.visible_to(staff).exclude(pk=case.pk)
        others = mine.filter(reporters__email=reporter.email)[:20].count()
    return ReporterBox(
        reporter.name,
        reporter.email,
        reporter.phone,
        reporter.sender_kind,
        reporter.organisation_number,
        hidden=False,
        other_cases=others,
    )


def _choices(kind: Kind, state: State) -> list[StateChoice]:
    return [
        StateChoice(
            state=to,
            words=kind.words(to),
            needs_reason=to in NEEDS_REASON,
            needs_date=to in NEEDS_DATE,
            needs_responsible=to in NEEDS_RESPONSIBLE,
            closing=kind.closing(to),
            message=str(kind.default_messages.get(to, "")),
        )
        for to in State
        if to in CHANGES[state] and to in kind.states and to is not State.DUPLICATE
    ]


def _similar(case: Case) -> list[tuple[Case, float]]:
    radius = case.version.description.duplicate_radius_m
    if not radius or case.lat is None or case.lon is None:
        return []
    point = Point(case.lat, case.lon, accuracy_m=None, source="map")
    found = nearby_open(point, case_type_id=case.case_type_id, radius_m=radius, published_only=False, most=4)
    return [(other, away) for other, away in found if other.pk != case.pk]

