"""Published cases as lists name them: no more of each than a row shows, since a list has many."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from lyhord.cases.models import Case, Publication
from lyhord.cases.public_filter import COUNT_TO
from lyhord.core.prepared import Prepared, PreparedCounts, PreparedRows

if TYPE_CHECKING:
    from django.db.models import QuerySet


class Listed(NamedTuple):
    """A row. `title` is the one that others read; `own_title` and `text` are the case's own and for nobody else."""

    number: str
    kind: str
    state: str
    open: bool
    title: str
    own_title: str
    text: str
    language: str
    place_text: str
    lat: float | None
    lon: float | None
    followers: int
    registered_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, case: Case, text: Publication) -> Self:
        """Of a case that has been read whole."""
        own = (getattr(case, name.removeprefix("own_")) for name in cls._fields)
        return cls._make(own)._replace(title=text.title)


def listed_rows(**conditions: Any) -> "QuerySet[Publication, tuple[Any, ...]]":
    """What is published, as rows for `Listed`."""
    texts = Publication.objects.filter(case__publication_state=Case.Published.PUBLISHED, **conditions)
    names = ("title" if name == "title" else f"case__{name.removeprefix('own_')}" for name in Listed._fields)
    return texts.values_list(*names)


_LISTED = PreparedRows(Listed, lambda case_ids: listed_rows(case_id__any=case_ids).order_by("-case_id"), case_ids=list)
_NEWEST = PreparedRows(Listed, lambda: listed_rows().order_by("-case_id"))
_OPEN = PreparedCounts([lambda: Case.objects.published().open().order_by("-pk")], most=COUNT_TO)
_ANSWERED = Prepared(
    lambda: (
        Publication.objects.filter(case__publication_state=Case.Published.PUBLISHED)
        .exclude(answer="")
        .select_related("case")
        .order_by("-id")
    )
)


def listed(case_ids: Sequence[int]) -> list[Listed]:
    """Those of a short list of cases that are published, newest first."""
    return _LISTED(case_ids=list(case_ids)) if case_ids else []


def newest_published(most: int) -> list[Listed]:
    """The newest."""
    return _NEWEST(most=most)


def count_published_open() -> int:
    """How many published cases are open, counted no further than COUNT_TO."""
    return _OPEN()[0]


def newest_answered(most: int) -> list[tuple[Case, Publication]]:
    """The newest whose answer is published too."""
    return [(text.case, text) for text in _ANSWERED(most=most)]
