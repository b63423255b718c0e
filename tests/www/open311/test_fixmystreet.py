"""FixMyStreet and its relatives: what they send again, and how they write."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lyhord.cases.models import Case, Message, Side
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.models import ApiKey
from lyhord.organisations.models import Organisation
from lyhord.www.open311.fixmystreet import id_in, taken_apart
from tests.www.open311.conftest import Post, make_key
from tests.www.open311.reading import data, tree, url

pytestmark = [pytest.mark.requirement("0.9", "N9")]
LINK = "https://fixamingata.se/report/8105704"
TEMPLATE = f"Titel: Släckt lampa\n\nBeskrivning: Den vid skolan.\nSedan i går.\n\nLänk till ärendet: {LINK}\n\n"
TEMPLATE += "Skickad via FixaMinGata"


@pytest.fixture
def relative(motala: Organisation) -> ApiKey:
    """FixaMinGata's key."""
    return make_key(motala, "fixa", fixmystreet=True)


@pytest.mark.django_db
def test_it_is_asked_for_its_id_when_it_has_a_key(web: Client, motala: Organisation) -> None:
    before = tree(web.get(url("services.xml")))
    assert before.findtext("service[service_code='ovrigt']/metadata") == "false"
    assert tree(web.get(url("services/ovrigt.xml"))).findall("attributes/attribute") == []
    make_key(motala, "fixa", fixmystreet=True)
    assert tree(web.get(url("services.xml"))).findtext("service[service_code='ovrigt']/metadata") == "true"
    (asked,) = tree(web.get(url("services/ovrigt.xml"))).findall("attributes/attribute")
    assert {child.tag: child.text for child in asked} == {
        "variable": "true",
        "code": "fixmystreet_id",
        "datatype": "number",
        "required": "false",
        "datatype_description": None,
        "order": "1",
        "description": "FixMyStreet",
        "automated": "server_set",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("named", [{"attribute[fixmystreet_id]": "8105704"}, {}])
def test_what_it_sends_again_is_the_same_report(
    post: Post, relative: ApiKey, motala: Organisation, named: dict[str, Any]
) -> None:
    sent = [data(post(api_key="fixa", description=TEMPLATE, **named))[0]["service_request_id"] for _n in range(3)]
    assert len(set(sent)) == 1
    again = data(post(api_key="fixa", description=f"Annat. {LINK}"))[0]["service_request_id"]
    assert again == sent[0]
    with organisation_scope(motala.pk):
        case = Case.objects.get()
        note = Message.objects.get(case=case, side=Side.INTERNAL)
    assert case.text == "Släckt lampa\n\nDen vid skolan.\nSedan i går."
    assert LINK in note.text


@pytest.mark.django_db
def test_others_may_write_the_same_words(post: Post, motala: Organisation) -> None:
    first, second = (data(post(description=TEMPLATE))[0]["service_request_id"] for _n in range(2))
    assert first != second
    with organisation_scope(motala.pk):
        assert Case.objects.filter(text=TEMPLATE).count() == 2


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    said, link = taken_apart(text)
    assert said == text
    assert bool(link) == bool(id_in(link))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=60))
def test_what_was_written_is_kept(text: str) -> None:
    said, link = taken_apart(f"Titel: {text}\n\nBeskrivning: {text} och mer\n\nLänk till ärendet: {LINK}")
    assert (said, id_in(link)) == (f"{text} och mer", "8105704")
