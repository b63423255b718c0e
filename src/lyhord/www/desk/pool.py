"""The common queue of a group of municipalities: what the others ask for, and what we have asked for ourselves."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case, Photo, Reporter
from lyhord.collaboration import actions
from lyhord.collaboration.actions.offers import REASON_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from lyhord.collaboration.models import Group, PoolEntry
from lyhord.collaboration.queries import collaborates, joined_groups, open_offer, others_in, own_offers, pool_page
from lyhord.collaboration.snapshot import Snapshot, hindrance, snapshot
from lyhord.core.errors import Conflict, Invalid, NotFound
from lyhord.www.desk.deeds import number_in, say_what_is_wrong
from lyhord.www.desk.forms import Choice, DeedForm, Limited, several_lines
from lyhord.www.desk.frame import desk_page, frame
from lyhord.www.desk.lists import Rows
from lyhord.www.desk.views import visible_case

SHARE = Permission.ASSIGN_CASES


class ShareForm(DeedForm):
    """What the others read, as somebody has read it through, and why they are asked."""

    slug = "share"
    reason = several_lines(
        3,
        length=REASON_LENGTH,
        label=lazy("Varför frågar ni?"),
        help_text=lazy("Till exempel: Vägen är er. Kan ni ta den? Skriv inte vem som hörde av sig."),
    )
    title = Limited(one_line=True, length=TITLE_LENGTH, label=lazy("Rubrik"))
    text = several_lines(
        7,
        length=TEXT_LENGTH,
        label=lazy("Det här läser de"),
        help_text=lazy(
            "Vi har tagit bort det som ser ut som personuppgifter. Läs ändå, och ta bort mer om det behövs."
        ),
    )
    contact = forms.BooleanField(
        label=lazy("Den som hörde av sig har sagt ja till att namn och kontaktuppgifter följer med"),
        help_text=lazy("Fråga först. Utan ett ja får den som tar ärendet bara texten här ovanför."),
        required=False,
    )

    def __init__(self, case: Case, *args: Any, shown: Snapshot, groups: list[Group], **options: Any) -> None:
        start = {"title": shown.title, "text": shown.text, "group": str(groups[0].pk)}
        super().__init__(case, *args, initial=start, **options)
        choices = [(str(group.pk), group.name) for group in groups]
        one = {"widget": forms.HiddenInput} if len(groups) == 1 else {}
        self.fields["group"] = Choice(label=_("Vilka ska få frågan?"), choices=choices, **one)
        self.order_fields(["group", "reason", "title", "text", "contact"])


@require_safe
@requires(SHARE)
def pool(request: StaffRequest) -> HttpResponse:
    """The queue; only where there is one."""
    if not collaborates():
        raise NotFound
    found = pool_page(number_in(request.GET.get("efter", "")) or 0)
    context = {
        **frame(request.staff, "gemensam"),
        "page": Rows([_entry(entry) for entry in found.entries], f"?efter={found.next}" if found.next else ""),
        "own": [
            {
                "number": offer.case.number,
                "title": offer.case.title,
                "url": reverse("desk:share", args=[offer.case_id]),
                "at": offer.offered_at,
                "group": offer.group.name if offer.group else "",
            }
            for offer in own_offers(request.staff)
        ],
    }
    return desk_page(request, "desk/pool.html", context)


def _entry(entry: PoolEntry) -> dict[str, Any]:
    kind = KINDS.find(entry.kind)
    return {
        "id": entry.pk,
        "giver": entry.giver.name,
        "group": entry.group.name,
        "number": entry.number,
        "kind_label": str(kind.label) if kind else "",
        "type_name": entry.type_name,
        "title": entry.title,
        "text": entry.text,
        "reason": entry.reason,
        "place_text": entry.place_text,
        "contact": entry.contact,
        "at": entry.offered_at,
        "registered_at": entry.registered_at,
        "take_url": reverse("desk:take_over", args=[entry.pk]),
    }


@require_POST
@requires(SHARE)
def take_over(request: StaffRequest, entry_id: int) -> HttpResponse:
    """Make it our case; pressed twice it is one. Who comes second is told who has it."""
    try:
        taken = actions.take(entry_id=entry_id, by=request.staff.actor)
    except (Conflict, Invalid) as error:
        messages.warning(request, str(error.message))
        return redirect("desk:pool")
    words = {"number": taken.case.number, "unit": taken.case.unit.name}
    messages.success(request, _("Ärendet är ert nu. Det har nummer %(number)s och finns hos %(unit)s.") % words)
    if Case.objects.visible_to(request.staff).filter(pk=taken.case.pk).exists():
        return redirect("desk:case", taken.case.pk)
    return redirect("desk:pool")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(SHARE)
def share(request: StaffRequest, case_id: int) -> HttpResponse:
    """Ask the others about one of our cases, or see that they have been asked."""
    case = visible_case(request, case_id)
    groups = joined_groups()
    if not groups:
        raise NotFound
    reporter = Reporter.objects.filter(case=case).first()
    problem = hindrance(case, reporter)
    shown = snapshot(case, reporter)
    form = ShareForm(case, request.POST if request.method == "POST" else None, shown=shown, groups=groups)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _offer(request, case, form)
            except (Invalid, Conflict) as error:
                say_what_is_wrong(form, error)
                status = 409 if isinstance(error, Conflict) else 422
            else:
                messages.success(request, _("De andra är tillfrågade. Ärendet är ert tills någon tar det."))
                return redirect("desk:case", case.pk)
    waiting = open_offer(case)
    context = {
        **frame(request.staff, ""),
        "case": {"id": case.pk, "number": case.number, "title": "" if problem else case.title},
        "problem": problem,
        "waiting": {"at": waiting.offered_at, "group": waiting.group.name if waiting.group else ""}
        if waiting
        else None,
        "groups": [{"name": group.name, "members": names} for group, names in others_in(groups)],
        "place_text": "" if problem else shown.place_text,
        "photos": Photo.objects.filter(case=case, internal=False, published=True).count(),
        "form": form,
    }
    return desk_page(request, "desk/share.html", context, status=status)


def _offer(request: StaffRequest, case: Case, form: ShareForm) -> None:
    given = form.cleaned_data
    actions.offer(
        case_id=case.pk,
        group_id=number_in(given["group"]) or 0,
        reason=given["reason"],
        title=given["title"],
        text=given["text"],
        contact=given["contact"],
        by=request.staff.actor,
    )


@require_POST
@requires(SHARE)
def unshare(request: StaffRequest, case_id: int) -> HttpResponse:
    """Take the question back."""
    case = visible_case(request, case_id)
    try:
        actions.withdraw(case_id=case.pk, by=request.staff.actor)
        messages.success(request, _("Frågan är tillbakatagen. De andra ser inte ärendet längre."))
    except Conflict as conflict:
        messages.warning(request, str(conflict.message))
    return redirect("desk:case", case.pk)
