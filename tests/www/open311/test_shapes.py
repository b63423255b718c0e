"""The exact shapes: clients are particular, and the standard's examples are what they were written by."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lyhord.cases import actions
from lyhord.cases.models import Category
from lyhord.cases.states import State
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.www.open311.formats import Answer, Children, to_json, to_xml
from tests import factories
from tests.conftest import Cast
from tests.www.open311.conftest import Post, Publish
from tests.www.open311.reading import data, names, picture, tree, url, values

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "N9")]

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
REQUEST = [
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "requested_datetime",
    "updated_datetime",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
]


@pytest.mark.parametrize("path", ["/open311/v2/discovery", "/open311/discovery"])
def test_discovery_stands_where_clients_look(web: Client, path: str) -> None:
    found = data(web.get(f"{path}.json"))
    assert list(found) == ["changeset", "contact", "key_service", "endpoints"]
    assert found["endpoints"] == [
        {
            "specification": SPECIFICATION,
            "url": "http://motala.localhost/open311/v2",
            "changeset": found["changeset"],
            "type": "production",
            "formats": ["text/xml", "application/json"],
        }
    ]
    root = tree(web.get(f"{path}.xml"))
    assert root.tag == "discovery"
    assert names(root) == ["changeset", "contact", "key_service", "endpoints"]
    (endpoint,) = root.iterfind("endpoints/endpoint")
    assert values(endpoint)["specification"] == SPECIFICATION
    assert [each.text for each in endpoint.iterfind("formats/format")] == ["text/xml", "application/json"]


def test_the_demo_says_that_it_is_one(web: Client, motala: Organisation) -> None:
    Organisation.objects.update(demo=True)
    assert data(web.get(url("discovery.json")))["endpoints"][0]["type"] == "test"


def test_services(web: Client) -> None:
    found = data(web.get(url("services.json")))
    assert {service["service_code"] for service in found} == {
        *("belysning.lampa", "ovrigt", "klagomal", "berom", "forslag", "fraga")
    }
    (lamp,) = [service for service in found if service["service_code"] == "belysning.lampa"]
    assert lamp == {
        "service_code": "belysning.lampa",
        "service_name": "Släckt gatubelysning",
        "description": "",
        "metadata": True,
        "type": "realtime",
        "keywords": "lampa,lyse,gatlykta,släckt,mörkt",
        "group": "Belysning",
    }
    root = tree(web.get(url("services.xml")))
    assert root.tag == "services"
    assert names(root) == ["service"] * len(found)
    assert [values(each)["metadata"] for each in root] == [str(each["metadata"]).lower() for each in found]


def test_a_service_under_several_groups(web: Client, motala: Organisation) -> None:
    """FixMyStreet's `groups`; the standard's `group` is the first of them."""
    with organisation_scope(motala.pk):
        belongs = Category.objects.get(code="belysning")
        also = ["trafik", "gone", "belysning"]
        factories.make_type("skylt", "felanmalan", "Skylt", category=belongs, also_under=also)
    (found,) = [each for each in data(web.get(url("services.json"))) if each["service_code"] == "skylt"]
    assert (found["group"], found["groups"]) == ("Belysning", ["Belysning", "Trafik och infrastruktur"])
    root = tree(web.get(url("services.xml")))
    groups = root.findall("service[service_code='skylt']/groups/group")
    assert [group.text for group in groups] == found["groups"]
    assert root.find("service[service_code='ovrigt']/groups") is None


def test_service_codes_are_ascii(web: Client) -> None:
    assert all(service["service_code"].isascii() for service in data(web.get(url("services.json"))))


def test_names_come_in_the_language_asked_for(web: Client) -> None:
    found = data(web.get(url("services.json"), {"locale": "en-GB"}))
    assert "Släckt gatubelysning (en)" in {service["service_name"] for service in found}
    found = data(web.get(url("services.json"), {"locale": "fi"}))
    assert "Släckt gatubelysning" in {service["service_name"] for service in found}


def test_what_is_never_taken_in_is_not_offered(web: Client, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        factories.make_type("brand", "felanmalan", "Det brinner", acute=[{"message": {"sv": "Ring 112."}}])
        factories.make_type(
            "el", "felanmalan", "El", owner={"name": {"sv": "Elnätet"}, "text": {"sv": "Ring."}, "stop": True}
        )
        factories.make_type("hemligt", "felanmalan", "Hemligt", confidential=True, publication={"allowed": False})
    found = {service["service_code"]: service for service in data(web.get(url("services.json")))}
    assert not {"brand", "el"} & set(found)
    assert found["hemligt"]["keywords"] == "private"
    data(web.get(url("services/brand.json")), 404)


def _all_datatypes(motala: Organisation) -> None:
    options = [{"code": "a", "label": {"sv": "A & B"}}, {"code": "b", "label": {"sv": "B"}}]
    questions: list[dict[str, Any]] = [
        {"code": "read", "label": {"sv": "Läs det här."}, "datatype": "info"},
        {"code": "line", "label": {"sv": "Rad"}, "datatype": "text", "required": True, "hint": {"sv": "Kort"}},
        {"code": "lines", "label": {"sv": "Rader"}, "datatype": "textarea"},
        {"code": "number", "label": {"sv": "Tal"}, "datatype": "number", "unit": {"sv": "cm"}},
        {"code": "day", "label": {"sv": "Dag"}, "datatype": "date"},
        {"code": "one", "label": {"sv": "En"}, "datatype": "singlechoice", "options": options},
        {"code": "many", "label": {"sv": "Flera"}, "datatype": "multichoice", "options": options},
        {"code": "yes", "label": {"sv": "Ja?"}, "datatype": "yesno"},
        {
            "code": "then",
            "label": {"sv": "Då"},
            "datatype": "text",
            "required": True,
            "show_if": {"question": "yes", "equals": ["yes"]},
        },
    ]
    with organisation_scope(motala.pk):
        factories.make_type("allt", "felanmalan", "Allt", questions=questions)


def test_definition(web: Client, motala: Organisation) -> None:
    _all_datatypes(motala)
    found = data(web.get(url("services/allt.json")))
    assert list(found) == ["service_code", "attributes"]
    attributes = found["attributes"]
    assert [attribute["order"] for attribute in attributes] == list(range(1, 10))
    assert [(attribute["code"], attribute["datatype"]) for attribute in attributes] == [
        ("read", "string"),
        ("line", "string"),
        ("lines", "text"),
        ("number", "number"),
        ("day", "datetime"),
        ("one", "singlevaluelist"),
        ("many", "multivaluelist"),
        ("yes", "singlevaluelist"),
        ("then", "string"),
    ]
    assert [attribute["variable"] for attribute in attributes] == [False, *[True] * 8]
    required = {attribute["code"] for attribute in attributes if attribute["required"] is True}
    assert required == {"line"}, "clients do not know that a question depends on another"
    assert attributes[5]["values"] == [{"key": "a", "name": "A & B"}, {"key": "b", "name": "B"}]
    assert attributes[1]["datatype_description"] == "Kort"
    assert attributes[3]["datatype_description"] == "cm"
    root = tree(web.get(url("services/allt.xml")))
    assert root.tag == "service_definition"
    assert names(root) == ["service_code", "attributes"]
    attribute = root.findall("attributes/attribute")[5]
    assert [values(each) for each in attribute.iterfind("values/value")] == [
        {"key": "a", "name": "A & B"},
        {"key": "b", "name": "B"},
    ]
    assert values(attribute)["required"] == "false"


def test_a_service_without_questions_has_an_empty_definition(web: Client) -> None:
    assert data(web.get(url("services/ovrigt.json"))) == {"service_code": "ovrigt", "attributes": []}
    root = tree(web.get(url("services/ovrigt.xml")))
    assert names(root) == ["service_code", "attributes"]
    assert len(root[1]) == 0


def test_an_answer_that_cannot_wait_stops_the_clients_form(web: Client) -> None:
    danger = data(web.get(url("services/belysning.lampa.json")))["attributes"][0]
    assert danger["values"][0] == {"key": "yes", "name": "Ja", "disable_message": "Ring i stället. 0141-00 00 01"}


def test_requests(web: Client, publish: Publish) -> None:
    made = publish(text="Lampan <är> släckt & trasig.\nSedan i går.", answer="Vi byter den.")
    (found,) = data(web.get(url("requests.json")))
    assert list(found) == REQUEST
    assert found["service_request_id"] == made.case.number
    assert found["status"] == "open"
    assert found["description"] == "Lampan <är> släckt & trasig.\nSedan i går."
    assert (found["lat"], found["long"]) == factories.MOTALA
    assert found["status_notes"].endswith("Vi byter den.")
    assert (found["zipcode"], found["address_id"], found["media_url"]) == (None, None, None)
    root = tree(web.get(url("requests.xml")))
    assert root.tag == "service_requests"
    (request,) = root
    assert request.tag == "request"
    assert names(request) == REQUEST
    assert values(request)["description"] == found["description"]
    assert values(request)["lat"] == "58.5371"
    assert data(web.get(url(f"requests/{made.case.number}.json"))) == [found], "a list of one, never an object"
    assert values(tree(web.get(url(f"requests/{made.case.number}.xml")))[0]) == values(request)


def test_times_are_utc_in_whole_seconds_and_unknown_ones_are_left_out(web: Client, publish: Publish) -> None:
    publish()
    (found,) = data(web.get(url("requests.json")))
    for name in ("requested_datetime", "updated_datetime"):
        assert len(found[name]) == len("2026-11-23T02:00:00Z")
        assert found[name].endswith("Z")
    assert "expected_datetime" not in found


def test_a_planned_case_says_when(web: Client, publish: Publish, cast: Cast) -> None:
    made = publish()
    with organisation_scope(cast.motala.pk):
        actions.change_state(
            case_id=made.case.pk,
            to=State.PLANNED,
            reason="Byts med namn på någon",
            until=date(2099, 1, 15),
            by=cast.sara.actor,
        )
    (found,) = data(web.get(url("requests.json")))
    assert found["expected_datetime"] == "2099-01-15T22:59:59Z"
    assert "någon" not in str(found), "reasons are for the one who reported it"


def test_extra_fields_only_for_those_who_ask(web: Client, publish: Publish) -> None:
    publish(title="Mörkt", answer="Vi byter den.")
    (found,) = data(web.get(url("requests.json"), {"extensions": "true"}))
    assert list(found) == [*REQUEST, "extended_attributes", "notes"]
    assert found["extended_attributes"] == {
        "title": "Mörkt",
        "detailed_status": "RECEIVED",
        "kind": "felanmalan",
        "channel": "web",
        "duplicate": False,
        "parent_service_request_id": None,
        "media_urls": [],
    }
    assert found["notes"][0]["description"] == "Vi byter den."
    root = tree(web.get(url("requests.xml"), {"extensions": "true"}))
    assert root.findtext("request/extended_attributes/detailed_status") == "RECEIVED"


def test_the_answer_to_a_report(post: Post) -> None:
    (found,) = data(post())
    assert list(found) == ["service_request_id", "service_notice", "account_id"]
    assert isinstance(found["service_request_id"], str)
    root = tree(post("xml"))
    assert root.tag == "service_requests"
    assert names(root) == ["request"]
    assert root.findtext("request/service_request_id")
    assert root.find("request/token") is None


def test_a_client_that_stumbles_over_pictures_asks_beside(
    web: Client, post: Post, publish: Publish, motala: Organisation
) -> None:
    number = data(post(media=picture()))[0]["service_request_id"]
    (found,) = data(web.get(url(f"requests/{number}.json"), {"extensions": "true"}))
    (plain,) = data(web.get(f"/open311/v2-text/requests/{number}.json", {"extensions": "true"}))
    assert found["media_url"]
    assert plain["extended_attributes"].pop("media_urls") == []
    del found["extended_attributes"]["media_urls"]
    assert plain == {**found, "media_url": None}
    endpoint = data(web.get("/open311/v2-text/discovery.json"))["endpoints"][0]
    assert endpoint["url"] == "http://motala.localhost/open311/v2-text"
    data(web.get("/open311/v2-text/v2/services.json"), 404)


def test_errors(web: Client) -> None:
    (error,) = data(web.get(url("requests/26-999.json")), 404)
    assert list(error) == ["code", "description"]
    assert error["code"] == 404
    root = tree(web.get(url("requests/26-999.xml")), 404)
    assert root.tag == "errors"
    assert names(root[0]) == ["code", "description"]
    assert values(root[0])["code"] == "404"


def test_empty_lists_are_lists(web: Client) -> None:
    assert data(web.get(url("requests.json"))) == []
    assert list(tree(web.get(url("requests.xml")))) == []


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        (to_xml, '<?xml version="1.0" encoding="UTF-8"?>\n<a><b><t>x &lt;&amp;&gt;</t><n/><y>true</y></b></a>\n'),
        (to_json, '[{"t":"x <&>","n":null,"y":true}]'),
    ],
)
def test_one_description_two_formats(write: Callable[[Answer], str], expected: str) -> None:
    text = "x <&>" if write is to_json else "x <&>\x0b\ufffe"  # what XML cannot hold is left out there
    assert write(Answer("a", "b", [{"t": text, "n": None, "y": True}])) == expected


def test_nested_lists_have_wrappers_in_xml_only() -> None:
    answer = Answer("a", "", [{"many": Children("one", [{"x": 1}, {"x": 2.5}])}])
    assert to_json(answer) == '{"many":[{"x":1},{"x":2.5}]}'
    assert "<many><one><x>1</x></one><one><x>2.5</x></one></many>" in to_xml(answer)


# Whatever the texts are

TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(st.sampled_from("&<>]\"'\x00\x0b\x1f\x7f\x85\ud800\udfff\ufffe\uffff\u2028 \t\n\rå🙂"), max_size=30),
    st.sampled_from(["&xxe;", "<!DOCTYPE a>", "<!ENTITY a 'b'>", "]]>", "<![CDATA[x]]>", "<?xml?>", "&#0;", "&amp;"]),
)


@given(st.dictionaries(st.sampled_from("abc"), TEXTS), st.lists(TEXTS, max_size=3))
def test_xml_says_what_was_written_whatever_it_is(texts: dict[str, str], children: list[str]) -> None:
    root = ET.fromstring(to_xml(Answer("r", "row", [{**texts, "many": Children("one", children)}])).encode())
    row = root[0]
    expected = [holds(text) for text in (*texts.values(), *children)]
    assert [element.text or "" for element in row if element.tag != "many"] + [
        element.text or "" for element in row.iterfind("many/one")
    ] == expected
    assert len(list(root.iter())) == 3 + len(expected), "no text becomes an element"


def holds(text: str) -> str:
    """What an XML document can hold of a text, once read: without what is no character, line ends as one."""
    kept = "".join(
        letter
        for letter in text
        if letter in "\t\n\r" or " " <= letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd" or letter > "\uffff"
    )
    return kept.replace("\r\n", "\n").replace("\r", "\n")


@given(st.dictionaries(st.sampled_from("abc"), st.one_of(TEXTS, st.booleans(), st.none(), st.integers())))
def test_json_says_what_was_given(row: dict[str, Any]) -> None:
    assert json.loads(to_json(Answer("r", "row", [row]))) == [row]
