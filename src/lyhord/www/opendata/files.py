"""All published cases as files: the whole choice, however many, sent as it is read."""

from collections.abc import Callable, Iterable, Iterator

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lyhord.cases.export import ExportRow, Names, export_batches, export_version
from lyhord.core.errors import NotFound
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.organisations.queries import public_url
from lyhord.www.opendata.answers import etag_of, open_to_all, unchanged
from lyhord.www.opendata.geopackage import geopackage
from lyhord.www.opendata.writers import Address, geojson, table
from lyhord.www.public.choices import Chosen

type Writer = Callable[[Iterable[list[ExportRow]], Address], Iterator[bytes]]

TYPES = {
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8; header=present",
    "gpkg": "application/geopackage+sqlite3",
}
_STREAMED: dict[str, Writer] = {"geojson": geojson, "csv": table}


@require_safe
@open_to_all
def cases(request: OrganisationRequest, ending: str) -> HttpResponseBase:
    """The published cases of the choice in the address, as .geojson, .csv or .gpkg; 304 while nothing has changed."""
    if ending not in TYPES:
        raise NotFound
    organisation = request.organisation
    chosen = Chosen.read(request, everything=True)
    names = Names.read(chosen.language)
    etag = etag_of(ending, export_version(chosen.filter), names, chosen.query)
    if same := unchanged(request, etag):
        return same
    prefix = public_url(organisation, reverse("public:list"))
    batches = export_batches(organisation.pk, chosen.filter, names)

    def address(number: str) -> str:
        return f"{prefix}{number}/"

    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse(content_type=TYPES[ending])
    elif ending in _STREAMED:
        response = StreamingHttpResponse(_STREAMED[ending](batches, address), content_type=TYPES[ending])
    else:
        title = _("Publicerade ärenden, %(name)s") % {"name": organisation.name}
        said = _("Det som invånare har berättat och som har granskats och publicerats.")
        file = geopackage(batches, address, title=title, description=said)
        response = FileResponse(file, content_type=TYPES[ending])
    response["ETag"] = etag
    response["Content-Disposition"] = f'attachment; filename="{organisation.slug}-arenden.{ending}"'
    return response
