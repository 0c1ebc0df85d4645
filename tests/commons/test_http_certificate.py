"""Providers that ask who calls see our certificate, in a real TLS handshake."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from commons import http
from commons.http import ProviderError


@dataclass(frozen=True)
class Signed:
    """A certificate and its key, with the files that hold them."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    paths: tuple[str, str]

    @classmethod
    def made(cls, name: str, folder: Path, by: Signed | None = None) -> Signed:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(by.certificate.subject if by else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
                critical=False,
            )
            .sign(by.key if by else key, hashes.SHA256())
        )
        paths = folder / f"{name}.pem", folder / f"{name}.key"
        paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        paths[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return cls(certificate, key, (str(paths[0]), str(paths[1])))


class WhoCalls(BaseHTTPRequestHandler):
    """Answers with the common name of the certificate it was shown."""

    def do_GET(self) -> None:
        shown: dict[str, object] = self.connection.getpeercert()  # type: ignore[attr-defined]
        name = dict(pair[0] for pair in shown["subject"])["commonName"].encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", str(len(name)))
        self.end_headers()
        self.wfile.write(name)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing to say."""


class Quiet(HTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A refused handshake is what one test is about."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    return Signed.made("autoridade", tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def provider(authority: Signed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    own = Signed.made("provedor", tmp_path_factory.mktemp("tls"), by=authority)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*own.paths)
    context.load_verify_locations(authority.paths[0])
    context.verify_mode = ssl.CERT_REQUIRED
    server = Quiet(("127.0.0.1", 0), WhoCalls)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def _trusted(authority: Signed, provider: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OUTBOUND_PRIVATE_ALLOWED = [provider]
    # Where the machine keeps the authorities it trusts.
    monkeypatch.setenv("SSL_CERT_FILE", authority.paths[0])


def test_provider_sees_our_certificate(provider: str, authority: Signed, tmp_path: Path) -> None:
    ours = Signed.made("em-dia", tmp_path, by=authority)

    with http.client(certificate=ours.paths) as client:
        answer = http.send(client, "GET", provider)

    assert (answer.status_code, answer.text) == (200, "em-dia")


def test_certificate_of_somebody_else_s_authority_is_refused_by_the_provider(
    provider: str, tmp_path: Path
) -> None:
    strange = Signed.made("estranho", tmp_path)

    with http.client(certificate=strange.paths) as client, pytest.raises(ProviderError):
        http.send(client, "GET", provider)
