"""A short name for a case, made from its type, place or first words."""

from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.facts import NewCase
from lyhord.core.text import clean_text

LONGEST = 80


def title_of(new: NewCase, description: CaseTypeDescription) -> str:
    """ "Släckt gatubelysning, Vintergatan 12" for a fault; the first words for what people think.

    A title is shown in lists to staff only until it has been reviewed for publication, so the text may be in it.
    """
    place = clean_text(new.place_text, one_line=True)
    if new.case_type.kind == "felanmalan" and not description.code.endswith(("ovrigt", "annat")):
        name = description.title("sv")
        return shorten(f"{name}, {place}" if place else name)
    return shorten(first_sentence(new.text))


def first_sentence(text: str) -> str:
    """The first sentence, or line."""
    line = clean_text(text).split("\n", 1)[0]
    for end in (". ", "! ", "? "):
        line = line.split(end, 1)[0] + (end.strip() if end in line and end != ". " else "")
    return line


def shorten(text: str, longest: int = LONGEST) -> str:
    """At most `longest` characters, cut between words, with an ellipsis where cut."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[longest // 2 :] else cut).rstrip(",;:. ") + "…"
