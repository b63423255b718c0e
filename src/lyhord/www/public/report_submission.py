"""From the report form to a submission."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.http import QueryDict

from lyhord.cases.facts import NewReporter
from lyhord.cases.kind import Kind
from lyhord.core.clock import now
from lyhord.core.text import clean_text
from lyhord.files.models import StoredFile
from lyhord.intake.submission import Submission, SubmittedPhoto
from lyhord.places.point import Point
from lyhord.www.public.framed import channel_in
from lyhord.www.public.report_form import SOMETHING_ELSE

LONGEST_WAIT, A_MOMENT = timedelta(days=90), timedelta(minutes=1)
A_DAY = 24 * 3600


def submission_of(
    data: QueryDict, *, kind: Kind, files: Sequence[StoredFile], point: Point | None, language: str
) -> Submission:
    """What was sent, as intake takes it. Of addresses only the one that was asked for is kept: none with "a code"."""
    chosen = data.get("case_type", "")
    contact = data.get("contact", "")
    named = contact == "email" or (not contact and bool(data.get("email", "").strip()))
    answers = {key[2:]: data.getlist(key) for key in data if key.startswith("q_")}
    photos = tuple(SubmittedPhoto(file, data.get(f"alt_{file.uid}", "")) for file in files)
    return Submission(
        source="web",
        external_id=external_id(data, photos),
        channel=channel_in(data) or "web",
        text=data.get("text", ""),
        kind=kind.slug,
        case_type=chosen if chosen and chosen != SOMETHING_ELSE else None,
        guess=chosen != SOMETHING_ELSE,
        category=data.get("category") or None,
        answers=answers,
        ask_all=bool(chosen) and data.get("asked") == chosen,
        point=point,
        place_text=data.get("place_text", ""),
        reporter=NewReporter(
            name=data.get("name", "") if named else "",
            email=data.get("email", "") if named else "",
            phone=data.get("phone", "") if contact == "sms" else "",
            sender_kind=data.get("sender_kind", "person"),
            organisation_name=data.get("organisation_name", ""),
            organisation_number=data.get("organisation_number", ""),
            protected="protected" in data,
            tell_by=("sms",) if contact == "sms" else ("email",),
        ),
        wants_feedback="wants_feedback" in data,
        publish="publish" in data,
        photos=photos,
        language=language,
        submitted_at=_pressed_at(data.get("pressed_at", "")),
        seconds=_seconds(data.get("seconds", "")),
        suspected="honeypot" if data.get("website", "").strip() else "",
    )


def external_id(data: QueryDict, photos: Sequence[SubmittedPhoto]) -> str:
    """The form's own number together with a fingerprint of what it says.

    The same form sent twice (a double click, a lost answer, the back button) is the same case. The same form with
    other words is another one: somebody who goes back and writes about something else must not see it vanish.
    """
    try:
        form = UUID(data.get("submission_id", ""))
    except ValueError:
        form = uuid4()
    said = {key: [clean_text(value) for value in data.getlist(key)] for key in sorted(data) if _says(key)}
    pictures = sorted(bytes(photo.file.sha256).hex() for photo in photos)
    fingerprint = hashlib.sha256(json.dumps([said, pictures]).encode()).hexdigest()[:32]
    return f"{form}.{fingerprint}"


def _pressed_at(text: str) -> datetime | None:
    """When the button was pressed, by the device's clock; None where that cannot be or is but a moment ago."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return at if LONGEST_WAIT > now() - at > A_MOMENT else None


def _seconds(text: str) -> int | None:
    """From opening the form to pressing; None for what is no number of at most a day."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 and int(text) <= A_DAY else None


def _says(key: str) -> bool:
    return key in {
        "text",
        "place_text",
        "case_type",
        "category",
        "email",
        "phone",
        "name",
        "lat",
        "lon",
    } or key.startswith("q_")


_SAYING = {"text", "place_text", "case_type", "category", "email", "phone", "name", "lat", "lon"}
