"""Quiet hints while staff write to a resident: how heavy the text is, and what would lighten it. They stop nothing."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lyhord.core.plain_language import Reading, read
from lyhord.core.text import clean_text

MOST_SHOWN = 5
MOST_WORDS = 250
HEAVY = 45
"""From here on a text is more than most people like to read twice."""
_SWEDISH = "sv"


def hints_for(text: str, language: str = _SWEDISH) -> list[str]:
    """Sentences about a text to a resident, the heaviest matter first; none for one that is light, or empty."""
    text = clean_text(text)
    reading = read(text)
    if not reading.words:
        return []
    found = [*_heaviness(reading), *_sentences(reading)]
    if language == _SWEDISH:
        found += _words(reading)
    return found + _manners(reading)


def _heaviness(reading: Reading) -> list[str]:
    found = []
    if reading.lix is not None and reading.lix >= HEAVY:
        found.append(_("Läsbarhet (lix): %(lix)s, %(sort)s. Sikta på under 40.") % said_lix(reading.lix))
    if reading.words > MOST_WORDS:
        found.append(_("Texten har %(n)s ord. Det viktigaste bör stå först.") % {"n": reading.words})
    return found


def said_lix(lix: int) -> dict[str, object]:
    """The figure, and what it means in words."""
    sorts = [
        (30, _("mycket lättläst")),
        (40, _("lättläst")),
        (50, _("lite tung")),
        (60, _("svår, som myndighetstext")),
    ]
    return {"lix": lix, "sort": next((words for below, words in sorts if lix < below), _("mycket svår"))}


def _sentences(reading: Reading) -> list[str]:
    long = reading.long_sentences
    if not long:
        return []
    begun = f"{' '.join(long[0].split()[:6])}…"
    return [
        ngettext(
            "En mening är lång: ”%(begun)s”. Dela den.",
            "%(n)s meningar är långa, den första: ”%(begun)s”. Dela dem.",
            len(long),
        )
        % {"n": len(long), "begun": begun}
    ]


def _words(reading: Reading) -> list[str]:
    found = []
    if reading.official:
        pairs = [
            _("”%(word)s” kan vara ”%(plain)s”") % {"word": word, "plain": plain}
            for word, plain in reading.official[:MOST_SHOWN]
        ]
        found.append(f"{'; '.join(pairs)}.")
    if reading.long_words:
        found.append(_("Långa ord: %(words)s.") % {"words": ", ".join(reading.long_words[:MOST_SHOWN])})
    return found


def _manners(reading: Reading) -> list[str]:
    if reading.words < 3:
        return []
    if not reading.greets:
        return [_("Börja gärna med en hälsning, till exempel Hej.")]
    return []
