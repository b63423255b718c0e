"""The catalogue entry: read by rdflib, and everything there that DCAT-AP-SE 3 demands."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF

from lyhord.cases.models import Case
from lyhord.core.clock import local
from lyhord.core.tenancy import organisation_scope
from lyhord.opendata import prepared
from lyhord.opendata.columns import moment
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from tests.far_end import work
from tests.www.opendata.conftest import Publish, content
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("4.15")]
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
HOME = "https://motala.localhost/oppna-data/"
WALL = 4
MANDATORY: dict[Any, list[Any]] = {
    DCAT.Catalog: [DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.license, DCAT.dataset],
    DCAT.Dataset: [
        *(DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.contactPoint, DCAT.distribution),
        *(DCTERMS.accessRights, DCAT.theme, DCAT.keyword, DCTERMS.spatial),
    ],
    DCAT.Distribution: [DCAT.accessURL, DCTERMS.license, DCTERMS.title, DCTERMS["format"], DCAT.downloadURL],
    DCAT.DataService: [DCTERMS.title, DCAT.endpointURL, DCTERMS.publisher, DCAT.contactPoint, DCTERMS.license],
    FOAF.Agent: [FOAF.name, DCTERMS.type],
    VCARD.Organization: [VCARD.fn, VCARD.hasEmail],
}
RECOMMENDED: dict[Any, list[Any]] = {
    DCAT.Catalog: [
        DCTERMS.issued,
        DCTERMS.modified,
        DCTERMS.language,
        DCTERMS.spatial,
        FOAF.homepage,
        DCAT.themeTaxonomy,
    ],
    DCAT.Dataset: [
        *(DCTERMS.issued, DCTERMS.modified, DCTERMS.language, DCTERMS.temporal, DCTERMS.identifier),
        *(DCTERMS.accrualPeriodicity, DCAT.landingPage),
    ],
    DCAT.Distribution: [
        *(DCTERMS.description, DCTERMS.modified, DCTERMS.language, DCTERMS.conformsTo, DCAT.mediaType),
        DCATAP.availability,
    ],
    DCAT.DataService: [DCTERMS.description, DCAT.servesDataset, DCAT.endpointDescription, DCTERMS.accessRights],
}
RESOURCES = {DCTERMS.publisher, DCTERMS.license, DCAT.contactPoint, DCAT.distribution, DCAT.accessURL, DCAT.theme}
RESOURCES |= {DCAT.dataset, DCAT.service, DCTERMS.accessRights, DCTERMS["format"], DCAT.endpointURL, VCARD.hasEmail}


@pytest.fixture
def graph(web: Client, motala: Organisation) -> Graph:
    motala.email = "kommun@motala.example"
    motala.save()
    response = web.get("/oppna-data/dcat.rdf")
    assert response.headers["Content-Type"].startswith("application/rdf+xml")
    return Graph().parse(data=response.content, format="xml")


def test_everything_that_is_demanded_is_there(graph: Graph) -> None:
    for kind, needed in MANDATORY.items():
        found = list(graph.subjects(RDF.type, kind))
        assert found, kind
        for one in found:
            for name in needed:
                assert list(graph.objects(one, name)), (one, name)
    for _subject, name, value in graph:
        if name in RESOURCES:
            assert isinstance(value, URIRef), (name, value)
            assert " " not in value


def read(web: Client) -> Graph:
    return Graph().parse(data=web.get("/oppna-data/dcat.rdf").content, format="xml")


def test_what_is_recommended_is_there_too(web: Client, publish: Publish) -> None:
    """What is known of when, where, in which languages, how often and by which standard."""
    case = publish().case
    graph = read(web)
    for kind, needed in RECOMMENDED.items():
        for one in graph.subjects(RDF.type, kind):
            for name in needed:
                assert list(graph.objects(one, name)), (one, name)
    [began] = graph.objects(None, DCAT.startDate)
    assert began == Literal(local(case.registered_at).date().isoformat(), datatype=XSD.date)
    changed = set(graph.objects(None, DCTERMS.modified))
    with organisation_scope(case.organisation_id):
        at = moment(Case.objects.get(pk=case.pk).changed_at)
    assert changed == {Literal(at, datatype=XSD.dateTime)}
    endings = {str(language).rsplit("/", 1)[-1] for language in graph.objects(None, DCTERMS.language)}
    assert endings <= {"SWE", "ENG", "FIN"}
    assert not list(graph.objects(None, DCAT.byteSize)), "nothing is kept, so no size is known"


def test_the_size_of_a_file_that_is_kept_is_told(
    web: Client, publish: Publish, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(prepared, "AT_ONCE", 1)
    settings.MEDIA_ROOT = tmp_path
    publish()
    publish("En till")
    assert web.get("/oppna-data/arenden.gpkg").status_code == 202
    work()
    length = len(content(web.get("/oppna-data/arenden.gpkg")))
    graph = read(web)
    [(file, size)] = graph.subject_objects(DCAT.byteSize)
    assert size == Literal(length, datatype=XSD.nonNegativeInteger)
    assert URIRef(f"{HOME}arenden.gpkg") in graph.objects(file, DCAT.downloadURL)


def test_what_is_pointed_at_is_described(graph: Graph) -> None:
    described = set(graph.subjects(RDF.type, None))
    for name in (DCTERMS.publisher, DCAT.contactPoint, DCAT.dataset, DCAT.service, DCAT.distribution):
        assert set(graph.objects(None, name)) <= described, name
    [dataset] = graph.subjects(RDF.type, DCAT.Dataset)
    titles = {(str(title), title.language) for title in graph.objects(dataset, DCTERMS.title)}  # type: ignore[attr-defined]  # titles are literals
    assert titles == {("Publicerade ärenden, Motala kommun", "sv"), ("Published cases, Motala kommun", "en")}
    [issued] = graph.objects(dataset, DCTERMS.issued)
    assert isinstance(issued, Literal)
    assert issued.datatype == XSD.date
    [box] = set(graph.objects(None, DCAT.bbox))
    assert str(box).startswith("POLYGON((15.0 58.5, 15.1 58.5")


def test_its_addresses_lead_somewhere(web: Client, graph: Graph, publish: Publish) -> None:
    publish()
    addresses = {*graph.objects(None, DCAT.downloadURL), *graph.objects(None, DCAT.accessURL)}
    assert len(addresses) == 7
    for address in [*addresses, *graph.objects(None, DCAT.endpointDescription)]:
        response = web.get(str(address).removeprefix("https://motala.localhost"))
        assert response.status_code == 200, address
        content(response)
    assert set(graph.objects(None, DCTERMS.license)) == {URIRef("http://creativecommons.org/publicdomain/zero/1.0/")}


def test_it_is_asked_again_cheaply(web: Client, motala: Organisation, django_assert_max_num_queries: Any) -> None:
    tag = web.get("/oppna-data/dcat.rdf").headers["ETag"]
    with django_assert_max_num_queries(WALL + 3):
        assert web.get("/oppna-data/dcat.rdf", headers={"if-none-match": tag}).status_code == 304
    motala.settings["open_data_licence"] = "http://creativecommons.org/licenses/by/4.0/"
    motala.save()
    forget_hosts()
    changed = web.get("/oppna-data/dcat.rdf", headers={"if-none-match": tag})
    assert changed.status_code == 200
    assert b"licenses/by/4.0" in changed.content


def test_the_page_tells_of_everything(web: Client, publish: Publish, django_assert_num_queries: Any) -> None:
    publish()
    web.get("/oppna-data/")
    with django_assert_num_queries(WALL + 1):
        response = web.get("/oppna-data/?kategori=belysning")
    links = {str(link["href"]) for link in page(response).select("main a[href]")}
    assert "/oppna-data/arenden.csv?kategori=belysning" in links
    assert "/flode/arenden.rss?kategori=belysning" in links
    assert {"/oppna-data/dcat.rdf", "/open311/discovery.xml"} <= links
    assert "Ett ärende i urvalet" in response.text
    assert not web.cookies
    for link in links:
        if link.startswith("/"):
            answer = web.get(link)
            content(answer)
            assert answer.status_code == 200, link


def test_nothing_is_told_where_nothing_is_published(web: Client, motala: Organisation) -> None:
    motala.publishes = False
    motala.save()
    for path in ("/oppna-data/", "/oppna-data/dcat.rdf", "/flode/arenden.atom"):
        assert web.get(path).status_code == 404
