"""Reading a case through before others may see it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases import actions
from lyhord.cases.actions.photos import describe_photos
from lyhord.cases.desk_queries import review_queue
from lyhord.cases.masking import Span, find
from lyhord.cases.models import Case, Message, Photo, Publication, Side
from lyhord.core.errors import Invalid, LyhordError
from lyhord.www.desk.deeds import say_what_is_wrong
from lyhord.www.desk.forms import PublishForm
from lyhord.www.desk.views import frame, visible_case


@require_http_methods(["GET", "POST"])
@requires(Permission.REVIEW_PUBLICATION)
def review(request: StaffRequest, case_id: int | None = None) -> HttpResponse:
    """The case beside what will be shown. Without a number, the oldest that waits."""
    waiting = list(review_queue(request.staff)[:50])
    case = visible_case(request, case_id) if case_id else (visible_case(request, waiting[0].pk) if waiting else None)
    if case is None:
        return render(request, "desk/review.html", {**frame(request.staff, "granska"), "items": [], "item": None})
    form = PublishForm(case, request.POST or None, initial=_suggested(case))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                messages.success(request, _decide(request, case, form))
                return redirect("desk:review")
            except LyhordError as error:
                say_what_is_wrong(form, error)
                form.ask_warned = isinstance(error, Invalid) and error.code == "personal"
    return render(request, "desk/review.html", _context(request, case, waiting, form), status=status)


def _decide(request: StaffRequest, case: Case, form: PublishForm) -> str:
    given = form.cleaned_data
    if "decline" in request.POST:
        published = case.publication_state == Case.Published.PUBLISHED
        undo = actions.withdraw if published else actions.decline_publication
        undo(case_id=case.pk, by=request.staff.actor, reason=given["reason"])
        return _("Ärendet visas inte för andra.")
    chosen = {int(pk) for pk in request.POST.getlist("photo") if pk.isdecimal() and len(pk) < 18}
    files = dict(Photo.objects.filter(case=case, pk__in=chosen).values_list("pk", "file_id"))
    words = {file_id: request.POST.get(f"alt_{pk}", "") for pk, file_id in files.items()}
    if words:
        describe_photos(case_id=case.pk, words=words, by=request.staff.actor)
    actions.publish(
        case_id=case.pk,
        title=given["title"],
        text=given["text"],
        answer=given["answer"],
        photo_ids=chosen,
        warned=given["warned"],
        by=request.staff.actor,
    )
    return _("Ärendet visas nu för andra.")


def _suggested(case: Case) -> dict[str, str]:
    """What is shown already, else what was said with what looks personal taken out, and our last answer."""
    shown = Publication.objects.filter(case=case).first()
    if shown:
        return {"title": shown.title, "text": shown.text, "answer": shown.answer}
    answer = Message.objects.filter(case=case, side=Side.OFFICE).order_by("-pk").first()
    return {"title": case.title, "text": case.text, "answer": answer.text if answer else ""}


def _context(request: StaffRequest, case: Case, waiting: list[Case], form: PublishForm) -> dict[str, Any]:
    hits = find(case.text)
    photos = Photo.objects.filter(case=case, internal=False).select_related("file").order_by("position", "pk")
    item = {
        "number": case.number,
        "title": case.title,
        "url": reverse("desk:case", args=[case.pk]),
        "marked_text": marked(case.text, hits),
        "hits": [{"kind_label": capfirst(str(hit.label)), "text": case.text[hit.start : hit.end]} for hit in hits],
        "photos": [
            {
                "id": photo.pk,
                "url": reverse("public:image", args=[photo.file.uid, "large"]),
                "thumbnail_url": reverse("public:image", args=[photo.file.uid, "small"]),
                "alt": photo.alt,
                "published": photo.published,
            }
            for photo in photos
        ],
    }
    items = [
        {
            "number": other.number,
            "title": other.title,
            "at": other.registered_at,
            "url": reverse("desk:review_case", args=[other.pk]),
            "current": other.pk == case.pk,
        }
        for other in waiting
    ]
    return {**frame(request.staff, "granska"), "items": items, "item": item, "form": form}


def marked(text: str, hits: list[Span]) -> SafeString:
    """The text as HTML, with <mark> round what looks like personal data."""
    out, at = [], 0
    for hit in hits:
        out.append(f"{escape(text[at : hit.start])}<mark>{escape(text[hit.start : hit.end])}</mark>")
        at = hit.end
    return mark_safe("".join(out) + escape(text[at:]))  # noqa: S308  # every piece is escaped
