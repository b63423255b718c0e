"""The organisation's own guesser of case types, kept in memory between requests."""

from lyhord.cases.models import CaseType, SuggestionModel
from lyhord.cases.public_queries import type_by_code, type_codes
from lyhord.cases.suggestion import Suggester, Suggestion, build_model
from lyhord.core.kept import kept
from lyhord.core.tenancy import require_organisation_id

SURE = 0.6
"""From here on a guess may stand in for a choice that nobody made."""
_made: dict[int, tuple[object, Suggester]] = {}


def suggester() -> Suggester:
    """The guesser of the organisation in scope: the trained model, or word lists alone until there is one."""
    return kept("suggester", _current)


def _current() -> Suggester:
    """As model and types are now; made anew only when these are what changed among the settings."""
    organisation_id, version = require_organisation_id(), _version()
    made = _made.get(organisation_id)
    if made is None or made[0] != version:
        made = _made[organisation_id] = version, _make()
    return made[1]


def forget_guesses() -> None:
    """Drop what is kept, between tests."""
    _made.clear()


def suggest_types(text: str, *, kind: str, limit: int = 3) -> list[Suggestion]:
    """The likeliest types of a kind, surest first; [] when nothing in the text points anywhere."""
    if not text.strip():
        return []
    return suggester().suggest(text, limit=limit, only=type_codes(kind))


def suggest_type(text: str, *, kind: str) -> CaseType | None:
    """The type the text is about, when that is fairly sure; else None."""
    found = suggest_types(text, kind=kind, limit=1)
    if not found or found[0].confidence < SURE:
        return None
    return type_by_code(found[0].code)


def suggest_any(text: str) -> CaseType | None:
    """The type the text is about, of whichever kind, when that is fairly sure; else None."""
    found = suggester().suggest(text, limit=1) if text.strip() else []
    return type_by_code(found[0].code) if found and found[0].confidence >= SURE else None


def _version() -> object:
    trained = SuggestionModel.objects.values_list("trained_at", flat=True).first()
    return trained, tuple(CaseType.objects.filter(active=True).order_by("pk").values_list("current_id", flat=True))


def _make() -> Suggester:
    trained = SuggestionModel.objects.first()
    if trained is not None:
        return Suggester(trained.content)
    types = CaseType.objects.filter(active=True, current__isnull=False).select_related("current")
    return Suggester(build_model(case_type.current.description for case_type in types if case_type.current))
