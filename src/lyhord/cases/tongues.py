"""Which language people's own words are in, so that pages in another one can say so (WCAG 2.2, 3.1.2).

A report is in the language its page was in; "" where nobody knows, which says nothing rather than something wrong.
"""

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.cases.listed import Listed
from lyhord.cases.models import Case, Publication
from lyhord.cases.titles import first_words, shorten

if TYPE_CHECKING:
    from lyhord.cases.desk_queries import Row

HOUSE = "sv"
"""What those who work here write in, and what titles made from a type's name are in."""

_NAMES: dict[str, str | Promise] = {
    "sv": _("svenska"),
    "en": _("engelska"),
    "fi": _("finska"),
    "se": _("nordsamiska"),
    "fit": _("meänkieli"),
}


def language_said(code: str) -> str:
    """What those who work here call a language: "finska"; the code itself for others."""
    return str(_NAMES.get(code, code))


def of_title(case: "Case | Row") -> str:
    """The language of its title: the resident's where it begins as they did, else ours."""
    return _of_title(case.title, case.text, case.language)


def _of_title(title: str, text: str, language: str) -> str:
    if language == HOUSE:  # nearly always
        return HOUSE
    return language if title == shorten(first_words(text)) else HOUSE


def of_shown_title(case: Case, text: Publication) -> str:
    """The language of the title that others read: one that the reviewer wrote is in that of the text."""
    return of_title(case) if text.title == case.title else case.language


def of_listed(row: Listed) -> str:
    """The same of a row."""
    return _of_title(row.title, row.text, row.language) if row.title == row.own_title else row.language


def of_answer(case: Case) -> str:
    """The language of our answers: ours to somebody who writes it; to others it may be theirs or ours."""
    return HOUSE if case.language == HOUSE else ""
