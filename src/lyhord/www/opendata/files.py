"""All published cases as files: the whole choice, however many, sent as it is read, or made beforehand by a job."""

from collections.abc import Callable, Iterable, Iterator

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from lyhord.cases.export import ExportRow, Names, export_batches, export_version
from lyhord.core.errors import NotFound
from lyhord.opendata import prepared
from lyhord.opendata.geopackage import geopackage
from lyhord.opendata.tasks import make_file
from lyhord.opendata.versions import version_of
from lyhord.opendata.writers import Address, geojson, table
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.organisations.queries import public_url
from lyhord.www.opendata.answers import open_to_all, unchanged
from lyhord.www.public.choices import Chosen

type Writer = Callable[[Iterable[list[ExportRow]], Address], Iterator[bytes]]

TYPES = {
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8; header=present",
    "gpkg": "application/geopackage+sqlite3",
}
_STREAMED: dict[str, Writer] = {"geojson": geojson, "csv": table}
_COME_BACK = 60
"""Seconds until one looks again for a file that is being made."""


@require_safe
@open_to_all
def cases(request: OrganisationRequest, ending: str) -> HttpResponseBase:
    """The published cases of the choice in the address, as .geojson, .csv or .gpkg; 304 while nothing has changed.

    A large .gpkg is made by a job: 202 until there is one, then the last one made, at most a day old.
    """
    if ending not in TYPES:
        raise NotFound
    chosen = Chosen.read(request, everything=True)
    names = Names.read(chosen.language)
    found = export_version(chosen.filter)
    selection = f"{chosen.query} {chosen.language}"
    etag = version_of(ending, found, names, selection)
    if same := unchanged(request, etag):
        return same
    if ending not in _STREAMED and found[0] > prepared.AT_ONCE:
        return _prepared(request, ending, chosen, selection, etag)
    response = _made_now(request, ending, chosen, names)
    response["ETag"] = etag
    return _named(response, request, ending)


def _made_now(request: OrganisationRequest, ending: str, chosen: Chosen, names: Names) -> HttpResponseBase:
    organisation = request.organisation
    prefix = public_url(organisation, reverse("public:list"))
    batches = export_batches(organisation.pk, chosen.filter, names)

    def address(number: str) -> str:
        return f"{prefix}{number}/"

    if request.method == "HEAD":
        return HttpResponse(content_type=TYPES[ending])
    if ending in _STREAMED:
        return StreamingHttpResponse(_STREAMED[ending](batches, address), content_type=TYPES[ending])
    title, said = prepared.words(organisation)
    return FileResponse(geopackage(batches, address, title=title, description=said), content_type=TYPES[ending])


def _prepared(request: OrganisationRequest, ending: str, chosen: Chosen, selection: str, etag: str) -> HttpResponseBase:
    try:
        row, begin = prepared.wanted(
            ending=ending, selection=selection, chosen=chosen.filter, language=chosen.language, version=etag
        )
    except prepared.TooMany:
        return _later(request, busy=True)
    if begin:
        make_file.enqueue(organisation_id=request.organisation.pk, file_id=row.pk)
    if not prepared.is_fresh(row):
        return _later(request)
    if same := unchanged(request, row.version):
        return same
    file = prepared.open_prepared(row) if request.method == "GET" else None
    if file is None and request.method == "GET":
        return _later(request)
    response = FileResponse(file, content_type=TYPES[ending]) if file else HttpResponse(content_type=TYPES[ending])
    response["ETag"] = row.version
    response["Content-Length"] = str(row.size)
    if row.made_at:
        response["Last-Modified"] = http_date(row.made_at.timestamp())
    return _named(response, request, ending)


def _later(request: OrganisationRequest, *, busy: bool = False) -> HttpResponse:
    """202, or 503 where so many files wait that this one does not even wait; a page for people all the same."""
    response: HttpResponse = render(request, "public/open_data_later.html", {"busy": busy}, status=503 if busy else 202)
    response["Retry-After"] = str(_COME_BACK if not busy else 10 * _COME_BACK)
    response["Cache-Control"] = "no-store"
    return response


def _named(response: HttpResponseBase, request: OrganisationRequest, ending: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{request.organisation.slug}-arenden.{ending}"'
    return response
