"""What cannot wait for a form: said to whoever sends by their own program as by our pages."""

from collections.abc import Mapping
from typing import Any

from lyhord.cases.description import AcuteAnswer
from lyhord.cases.questions import in_language
from lyhord.organisations.models import Organisation


def always_stops(content: Mapping[str, Any]) -> bool:
    """Whether a type is never taken in by a form (ring instead, somebody else's), from its stored description."""
    return bool((content.get("owner") or {}).get("stop")) or any(
        not acute.get("question") and acute.get("stop", True) for acute in content.get("acute", ())
    )


def acute_sentence(acute: AcuteAnswer, organisation: Organisation, language: str) -> str:
    """What to do instead, with the number to ring."""
    number = number_to_ring(acute.phone or "", organisation)
    return " ".join(said for said in (in_language(acute.message, language), number) if said)


def number_to_ring(phone: str, organisation: Organisation) -> str:
    """The number that a description means by "emergency" or "office", or the number it says."""
    numbers = {"emergency": organisation.emergency_phone or "112", "office": organisation.phone}
    return numbers.get(phone, phone)
