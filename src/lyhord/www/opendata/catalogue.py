"""The entry in data catalogues by DCAT-AP-SE 3.0 (RDF/XML), for dataportal.se to harvest."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_safe

from lyhord.cases.export import published_span
from lyhord.core.clock import local
from lyhord.opendata.columns import moment
from lyhord.opendata.prepared import known_size
from lyhord.organisations.middleware import OrganisationRequest
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url
from lyhord.places.queries import boundaries
from lyhord.www.opendata.answers import open_to_all, whole

CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"
_SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_EU = "http://publications.europa.eu/resource/authority"
_MEDIA = "https://www.iana.org/assignments/media-types"
_LANGUAGES = {code: f"{_EU}/language/{name}" for code, name in (("sv", "SWE"), ("en", "ENG"), ("fi", "FIN"))}
_ABOUT = gettext_lazy("Det som invånare har berättat och som har granskats och publicerats.")
_KEYWORDS = (gettext_lazy("felanmälan"), gettext_lazy("synpunkter"), gettext_lazy("medborgardialog"))

_ALL, _NEWEST = gettext_lazy("Alla publicerade ärenden."), gettext_lazy("De femtio nyaste.")
_RFC, _GPKG = "https://www.rfc-editor.org/rfc", "http://www.opengis.net/doc/IS/geopackage/1.3"

type Value = str | Promise


@dataclass(frozen=True, slots=True)
class _File:
    """One distribution of the cases: the name of its address and its ending, and what it is."""

    name: str
    ending: str
    label: str
    media: str
    format: str
    about: Promise
    standard: str


_FILES = (
    _File("opendata:cases", "csv", "CSV", "text/csv", "CSV", _ALL, f"{_RFC}/rfc4180"),
    _File("opendata:cases", "geojson", "GeoJSON", "application/geo+json", "GEOJSON", _ALL, f"{_RFC}/rfc7946"),
    _File("opendata:cases", "gpkg", "GeoPackage", "application/geopackage+sqlite3", "GPKG", _ALL, _GPKG),
    _File("opendata:feed", "atom", "Atom", "application/atom+xml", "ATOM", _NEWEST, f"{_RFC}/rfc4287"),
    _File(
        "opendata:feed",
        "rss",
        "RSS",
        "application/rss+xml",
        "RSS",
        _NEWEST,
        "https://www.rssboard.org/rss-specification",
    ),
    _File(
        "opendata:feed",
        "json",
        "JSON Feed",
        "application/feed+json",
        "JSON",
        _NEWEST,
        "https://www.jsonfeed.org/version/1.1/",
    ),
)


def licence_of(organisation: Organisation) -> str:
    """The address of the licence: the setting `open_data_licence`, else CC0."""
    return str(organisation.settings.get("open_data_licence") or CC0)


@require_safe
@open_to_all
def catalogue(request: OrganisationRequest) -> HttpResponse:
    """The catalogue, its dataset with every form it comes in, and the service that answers questions."""
    for prefix, uri in _SPACES.items():
        ET.register_namespace(prefix, uri)
    body = ET.tostring(_Entry(request.organisation).tree(), encoding="utf-8", xml_declaration=True)
    return whole(request, body, "application/rdf+xml; charset=utf-8")


def _name(short: str) -> str:
    prefix, _colon, local = short.partition(":")
    return f"{{{_SPACES[prefix]}}}{local}"


class _Entry:
    """Builds the tree of one organisation."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self._root = ET.Element(_name("rdf:RDF"))
        self._home = public_url(organisation, reverse("opendata:index"))
        self._licence = licence_of(organisation)
        self._first, self._last = published_span()
        self._box = _box()
        self._spoken = [("dcterms:language", _LANGUAGES[code]) for code in organisation.languages if code in _LANGUAGES]

    def tree(self) -> ET.Element:
        """Everything."""
        organisation, home = self._organisation, self._home
        publisher, contact, dataset, service = (f"{home}#{part}" for part in ("utgivare", "kontakt", "arenden", "api"))
        shared: list[tuple[str, Value]] = [("dcterms:publisher", publisher), ("dcterms:license", self._licence)]
        catalogue = self._node("dcat:Catalog", f"{home}#katalog")
        self._said(catalogue, "dcterms:title", gettext_lazy("Öppna data, %(name)s"), name=organisation.name)
        self._said(catalogue, "dcterms:description", _ABOUT)
        self._links(catalogue, [*shared, ("foaf:homepage", home), *self._spoken])
        self._links(catalogue, [("dcat:dataset", dataset), ("dcat:service", service)])
        self._links(catalogue, [("dcat:themeTaxonomy", f"{_EU}/data-theme")])
        self._typed(catalogue, "dcterms:issued", "date", organisation.created_at.date().isoformat())
        self._modified(catalogue)
        self._place(catalogue)
        self._agent(publisher)
        self._contact(contact)
        self._dataset(dataset, [("dcterms:publisher", publisher), ("dcat:contactPoint", contact)])
        self._service(service, dataset, [*shared, ("dcat:contactPoint", contact)])
        return self._root

    def _agent(self, uri: str) -> None:
        node = self._node("foaf:Agent", uri)
        ET.SubElement(node, _name("foaf:name")).text = self._organisation.name
        self._links(node, [("dcterms:type", "http://purl.org/adms/publishertype/LocalAuthority")])
        self._links(node, [("foaf:homepage", public_url(self._organisation, "/"))])

    def _contact(self, uri: str) -> None:
        organisation = self._organisation
        node = self._node("vcard:Organization", uri)
        ET.SubElement(node, _name("vcard:fn")).text = organisation.name
        if organisation.email:
            self._links(node, [("vcard:hasEmail", f"mailto:{organisation.email}")])
        self._links(node, [("vcard:hasURL", public_url(organisation, "/"))])

    def _dataset(self, uri: str, shared: list[tuple[str, Value]]) -> None:
        organisation = self._organisation
        node = self._node("dcat:Dataset", uri)
        self._said(node, "dcterms:title", gettext_lazy("Publicerade ärenden, %(name)s"), name=organisation.name)
        self._said(node, "dcterms:description", _ABOUT)
        for keyword in _KEYWORDS:
            self._said(node, "dcat:keyword", keyword)
        files = [(file, f"{uri}-{file.ending}") for file in _FILES]
        self._links(
            node,
            [
                *shared,
                ("dcat:theme", f"{_EU}/data-theme/GOVE"),
                ("dcat:theme", f"{_EU}/data-theme/REGI"),
                ("dcterms:accessRights", f"{_EU}/access-right/PUBLIC"),
                ("dcterms:accrualPeriodicity", f"{_EU}/frequency/CONT"),
                *self._spoken,
                ("dcat:landingPage", self._home),
                *(("dcat:distribution", file_uri) for _file, file_uri in files),
            ],
        )
        ET.SubElement(node, _name("dcterms:identifier")).text = uri
        self._typed(node, "dcterms:issued", "date", organisation.created_at.date().isoformat())
        self._modified(node)
        self._place(node)
        self._period(node)
        for file, file_uri in files:
            self._distribution(file, file_uri)

    def _place(self, dataset: ET.Element) -> None:
        """The rectangle round the organisation's land, as WKT."""
        if not self._box:
            return
        place = ET.SubElement(ET.SubElement(dataset, _name("dcterms:spatial")), _name("dcterms:Location"))
        box = ET.SubElement(place, _name("dcat:bbox"))
        box.set(_name("rdf:datatype"), "http://www.opengis.net/ont/geosparql#wktLiteral")
        box.text = self._box

    def _modified(self, node: ET.Element) -> None:
        """When anything published last changed: it changes all the time, and a harvester asks what is new."""
        if self._last:
            self._typed(node, "dcterms:modified", "dateTime", moment(self._last))

    def _period(self, dataset: ET.Element) -> None:
        """From the first published case; it goes on."""
        if self._first:
            period = ET.SubElement(ET.SubElement(dataset, _name("dcterms:temporal")), _name("dcterms:PeriodOfTime"))
            self._typed(period, "dcat:startDate", "date", local(self._first).date().isoformat())

    def _distribution(self, file: _File, uri: str) -> None:
        node = self._node("dcat:Distribution", uri)
        address = public_url(self._organisation, reverse(file.name, args=[file.ending]))
        ET.SubElement(node, _name("dcterms:title")).text = file.label
        self._said(node, "dcterms:description", file.about)
        self._modified(node)
        size = known_size(file.ending, f" {self._organisation.own_language}") if file.format == "GPKG" else 0
        if size:  # the others are made as they are sent, and have no size before
            self._typed(node, "dcat:byteSize", "nonNegativeInteger", str(size))
        self._links(
            node,
            [
                *self._spoken,
                ("dcatap:availability", f"{_EU}/planned-availability/STABLE"),
                ("dcterms:conformsTo", file.standard),
                ("dcat:accessURL", self._home),
                ("dcat:downloadURL", address),
                ("dcat:mediaType", f"{_MEDIA}/{file.media}"),
                ("dcterms:format", f"{_EU}/file-type/{file.format}"),
                ("dcterms:license", self._licence),
            ],
        )

    def _service(self, uri: str, dataset: str, shared: list[tuple[str, Value]]) -> None:
        node = self._node("dcat:DataService", uri)
        ET.SubElement(node, _name("dcterms:title")).text = "Open311 GeoReport v2"
        self._said(node, "dcterms:description", _ABOUT)
        base = public_url(self._organisation, "/open311/")
        self._links(
            node,
            [
                *shared,
                ("dcat:endpointURL", f"{base}v2/"),
                ("dcat:endpointDescription", f"{base}discovery.xml"),
                ("dcat:servesDataset", dataset),
                ("dcterms:conformsTo", "http://wiki.open311.org/GeoReport_v2/"),
                ("dcterms:accessRights", f"{_EU}/access-right/PUBLIC"),
            ],
        )

    def _node(self, kind: str, uri: str) -> ET.Element:
        return ET.SubElement(self._root, _name(kind), {_name("rdf:about"): uri})

    def _links(self, node: ET.Element, links: Iterable[tuple[str, Value]]) -> None:
        for name, uri in links:
            ET.SubElement(node, _name(name), {_name("rdf:resource"): str(uri)})

    def _said(self, node: ET.Element, term: str, text: Any, **values: str) -> None:
        """A text in every language that the organisation has."""
        for language in self._organisation.languages or ["sv"]:
            if language in settings.OWN_WORDS_LANGUAGES:  # these words are ours
                continue
            with override(language):
                said = ET.SubElement(node, _name(term), {"{http://www.w3.org/XML/1998/namespace}lang": language})
                said.text = str(text) % values if values else str(text)

    def _typed(self, node: ET.Element, name: str, kind: str, value: str) -> None:
        ET.SubElement(node, _name(name), {_name("rdf:datatype"): f"{_SPACES['xsd']}{kind}"}).text = value


def _box() -> str:
    """The rectangle round all the land, as WKT; "" where no boundary is known."""
    positions = [position for area in boundaries() for position in _positions(area.geojson.get("coordinates", []))]
    if not positions:
        return ""
    west, east = min(lon for lon, _lat in positions), max(lon for lon, _lat in positions)
    south, north = min(lat for _lon, lat in positions), max(lat for _lon, lat in positions)
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return f"POLYGON(({', '.join(f'{lon} {lat}' for lon, lat in corners)}))"


def _positions(coordinates: Any) -> Iterable[tuple[float, float]]:
    """Every [lon, lat] of nested GeoJSON coordinates."""
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for inner in coordinates:
        yield from _positions(inner)
