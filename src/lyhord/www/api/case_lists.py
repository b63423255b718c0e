"""The lists of the desk: by view, by words, by unit, by who said it."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Router

from lyhord.accounts.permissions import Permission
from lyhord.cases import whole_case
from lyhord.cases.desk_queries import cases_in, page_of, view_counts
from lyhord.cases.desk_views import BY_SLUG, UNCOUNTED, VIEWS
from lyhord.cases.queries import same_reporter
from lyhord.cases.secrecy import Veil
from lyhord.core.errors import NotFound
from lyhord.core.text import clean_text
from lyhord.organisations.models import Unit
from lyhord.www.api.answers import After, Limit, answer, from_cursor, to_cursor
from lyhord.www.api.callers import STAFF, ApiRequest, seen_case, staff_may
from lyhord.www.api.case_shapes import CasePage, CaseRow, View, Views, summary

router = Router(tags=["cases"], auth=STAFF)

UnitCode = Annotated[str, Query(max_length=60, description="Code of a unit: its cases and those of units below.")]


@router.get("/views", response=Views, summary="The lists of the desk")
def views(request: ApiRequest) -> HttpResponse:
    """Which lists there are, and how many cases each holds."""
    staff = staff_may(request, Permission.SEE_CASES)
    counts = view_counts(staff)
    items = [
        View(slug=view.slug, label=str(view.label), count=None if view.slug in UNCOUNTED else counts[view.slug])
        for view in VIEWS
    ]
    return answer(request, Views(items=items))


@router.get("/cases", response=CasePage, summary="Cases")
def cases(
    request: ApiRequest,
    *,
    view: Annotated[str, Query(max_length=40, description="A list of the desk; see /views.")] = "alla",
    q: Annotated[str, Query(max_length=200, description="Words, a number or a mail address; finds in all lists.")] = "",
    unit: UnitCode = "",
    same_reporter_as: Annotated[
        str, Query(max_length=20, description="Number of a case: what its reporter has said otherwise.")
    ] = "",
    limit: Limit = 50,
    after: After = "",
) -> HttpResponse:
    """What the person may see of a list, or what words find."""
    staff = staff_may(request, Permission.SEE_CASES)
    wanted = BY_SLUG.get(view)
    if wanted is None:
        raise NotFound
    words = clean_text(q, one_line=True)
    unit_ids = below(unit)
    if same_reporter_as:
        known = seen_case(request, same_reporter_as)[1]
        chosen = same_reporter(staff, known, whole_case.reporter_of(known)).exclude(pk=known.pk)
        chosen = chosen if unit_ids is None else chosen.filter(unit_id__in=unit_ids)
    else:
        chosen = cases_in(staff, wanted, unit_ids=unit_ids, words=words)
    newest_first = bool(words or same_reporter_as) or wanted.newest_first
    found = page_of(chosen, from_cursor(after), newest_first=newest_first, most=limit)
    following = to_cursor(found.next)
    body = CasePage(
        items=[CaseRow(**summary(case, Veil.over(staff, case, None))) for case in found.cases], next=following
    )
    return answer(request, body, following=following)


def below(code: str) -> list[int] | None:
    """The ids of a unit and of all below it; None without a code, NotFound for one that is none."""
    if not code:
        return None
    top = Unit.objects.filter(code=clean_text(code)).first()
    if top is None:
        raise NotFound
    return sorted(Unit.objects.all().tree_ids({top.pk}))
