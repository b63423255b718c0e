"""Log-in by SAML: what does not hold, or is not what was signed, lets nobody in. tests/peers has a real provider."""

import base64
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.test import Client
from lxml import etree

from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.residents.models import Account, Provider
from lyhord.residents.oidc import Why
from lyhord.residents.provider_actions import keep_description
from lyhord.residents.saml.key import make_key
from lyhord.residents.saml_actions import set_saml_provider
from lyhord.residents.tasks import fetch_provider
from lyhord.www.public.resident import COOKIE
from lyhord.www.public.vouched import SENTENCES
from tests.conftest import Cast
from tests.far_end import Reply, listening
from tests.residents.asserting import (
    CERTIFICATE,
    ISSUER,
    LOA3,
    SPACES,
    TRANSIENT,
    assertion,
    response,
    signed,
    stamp,
    written,
)
from tests.www.public.forms import fields

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("X9")]
HOST = "motala.localhost"
BY = Actor.system("test")
WHERE = "https://id.exempel.se/sso?realm=1"
PRID = "urn:oid:1.2.752.201.3.4"
OUR_KEY, OUR_CERTIFICATE = make_key("motala.localhost")
OLD_CERTIFICATE = make_key("id.exempel.se")[1]


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Keys take long to make; the test's browser speaks http."""
    settings.PUBLIC_SCHEME = "http"
    monkeypatch.setattr("lyhord.residents.saml_actions.make_key", lambda _name: (OUR_KEY, OUR_CERTIFICATE))


@pytest.fixture
def web(motala: Organisation) -> Client:
    return Client(headers={"host": HOST})


def made(motala: Organisation, **values: Any) -> Provider:
    given: dict[str, Any] = {"label": "Prov-ID", "issuer": ISSUER, "levels": LOA3}
    given |= {"metadata_url": "https://id.exempel.se/metadata", "subject_attribute": "", "active": True, **values}
    with organisation_scope(motala.pk):
        row = set_saml_provider(provider_id=None, by=BY, **given)
        keep_description(provider_id=row.pk, about={"where": WHERE}, keys=[OLD_CERTIFICATE, CERTIFICATE], by=BY)
        row.refresh_from_db()
    return row


@pytest.fixture
def provider(motala: Organisation) -> Provider:
    return made(motala)


@dataclass
class Asked:
    """What the provider was asked, and where it answers."""

    row: Provider
    sent: dict[str, str]
    xml: Any

    @property
    def to(self) -> str:
        return str(self.xml.get("AssertionConsumerServiceURL"))

    def said(self, **other: str) -> str:
        return assertion(self.to, self.row.client_id, self.xml.get("ID"), **other)


def ask(web: Client, row: Provider) -> Asked:
    location = web.get(f"/logga-in/{row.pk}/").headers["Location"]
    assert location.startswith(f"{WHERE}&SAMLRequest=")
    sent = dict(parse_qsl(urlsplit(location).query, strict_parsing=True))
    return Asked(row, sent, etree.fromstring(zlib.decompress(base64.b64decode(sent["SAMLRequest"]), -15)))


def come_back(web: Client, asked: Asked, xml: str, **other: str) -> Any:
    form = {"SAMLResponse": written(xml), "RelayState": asked.sent["RelayState"], "har": "1", **other}
    return web.post(f"/logga-in/svar/{asked.row.pk}/", form)


def test_what_we_ask_is_signed_by_the_key_in_our_metadata(web: Client, provider: Provider) -> None:
    asked = ask(web, provider)
    pairs = [(name, asked.sent[name]) for name in ("SAMLRequest", "RelayState", "SigAlg")]
    ours = etree.fromstring(web.get(f"/logga-in/saml/{provider.pk}/").content)
    [text, *_others] = ours.xpath("//*[local-name()='X509Certificate']/text()")
    public = x509.load_der_x509_certificate(base64.b64decode(text)).public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    signature = base64.b64decode(asked.sent["Signature"])
    public.verify(signature, urlencode(pairs).encode(), padding.PKCS1v15(), hashes.SHA256())
    assert ours.get("entityID") == asked.xml.findtext("{*}Issuer") == provider.client_id
    assert asked.to in ours.xpath("//*[local-name()='AssertionConsumerService']/@Location")
    assert [one.text for one in asked.xml.iter("{*}AuthnContextClassRef")] == [LOA3]


def test_an_answer_comes_by_way_of_a_page_of_ours(web: Client, provider: Provider, motala: Organisation) -> None:
    asked = ask(web, provider)
    form = {"SAMLResponse": written(response(signed(asked.said()))), "RelayState": asked.sent["RelayState"]}
    where = f"/logga-in/svar/{provider.pk}/"
    shown = web.post(where, form, headers={"sec-fetch-site": "cross-site"})
    assert COOKIE not in web.cookies
    again = fields(shown, "form[data-onward]")
    done = web.post(where, again, headers={"sec-fetch-site": "same-origin"})
    assert (done.status_code, done.headers["Location"]) == (303, "/mina-arenden/"), done.text
    with organisation_scope(motala.pk):
        account = Account.objects.get()
    assert account.issuer == ISSUER
    assert "a-b-c" not in account.subject
    assert str(SENTENCES[Why.LOST]) in web.post(where, again).text, "an answer counts once"


def test_the_whole_response_may_be_signed_instead(web: Client, provider: Provider) -> None:
    asked = ask(web, provider)
    whole = response(asked.said(), Destination=asked.to, InResponseTo=asked.xml.get("ID"))
    assert come_back(web, asked, signed(whole)).status_code == 303


def test_a_foreign_eid_is_known_by_its_attribute(web: Client, motala: Organisation) -> None:
    asked = ask(web, made(motala, subject_attribute=PRID))
    assert come_back(web, asked, response(signed(asked.said(format=TRANSIENT)))).status_code == 303


@pytest.mark.parametrize("number", ["urn:oid:1.2.752.29.4.13", "1.2.752.201.3.16"])
def test_nobody_is_known_by_a_personal_number(motala: Organisation, number: str) -> None:
    with pytest.raises(Invalid) as refused:
        made(motala, subject_attribute=number)
    assert set(refused.value.errors) == {"subject_attribute"}


def wrapped(asked: Asked) -> str:
    """A signed assertion beside which an unsigned one says something else."""
    return response(signed(asked.said()) + asked.said(name="somebody-else"))


def hidden(asked: Asked) -> str:
    """A signed assertion inside an unsigned one, which says something else."""
    within = f"<a:Advice>{signed(asked.said())}</a:Advice>"
    return response(asked.said(name="somebody-else").replace("</a:Conditions>", f"</a:Conditions>{within}"))


def moved(asked: Asked) -> str:
    """The signature of another assertion, moved into one that says something else."""
    right = etree.fromstring(signed(asked.said()))
    false = etree.fromstring(asked.said(name="somebody-else").replace('ID="_said"', 'ID="_false"'))
    signature = right.find("{*}Signature")
    false.insert(1, signature)
    signature.append(right)
    return response(etree.tostring(false, encoding="unicode"))


def commented(asked: Asked) -> str:
    return response(signed(asked.said(name="a-b-c")).replace("a-b-c<", "a-b<!-- -->-x<"))


def entities(asked: Asked) -> str:
    return '<!DOCTYPE p [<!ENTITY e "x">]>' + response(signed(asked.said()))


WRONG: dict[str, tuple[Callable[[Asked], str], Why]] = {
    "nothing signed": (lambda asked: response(asked.said()), Why.WRONG),
    "another's key": (
        lambda asked: response(signed(asked.said(), key=OUR_KEY, certificate=OUR_CERTIFICATE)),
        Why.KEY,
    ),
    "changed afterwards": (lambda asked: response(signed(asked.said()).replace("a-b-c", "a-b-d")), Why.KEY),
    "two assertions": (wrapped, Why.WRONG),
    "a signed one inside": (hidden, Why.WRONG),
    "a signature moved": (moved, Why.KEY),
    "a comment in the name": (commented, Why.KEY),
    "a document type": (entities, Why.WRONG),
    "for another": (
        lambda asked: response(
            signed(asked.said(audience="<a:AudienceRestriction><a:Audience>other</a:Audience></a:AudienceRestriction>"))
        ),
        Why.WRONG,
    ),
    "for anybody": (lambda asked: response(signed(asked.said(audience=""))), Why.WRONG),
    "to another place": (lambda asked: response(signed(asked.said(recipient="https://other.example/"))), Why.WRONG),
    "to another question": (lambda asked: response(signed(asked.said(answers="_other"))), Why.WRONG),
    "to no question": (lambda asked: response(signed(asked.said(answers=""))), Why.WRONG),
    "run out": (lambda asked: response(signed(asked.said(until=stamp(-5)))), Why.WRONG),
    "not yet": (lambda asked: response(signed(asked.said(since=stamp(5)))), Why.WRONG),
    "of another": (lambda asked: response(signed(asked.said(issuer="https://other.example"))), Why.WRONG),
    "not by bearer": (
        lambda asked: response(signed(asked.said(method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"))),
        Why.WRONG,
    ),
    "a name for once": (lambda asked: response(signed(asked.said(format=TRANSIENT))), Why.WRONG),
    "nobody": (lambda asked: response(signed(asked.said(name=""))), Why.WRONG),
    "too weak": (lambda asked: response(signed(asked.said(level="urn:loa1"))), Why.LEVEL),
    "a no": (lambda _asked: response("", status="Responder"), Why.DENIED),
    "no XML": (lambda _asked: "hej", Why.WRONG),
    "another document": (lambda asked: signed(asked.said()), Why.WRONG),
    "a response for elsewhere": (
        lambda asked: signed(response(asked.said(), Destination="https://other.example/")),
        Why.WRONG,
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_hold_lets_nobody_in(web: Client, provider: Provider, name: str) -> None:
    make, why = WRONG[name]
    asked = ask(web, provider)
    answer = come_back(web, asked, make(asked))
    assert str(SENTENCES[why]) in answer.text
    assert COOKIE not in web.cookies
    with organisation_scope(provider.organisation_id):
        assert not Account.objects.exists()


def test_an_answer_to_another_browser_is_none(web: Client, provider: Provider) -> None:
    asked = ask(web, provider)
    xml = response(signed(asked.said()))
    stranger = Client(headers={"host": HOST})
    assert str(SENTENCES[Why.LOST]) in come_back(stranger, asked, xml).text
    assert str(SENTENCES[Why.LOST]) in come_back(web, asked, xml, RelayState="another").text
    assert COOKIE not in web.cookies


def test_what_is_no_form_of_a_provider_is_met_in_words(web: Client, provider: Provider) -> None:
    where = f"/logga-in/svar/{provider.pk}/"
    for form in ({}, {"SAMLResponse": "x" * 300_000, "har": "1"}, {"SAMLResponse": "%%%", "RelayState": "é" * 50}):
        assert web.post(where, form).status_code == 200
    assert web.get(where).status_code == 405
    elsewhere = Client(headers={"host": "mjolby.localhost"})
    assert elsewhere.post(where, {}).status_code == 404


@pytest.fixture
def metadata(settings: Any) -> Iterator[Callable[[str], str]]:
    """Serves a text; gives its address."""
    with listening(settings) as far:

        def serve(text: str) -> str:
            far.usual = Reply(body=text.encode())
            return f"{far.url}/metadata"

        yield serve


def described(*, name: str = ISSUER, binding: str = "HTTP-Redirect", until: str = "", where: str = WHERE) -> str:
    body = "".join(line for line in CERTIFICATE.splitlines() if "-----" not in line)
    valid = f' validUntil="{until}"' if until else ""
    return (
        f'<m:EntitiesDescriptor xmlns:m="urn:oasis:names:tc:SAML:2.0:metadata" {SPACES}>'
        f'<m:EntityDescriptor entityID="{name}"{valid}><m:IDPSSODescriptor>'
        f"<m:KeyDescriptor><d:KeyInfo><d:X509Data><d:X509Certificate>{body}</d:X509Certificate></d:X509Data></d:KeyInfo>"
        f'</m:KeyDescriptor><m:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:{binding}"'
        f' Location="{where}"/></m:IDPSSODescriptor></m:EntityDescriptor></m:EntitiesDescriptor>'
    )


def test_its_metadata_are_fetched(motala: Organisation, metadata: Callable[[str], str]) -> None:
    row = made(motala, metadata_url=metadata(described(where="http://id.exempel.se/sso")))
    fetch_provider.func(motala.pk, row.pk)
    with organisation_scope(motala.pk):
        row.refresh_from_db()
    assert (row.keys, row.about) == ([CERTIFICATE], {"where": "http://id.exempel.se/sso"})
    assert row.last_error == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (described(name="https://other.example"), "another"),
        (described(binding="HTTP-POST"), "no_redirect"),
        (described(until="2020-01-01T00:00:00Z", where="http://id.exempel.se/sso"), "ran out"),
        (described(), "scheme"),
        ("<html>", "no_xml"),
        ('<!DOCTYPE m [<!ENTITY e "x">]>' + described(), "doctype"),
    ],
)
def test_metadata_of_no_use_are_said_to_be(
    motala: Organisation, metadata: Callable[[str], str], text: str, said: str
) -> None:
    from lyhord.accounts.discovery import KeysError

    row = made(motala, metadata_url=metadata(text))
    with pytest.raises(KeysError):
        fetch_provider.func(motala.pk, row.pk)
    with organisation_scope(motala.pk):
        row.refresh_from_db()
    assert said in row.last_error
    assert row.ready, "what was known holds"


def test_an_administrator_adds_and_changes_one(cast: Cast) -> None:
    admin = Client(headers={"host": HOST})
    admin.force_login(cast.admin)
    where = "/installningar/inloggning/"
    given = {"label": "Freja", "issuer": ISSUER, "metadata_url": "https://id.exempel.se/m", "active": "on"}
    wrong = admin.post(f"{where}ny-saml/", {**given, "subject_attribute": "1.2.752.29.4.13", "metadata_url": "x"})
    assert wrong.status_code == 422
    assert "Personnummer är aldrig nyckeln" in wrong.text
    assert admin.post(f"{where}ny-saml/", {**given, "subject_attribute": PRID}).status_code == 302
    with organisation_scope(cast.motala.pk):
        row = Provider.objects.get()
    assert f"/logga-in/saml/{row.pk}/" in admin.get(f"{where}{row.pk}/").text
    admin.post(f"{where}{row.pk}/", {**given, "label": "Freja+", "issuer": "x", "subject_attribute": "y"})
    with organisation_scope(cast.motala.pk):
        row = Provider.objects.get()
    assert (row.label, row.issuer, row.subject_attribute) == ("Freja+", ISSUER, PRID)
    assert "BEGIN" not in row.secret
