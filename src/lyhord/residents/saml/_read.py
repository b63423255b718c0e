"""Reads what comes from an identity provider. Runs only inside `files.sandbox`: lxml meets hostile bytes here.

Nothing is believed here but signatures: what an answer says is handed on as plain values, and `answer` judges them.
Of an answer only what was signed is read, from the very bytes that were (signxml's "see what is signed").
"""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from lyhord.files._wire import Refused

NAMES = {
    "p": "urn:oasis:names:tc:SAML:2.0:protocol",
    "a": "urn:oasis:names:tc:SAML:2.0:assertion",
    "m": "urn:oasis:names:tc:SAML:2.0:metadata",
    "d": "http://www.w3.org/2000/09/xmldsig#",
    "e": "http://www.w3.org/2001/04/xmlenc#",
    "e11": "http://www.w3.org/2009/xmlenc11#",
}
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_PROTOCOL = NAMES["p"]
_MOST_CERTIFICATES = 10
_SIGNED_BY = frozenset(
    method for method in SignatureMethod if method.name.startswith(("RSA_", "ECDSA_")) and "SHA1" not in method.name
)
_DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512, DigestAlgorithm.SHA3_256})
_CBC = {f"{NAMES['e']}aes{bits}-cbc" for bits in (128, 192, 256)}
_GCM = {f"{NAMES['e11']}aes{bits}-gcm" for bits in (128, 192, 256)}
_OAEP_OLD, _OAEP = f"{NAMES['e']}rsa-oaep-mgf1p", f"{NAMES['e11']}rsa-oaep"
_HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "http://www.w3.org/2000/09/xmldsig#sha1": hashes.SHA1,  # within OAEP, where it is the default and holds
    "http://www.w3.org/2001/04/xmlenc#sha256": hashes.SHA256,
    "http://www.w3.org/2001/04/xmldsig-more#sha384": hashes.SHA384,
    "http://www.w3.org/2001/04/xmlenc#sha512": hashes.SHA512,
    f"{NAMES['e11']}mgf1sha1": hashes.SHA1,  # the same
    f"{NAMES['e11']}mgf1sha256": hashes.SHA256,
    f"{NAMES['e11']}mgf1sha384": hashes.SHA384,
    f"{NAMES['e11']}mgf1sha512": hashes.SHA512,
}
XMLVerifier.schemas()  # type: ignore[no-untyped-call]  # so it is there; reads files, which cannot be opened when the data has come


def answer(data: bytes) -> bytes:
    """What an answer says, as JSON; `data` is JSON with `xml` (base64), `certificates` (PEM) and `key` (ours, PEM)."""
    order = json.loads(data)
    try:
        root = _parsed(base64.b64decode(order["xml"], validate=True))
    except (binascii.Error, ValueError) as error:
        raise Refused("encoding") from error
    if root.tag != _tag("p", "Response"):
        raise Refused("no_response")
    status = root.find("p:Status/p:StatusCode", NAMES)
    said: dict[str, Any] = {"status": status.get("Value", "") if status is not None else "", "assertion": None}
    if not said["status"].endswith(":Success"):
        return json.dumps(said).encode()
    certificates = [x509.load_pem_x509_certificate(pem.encode()) for pem in order["certificates"]]
    signed = _signed(root, certificates)
    said["response"] = _attributes(signed, "Destination", "InResponseTo") if signed is not None else None
    assertion = _only_assertion(root if signed is None else signed, order["key"])
    if signed is None:
        signed_assertion = _signed(assertion, certificates)
        if signed_assertion is None:
            raise Refused("unsigned")
        assertion = signed_assertion
    said["assertion"] = _said(assertion)
    return json.dumps(said).encode()


def metadata(data: bytes) -> bytes:
    """What an identity provider says of itself, as JSON; `data` is its name, an empty line, and its metadata."""
    name, _, xml = data.partition(b"\n\n")
    root = _parsed(xml)
    found = [
        entity
        for entity in root.iter(_tag("m", "EntityDescriptor"))
        if entity.get("entityID", "").encode() == name and entity.find("m:IDPSSODescriptor", NAMES) is not None
    ]
    if len(found) != 1:
        raise Refused("another")
    (role, *_others) = found[0].findall("m:IDPSSODescriptor", NAMES)
    places = [
        place.get("Location", "")
        for place in role.iterfind("m:SingleSignOnService", NAMES)
        if place.get("Binding") == REDIRECT
    ]
    certificates = [
        pem
        for key in role.iterfind("m:KeyDescriptor", NAMES)
        if key.get("use", "signing") == "signing"
        for text in key.iterfind(".//d:X509Certificate", NAMES)
        if (pem := _pem(text.text or ""))
    ]
    if not places or not certificates:
        raise Refused("no_redirect" if certificates else "no_certificates")
    until = found[0].get("validUntil") or root.get("validUntil") or ""
    return json.dumps({"where": places[0], "certificates": certificates[:_MOST_CERTIFICATES], "until": until}).encode()


def _parsed(xml: bytes) -> Any:
    """XML without a document type, entities or comments: none of them belongs in SAML, and each has been a hole."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise Refused("no_xml") from error
    if root.getroottree().docinfo.doctype:
        raise Refused("doctype")
    return root


def _tag(space: str, name: str) -> str:
    return f"{{{NAMES[space]}}}{name}"


def _attributes(element: Any, *names: str) -> dict[str, str]:
    return {name: element.get(name, "") for name in names}


def _pem(text: str) -> str:
    """A certificate's base64 as PEM; "" for what is none."""
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode("".join(text.split())))
    except ValueError:
        return ""
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _signed(element: Any, certificates: list[x509.Certificate]) -> Any:
    """The element as it was signed by one of them; None where it bears no signature of its own."""
    if element.find("d:Signature", NAMES) is None:
        return None
    xml = etree.tostring(element, with_tail=False)
    for certificate in certificates:
        # Metadata vouches for the key; that its certificate has run out says nothing.
        when = certificate.not_valid_before_utc + timedelta(seconds=1)
        expected = SignatureConfiguration(
            location="./", signature_methods=_SIGNED_BY, digest_algorithms=_DIGESTS, verification_time=when
        )
        try:
            verified = XMLVerifier().verify(xml, x509_cert=certificate, expect_config=expected)
        except (SignXMLException, ValueError, etree.LxmlError):
            continue
        if isinstance(verified, VerifyResult):  # one reference, so not a list
            signed = _parsed(verified.signed_data)
            if signed.tag == element.tag:
                return signed
    raise Refused("signature")


def _only_assertion(root: Any, key: str) -> Any:
    """The one assertion that is there, opened if it is locked."""
    plain, locked = root.findall("a:Assertion", NAMES), root.findall("a:EncryptedAssertion", NAMES)
    if len(plain) + len(locked) != 1:
        raise Refused("assertions")
    if plain:
        return plain[0]
    assertion = _parsed(_opened(locked[0], key))
    if assertion.tag != _tag("a", "Assertion"):
        raise Refused("no_assertion")
    return assertion


def _opened(locked: Any, key: str) -> bytes:
    """What is in an EncryptedAssertion (XML Encryption 1.1), by our key. RSA 1.5 is refused."""
    private = serialization.load_pem_private_key(key.encode(), None)
    box = locked.find("e:EncryptedData", NAMES)
    wrapped = locked.find(".//e:EncryptedKey", NAMES)
    if box is None or wrapped is None or not isinstance(private, rsa.RSAPrivateKey):
        raise Refused("locked")
    try:
        secret = private.decrypt(_cipher_value(wrapped), _oaep(wrapped))
        return _unlocked(_algorithm(box), secret, _cipher_value(box))
    except (ValueError, KeyError, InvalidTag) as error:
        raise Refused("locked") from error


def _algorithm(element: Any) -> str:
    method = element.find("e:EncryptionMethod", NAMES)
    return str(method.get("Algorithm", "")) if method is not None else ""


def _cipher_value(element: Any) -> bytes:
    value = element.find("e:CipherData/e:CipherValue", NAMES)
    return base64.b64decode("".join((value.text or "").split())) if value is not None else b""


def _oaep(wrapped: Any) -> padding.OAEP:
    if _algorithm(wrapped) not in {_OAEP_OLD, _OAEP}:
        raise Refused("algorithm")
    digest = wrapped.find("e:EncryptionMethod/d:DigestMethod", NAMES)
    mask = wrapped.find("e:EncryptionMethod/e11:MGF", NAMES)
    by = _HASHES[digest.get("Algorithm", "")] if digest is not None else hashes.SHA1  # as above
    by_mask = _HASHES[mask.get("Algorithm", "")] if mask is not None else hashes.SHA1  # as above
    return padding.OAEP(mgf=padding.MGF1(by_mask()), algorithm=by(), label=None)


def _unlocked(algorithm: str, secret: bytes, value: bytes) -> bytes:
    if algorithm in _GCM:
        return AESGCM(secret).decrypt(value[:12], value[12:], None)
    if algorithm not in _CBC:
        raise Refused("algorithm")
    opener = Cipher(algorithms.AES(secret), modes.CBC(value[:16])).decryptor()
    text = opener.update(value[16:]) + opener.finalize()
    if not text or not 1 <= text[-1] <= 16:
        raise Refused("locked")
    return text[: -text[-1]]


def _text(element: Any) -> str:
    return "".join(element.itertext()).strip() if element is not None else ""


def _said(assertion: Any) -> dict[str, Any]:
    """All that is looked at in an assertion, as plain values."""
    name = assertion.find("a:Subject/a:NameID", NAMES)
    conditions = assertion.find("a:Conditions", NAMES)
    confirmed = [
        _attributes(given, "Recipient", "InResponseTo", "NotOnOrAfter", "NotBefore")
        for way in assertion.iterfind("a:Subject/a:SubjectConfirmation", NAMES)
        if way.get("Method") == "urn:oasis:names:tc:SAML:2.0:cm:bearer"
        for given in way.iterfind("a:SubjectConfirmationData", NAMES)
    ]
    restricted = [
        [_text(audience) for audience in restriction.iterfind("a:Audience", NAMES)]
        for restriction in assertion.iterfind("a:Conditions/a:AudienceRestriction", NAMES)
    ]
    return {
        "issuer": _text(assertion.find("a:Issuer", NAMES)),
        "name": _text(name),
        "format": name.get("Format", "") if name is not None else "",
        "confirmed": confirmed,
        "conditions": _attributes(conditions, "NotBefore", "NotOnOrAfter") if conditions is not None else {},
        "audiences": restricted,
        "statements": [
            _text(context)
            for context in assertion.iterfind("a:AuthnStatement/a:AuthnContext/a:AuthnContextClassRef", NAMES)
        ],
        "attributes": {
            one.get("Name", ""): [_text(value) for value in one.iterfind("a:AttributeValue", NAMES)]
            for one in assertion.iterfind("a:AttributeStatement/a:Attribute", NAMES)
        },
    }
