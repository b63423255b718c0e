"""What may have to be said before a report is sent: ring instead, one question more, somebody was first."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from lyhord.cases.answers import acute_hit, read_answers
from lyhord.cases.description import AcuteAnswer, CaseTypeDescription
from lyhord.cases.near import nearby_published
from lyhord.cases.public_queries import type_by_code
from lyhord.cases.questions import in_language
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid, Text
from lyhord.core.text import clean_text
from lyhord.intake.checks import check, resolve_type
from lyhord.intake.diversions import count_diversion
from lyhord.intake.submission import Submission
from lyhord.organisations.models import Organisation
from lyhord.places.point import Point
from lyhord.places.queries import search_addresses
from lyhord.www.public.framed import form_address
from lyhord.www.public.report_form import SOMETHING_ELSE, phone_number
from lyhord.www.public.shown import published_row

OWNER = "owner"
_BUTTONS = {"csrfmiddlewaretoken", "remove_photo", "sok_adress", "tillbaka", "draft_photos"}


def settle_type(submission: Submission) -> tuple[Submission, CaseTypeDescription | None, bool]:
    """The submission with its type settled, what the type says, and whether it was but a guess."""
    case_type, chosen = resolve_type(submission, clean_text(submission.text))
    if case_type is None or case_type.current is None:
        return submission, None, False
    guessed = not chosen and submission.guess
    return replace(submission, case_type=case_type.code, guess=False), case_type.current.description, guessed


def errors_of(submission: Submission, problems: Mapping[str, list[Text]]) -> dict[str, list[Text]]:
    """Everything that is wrong, by field: what came up on the way and what intake says."""
    errors = {name: list(sentences) for name, sentences in problems.items()}
    try:
        check(submission)
    except Invalid as invalid:
        for name, sentence in invalid.errors.items():
            errors.setdefault(name, []).append(sentence)
    return errors


# ── ring instead ────────────────────────────────────────────────────────────────────────────────────────────────


def acute_page(
    request: HttpRequest,
    data: QueryDict,
    submission: Submission,
    description: CaseTypeDescription,
    *,
    guessed: bool,
    tokens: list[str],
    organisation: Organisation,
) -> HttpResponse | None:
    """The page that stops somebody who should ring, or None. It is counted; nothing is sent, and everything is kept.

    A type that we merely guessed stops once: who goes on from there is not stopped by the same guess again.
    """
    stop = stop_of(description, submission)
    if stop is None:
        return None
    count_diversion(case_type_code=description.code, question=stop.question or "", by=Actor.resident())
    owner = stop.question == OWNER
    context = {
        "kind": {"slug": submission.kind},
        "address": form_address(request, submission.kind),
        "message": in_language(stop.message, submission.language),
        "phone": phone_number(stop.phone or "", organisation),
        "text": clean_text(submission.text),
        "place_text": clean_text(submission.place_text, one_line=True),
        "owner": description.owner if owner else None,
        "kept": _kept(data, tokens, guessed=guessed),
    }
    return render(request, "public/acute.html", context)


def stop_of(description: CaseTypeDescription, submission: Submission) -> AcuteAnswer | None:
    """The answer that stops the form; a type that somebody else looks after may stop it too."""
    answers, _wrong = read_answers(description, submission.answers)
    hit = acute_hit(description, answers)
    if hit is not None and hit.stop:
        return hit
    owner = description.owner
    if owner is not None and owner.stop:
        return AcuteAnswer.model_construct(question=OWNER, value="", message=owner.text, phone=owner.phone, stop=True)
    return None


def _kept(data: QueryDict, tokens: list[str], *, guessed: bool) -> list[tuple[str, str]]:
    """What was sent, as hidden fields: going back loses nothing, and pictures need not be sent again."""
    kept = [(clean_text(key), clean_text(value)) for key in data if key not in _BUTTONS for value in data.getlist(key)]
    if guessed:
        kept = [(key, value) for key, value in kept if key != "case_type"] + [("case_type", SOMETHING_ELSE)]
    return kept + [("draft_photos", token) for token in tokens]


def owner_shown(
    description: CaseTypeDescription | None, organisation: Organisation, language: str
) -> dict[str, str] | None:
    """Who else looks after this, for a note on the form; None when it is we."""
    owner = description.owner if description else None
    if owner is None:
        return None
    return {
        "name": in_language(owner.name, language),
        "text": in_language(owner.text, language),
        "url": owner.url,
        "phone": phone_number(owner.phone or "", organisation),
    }


# ── one question more, somebody was first ───────────────────────────────────────────────────────────────────────


def before_sending(
    data: QueryDict,
    submission: Submission,
    description: CaseTypeDescription,
    *,
    guessed: bool,
    organisation: Organisation,
) -> dict[str, Any] | None:
    """What to show before the report goes, or None. Nothing is asked twice."""
    if not guessed and _unseen(data, description):
        return {"more_questions": True}
    seen = set(data.getlist("sett"))
    rows = nearby_rows(submission.point, description, organisation)
    if any(row["number"] not in seen for row in rows):
        return {"nearby": rows, "nearby_asks": True}
    return None


def _unseen(data: QueryDict, description: CaseTypeDescription) -> bool:
    """Whether a chosen type has something to ask or say that was not on the page: the page works without scripts."""
    if not data.get("case_type") or data.get("case_type") == SOMETHING_ELSE or data.get("asked") == description.code:
        return False
    asks = any(question.required for question in description.questions) or bool(description.acute)
    return asks or description.owner is not None


def nearby_rows(
    point: Point | None, description: CaseTypeDescription | None, organisation: Organisation
) -> list[dict[str, Any]]:
    """Published open cases that may be the same thing: of the same type, within the radius that the type says."""
    if point is None or description is None or not description.duplicate_radius_m:
        return []
    if not organisation.publishes or not organisation.has("nearby"):
        return []
    case_type = type_by_code(description.code)
    if case_type is None:
        return []
    found = nearby_published(point, case_type_id=case_type.pk, radius_m=description.duplicate_radius_m)
    return [published_row(row, away_m=metres) for row, metres in found]


def address_choices(words: str) -> dict[str, Any]:
    """Addresses to choose among, for those without scripts."""
    found = search_addresses(words)
    return {
        "address_choices": [{"value": f"{match.lat:.6f},{match.lon:.6f}", "label": match.label} for match in found],
        "address_asked": True,
    }
