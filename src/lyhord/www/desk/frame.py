"""The desk's own navigation, with counts."""

from collections.abc import Collection
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff, StaffRequest
from lyhord.cases.desk_queries import COUNT_TO, view_counts
from lyhord.cases.desk_views import REVIEW, VIEWS
from lyhord.collaboration.queries import collaborates, pool_count
from lyhord.engagement.queries import waiting
from lyhord.exchange.case_queries import dead_count
from lyhord.intake.incoming_queries import incoming_counts
from lyhord.notifications.queries import failed_count
from lyhord.organisations.queries import public_urls
from lyhord.www.manage.frame import may_open_settings


def frame(staff: Staff, current: str, *, unit: str = "", unit_ids: Collection[int] | None = None) -> dict[str, Any]:
    """Views and tools for the menu; with a unit chosen, the views lead to its cases and count them."""
    counts = view_counts(staff, unit_ids)
    views = [
        {
            "label": view.label,
            "url": inbox_url(vy=view.slug, enhet=unit),
            "count": _count(counts.get(view.slug)),
            "current": view.slug == current,
            "hot": view.slug == "forsenat" and bool(counts.get(view.slug)),
        }
        for view in VIEWS
    ]
    tools = [_tool("karta", _("Karta"), "desk:map", None, current)] if staff.may(Permission.SEE_CASES) else []
    if staff.may(Permission.SEE_CASES):
        tools.append(_tool("falt", _("Fältläge"), "desk:field", None, current))
    if staff.may(Permission.REGISTER_FOR_OTHERS):
        tools.append(_tool("nytt", _("Nytt ärende"), "desk:register", None, current))
    if staff.may(Permission.REGISTER_FOR_OTHERS) or staff.may(Permission.SEE_OUTBOX):
        tools.append(_incoming(staff, current))
    if staff.may(Permission.REVIEW_PUBLICATION):
        tools.append(_tool("granska", _("Att granska"), "desk:review", counts[REVIEW], current))
    if staff.may(Permission.SEE_OUTBOX):
        failed = failed_count() + dead_count(staff, COUNT_TO)
        tools.append({**_tool("utkorg", _("Utkorg"), "desk:outbox", failed, current), "hot": failed > 0})
    if staff.may(Permission.ASSIGN_CASES) and collaborates():
        tools.append(_tool("gemensam", _("Gemensam kö"), "desk:pool", pool_count(), current))
    if may_open_settings(staff):
        tools.append(_tool("installningar", _("Inställningar"), "manage:index", None, current))
    elsewhere = public_urls(staff.elsewhere, reverse("desk:inbox")) if staff.elsewhere else []
    return {"views": views, "tools": tools, "staff": staff, "elsewhere": elsewhere}


def _incoming(staff: Staff, current: str) -> dict[str, Any]:
    """What somebody has to say what it is, for those who may; hot when something could not be taken in."""
    waiting, failed = incoming_counts(staff)
    name = "desk:drafts" if staff.may(Permission.REGISTER_FOR_OTHERS) else "desk:arrivals"
    return {**_tool("inkommet", _("Inkommet"), name, waiting + failed, current), "hot": failed > 0}


def inbox_url(**values: str) -> str:
    """The address of a list; empty values are left out."""
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{reverse('desk:inbox')}?{query}" if query else reverse("desk:inbox")


def desk_page(request: StaffRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of the desk: asked for anew each time, and kept by nothing in between."""
    reads = "tools" in context and request.organisation.has("engagement")
    if reads and request.staff.may(Permission.REVIEW_PUBLICATION):
        context = {**context, "tools": _with_opinions(context["tools"], template)}
    response = render(request, template, context, status=status)
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _with_opinions(tools: list[dict[str, Any]], template: str) -> list[dict[str, Any]]:
    """The menu with what was said about matters in politics, after what else is to be read through."""
    current = "asikter" if template.startswith("desk/opinion") else ""
    count = waiting()[:COUNT_TO].count()
    own = _tool("asikter", _("Åsikter"), "desk:opinions", count, current)
    at = next((place for place, tool in enumerate(tools) if tool["url"] == reverse("desk:review")), -1) + 1
    return [*tools[:at], own, *tools[at:]]


def _tool(slug: str, label: str, name: str, count: int | None, current: str) -> dict[str, Any]:
    return {"label": label, "url": reverse(name), "count": _count(count), "current": slug == current, "hot": False}


def _count(number: int | None) -> str | None:
    if number is None:
        return None
    return str(number) if number < COUNT_TO else f"{COUNT_TO - 1}+"
