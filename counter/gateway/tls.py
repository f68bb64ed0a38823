"""TLS without a certificate from elsewhere: an authority of the gateway's own, which counters pin when they enrol."""

import ipaddress
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from counter.files import write_new, write_whole

HERE: Final = ("localhost", "127.0.0.1", "::1")
AUTHORITY_LIFE: Final = timedelta(days=3650)
SERVER_LIFE: Final = timedelta(days=397)
_ALLOWANCE: Final = timedelta(days=1)
"""Of clocks that are wrong."""


class Certificate(NamedTuple):
    """Files of a certificate and its key; `ca` is the authority's certificate (PEM), '' for one from elsewhere."""

    certificate: Path
    key: Path
    ca: str = ""


def own_certificate(folder: Path, host: str) -> Certificate:
    """A certificate for this host and this machine, made anew at each start, by the authority in this folder, which is
    made at the first."""
    folder.mkdir(parents=True, exist_ok=True)
    ca, ca_key = _authority(folder)
    names = [_name(name) for name in dict.fromkeys((*HERE, host)) if name and name not in ("0.0.0.0", "::")]  # noqa: S104 - nobody's name
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _builder("counter gateway", ca.subject, key, SERVER_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, SHA256())
    )
    both = Certificate(folder / "server.pem", folder / "server.key.pem", ca.public_bytes(Encoding.PEM).decode())
    write_whole(both.key, _pem(key))
    write_whole(both.certificate, certificate.public_bytes(Encoding.PEM))
    return both


def _authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """The authority: certificate and key in one file, so that there are never two halves of different ones."""
    path = folder / "ca.key.pem"
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"counter gateway {os.urandom(4).hex()}")])
        certificate = (
            _builder(name, name, key, AUTHORITY_LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_MAY_SIGN, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, SHA256())
        )
        write_new(path, certificate.public_bytes(Encoding.PEM) + _pem(key))
    pem = path.read_bytes()
    made, found = x509.load_pem_x509_certificate(pem), load_pem_private_key(pem, None)
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise TypeError("ca.key.pem is not a key of this program")
    write_whole(folder / "ca.pem", made.public_bytes(Encoding.PEM))
    return made, found


_MAY_SIGN: Final = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def _builder(
    name: str | x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, life: timedelta
) -> x509.CertificateBuilder:
    subject = name if isinstance(name, x509.Name) else x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _ALLOWANCE)
        .not_valid_after(now + life)
    )


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
