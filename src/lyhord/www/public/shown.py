"""Cases and pictures as the public templates take them: plain words, no rows."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from lyhord.cases import tongues
from lyhord.cases.kind import KINDS
from lyhord.cases.listed import Listed
from lyhord.cases.models import Case, Message, Photo, Publication, Side
from lyhord.cases.states import State
from lyhord.organisations.models import Organisation
from lyhord.www.addresses import BOUNDARY, CASE, IMAGE, OWN_IMAGE, Address

PHOTO_SIZES = ("large", "small")


def state_words(case: Case | Listed) -> dict[str, str]:
    """state, state_label and state_icon, in the words of the case's kind."""
    words = KINDS.get(case.kind).words(State(case.state))
    return {"state": case.state, "state_label": str(words.resident), "state_icon": words.icon}


def published_row(row: Listed, *, away_m: float | None = None) -> dict[str, Any]:
    """A published case in a list."""
    return {
        "number": row.number,
        "title": row.title,
        "title_language": tongues.of_listed(row),
        "url": CASE(row.number),
        "kind_label": str(KINDS.get(row.kind).label),
        "place_text": row.place_text,
        "followers_count": row.followers,
        "at": row.registered_at,
        "distance_label": distance_in_words(away_m) if away_m is not None else "",
        **state_words(row),
    }


def distance_in_words(metres: float) -> str:
    """ "40 meter bort", "1,2 km bort"; rounded, since positions are."""
    if metres < 10:
        return _("på samma plats")
    if metres < 995:
        return _("%(metres)s meter bort") % {"metres": round(metres / 10) * 10}
    return _("%(km)s km bort") % {"km": f"{metres / 1000:.1f}".replace(".", _(","))}


def public_photos(photos: Iterable[Photo]) -> list[dict[str, str]]:
    """Pictures that everybody may see."""
    return [_photo(photo, IMAGE, photo.file.uid) for photo in photos]


def own_photos(photos: Iterable[Photo], code: str) -> list[dict[str, str]]:
    """Pictures behind a follow code."""
    return [_photo(photo, OWN_IMAGE, code, photo.file.uid) for photo in photos]


def _photo(photo: Photo, address: Address, *parts: object) -> dict[str, str]:
    large, small = (address(*parts, size) for size in PHOTO_SIZES)
    return {"url": large, "thumbnail_url": small, "alt": photo.alt}


def thread(
    case: Case, messages: Sequence[Message], photos: Sequence[Photo], code: str, *, organisation: Organisation
) -> list[dict[str, Any]]:
    """What was said, as the one who filed the case reads it; `photos` are those of the case that they may see."""
    return [
        {
            "side": "resident" if message.side == Side.RESIDENT else "office",
            "author_label": _("Du") if message.side == Side.RESIDENT else message.author_label or organisation.name,
            "at": message.at,
            "text": message.text,
            "language": case.language if message.side == Side.RESIDENT else tongues.of_answer(case),
            "photos": own_photos((photo for photo in photos if photo.message_id == message.pk), code),
        }
        for message in messages
    ]


def first_message(case: Case, photos: Sequence[Photo], code: str) -> dict[str, Any]:
    """The report itself as the first thing said."""
    return {
        "side": "resident",
        "author_label": _("Du"),
        "at": case.registered_at,
        "text": case.text,
        "language": case.language,
        "photos": own_photos((photo for photo in photos if photo.message_id is None), code),
    }


def map_settings(
    organisation: Organisation, *, lat: float | None = None, lon: float | None = None, zoom: int = 12
) -> dict[str, Any] | None:
    """What parts/map.html needs; None when neither a place nor the organisation's middle is known."""
    middle = (lat, lon) if lat is not None and lon is not None else (organisation.lat, organisation.lon)
    if middle[0] is None or middle[1] is None:
        return None
    return {
        "tile_url": settings.TILE_URL,
        "attribution": settings.TILE_ATTRIBUTION,
        "boundary_url": BOUNDARY(),
        "lat": middle[0],
        "lon": middle[1],
        "zoom": zoom,
    }


def answered_pair(case: Case, text: Publication) -> dict[str, Any]:
    """What somebody said and what was answered, as published."""
    return {
        "title": text.title,
        "title_language": tongues.of_shown_title(case, text),
        "url": CASE(case.number),
        "kind_label": str(KINDS.get(case.kind).label),
        "asked_at": case.registered_at,
        "asked_text": text.text,
        "language": case.language,
        "answered_at": case.answered_at or text.published_at,
        "answer_text": text.answer,
        "answer_language": tongues.of_answer(case),
    }


def state_sentence(case: Case, *, own: bool) -> str:
    """Where the case is in one sentence, "" when its word already says it all; reasons for its own reporter only."""
    state = State(case.state)
    if state in {State.RECEIVED, State.ASSIGNED}:
        return ""
    reason = case.state_reason if own else ""
    sentence = KINDS.get(case.kind).sentence(state, reason=reason, until=case.state_until)
    if own and reason and state is not State.WAITING:
        sentence = f"{sentence}. {reason}"
    return sentence
