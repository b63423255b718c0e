"""Where agendas and minutes come from: sources, how they fare, trying one out, and handing in a paper by hand."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.core.errors import NotFound
from lyhord.core.forms import PlainForm
from lyhord.matters.actions import read_document
from lyhord.matters.actions import sources as actions
from lyhord.matters.incoming import with_facts
from lyhord.matters.mailbox import REFUSALS, addresses_of
from lyhord.matters.models import Body, Document, MailedLetter, Source
from lyhord.matters.source import SOURCES, MatterSource
from lyhord.matters.tasks import try_out
from lyhord.www.manage.frame import page, settle, tried
from lyhord.www.manage.held import read_upload

MANAGE = Permission.MANAGE_ORGANISATION
SECTION = "beslut"
MOST_BYTES = 60_000_000
LETTERS = 20


class SourceForm(PlainForm):
    """A source: its name, how often, and what its kind asks for."""

    name = forms.CharField(label=lazy("Namn"), max_length=120, error_messages={"required": lazy("Skriv ett namn.")})
    interval_minutes = forms.IntegerField(
        label=lazy("Hur ofta, i minuter"),
        initial=60,
        help_text=lazy("Från 15 minuter till en vecka. Den andra sidan ska inte märka av oss."),
        error_messages={"required": lazy("Skriv ett antal minuter från 15 till 10 080.")},
    )

    def __init__(self, kind: MatterSource, *args: Any, source: Source | None = None, **options: Any) -> None:
        if source is not None:
            given = {"name": source.name, "interval_minutes": source.interval_minutes}
            options["initial"] = {**given, **source.config}
        super().__init__(*args, **options)
        self.own = [each.name for each in kind.settings]
        for each in kind.settings:
            self.fields[each.name] = forms.CharField(
                label=str(each.label), help_text=str(each.hint), max_length=2000, required=False
            )

    def config(self) -> dict[str, str]:
        """What the kind asked for."""
        return {name: str(self.cleaned_data[name]) for name in self.own}


class PaperForm(PlainForm):
    """A paper handed in by hand."""

    file = forms.FileField(
        label=lazy("Fil"),
        help_text=lazy("Pdf, html eller text, högst 60 MB."),
        error_messages={"required": lazy("Välj en fil."), "empty": lazy("Filen är tom.")},
    )
    kind = forms.ChoiceField(
        label=lazy("Vad är det?"),
        choices=[("", lazy("Läs ur filen")), *Document.Kind.choices],
        required=False,
    )
    body = forms.CharField(
        label=lazy("Nämnd"), help_text=lazy("Lämna tomt om det står i filen."), max_length=120, required=False
    )
    held_on = forms.DateField(
        label=lazy("Mötets dag"),
        help_text=lazy("Lämna tomt om den står i filen."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )


@require_safe
@requires(MANAGE)
def sources(request: StaffRequest) -> HttpResponse:
    """All sources and how they fare, what kinds there are, and the papers that came last."""
    rows = [
        {"source": source, "kind": _kind(source.kind).label, "silent": actions.is_silent(source)}
        for source in Source.objects.order_by("name")
    ]
    newest = Document.objects.filter(withdrawn_at__isnull=True).select_related("body").order_by("-changed_at")[:10]
    context = {"rows": rows, "kinds": SOURCES.all(), "newest": newest}
    return page(request, "sources", SECTION, context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def new_source(request: StaffRequest, slug: str) -> HttpResponse:
    """A source of a kind."""
    plugin = _kind(slug)
    form = SourceForm(plugin, request.POST or None)
    if request.method == "POST":
        made = tried(form, lambda given: _save(request, form, slug, None))
        if made is not None:
            messages.success(request, _("%(name)s är tillagd. Prova den innan du litar på den.") % {"name": made.name})
            return redirect("manage:source", source_id=made.pk)
    context = {"form": form, "kind": plugin, "source": None, "box": None}
    return page(request, "source", SECTION, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def source(request: StaffRequest, source_id: int) -> HttpResponse:
    """Change one, and what came of trying it."""
    row = _source(source_id)
    plugin = _kind(row.kind)
    form = SourceForm(plugin, request.POST or None, source=row)
    if request.method == "POST":
        saved = tried(form, lambda given: _save(request, form, row.kind, row.pk))
        if saved is not None:
            messages.success(request, _("Sparat."))
            return redirect("manage:source", source_id=row.pk)
    context = {"form": form, "kind": plugin, "source": row, "box": _box(request, row) if plugin.by_mail else None}
    return page(request, "source", SECTION, context, status=422 if form.is_bound else 200)


def _box(request: StaffRequest, row: Source) -> dict[str, Any]:
    """Where papers are mailed, and what has come."""
    usual, secret = addresses_of(row)
    letters = [
        {"letter": letter, "refused": REFUSALS.get(letter.refused, "")}
        for letter in MailedLetter.objects.filter(source=row).order_by("-pk")[:LETTERS]
    ]
    return {"usual": usual, "secret": secret, "server": request.organisation.mail_server, "letters": letters}


def _save(request: StaffRequest, form: SourceForm, kind: str, source_id: int | None) -> Source:
    return actions.save_source(
        kind=kind,
        name=form.cleaned_data["name"],
        config=form.config(),
        interval_minutes=form.cleaned_data["interval_minutes"],
        source_id=source_id,
        by=request.staff.actor,
    )


@require_POST
@requires(MANAGE)
def try_source(request: StaffRequest, source_id: int) -> HttpResponse:
    """Ask a source for what it has and show it, keeping nothing. A job does it: it may take its time."""
    row = _source(source_id)
    actions.begin_trial(source_id=row.pk)
    try_out.enqueue(organisation_id=request.organisation.pk, source_id=row.pk)
    messages.success(request, _("Källan provas. Ladda om sidan om en stund."))
    return redirect("manage:source", source_id=row.pk)


@require_POST
@requires(MANAGE)
def switch_source(request: StaffRequest, source_id: int) -> HttpResponse:
    """Let it rest, or go on."""
    row = _source(source_id)
    active = not row.active
    done = _("%(name)s hämtas igen.") if active else _("%(name)s vilar.")
    return settle(
        request,
        lambda: actions.switch_source(source_id=row.pk, active=active, by=request.staff.actor),
        done % {"name": row.name},
        "manage:sources",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def paper(request: StaffRequest) -> HttpResponse:
    """Hand in a paper: read at once, and shown on the public pages where those are on."""
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        read = tried(form, lambda given: _read(request, given), {"": "file"})
        if read is not None:
            messages.success(request, read)
            return redirect("manage:sources")
    context = {"form": form, "bodies": Body.objects.order_by("sort_key")}
    return page(request, "paper", SECTION, context, status=422 if form.is_bound else 200)


def _read(request: StaffRequest, given: dict[str, Any]) -> str:
    data = read_upload(given["file"], MOST_BYTES)
    taken = with_facts(
        name=given["file"].name, data=data, kind=given["kind"], body=given["body"], held_on=given["held_on"]
    )
    read = read_document(taken=taken, by=request.staff.actor)
    if not read.changed:
        return _("Den handlingen fanns redan. Inget är ändrat.")
    count = read.document.items.filter(gone=False).count()
    return _("%(title)s är inläst: %(pages)s sidor, %(items)s punkter.") % {
        "title": read.document.title,
        "pages": read.document.pages,
        "items": count,
    }


def _kind(slug: str) -> MatterSource:
    plugin = SOURCES.find(slug)
    if plugin is None:
        raise NotFound
    return plugin


def _source(source_id: int) -> Source:
    row = Source.objects.filter(pk=source_id).first()
    if row is None:
        raise NotFound
    return row
