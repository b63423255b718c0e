"""OParl 1.1 out: what bodies, meetings and matters there are, for other programs; asked with `modified_since`."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Max, Prefetch, Q
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpResponse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from lyhord.core.errors import NotFound
from lyhord.core.text import clean_text
from lyhord.matters.models import Body, Document, Item, Matter, Meeting
from lyhord.matters.stages import FORMAL
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.www.opendata.answers import open_to_all, whole
from lyhord.www.opendata.oparl_objects import Shape, Shapes

PAGE = 50
_LIMITS = {"created_since": "gte", "created_until": "lte", "modified_since": "gte", "modified_until": "lte"}


@require_safe
@open_to_all
def single(request: OrganisationRequest, kind: str = "system", **named: int | str) -> HttpResponse:
    """One object, which the address names. What is hidden says that it is deleted; what never was is 404."""
    shapes = _shapes(request)
    if kind in {"system", "body"}:
        return _said(request, shapes.system() if kind == "system" else shapes.body())
    [key] = named.values()
    found = _SINGLE[kind][1](shapes, key)
    if found is None:
        raise NotFound
    return _said(request, found)


@require_safe
@open_to_all
def listed(request: OrganisationRequest, kind: str) -> HttpResponse:
    """A page of a list. Without `modified_since` what is deleted is left out."""
    shapes = _shapes(request)
    if kind in {"bodies", "persons"}:
        rows: Any = [None] if kind == "bodies" else []
        shape: Callable[[Any], Shape] = lambda _row: shapes.body()  # noqa: E731  # of none or one
    else:
        rows, shape = _LISTED[kind](shapes, _limits(request), "modified_since" in request.GET)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    given = {name: str(request.GET[name]) for name in _LIMITS if name in request.GET}

    def address(number: int) -> str:
        return f"{shapes.url(f'{kind}/')}?{urlencode({**given, 'page': str(number)})}"

    links = {"first": address(1), "self": address(page.number), "last": address(page.paginator.num_pages)}
    links |= {"next": address(page.number + 1)} if page.has_next() else {}
    links |= {"prev": address(page.number - 1)} if page.has_previous() else {}
    said = {
        "data": [shape(row) for row in page.object_list],
        "pagination": {
            "totalElements": page.paginator.count,
            "elementsPerPage": PAGE,
            "currentPage": page.number,
            "totalPages": page.paginator.num_pages,
        },
        "links": links,
    }
    return _said(request, said)


def _shapes(request: OrganisationRequest) -> Shapes:
    if not request.organisation.has("matters"):
        raise NotFound
    return Shapes(request.organisation)


def _said(request: OrganisationRequest, said: Shape) -> HttpResponse:
    return whole(request, json.dumps(said, ensure_ascii=False).encode(), "application/json; charset=utf-8")


def _limits(request: OrganisationRequest) -> Q:
    """The period asked for; a time that is none is not heeded."""
    wanted = Q()
    for name, how in _LIMITS.items():
        at = _moment(request.GET.get(name, ""))
        if at is not None:
            wanted &= Q(**{f"{name.split('_')[0]}__{how}": at})
    return wanted


def _moment(written: str) -> datetime | None:
    try:
        at = parse_datetime(clean_text(written, one_line=True).replace(" ", "+"))  # a "+" that an address has lost
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def _meetings() -> Any:
    items = Prefetch("items", queryset=Item.objects.select_related("matter").defer("sections", "matter__stems"))
    papers = Prefetch("documents", queryset=Document.objects.prefetch_related(items).order_by("pk"))
    rows = Meeting.objects.select_related("body").prefetch_related(papers)
    changed = Greatest(Max("documents__changed_at"), Max("documents__withdrawn_at"))
    return rows.annotate(modified=changed, created=Max("documents__first_read_at")).order_by("modified", "pk")


def _papers() -> Any:
    items = Item.objects.select_related("document__meeting__body").defer("sections", "decision_text")
    rows = Matter.objects.exclude(kind=FORMAL).defer("stems", "plain_text")
    rows = rows.prefetch_related("numbers", "topics", Prefetch("items", queryset=items))
    # `created` is a name that OParl has for created_at
    changed = Greatest(Coalesce(Max("events__known_at"), "created_at"), "shown_changed_at")
    return rows.annotate(modified=changed, created=Max("created_at")).order_by("modified", "pk")


def _listed_organizations(shapes: Shapes, _wanted: Q, _deleted: bool) -> tuple[Any, Callable[[Any], Shape]]:
    return Body.objects.order_by("pk"), shapes.organization


def _listed_meetings(shapes: Shapes, wanted: Q, _deleted: bool) -> tuple[Any, Callable[[Any], Shape]]:
    return _meetings().filter(wanted), lambda row: shapes.meeting(row, row.modified)


def _listed_papers(shapes: Shapes, wanted: Q, deleted: bool) -> tuple[Any, Callable[[Any], Shape]]:
    gone = Q(hidden=True) | Q(merged_into__isnull=False)
    # of what went before that was kept nobody knows when: whoever asks what has changed is told of it each time
    timeless = gone & Q(shown_changed_at=None)
    rows = _papers().filter(timeless | wanted if wanted else wanted)
    return rows if deleted else rows.exclude(gone), lambda row: shapes.paper(row, row.modified)


_LISTED = {"organizations": _listed_organizations, "meetings": _listed_meetings, "papers": _listed_papers}


def _organization(shapes: Shapes, code: Any) -> Shape | None:
    row = Body.objects.filter(code=code).first()
    return shapes.organization(row) if row else None


def _meeting(shapes: Shapes, pk: Any) -> Shape | None:
    row = _meetings().filter(pk=pk).first()
    return shapes.meeting(row, row.modified) if row else None


def _paper(shapes: Shapes, pk: Any) -> Shape | None:
    row = _papers().filter(pk=pk).first()
    return shapes.paper(row, row.modified) if row else None


def _file(shapes: Shapes, pk: Any) -> Shape | None:
    row = Document.objects.filter(pk=pk).first()
    return shapes.file(row) if row else None


def _item_row(pk: int) -> Item | None:
    rows = Item.objects.select_related("document__meeting__body", "matter").filter(pk=pk, gone=False)
    return rows.filter(document__withdrawn_at=None).first()


def _agenda_item(shapes: Shapes, pk: Any) -> Shape | None:
    row = _item_row(pk)
    if row is None or row.document.meeting_id is None:
        return None
    return shapes.item(row, row.document.meeting_id, row.number, row.document.changed_at)


def _consultation(shapes: Shapes, pk: Any) -> Shape | None:
    row = _item_row(pk)
    if row is None or row.matter is None or row.matter.hidden:
        return None
    return shapes.consultation(row, row.document.changed_at)


_SINGLE: dict[str, tuple[str, Callable[[Shapes, Any], Shape | None]]] = {
    "organization": ("<slug:body_code>", _organization),
    "meeting": ("<int:meeting_id>", _meeting),
    "paper": ("<int:matter_id>", _paper),
    "file": ("<int:document_id>", _file),
    "agendaitem": ("<int:item_id>", _agenda_item),
    "consultation": ("<int:item_id>", _consultation),
}
ADDRESSES = {kind: f"{kind}/{key}/" for kind, (key, _make) in _SINGLE.items()}
LISTS = ("bodies", "persons", *_LISTED)
