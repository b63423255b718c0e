"""Writing in a case: an answer to the resident or a note among staff, with pictures, and the draft of it."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.cases import actions
from lyhord.cases.masking import find
from lyhord.cases.models import Case
from lyhord.core.errors import Conflict, Invalid, Text
from lyhord.core.text import clean_text
from lyhord.files.models import StoredFile
from lyhord.intake.submission import MOST_PHOTOS
from lyhord.www.desk import forms
from lyhord.www.desk.deeds import onward, say_what_is_wrong
from lyhord.www.desk.hints import hints_for
from lyhord.www.desk.screen import draft_status
from lyhord.www.desk.views import case_page, visible_case
from lyhord.www.public import uploads
from lyhord.www.public.guard import too_large_page

MOST_HINTS = 3


@csrf_exempt  # only so far as to set how uploads are read, before anything reads them: `_reply` is protected
@require_POST
def reply(request: HttpRequest, case_id: int) -> HttpResponseBase:
    """Answer the resident, or write among staff: the form has one choice for it."""
    if uploads.too_large(request):
        return too_large_page(request)
    uploads.watch(request)
    response: HttpResponseBase = _reply(request, case_id=case_id)
    return response


@csrf_protect
@requires(Permission.HANDLE_CASES)
def _reply(request: StaffRequest, case_id: int) -> HttpResponse:
    case = visible_case(request, case_id)
    files, problems = pictures(request)
    if "look" in request.POST:
        return _look(request, case, files)
    form = forms.ReplyForm(case, request.POST)
    status = 422
    if form.is_valid() and not wrong_yet(form, problems):
        try:
            messages.success(request, say(request, case, form, files))
            actions.forget_draft(case_id=case.pk, by=request.staff.actor)
            return onward(request, case)
        except (Invalid, Conflict) as error:
            say_what_is_wrong(form, error)
            status = 409 if isinstance(error, Conflict) else 422
    return _again(request, case, form, files, status=status)


def _again(
    request: StaffRequest, case: Case, form: forms.ReplyForm, files: Sequence[StoredFile], *, status: int = 200
) -> HttpResponse:
    """The page once more, with what was written and the pictures; it is kept as a draft too."""
    internal = request.POST.get("to") == "internal"
    actions.save_draft(case_id=case.pk, text=request.POST.get("text", ""), internal=internal, by=request.staff.actor)
    form.files_kept = [{"token": str(file.uid), "thumbnail_url": uploads.draft_url(file)} for file in files]
    return case_page(request, visible_case(request, case.pk), failed={form.slug: form}, status=status)


def _look(request: StaffRequest, case: Case, files: Sequence[StoredFile]) -> HttpResponse:
    """How it will read, and what might be lighter. Nothing is sent, and nothing is wrong."""
    given = {name: clean_text(request.POST.get(name, "")) for name in ("text", "to", "after", "token")}
    form = forms.ReplyForm(case, initial=given)
    hints = [*hints_for(given["text"], case.language), personal_hints(given["text"])]
    form.looked = {"text": given["text"], "language": case.language, "hints": [hint for hint in hints if hint]}
    return _again(request, case, form, files)


def pictures(request: StaffRequest) -> tuple[list[StoredFile], list[Text]]:
    """What has come, now and the last time the form was sent; and a sentence for each picture that was refused."""
    handler = next(one for one in request.upload_handlers if isinstance(one, uploads.LetGoOfLarge))
    files = uploads.drafts(request.POST.getlist("draft_photos"))[:MOST_PHOTOS]
    kept, problems = uploads.keep(
        request.FILES.getlist("photos"),
        organisation_id=request.organisation.pk,
        room=MOST_PHOTOS - len(files),
        let_go=handler.let_go,
        by=request.staff.actor,
    )
    return files + kept, problems


def wrong_yet(form: forms.ReplyForm, problems: Sequence[Text]) -> bool:
    """Whether it must not go yet. Who reads it is never guessed: a note that goes out cannot be taken back."""
    for sentence in problems:
        form.add_error("photos", str(sentence))
    if form.cleaned_data["to"] not in {"public", "internal"}:
        form.add_error(None, _("Välj vem som ska läsa: den som hörde av sig, eller bara ni."))
    return bool(form.errors)


def say(request: StaffRequest, case: Case, form: forms.ReplyForm, files: Sequence[StoredFile]) -> str:
    given: dict[str, Any] = form.cleaned_data
    text = given["text"] or (_("Se bilden.") if files else "")
    name = _name_of(given, files)
    by, photos = request.staff.actor, tuple(files)
    if given["to"] == "internal":
        actions.note(case_id=case.pk, text=text, by=by, photos=photos, external_id=name)
        return _("Anteckningen är sparad. Bara ni som arbetar med ärendet ser den.")
    actions.reply(case_id=case.pk, text=text, by=by, photos=photos, external_id=name, revision=given["revision"])
    return _("Svaret på %(number)s är skickat.") % {"number": case.number}


def _name_of(given: dict[str, Any], files: Sequence[StoredFile]) -> str:
    """The form's own number together with a fingerprint of what it says, as in residents' forms.

    Pressed twice it is one message; who goes back and writes something else must not see that vanish.
    """
    if not given["token"]:
        return ""
    pictures = sorted(bytes(file.sha256).hex() for file in files)
    said = json.dumps([given["token"], given["to"], given["text"], pictures])
    return f"desk-{hashlib.sha256(said.encode()).hexdigest()[:40]}"


@require_POST
@requires(Permission.HANDLE_CASES, by_script=True)
def draft(request: StaffRequest, case_id: int) -> HttpResponse:
    """Keep what is being written. {status: when it was saved, hints: what looks like personal data, plain: list}."""
    case = visible_case(request, case_id)
    text = request.POST.get("text", "")
    internal = request.POST.get("to") == "internal"
    kept = actions.save_draft(case_id=case.pk, text=text, internal=internal, by=request.staff.actor)
    personal, plain = ("", []) if internal else (personal_hints(text), hints_for(text, case.language))
    return JsonResponse({"status": draft_status(kept), "hints": personal, "plain": plain})


def personal_hints(text: str) -> str:
    """What looks like personal data in a text that others will read, in one sentence; "" when nothing does."""
    text = clean_text(text)
    spans = list(dict.fromkeys((text[span.start : span.end], str(span.label)) for span in find(text)))[:MOST_HINTS]
    if not spans:
        return ""
    looks = ", ".join(_("%(what)s ser ut som %(kind)s") % {"what": what, "kind": kind} for what, kind in spans)
    return _("%(looks)s. Behövs det i svaret?") % {"looks": capfirst(looks)}
