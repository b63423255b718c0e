"""Our key towards one identity provider: what we ask is signed by it, and what is locked for us it opens."""

from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from lyhord.core.clock import now

_BITS = 3072
_HOLDS = timedelta(days=3650)
"""What a certificate says of itself matters to nobody: providers trust the key in our metadata."""


def make_key(name: str) -> tuple[str, str]:
    """A new key and a certificate of its own, both PEM; about 0.3 s of CPU."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    at = now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(whose)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + _HOLDS)
        .sign(key, hashes.SHA256())
    )
    as_pem = serialization.Encoding.PEM
    secret = key.private_bytes(as_pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return secret.decode(), certificate.public_bytes(as_pem).decode()
