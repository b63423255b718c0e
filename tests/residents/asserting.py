"""An identity provider in a few lines, which says what a test wants, and signs it."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

from lyhord.residents.saml.key import make_key

ISSUER = "https://id.exempel.se/saml"
KEY, CERTIFICATE = make_key("id.exempel.se")
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
LOA3 = "http://id.elegnamnden.se/loa/1.0/loa3"
SPACES = (
    'xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"'
    ' xmlns:d="http://www.w3.org/2000/09/xmldsig#"'
)


def stamp(minutes: float = 0) -> str:
    return f"{datetime.now(UTC) + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"


def assertion(to: str, us: str, question: str, **other: str) -> str:
    """An assertion's XML, right in every part but those given."""
    said = {
        "issuer": ISSUER,
        "name": "a-b-c",
        "format": PERSISTENT,
        "recipient": to,
        "answers": question,
        "until": stamp(5),
        "since": stamp(-1),
        "audience": f"<a:AudienceRestriction><a:Audience>{us}</a:Audience></a:AudienceRestriction>",
        "method": "urn:oasis:names:tc:SAML:2.0:cm:bearer",
        "level": LOA3,
        "attribute": "urn:oid:1.2.752.201.3.4",
        "value": "<a:AttributeValue>NO:05068907693</a:AttributeValue>",
        **other,
    }
    return (
        f'<a:Assertion {SPACES} ID="_said" Version="2.0" IssueInstant="{stamp()}"><a:Issuer>{said["issuer"]}</a:Issuer>'
        f'<a:Subject><a:NameID Format="{said["format"]}">{said["name"]}</a:NameID>'
        f'<a:SubjectConfirmation Method="{said["method"]}"><a:SubjectConfirmationData Recipient="{said["recipient"]}"'
        f' InResponseTo="{said["answers"]}" NotOnOrAfter="{said["until"]}"/></a:SubjectConfirmation></a:Subject>'
        f'<a:Conditions NotBefore="{said["since"]}" NotOnOrAfter="{said["until"]}">{said["audience"]}</a:Conditions>'
        f'<a:AuthnStatement AuthnInstant="{stamp()}"><a:AuthnContext><a:AuthnContextClassRef>{said["level"]}'
        "</a:AuthnContextClassRef></a:AuthnContext></a:AuthnStatement>"
        f'<a:AttributeStatement><a:Attribute Name="{said["attribute"]}">{said["value"]}</a:Attribute>'
        "</a:AttributeStatement></a:Assertion>"
    )


def response(inside: str, *, status: str = "Success", **attributes: str) -> str:
    """A response around assertions."""
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return (
        f'<p:Response {SPACES} ID="_answer" Version="2.0" IssueInstant="{stamp()}"{more}><a:Issuer>{ISSUER}</a:Issuer>'
        f'<p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{status}"/></p:Status>{inside}</p:Response>'
    )


def signed(xml: str, *, key: str = KEY, certificate: str = CERTIFICATE, **how: Any) -> str:
    """The element with its signature within; right after the issuer, as the schema has it."""
    root = etree.fromstring(xml)
    name = root.get("ID")
    place = etree.Element("{http://www.w3.org/2000/09/xmldsig#}Signature", Id="placeholder")
    root.insert(1, place)
    methods = {"signature_algorithm": SignatureMethod.RSA_SHA256, "digest_algorithm": DigestAlgorithm.SHA256, **how}
    signer = XMLSigner(c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#", **methods)
    return str(etree.tostring(signer.sign(root, key=key, cert=certificate, reference_uri=name), encoding="unicode"))


def written(xml: str) -> str:
    """As a form carries it."""
    return base64.b64encode(xml.encode()).decode()
