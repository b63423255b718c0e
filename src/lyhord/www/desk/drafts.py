"""What came in and is no case yet: somebody says what it is."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff, StaffRequest, requires
from lyhord.audit.actions import record
from lyhord.cases import whole_case
from lyhord.cases.kind import KINDS
from lyhord.cases.public_queries import type_by_code
from lyhord.cases.secrecy import Veil, may_know
from lyhord.core.errors import Conflict, Invalid, NotFound
from lyhord.core.forms import PlainForm
from lyhord.intake.draft_actions import LONGEST, accept_draft, dismiss_draft, join_draft, restore_draft
from lyhord.intake.incoming_queries import DRAFT_REASONS, files_of, incoming_counts, visible_draft, waiting_drafts
from lyhord.intake.models import DraftCase, DraftState
from lyhord.intake.taking import with_subject
from lyhord.www.desk.deeds import number_in
from lyhord.www.desk.document import handed_out
from lyhord.www.desk.forms import Choice, Limited, several_lines, types_by_kind
from lyhord.www.desk.frame import desk_page, frame
from lyhord.www.desk.lists import Rows
from lyhord.www.desk.screen import channel_label
from lyhord.www.public.photos import jpeg, size_named

DRAFTS = Permission.REGISTER_FOR_OTHERS
NOT_ANSWERED = {"spam", "bulk", "automatic", "no_reply", "own_address", "loop", "no_sender"}
"""Why something came to be looked at, where its sender is not told unless somebody asks for it."""
_BEGINNING = 240


class AcceptForm(PlainForm):
    """A case of it."""

    use_required_attribute = False
    text = several_lines(8, length=LONGEST, label=lazy("Vad det gäller"))

    def __init__(self, draft: DraftCase, *args: Any, **options: Any) -> None:
        answer = bool(draft.email or draft.phone) and draft.reason not in NOT_ANSWERED
        start = {"text": with_subject(draft.subject, draft.text)[:LONGEST], "answer": answer}
        options |= {"initial": start, "auto_id": "id_accept_%s"}
        super().__init__(*args, **options)
        kinds = [(kind.slug, kind.label) for kind in KINDS]
        self.fields["kind"] = Choice(label=_("Vad är det?"), choices=kinds, widget=forms.RadioSelect)
        self.fields["kind"].initial = draft.kind or "fraga"
        sorts = [("", _("Låt texten avgöra")), *types_by_kind()]
        self.fields["case_type"] = Choice(label=_("Sort"), choices=sorts)
        if draft.email or draft.phone:
            self.fields["answer"] = forms.BooleanField(
                label=_("Avsändaren får veta att vi har tagit emot det, och sedan svar"), required=False
            )


class JoinForm(PlainForm):
    """Part of a case that there is."""

    use_required_attribute = False
    number = Limited(one_line=True, length=20, label=lazy("Ärendets nummer"))
    same = forms.BooleanField(
        label=lazy("Det är samma person som skrev ärendet"),
        help_text=lazy("Annars blir det en intern anteckning, som bara vi ser."),
        required=False,
    )

    def __init__(self, draft: DraftCase, *args: Any, **options: Any) -> None:
        start = {"number": draft.linked.number if draft.linked else ""}
        options |= {"initial": start, "auto_id": "id_join_%s"}
        super().__init__(*args, **options)


@require_safe
@requires(DRAFTS)
def drafts(request: StaffRequest) -> HttpResponse:
    """All that waits, oldest first."""
    found, onward = waiting_drafts(request.staff, after=number_in(request.GET.get("efter", "")) or 0)
    _waiting, failed = incoming_counts(request.staff)
    context = {
        **frame(request.staff, "inkommet"),
        "page": Rows([_row(request.staff, draft) for draft in found], f"?efter={onward}" if onward else ""),
        "log_url": reverse("desk:arrivals") if request.staff.may(Permission.SEE_OUTBOX) else "",
        "failed": failed,
    }
    return desk_page(request, "desk/drafts.html", context)


def veil_over(staff: Staff, draft: DraftCase) -> Veil:
    """Over what a draft says that is about somebody with protected identity."""
    if draft.linked is None or not draft.protected:
        return Veil()
    return Veil.over(staff, draft.linked, whole_case.reporter_of(draft.linked))


def _row(staff: Staff, draft: DraftCase) -> dict[str, Any]:
    veil = veil_over(staff, draft)
    said = " ".join(draft.text.split())
    return {
        "id": draft.pk,
        "url": reverse("desk:draft_case", args=[draft.pk]),
        "sender": _("(skyddad)") if veil.on else _sender(draft),
        "subject": veil(draft.subject) or _("(inget ämne)"),
        "text": veil(said[:_BEGINNING]) + ("…" if len(said) > _BEGINNING else ""),
        "reason": str(DRAFT_REASONS.get(draft.reason, draft.reason)),
        "channel_label": channel_label(draft.channel),
        "linked": draft.linked.number if draft.linked else "",
        "unit_name": draft.unit.name,
        "at": draft.created_at,
    }


def _sender(draft: DraftCase) -> str:
    return draft.name or draft.email or draft.phone or _("Okänd avsändare")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(DRAFTS)
def draft_case(request: StaffRequest, draft_id: int) -> HttpResponse:
    """One of them: read it, and say what it is."""
    draft = found_draft(request.staff, draft_id)
    if request.method != "POST":
        return _page(request, draft, AcceptForm(draft), JoinForm(draft))
    match request.POST.get("do"):
        case "case":
            return _accept(request, draft)
        case "join":
            return _join(request, draft)
        case "dismiss":
            return _simply(request, draft, dismiss_draft, _("Det blev inget ärende. Det går att ta tillbaka."))
        case "restore":
            return _simply(request, draft, restore_draft, _("Nu väntar det på att granskas igen."))
    return _page(request, draft, AcceptForm(draft), JoinForm(draft), status=422)


def found_draft(staff: Staff, draft_id: int) -> DraftCase:
    """The draft, if the person may see it; NotFound otherwise."""
    draft = visible_draft(staff, draft_id)
    if draft is None:
        raise NotFound
    return draft


def _accept(request: StaffRequest, draft: DraftCase) -> HttpResponse:
    form = AcceptForm(draft, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        chosen = type_by_code(given["case_type"]) if given["case_type"] else None
        try:
            receipt = accept_draft(
                draft_id=draft.pk,
                text=_words(request.staff, draft, given["text"]),
                kind=chosen.kind if chosen else given["kind"],
                case_type=chosen.code if chosen else None,
                answer=given.get("answer", False),
                by=request.staff.actor,
            )
            messages.success(request, _("Det är ärende %(number)s nu.") % {"number": receipt.number})
            return _onward(request, receipt.case.pk)
        except Conflict as conflict:
            form.add_error(None, str(conflict.message))
        except Invalid as invalid:
            for name, sentence in invalid.errors.items():
                form.add_error(name if name in form.fields else None, str(sentence))
    return _page(request, found_draft(request.staff, draft.pk), form, JoinForm(draft), status=422)


def _words(staff: Staff, draft: DraftCase, text: str) -> str:
    """What is kept: the words as they came, from one who was shown them with parts taken out."""
    return with_subject(draft.subject, draft.text)[:LONGEST] if veil_over(staff, draft).on else text


def _join(request: StaffRequest, draft: DraftCase) -> HttpResponse:
    form = JoinForm(draft, request.POST)
    if form.is_valid():
        case = whole_case.visible_by_number(request.staff, form.cleaned_data["number"])
        if case is None:
            form.add_error("number", _("Vi hittar inget ärende med det numret."))
        else:
            try:
                same = form.cleaned_data["same"]
                join_draft(draft_id=draft.pk, case_id=case.pk, by_reporter=same, by=request.staff.actor)
                messages.success(request, _("Det ligger i ärende %(number)s nu.") % {"number": case.number})
                return _onward(request, case.pk)
            except (Conflict, Invalid) as error:
                form.add_error(None, str(error.message))
    return _page(request, found_draft(request.staff, draft.pk), AcceptForm(draft), form, status=422)


def _simply(request: StaffRequest, draft: DraftCase, action: Any, done: str) -> HttpResponse:
    try:
        action(draft_id=draft.pk, by=request.staff.actor)
        messages.success(request, done)
    except Conflict as conflict:
        messages.warning(request, str(conflict.message))
    return redirect("desk:draft_case", draft.pk)


def _onward(request: StaffRequest, case_id: int) -> HttpResponse:
    """To the case, if the person may see where it landed; else to what waits."""
    if whole_case.visible_case(request.staff, case_id) is not None:
        return redirect("desk:case", case_id)
    return redirect("desk:drafts")


def _page(
    request: StaffRequest, draft: DraftCase, accept: AcceptForm, join: JoinForm, *, status: int = 200
) -> HttpResponse:
    staff, veil = request.staff, veil_over(request.staff, draft)
    linked = draft.linked
    may_see = linked is not None and whole_case.visible_case(staff, linked.pk) is not None
    if veil.on:
        accept.fields["text"].disabled = True
        accept.initial["text"] = veil(accept.initial["text"])
    if draft.protected and not veil.on:
        record(verb="draft.protected_read", subject_type="draft", subject_id=draft.pk, by=staff.actor, level=1)
    case = draft.case if draft.case and whole_case.visible_case(staff, draft.case.pk) else None
    context = {
        **frame(staff, "inkommet"),
        "draft": {
            **_row(staff, draft),
            "text": veil(draft.text),
            "email": "" if veil.on else draft.email,
            "phone": "" if veil.on else draft.phone,
            "waiting": draft.state == DraftState.WAITING,
            "dismissed": draft.state == DraftState.DISMISSED,
            "decided_at": draft.decided_at,
            "decided_by": draft.decided_by,
            "linked_url": reverse("desk:case", args=[linked.pk]) if linked and may_see else "",
            "case": case.number if case else "",
            "case_url": reverse("desk:case", args=[case.pk]) if case else "",
            "original_url": reverse("desk:original", args=[draft.arrival_id])
            if draft.arrival_id and not veil.on
            else "",
            "protected": draft.protected,
            "language": draft.language,
            **({"photos": [], "documents": []} if veil.on else _files(draft)),
        },
        "accept": accept,
        "join": join,
    }
    response = desk_page(request, "desk/draft.html", context, status=status)
    if draft.protected:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _files(draft: DraftCase) -> dict[str, list[dict[str, Any]]]:
    photos, documents = [], []
    for file in files_of(draft):
        if file.photo:
            url, small = (
                reverse("desk:draft_photo", args=[draft.pk, file.photo.uid, size]) for size in ("large", "small")
            )
            photos.append({"url": url, "thumbnail_url": small, "alt": ""})
        elif file.document:
            url = reverse("desk:draft_document", args=[draft.pk, file.document.uid])
            documents.append({"url": url, "name": file.document.name, "size": file.document.size})
    return {"photos": photos, "documents": documents}


@require_safe
@requires(DRAFTS)
def draft_photo(request: StaffRequest, draft_id: int, uid: UUID, size: str) -> HttpResponse:
    """A picture of a draft."""
    for file in files_of(known_draft(request.staff, draft_id)):
        if file.photo and file.photo.uid == uid:
            return jpeg(file.photo, size_named(size))
    raise NotFound


@require_safe
@requires(DRAFTS)
def draft_document(request: StaffRequest, draft_id: int, uid: UUID) -> HttpResponseBase:
    """Another file of a draft, to be saved."""
    for file in files_of(known_draft(request.staff, draft_id)):
        if file.document and file.document.uid == uid:
            return handed_out(file.document.key, file.document.name)
    raise NotFound


def known_draft(staff: Staff, draft_id: int) -> DraftCase:
    """The draft, for one who may know whatever is in it."""
    draft = found_draft(staff, draft_id)
    if draft.linked is not None and draft.protected and not may_know(staff, draft.linked):
        raise NotFound
    return draft
