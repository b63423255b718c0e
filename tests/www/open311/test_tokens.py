"""Services that answer with a token, or with nothing."""

import pytest
from django.test import Client

from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories
from tests.www.open311.conftest import Post
from tests.www.open311.reading import data, tree, url

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "N9")]


def test_a_blackbox_gives_neither_id_nor_token(post: Post, web: Client, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        factories.make_type("slutet", "felanmalan", "Slutet", open311="blackbox")
    (service,) = [each for each in data(web.get(url("services.json"))) if each["service_code"] == "slutet"]
    assert service["type"] == "blackbox"
    (answer,) = data(post(service_code="slutet"))
    assert answer["service_request_id"] is None
    assert "token" not in answer
    with organisation_scope(motala.pk):
        assert Case.objects.get().case_type.code == "slutet"


@pytest.mark.parametrize("suffix", ["json", "xml"])
def test_a_batch_service_gives_a_token_first(
    post: Post, web: Client, elsewhere: Client, motala: Organisation, suffix: str
) -> None:
    with organisation_scope(motala.pk):
        factories.make_type("sen", "felanmalan", "Sen", open311="batch")
    (service,) = [each for each in data(web.get(url("services.json"))) if each["service_code"] == "sen"]
    assert service["type"] == "batch"
    token = data(post(service_code="sen"))[0]
    assert "service_request_id" not in token
    answer = web.get(url(f"tokens/{token['token']}.{suffix}"))
    if suffix == "xml":
        request = tree(answer)[0]
        found = {child.tag: child.text for child in request}
    else:
        (found,) = data(answer)
    assert found["token"] == token["token"]
    (read,) = data(web.get(url(f"requests/{found['service_request_id']}.json")))
    assert read["service_code"] == "sen"
    tree(elsewhere.get(url(f"tokens/{token['token']}.xml")), 404)


@pytest.mark.parametrize("given", ["123", "26-1", "26-1-" + "0" * 32, "å", "%00", "-"])
def test_an_unknown_token_is_404(web: Client, given: str) -> None:
    data(web.get(url(f"tokens/{given}.json")), 404)
