"""Cases as officers read them: what is said of one in a list, and of one by itself."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from lyhord.cases.lateness import due
from lyhord.cases.models import Case, Side
from lyhord.cases.secrecy import Veil
from lyhord.cases.states import State
from lyhord.www.api.photos import PhotoLink


class Named(BaseModel):
    """A unit or the like, by its code."""

    code: str
    name: str


class Person(BaseModel):
    """Somebody who works here."""

    id: int
    name: str


class CaseRow(BaseModel):
    """A case in a list."""

    number: str
    title: str
    kind: str
    case_type: str
    state: State
    state_until: date | None
    open: bool
    unit: Named
    officer: Person | None
    category: str
    area: str
    registered_at: datetime
    changed_at: datetime
    waiting_since: datetime | None
    due: datetime | None = Field(description="From when it is late; null when nobody waits for what we have promised.")
    unread: bool
    protected: bool
    confidential: bool
    revision: int


class CasePage(BaseModel):
    """A view: oldest waiting first; what is found, and closed cases: newest first."""

    items: list[CaseRow]
    next: str = Field(description="For `after`; empty on the last page.")


class View(BaseModel):
    """One list of the desk; `count` is counted to 100 at most, and null where it is not counted."""

    slug: str
    label: str
    count: int | None


class Views(BaseModel):
    """All lists."""

    items: list[View]


class Contact(BaseModel):
    """Who reported it, for those who may know."""

    name: str
    email: str
    phone: str
    sender_kind: str
    organisation_name: str
    organisation_number: str


class Answered(BaseModel):
    """A question and its answer in words."""

    question: str
    answer: str


class DocumentLink(BaseModel):
    """A file that is no picture: to be saved, never shown. Nobody has read it through."""

    url: str
    name: str
    size: int = Field(description="In bytes.")


class Entry(BaseModel):
    """Something said: by "resident" or "office", or "internal" among staff."""

    id: int | None = Field(description="null for the report itself")
    side: Side
    author: str
    at: datetime
    text: str
    photos: list[PhotoLink]
    documents: list[DocumentLink]


class Officers(BaseModel):
    """Who may be given the case."""

    items: list[Person]


class WholeCase(CaseRow):
    """A case with all that is known of it. The ETag begins with the revision: send it back as If-Match."""

    type_name: str
    state_reason: str
    responsible: str
    reporter: Contact | None = Field(description="null for nobody, and for those who may not know.")
    veiled: bool = Field(description="Whether something has been taken away, since the reporter is protected.")
    wants_feedback: bool
    language: str
    channel: str
    answers: list[Answered]
    place_text: str
    lat: float | None
    lon: float | None
    acknowledge_by: datetime | None
    answer_by: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    route_reason: str
    publication: Case.Published
    followers: int
    changes: list[State] = Field(description="The states that the person may put it in.")
    duplicate_of: str = Field(description="Number of the case that it is the same as.")
    merged: list[str] = Field(description="Numbers of the cases that were merged into it.")
    messages: list[Entry]


class Line(BaseModel):
    """One thing that happened."""

    at: datetime
    who: str
    text: str


class History(BaseModel):
    """Everything that happened, oldest first."""

    items: list[Line]


def summary(case: Case, veil: Veil) -> dict[str, Any]:
    """What every list says of a case, by the names of `CaseRow`."""
    return {
        "number": case.number,
        "title": veil(case.title),
        "kind": case.kind,
        "case_type": case.case_type.code,
        "state": case.state,
        "state_until": case.state_until,
        "open": case.open,
        "unit": {"code": case.unit.code, "name": case.unit.name},
        "officer": {"id": case.officer.pk, "name": case.officer.full_name} if case.officer else None,
        "category": case.category.code if case.category else "",
        "area": case.area.name if case.area and not veil.on else "",
        "registered_at": case.registered_at,
        "changed_at": case.changed_at,
        "waiting_since": case.waiting_since,
        "due": due(case),
        "unread": case.unread,
        "protected": case.protected,
        "confidential": case.confidential,
        "revision": case.revision,
    }
