"""Out in the field: a person's own short list, and one small page a case that works standing up, on a bad line.

The deeds are the desk's own. What is sent by the page's script (js/fieldqueue.js) waits on the device until it has been
answered, so it comes with a key (accounts/once.py) and gets JSON; without scripts they are plain forms. ADR 26.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import LoggedOut, StaffRequest, requires
from lyhord.cases import actions
from lyhord.cases.actions.changes import lock
from lyhord.cases.models import Case
from lyhord.cases.secrecy import may_know
from lyhord.cases.shortlist import turned_by_others
from lyhord.core.errors import Conflict, Invalid, NotAllowed, NotFound
from lyhord.www.desk.deeds import say_what_is_wrong, turn
from lyhord.www.desk.field_forms import FieldStateForm, PlaceForm, WriteForm
from lyhord.www.desk.field_pages import case_page
from lyhord.www.desk.forms import DeedForm
from lyhord.www.desk.reply import pictures, say, wrong_yet
from lyhord.www.desk.views import visible_case
from lyhord.www.public import uploads
from lyhord.www.public.guard import too_large_page

JSON = "application/json"
type Deed[F: DeedForm] = Callable[[StaffRequest, Case, F], str]


def by_script(request: HttpRequest) -> bool:
    """Whether the queue asks, and wants JSON."""
    return request.headers.get("Accept") == JSON


@require_safe
@requires(Permission.SEE_CASES)
def key(request: StaffRequest) -> HttpResponse:
    """Who is logged in, and a token to send by: what waits on the device asks before it goes."""
    response = JsonResponse({"user": request.staff.user.pk, "token": get_token(request)})
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _deed[F: DeedForm](form_class: type[F]) -> Callable[[Deed[F]], Callable[..., HttpResponseBase]]:
    """A POST that changes one case, for the page and for the queue alike."""

    def wrap(deed: Deed[F]) -> Callable[..., HttpResponseBase]:
        @csrf_protect
        @requires(Permission.HANDLE_CASES)
        def done(request: StaffRequest, case_id: int) -> HttpResponse:
            case = visible_case(request, case_id)
            form = form_class(case, request.POST)
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            if form.is_valid():
                try:
                    messages.success(request, deed(request, case, form))
                    return _back(request, case)
                except (Invalid, Conflict) as error:
                    say_what_is_wrong(form, error)
                    status = HTTPStatus.CONFLICT if isinstance(error, Conflict) else status
            if by_script(request):
                return JsonResponse(
                    {"errors": [str(each) for all_ in form.errors.values() for each in all_]}, status=status
                )
            return case_page(request, visible_case(request, case_id), failed=form, status=status)

        @csrf_exempt  # only so far as to set how uploads are read, before anything reads them: `done` is protected
        @require_POST
        def view(request: HttpRequest, case_id: int) -> HttpResponseBase:
            if uploads.too_large(request):
                return too_large_page(request)
            uploads.watch(request)
            if not by_script(request):
                return _answered(done, request, case_id)
            try:
                response = _answered(done, request, case_id)
            except LoggedOut:
                return JsonResponse({}, status=HTTPStatus.UNAUTHORIZED)
            except (NotFound, NotAllowed):
                return JsonResponse({"errors": [_("Ärendet finns inte längre för dig.")]}, status=HTTPStatus.NOT_FOUND)
            if not isinstance(response, HttpResponseRedirect):
                return response
            said = [str(message) for message in messages.get_messages(request)]
            return JsonResponse({"done": True, "said": " ".join(said)})

        return view

    return wrap


def _answered(view: Callable[..., Any], request: HttpRequest, case_id: int) -> HttpResponseBase:
    response: HttpResponseBase = view(request, case_id=case_id)
    return response


def _back(request: StaffRequest, case: Case) -> HttpResponse:
    query = request.GET.urlencode()
    url = reverse("desk:field_case", args=[case.pk])
    return redirect(f"{url}?{query}" if query else url)


@_deed(WriteForm)
def write(request: StaffRequest, case: Case, form: WriteForm) -> str:
    """A note with a picture, or what has been done, told to the resident. Words are added and overwrite nothing."""
    files, problems = pictures(request)
    form.files_kept = [{"token": str(file.uid), "thumbnail_url": uploads.draft_url(file)} for file in files]
    if wrong_yet(form, problems):
        raise Invalid({})
    form.cleaned_data["revision"] = None
    return say(request, case, form, files)


@_deed(FieldStateForm)
def change_state(request: StaffRequest, case: Case, form: FieldStateForm) -> str:
    """Another state, unless somebody else has turned the case since the page was made: it may be hours old."""
    now = lock(case.pk)
    seen = form.cleaned_data["seen"] or 0
    if turned_by_others(case.pk, since=seen, user_id=request.staff.user.pk):
        raise Conflict(
            _("Någon annan har ändrat ärendet sedan du öppnade det. Läs det som är nytt och gör om."), "seen"
        )
    return turn(request, case, form, revision=now.revision)


@_deed(PlaceForm)
def place(request: StaffRequest, case: Case, form: PlaceForm) -> str:
    """The case is where I am. The last who says so is right."""
    if not may_know(request.staff, case):
        raise NotAllowed
    words = form.cleaned_data["place_text"]
    actions.set_position(case_id=case.pk, point=form.point(), place_text=words or None, by=request.staff.actor)
    return _("Platsen är ändrad.")


@require_POST
@requires(Permission.SEE_CASES)
def take_along(request: StaffRequest, case_id: int) -> HttpResponse:
    """Put the case on one's own list, or take it away: the form says which."""
    case = visible_case(request, case_id)
    by = request.staff.actor
    if request.POST.get("bort") == "1":
        actions.put_back(case_id=case.pk, by=by)
        messages.success(request, _("Ärendet är borta från din fältlista."))
    else:
        try:
            actions.take_along(case_ids=[case.pk], by=by)
            messages.success(request, _("Ärendet finns med på din fältlista."))
        except Invalid as error:
            messages.warning(request, str(next(iter(error.errors.values()))))
    if request.POST.get("sedan") == "falt":
        return redirect("desk:field")
    query = request.GET.urlencode()
    url = reverse("desk:case", args=[case.pk])
    return redirect(f"{url}?{query}" if query else url)


@require_POST
@requires(Permission.SEE_CASES)
def fill(request: StaffRequest) -> HttpResponse:
    """Take along all open ones that are mine, or put back what is closed, or everything."""
    by, what = request.staff.actor, request.POST.get("vad", "")
    if what == "mina":
        mine = Case.objects.visible_to(request.staff).open().filter(officer_id=request.staff.user.pk)
        try:
            count = actions.take_along(case_ids=mine.values_list("pk", flat=True)[:200], by=by)
            messages.success(request, _("%(n)s ärenden till är med på listan.") % {"n": count})
        except Invalid as error:
            messages.warning(request, str(next(iter(error.errors.values()))))
    elif what in {"avslutade", "alla"}:
        count = actions.put_all_back(by=by, closed=what == "avslutade")
        messages.success(request, _("%(n)s ärenden är borta från listan.") % {"n": count})
    return redirect("desk:field")
