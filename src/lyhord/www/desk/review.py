"""Reading a case through before others may see it."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
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
from lyhord.cases.models import Case, Photo
from lyhord.cases.review import suggested
from lyhord.core.errors import Conflict, Invalid, NotFound
from lyhord.www.desk.deeds import number_in, say_what_is_wrong
from lyhord.www.desk.forms import PublishForm
from lyhord.www.desk.frame import desk_page, frame
from lyhord.www.desk.views import visible_case

MOST_WAITING = 50
NEVER_READ = -1
"""The revision of a form that does not say which one its reader saw: nobody publishes what they have not seen."""


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REVIEW_PUBLICATION)
def review(request: StaffRequest, case_id: int | None = None) -> HttpResponse:
    """The case beside what will be shown. Without a number, the oldest that waits: to read only.

    What is decided is sent to the address of the case that the page showed, with the revision that it showed: a
    second press, or a page that has lain open, never decides about another case or about words nobody has read.
    """
    if case_id is None and request.method == "POST":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    waiting = list(review_queue(request.staff)[: MOST_WAITING + 1])
    if case_id is None and not waiting:
        return desk_page(request, "desk/review.html", {**frame(request.staff, "granska"), "items": [], "item": None})
    case = visible_case(request, case_id or waiting[0].pk)
    if case.publication_state == Case.Published.CLOSED or case.protected:
        raise NotFound
    form = PublishForm(case, request.POST if request.method == "POST" else None, initial=suggested(case))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                messages.success(request, _decide(request, case, form))
                return redirect("desk:review")
            except (Invalid, Conflict) as error:
                say_what_is_wrong(form, error)
                form.ask_warned = error.code == "personal"
                status = 409 if isinstance(error, Conflict) else 422
        form.read_again(case)
    return desk_page(request, "desk/review.html", _context(request, case, waiting, form), status=status)


@transaction.atomic
def _decide(request: StaffRequest, case: Case, form: PublishForm) -> str:
    given, by = form.cleaned_data, request.staff.actor
    revision = NEVER_READ if given["revision"] is None else given["revision"]
    if "decline" in request.POST:
        published = case.publication_state == Case.Published.PUBLISHED
        undo = actions.withdraw if published else actions.decline_publication
        undo(case_id=case.pk, by=by, reason=given["reason"], revision=revision)
        return _("Ärendet visas inte för andra.")
    chosen = _chosen(request)
    files = dict(Photo.objects.filter(case=case, pk__in=chosen).values_list("pk", "file_id"))
    words = {file_id: request.POST.get(f"alt_{pk}", "") for pk, file_id in files.items()}
    actions.publish(
        case_id=case.pk,
        title=given["title"],
        text=given["text"],
        answer=given["answer"],
        photo_ids=chosen,
        warned=given["warned"],
        revision=revision,
        by=by,
    )
    if words:
        describe_photos(case_id=case.pk, words=words, by=by)
    return _("Ärendet visas nu för andra.")


def _chosen(request: StaffRequest) -> set[int]:
    """The pictures that were ticked."""
    return {pk for text in request.POST.getlist("photo") if (pk := number_in(text)) is not None}


def _context(request: StaffRequest, case: Case, waiting: list[Case], form: PublishForm) -> dict[str, Any]:
    photos = Photo.objects.filter(case=case, internal=False).select_related("file").order_by("position", "pk")
    if not case.version.description.publication.photos:
        photos = photos.none()
    sent = request.POST if request.method == "POST" else None
    ticked = _chosen(request)
    item = {
        "number": case.number,
        "title": case.title,
        "language": case.language,
        "url": reverse("desk:case", args=[case.pk]),
        "decide_url": reverse("desk:review_case", args=[case.pk]),
        "marked_text": marked(case.text, find(case.text)),
        "hits": _hits(case.text, form["answer"].initial or ""),
        "photos": [
            {
                "id": photo.pk,
                "url": reverse("public:image", args=[photo.file.uid, "large"]),
                "thumbnail_url": reverse("public:image", args=[photo.file.uid, "small"]),
                "alt": sent.get(f"alt_{photo.pk}", photo.alt) if sent else photo.alt,
                "published": photo.pk in ticked if sent else photo.published,
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
        for other in waiting[:MOST_WAITING]
    ]
    more = len(waiting) > MOST_WAITING
    return {**frame(request.staff, "granska"), "items": items, "more": more, "item": item, "form": form}


def _hits(*texts: str) -> list[dict[str, str]]:
    """What looks like personal data in what was said and what we answered."""
    return [
        {"kind_label": str(capfirst(str(hit.label))), "text": text[hit.start : hit.end]}
        for text in texts
        for hit in find(text)
    ]


def marked(text: str, hits: list[Span]) -> SafeString:
    """The text as HTML, with <mark> round what looks like personal data."""
    out, at = [], 0
    for hit in hits:
        out.append(f"{escape(text[at : hit.start])}<mark>{escape(text[hit.start : hit.end])}</mark>")
        at = hit.end
    return mark_safe("".join(out) + escape(text[at:]))  # noqa: S308  # every piece is escaped
