"""Keys: whose, for what, how often; and which organisation is meant."""

from typing import Any

import pytest
from django.test import Client

from lyhord.core.errors import NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.clients import UPDATES, renew_key, revoke_key
from lyhord.intake.models import ApiKey
from lyhord.organisations.models import Organisation
from tests import factories
from tests.www.open311.conftest import KEY, Post, make_key
from tests.www.open311.reading import data, tree, url

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "N9")]


@pytest.mark.parametrize("given", [None, "", "wrong", "x" * 10_000, KEY.upper(), "å\x00"])
def test_no_key_is_403(post: Post, given: str | None) -> None:
    assert data(post(api_key=given), 403)[0]["code"] == 403
    tree(post("xml", api_key=given), 403)


def test_the_key_comes_before_what_is_said(post: Post) -> None:
    data(post(api_key="wrong", service_code="nope", lat="x"), 403)


def test_a_key_is_not_read_from_the_address(web: Client, key: ApiKey) -> None:
    data(web.post(url(f"requests.json?api_key={KEY}"), {"service_code": "ovrigt"}), 403)


def test_a_key_holds_for_one_organisation_and_one_purpose(
    post: Post, elsewhere: Client, motala: Organisation, key: ApiKey
) -> None:
    data(elsewhere.post(url("requests.json"), {"api_key": KEY, "service_code": "ovrigt"}), 403)
    make_key(motala, "for updates", scopes=[UPDATES])
    data(post(api_key="for updates"), 403)
    with organisation_scope(motala.pk):
        revoke_key(key_id=key.pk, by=factories.TEST)
    data(post(), 403)


def test_a_client_with_a_new_key_is_the_same_client(post: Post, motala: Organisation, key: ApiKey) -> None:
    sent = data(post(**{"attribute[fixmystreet_id]": "4711"}))
    with organisation_scope(motala.pk):
        _row, new = renew_key(key_id=key.pk, by=factories.TEST)
    data(post(), 403)
    assert data(post(api_key=new, **{"attribute[fixmystreet_id]": "4711"})) == sent
    with organisation_scope(motala.pk):
        revoke_key(key_id=key.pk, by=factories.TEST)
        with pytest.raises(NotFound):
            renew_key(key_id=key.pk, by=factories.TEST)


def test_only_the_digest_of_a_key_is_kept(key: ApiKey, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        kept = ApiKey.objects.get(pk=key.pk)
    assert len(bytes(kept.digest)) == 32
    assert KEY.encode() not in bytes(kept.digest)


def test_a_client_that_sends_too_much_is_429_and_told_when_to_come_back(post: Post, motala: Organisation) -> None:
    make_key(motala, "slow", hourly=2)
    for _each in range(2):
        data(post(api_key="slow"))
    for suffix, read in (("json", data), ("xml", tree)):
        refused: Any = post(suffix, api_key="slow")
        read(refused, 429)
        assert int(refused["Retry-After"]) > 0
    data(post())


@pytest.mark.parametrize("given", ["", "\x00", "motala", "MOTALA", "motala.localhost", "www.motala.localhost"])
def test_the_jurisdiction_may_be_named_or_not(post: Post, web: Client, given: str) -> None:
    data(post(jurisdiction_id=given))
    data(web.post(url(f"requests.json?jurisdiction_id={given}"), {"api_key": KEY, "service_code": "x"}), 404)
    data(web.get(url("services.json"), {"jurisdiction_id": given}))


@pytest.mark.parametrize("given", ["mjolby", "mjolby.localhost", "sfgov.org", "å" * 300])
def test_another_jurisdiction_is_404(post: Post, web: Client, given: str) -> None:
    data(post(jurisdiction_id=given), 404)
    for path in ("services", "services/ovrigt", "requests", "requests/26-1", "tokens/x", "discovery"):
        tree(web.get(url(f"{path}.xml"), {"jurisdiction_id": given}), 404)
