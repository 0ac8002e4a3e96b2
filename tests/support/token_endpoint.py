"""An OpenID provider for tests: over TLS, it signs tokens, lets them end, refuses, hangs, drips or talks nonsense."""

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.support.tls_server import https_server

CLIENT, SECRET = "casebeat-app", "right-secret"


@dataclass
class TokenEndpoint:
    """What the provider does, which a test changes as it goes, and what it was asked."""

    port: int = 0
    lasts: int = 3600  # seconds, as it says and signs
    signs: str = "casebeat@surrey.police.uk"  # the mailbox that its tokens are for
    does: str = "sign"  # hang, drip, nonsense, away (503), redirect, no token, odd token; or what `refusal` says
    refusal: dict[str, object] | None = None
    configured: bool = True  # else it has no OpenID configuration
    certificate: Path | None = None  # of the app, by which an assertion is checked
    asked: list[str] = field(default_factory=list)  # the paths
    given: list[str] = field(default_factory=list)  # the tokens
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    @property
    def authority(self) -> str:
        return f"https://localhost:{self.port}/tenant"

    @property
    def public(self) -> bytes:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(serialization.Encoding.PEM, form)

    def token(self) -> str:
        now = int(time.time())
        claims = {"sub": self.signs, "iss": self.authority, "iat": now, "exp": now + self.lasts, "n": len(self.given)}
        return jwt.encode(claims, self.key, "RS256")

    def proves(self, form: dict[str, list[str]]) -> bool:
        if form.get("client_secret") == [SECRET]:
            return form.get("client_id") == [CLIENT]
        if self.certificate is None or "client_assertion" not in form:
            return False
        public = x509.load_pem_x509_certificate(self.certificate.read_bytes()).public_key()
        wanted = f"{self.authority}/token"
        with contextlib.suppress(jwt.InvalidTokenError):
            jwt.decode(form["client_assertion"][0], public, ["PS256"], audience=wanted, issuer=CLIENT)
            return True
        return False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    at: TokenEndpoint

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.at.asked.append(self.path)
        if not self.at.configured or not self.path.endswith("/.well-known/openid-configuration"):
            self._say(404, b"<h1>nothing here</h1>")
            return
        base = f"https://{self.headers['Host']}{self.path.removesuffix('/.well-known/openid-configuration')}"
        found = {"issuer": base, "authorization_endpoint": f"{base}/ask", "token_endpoint": f"{base}/token"}
        self._say(200, json.dumps(found).encode())

    def do_POST(self) -> None:
        at = self.at
        at.asked.append(self.path)
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if at.does == "hang":
            time.sleep(5)
            return
        if at.does == "drip":
            self._drip()
        elif at.does == "nonsense":
            self._say(200, f"access_token={at.token()}".encode())
        elif at.does == "away":
            self._say(503, b"later")
        elif at.does == "redirect":
            self._say(302, b"{}", Location=f"https://localhost:{at.port}/elsewhere")
        elif at.refusal is not None:
            self._say(401, json.dumps(at.refusal).encode())
        elif not at.proves(form):
            self._say(401, b'{"error": "invalid_client", "error_description": "who is SECRETIVE?"}')
        else:
            self._give()

    def _give(self) -> None:
        token = {"no token": "", "odd token": "two words"}.get(self.at.does) or self.at.token()
        self.at.given.append(token)
        said = {"access_token": token, "expires_in": max(self.at.lasts, 0), "token_type": "Bearer"}
        if self.at.does == "no token":
            del said["access_token"]
        self._say(200, json.dumps(said).encode())

    def _drip(self) -> None:
        with contextlib.suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for number in range(100):
                self.wfile.write(f"X-{number}: 1\r\n".encode())
                time.sleep(0.05)
        self.close_connection = True

    def _say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def token_endpoint(key: Path, certificate: Path) -> Iterator[TokenEndpoint]:
    """Serve inside the block, by this TLS key and certificate."""
    made = TokenEndpoint()
    with https_server(key, certificate, _Handler, made) as made.port:
        yield made
