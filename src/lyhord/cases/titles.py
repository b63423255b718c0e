"""A short name for a case, made from its type, place or first words."""

import re

from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.facts import NewCase
from lyhord.core.text import clean_text

LONGEST = 80
SAYS_SOMETHING = 15

_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")


def title_of(new: NewCase, description: CaseTypeDescription) -> str:
    """ "Släckt gatubelysning, Vintergatan 12" for a fault; the first words for what people think.

    A title is shown in lists to staff only until it has been reviewed for publication, so the text may be in it. Of a
    reporter with protected identity it says nothing but the sort: lists are read by more than those who may know.
    """
    name = description.title("sv")
    if new.reporter.protected:
        return shorten(name)
    if new.case_type.kind == "felanmalan" and not description.code.endswith(("ovrigt", "annat")):
        place = clean_text(new.place_text, one_line=True)
        return shorten(f"{name}, {place}" if place else name)
    return shorten(first_words(new.text) or name)


def first_words(text: str) -> str:
    """The first sentence or line that says something; "Hej!" alone does not, so the next one comes along."""
    said = ""
    for sentence in _SENTENCE_ENDS.split(clean_text(text)):
        said = f"{said} {sentence}".strip()
        if len(said) >= SAYS_SOMETHING:
            break
    return said.removesuffix(".")


def shorten(text: str, longest: int = LONGEST) -> str:
    """At most `longest` characters, cut between words, with an ellipsis where cut."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[longest // 2 :] else cut).rstrip(",;:. ") + "…"
