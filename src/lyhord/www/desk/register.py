"""Writing down what somebody says by telephone, at the counter or in a letter, with or without their name."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.audit.models import Event
from lyhord.cases.actions.tell import code_of
from lyhord.cases.facts import NewReporter
from lyhord.cases.follow_code import pretty
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case
from lyhord.cases.public_queries import feedback_categories, type_by_code
from lyhord.cases.tongues import language_said
from lyhord.cases.ways import ways_of
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, NotFound
from lyhord.core.forms import PlainForm
from lyhord.intake.channel import CHANNELS
from lyhord.intake.submission import PLACE_LENGTH, TEXT_LENGTH, Submission
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url
from lyhord.www.desk.forms import Choice, Limited, several_lines, types_by_kind
from lyhord.www.desk.frame import desk_page, frame
from lyhord.www.public import ways
from lyhord.www.public.report_form import Words
from lyhord.www.public.report_place import place_of
from lyhord.www.public.report_submission import external_id

RECEIPT_FOR = timedelta(hours=1)
"""So long whoever entered a case may read its code aloud; after that the code is its reporter's alone."""


class RegisterForm(PlainForm):
    """Only the text must be there, and how it came."""

    use_required_attribute = False
    text = several_lines(6, length=TEXT_LENGTH, label=lazy("Vad säger hen?"))
    place_text = Limited(one_line=True, length=PLACE_LENGTH, label=lazy("Var?"))
    name = Limited(one_line=True, length=120, label=lazy("Namn"))
    email = Words(one_line=True, length=254, label=lazy("Mejl"), widget=forms.EmailInput)
    phone = Limited(one_line=True, length=40, label=lazy("Telefon"), widget=forms.TextInput({"type": "tel"}))
    organisation_name = Limited(one_line=True, length=120, label=lazy("Företagets eller föreningens namn"))
    organisation_number = Limited(one_line=True, length=20, label=lazy("Organisationsnummer"))
    wants_feedback = forms.BooleanField(label=lazy("Vill ha svar"), required=False)
    publish = forms.BooleanField(
        label=lazy("Får visas för andra"), required=False, help_text=lazy("Fråga först. Namnet visas aldrig.")
    )
    protected = forms.BooleanField(
        label=lazy("Har skyddade personuppgifter"),
        required=False,
        help_text=lazy("Då ser bara den som har rätt till det vem det är och var."),
    )
    submission_id = Words(one_line=True, length=64, widget=forms.HiddenInput)

    def __init__(self, organisation: Organisation, *args: Any, **options: Any) -> None:
        languages = organisation.languages or ["sv"]
        options.setdefault("initial", {"submission_id": str(uuid4()), "wants_feedback": True})
        super().__init__(*args, **options)
        channels = [(channel.slug, channel.label) for channel in CHANNELS if channel.by_staff]
        kinds = [(kind.slug, kind.label) for kind in KINDS]
        self.fields["channel"] = Choice(label=_("Hur kom det?"), choices=channels, widget=forms.RadioSelect)
        self.fields["channel"].initial = channels[0][0]
        self.fields["kind"] = Choice(label=_("Vad är det?"), choices=kinds, widget=forms.RadioSelect)
        self.fields["kind"].initial = kinds[0][0]
        sorts = [("", _("Låt texten avgöra")), *types_by_kind()]
        self.fields["case_type"] = Choice(label=_("Sort"), choices=sorts)
        areas = [("", _("Vet inte")), *feedback_categories(get_language() or "sv")]
        self.fields["category"] = Choice(
            label=_("Område"), choices=areas, help_text=_("För allt som inte är en felanmälan.")
        )
        senders = [("person", _("Privatperson")), ("company", _("Företag"))]
        senders += [("association", _("Förening")), ("visitor", _("Besökare"))]
        self.fields["sender_kind"] = Choice(label=_("Vem?"), choices=senders, initial="person")
        offered = [(code, language_said(code).capitalize()) for code in languages]
        self.fields["language"] = Choice(label=_("Språk för svar"), choices=offered, initial=languages[0])
        if ways.offered("sms", organisation):
            by = [("email", _("Med mejl")), ("sms", _("Med sms"))]
            self.fields["tell_by"] = Choice(label=_("Svaret meddelas"), choices=by, initial="email")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REGISTER_FOR_OTHERS)
def register(request: StaffRequest) -> HttpResponse:
    """The form; sent twice it is one case."""
    if request.method != "POST":
        return _page(request, RegisterForm(request.organisation))
    form = RegisterForm(request.organisation, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.cleaned_data
    channel = CHANNELS.find(given["channel"])
    if channel is None or not channel.by_staff:
        form.add_error("channel", _("Välj hur det kom."))
        return _page(request, form, status=422)
    try:
        submission = _submission(request, given)
        receipt = channel.receive(organisation=request.organisation, submission=submission, by=request.staff.actor)
    except Invalid as invalid:
        for name, sentence in invalid.errors.items():
            form.add_error(name if name in form.fields else None, str(sentence))
        return _page(request, form, status=422)
    return redirect("desk:registered", receipt.case.pk)


def _submission(request: StaffRequest, given: Mapping[str, Any]) -> Submission:
    chosen = type_by_code(given["case_type"]) if given["case_type"] else None
    kind = KINDS.find(chosen.kind if chosen else given["kind"])
    if kind is None:
        raise Invalid({"kind": _("Välj vad det är.")})
    place = place_of({}, words=given["place_text"], files=(), kind=kind)
    return Submission(
        source="desk",
        external_id=f"{request.staff.user.pk}.{external_id(request.POST, ())}",
        channel=given["channel"],
        text=given["text"],
        kind=kind.slug,
        case_type=chosen.code if chosen else None,
        category=given["category"] or None,
        point=place.point,
        place_text=given["place_text"],
        reporter=NewReporter(
            name=given["name"],
            email=given["email"],
            phone=given["phone"],
            sender_kind=given["sender_kind"],
            organisation_name=given["organisation_name"],
            organisation_number=given["organisation_number"],
            protected=given["protected"],
            tell_by=(given.get("tell_by") or "email",),
        ),
        wants_feedback=given["wants_feedback"],
        publish=given["publish"],
        language=given["language"] or request.organisation.languages[0],
    )


def _page(request: StaffRequest, form: RegisterForm, *, status: int = 200) -> HttpResponse:
    context = {**frame(request.staff, "nytt"), "form": form}
    return desk_page(request, "desk/register.html", context, status=status)


@require_safe
@requires(Permission.REGISTER_FOR_OTHERS)
def registered(request: StaffRequest, case_id: int) -> HttpResponse:
    """What to read aloud to the one who called; for the one who entered it, and only for a while."""
    entered = (
        Event.objects.all()
        .about("case", case_id)
        .filter(
            verb="case.registered",
            actor_kind="person",
            actor_id=request.staff.user.pk,
            at__gt=now() - RECEIPT_FOR,
        )
    )
    case = Case.objects.select_related("unit").filter(pk=case_id).first() if entered.exists() else None
    if case is None:
        raise NotFound
    visible = Case.objects.visible_to(request.staff).filter(pk=case.pk).exists()
    context = {
        **frame(request.staff, "nytt"),
        "number": case.number,
        "unit_name": case.unit.name,
        "answer_by": case.answer_by,
        "code": pretty(code_of(case)),
        "follow_url": public_url(request.organisation, reverse("public:follow_code")),
        "mail": any(way.sender == "email" for way in ways_of(case)),
        "case_url": reverse("desk:case", args=[case.pk]) if visible else "",
    }
    response = desk_page(request, "desk/registered.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response
