"""What we say to an identity provider: who we are, and that somebody wants to log in."""

import base64
import zlib
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from lyhord.core.clock import now
from lyhord.core.sealed import unseal
from lyhord.residents.models import Provider
from lyhord.residents.provider_actions import SECRET

if TYPE_CHECKING:
    from lyhord.residents.oidc import Begun

PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
_SIGNED_BY = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


def request_id(given: "Begun") -> str:
    """What the answer must say that it answers: an XML ID cannot begin with a digit."""
    return f"_{given.nonce}"


def request_url(provider: Provider, given: "Begun") -> str:
    """Where the browser goes, with what we ask: signed, since many federations demand it (SAML bindings 3.4.4.1)."""
    where = provider.about["where"]
    packed = zlib.compressobj(wbits=-15)
    asked = packed.compress(_request(provider, given, where).encode()) + packed.flush()
    pairs = {"SAMLRequest": base64.b64encode(asked).decode(), "RelayState": given.state, "SigAlg": _SIGNED_BY}
    query = urlencode(pairs)
    key = cast("rsa.RSAPrivateKey", serialization.load_pem_private_key(own_key(provider).encode(), None))
    signature = key.sign(query.encode(), padding.PKCS1v15(), hashes.SHA256())
    signed = urlencode({"Signature": base64.b64encode(signature).decode()})
    return f"{where}{'&' if '?' in where else '?'}{query}&{signed}"


def own_key(provider: Provider) -> str:
    """Our private key towards it, as PEM; "" when the installation has another key than it was sealed with."""
    return unseal(provider.secret, purpose=SECRET) or ""


def _request(provider: Provider, given: "Begun", where: str) -> str:
    asked = (escape(one) for one in provider.levels.split())
    levels = "".join(f"<a:AuthnContextClassRef>{one}</a:AuthnContextClassRef>" for one in asked)
    wanted = f'<p:RequestedAuthnContext Comparison="exact">{levels}</p:RequestedAuthnContext>' if levels else ""
    return (
        '<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"'
        f' ID={quoteattr(request_id(given))} Version="2.0" IssueInstant="{now():%Y-%m-%dT%H:%M:%SZ}"'
        f' Destination={quoteattr(where)} ProtocolBinding="{POST}"'
        f" AssertionConsumerServiceURL={quoteattr(given.redirect_uri)}>"
        f"<a:Issuer>{escape(provider.client_id)}</a:Issuer>"
        f'<p:NameIDPolicy Format="{PERSISTENT}" AllowCreate="true"/>{wanted}</p:AuthnRequest>'
    )


def own_metadata(provider: Provider, answers_to: list[str]) -> str:
    """What the provider needs to know of us, as its administrators want it: one XML document."""
    body = "".join(line for line in provider.certificate.splitlines() if "-----" not in line)
    keys = "".join(
        f'<m:KeyDescriptor use="{use}"><d:KeyInfo><d:X509Data><d:X509Certificate>{body}</d:X509Certificate>'
        "</d:X509Data></d:KeyInfo></m:KeyDescriptor>"
        for use in ("signing", "encryption")
    )
    places = "".join(
        f'<m:AssertionConsumerService Binding="{POST}" Location={quoteattr(place)} index="{n}"'
        f"{' isDefault=' + quoteattr('true') if n == 0 else ''}/>"
        for n, place in enumerate(answers_to)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<m:EntityDescriptor xmlns:m="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:d="http://www.w3.org/2000/09/xmldsig#"'
        f" entityID={quoteattr(provider.client_id)}>"
        '<m:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="true"'
        ' protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        f"{keys}<m:NameIDFormat>{PERSISTENT}</m:NameIDFormat>{places}</m:SPSSODescriptor></m:EntityDescriptor>\n"
    )
