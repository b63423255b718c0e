"""The organisation's rules of who gets what: in words, in order, as a draft that is tried before it holds."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.actions.rule_sets import (
    discard_rules,
    fingerprint,
    parse_rule,
    publish_rules,
    roll_back_rules,
    rules_of,
    save_rules,
)
from lyhord.cases.calendar import holidays_around
from lyhord.cases.dry_run import try_rules
from lyhord.cases.models import CaseType, Category, RuleSet
from lyhord.cases.old_cases import MOST, newest_cases
from lyhord.cases.routing import RoutingFacts, explain
from lyhord.cases.routing_rules import Rule
from lyhord.cases.rule_words import Names, rule_in_words
from lyhord.core.clock import now
from lyhord.core.errors import NotFound
from lyhord.www.manage.frame import page, settle, tried
from lyhord.www.manage.rule_choices import all_names
from lyhord.www.manage.rule_forms import PATHS, AskForm, RuleForm
from lyhord.www.manage.trials import trial_rows
from lyhord.www.manage.type_rows import all_desks
from lyhord.www.manage.types import history_rows

MANAGE = Permission.MANAGE_CASE_TYPES
HISTORY = 30


def newest_sets() -> tuple[RuleSet | None, RuleSet | None]:
    """(the draft, what holds), either of which may be missing."""
    draft = RuleSet.objects.order_by("-number").first()
    if draft is None or draft.published_at is not None:
        return None, draft
    return draft, RuleSet.objects.filter(published_at__isnull=False).order_by("-number").first()


@require_GET
@requires(MANAGE)
def rules(request: StaffRequest) -> HttpResponse:
    """The rules in words; a made-up case to ask about (`?case_type=…`)."""
    draft, current = newest_sets()
    shown = rules_of(draft or current)
    names = all_names()
    versions = RuleSet.objects.filter(published_at__isnull=False).select_related("created_by").order_by("-number")
    asked = AskForm(names, request.GET if "case_type" in request.GET else None)
    context: dict[str, Any] = {
        "draft": draft,
        "rows": rule_rows(shown, names),
        "base": fingerprint(shown),
        "history": history_rows(list(versions[:HISTORY]), current.pk if current else None),
        "ask": asked,
        "answer": _answer(request, asked, shown, names) if asked.is_bound and asked.is_valid() else None,
    }
    return page(request, "rules", "regler", context, status=422 if asked.is_bound and asked.errors else 200)


def rule_rows(rules: Sequence[Rule], names: Names) -> list[dict[str, Any]]:
    """The rules as the list shows them."""
    return [
        {
            "index": index,
            "number": index + 1,
            "name": rule.name,
            "conditions": rule_in_words(rule, names),
            "unit_name": names.units.get(rule.unit, ""),
            "unit_code": rule.unit,
            "last": index == len(rules) - 1,
        }
        for index, rule in enumerate(rules)
    ]


def _answer(request: StaffRequest, form: AskForm, rules: Sequence[Rule], names: Names) -> dict[str, Any]:
    """Where the made-up case would go and why, and what each rule before said."""
    given = form.cleaned_data
    case_type = CaseType.objects.select_related("current", "category").get(code=given["case_type"])
    assert case_type.current is not None  # noqa: S101  # only such types are among the choices
    chosen = Category.objects.filter(code=given["category"]).first() if given["category"] else None
    category = case_type.category or chosen
    description = case_type.current.description
    at = given["at"] or now()
    facts = RoutingFacts(
        kind=case_type.kind,
        type_code=case_type.code,
        type_name=description.title("sv"),
        category=category.code if category else None,
        category_name=category.name("sv") if category else "",
        areas={given["area"]: names.areas[given["area"]]} if given["area"] else {},
        at=at,
        holidays=holidays_around(at, request.organisation.free_days),
    )
    desks = all_desks()
    route = desks.choose(facts, description, rules, category_unit_id=category.unit_id if category else None)
    return {
        "unit_name": desks.names[route.unit_code],
        "reason": route.reason,
        "traces": explain(facts, rules, active_units=desks.active(at.date())),
    }


@require_http_methods(["GET", "POST"])
@requires(MANAGE)
def rule(request: StaffRequest, index: int | None = None) -> HttpResponse:
    """Add a rule last, or change one."""
    draft, current = newest_sets()
    before = rules_of(draft or current)
    if index is not None and index >= len(before):
        raise NotFound
    names = all_names()
    own = before[index] if index is not None else None
    form = RuleForm(names, own, request.POST or None, initial={"base": fingerprint(before)})
    if request.method == "POST":

        def save(given: dict[str, Any]) -> RuleSet:
            changed = parse_rule(form.data_of_rule())
            after = [*before[:index], changed, *before[index + 1 :]] if index is not None else [*before, changed]
            return save_rules(rules=after, base=given["base"], by=request.staff.actor)

        if tried(form, save, PATHS) is not None:
            return redirect("manage:rules")
    context = {"form": form, "number": index + 1 if index is not None else None}
    return page(request, "rule", "regler", context, status=422 if form.is_bound else 200)


@require_POST
@requires(MANAGE)
def change_rules(request: StaffRequest, index: int) -> HttpResponse:
    """Move a rule up or down, or take it away."""
    draft, current = newest_sets()
    after = rules_of(draft or current)
    if index >= len(after):
        raise NotFound
    moved = after.pop(index)
    if "remove" not in request.POST:
        after.insert(max(0, index - 1) if "up" in request.POST else min(len(after), index + 1), moved)
    return settle(
        request,
        lambda: save_rules(rules=after, base=request.POST.get("base", ""), by=request.staff.actor),
        _("Utkastet är ändrat. Det gäller först när du publicerar."),
        reverse("manage:rules"),
    )


@require_GET
@requires(MANAGE)
def rules_try(request: StaffRequest) -> HttpResponse:
    """What the draft would have done with the newest cases."""
    draft, current = newest_sets()
    if draft is None:
        raise NotFound
    desks = all_desks()
    cases = newest_cases(request.organisation)
    changed = try_rules(rules_of(current), rules_of(draft), cases, desks=desks)
    sizes = {"tried": len(cases), "capped": len(cases) == MOST, "only_units": True}
    context = {**sizes, **trial_rows(request.staff, changed, desks)}
    return page(request, "rules_try", "regler", context)


@require_POST
@requires(MANAGE)
def rules_publish(request: StaffRequest) -> HttpResponse:
    """Let the draft hold."""
    base, note = request.POST.get("base", ""), request.POST.get("note", "")
    return settle(
        request,
        lambda: publish_rules(base=base, note=note, by=request.staff.actor),
        _("Reglerna gäller från nu."),
        reverse("manage:rules"),
    )


@require_POST
@requires(MANAGE)
def rules_discard(request: StaffRequest) -> HttpResponse:
    """Throw the draft away."""
    return settle(
        request,
        lambda: discard_rules(by=request.staff.actor),
        _("Utkastet är borta. Reglerna gäller som förut."),
        reverse("manage:rules"),
    )


@require_POST
@requires(MANAGE)
def rules_roll_back(request: StaffRequest, number: int) -> HttpResponse:
    """Go back to earlier rules."""
    return settle(
        request,
        lambda: roll_back_rules(number=number, by=request.staff.actor),
        _("Nu gäller reglerna i version %(number)s.") % {"number": number},
        reverse("manage:rules"),
    )
