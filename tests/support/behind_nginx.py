"""Debian's nginx with the configuration of packaging/nginx before one Prefect server; people sign in by a password."""

import json
import re
import ssl
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

from tests.faults.waiting import eventually
from tests.support.post import free_port

PACKAGED = Path(__file__).parents[2] / "packaging" / "nginx"
NAME = "casebeat.example.police.uk"
PASSWORD = "a password of theirs"
_SUBJECT = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2")


class Proxy:
    """The proxy's door for people, as one of them asks it."""

    def __init__(self, folder: Path, port: int) -> None:
        context = ssl.create_default_context(cafile=str(folder / "casebeat.crt"))
        self._opener = build_opener(ProxyHandler({}), HTTPSHandler(context=context))
        self._url = f"https://localhost:{port}"

    def ask(
        self, person: str, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        """Return the status and the answer of a question by somebody who signs in."""
        basic = b64encode(f"{person}:{PASSWORD}".encode()).decode()
        asked = Request(  # noqa: S310  our own loopback URL
            f"{self._url}{path}", method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Basic {basic}", **(headers or {})},
        )  # fmt: skip
        try:
            with self._opener.open(asked, timeout=30) as answer:
                return answer.status, json.loads(answer.read() or "null")
        except HTTPError as error:
            with error:
                return error.code, None


@contextmanager
def behind_nginx(server_port: int, *people: str) -> Iterator[Proxy]:
    """Run the proxy before the server on a port inside the block, for people who sign in by their address."""
    with tempfile.TemporaryDirectory(prefix="casebeat-nginx-") as made:
        folder, people_port = Path(made), free_port()
        folder.chmod(0o755)  # nginx's own account reads the passwords
        _write(folder, server_port, people_port)
        certificate = ("-keyout", folder / "casebeat.key", "-out", folder / "casebeat.crt")
        _openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", *_SUBJECT, *certificate)
        hashed = _openssl("passwd", "-apr1", PASSWORD).strip()
        (folder / "casebeat-people").write_text("".join(f"{person}:{hashed}\n" for person in people))
        (folder / "casebeat-machines").write_text("")
        with (folder / "out").open("wb") as out:
            nginx = subprocess.Popen(["nginx", "-c", folder / "nginx.conf"], stdout=out, stderr=out)
        try:
            proxy = Proxy(folder, people_port)
            eventually(lambda: _answers(proxy, people[0]), while_true=lambda: nginx.poll() is None, within=30)
            yield proxy
        finally:
            nginx.terminate()
            nginx.wait(30)


def _answers(proxy: Proxy, person: str) -> bool:
    try:
        return proxy.ask(person, "GET", "/api/health")[0] == 200
    except OSError:
        return False


def _openssl(*arguments: str | Path) -> str:
    return subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=True).stdout


def _write(folder: Path, server_port: int, people_port: int) -> None:
    """Write the packaged files with this folder's ports and names, and the sign-in by a password that they describe."""
    names = {
        "127.0.0.1:4201": f"127.0.0.1:{server_port}", "127.0.0.1:4202": f"127.0.0.1:{server_port}",
        "listen 443 ssl": f"listen 127.0.0.1:{people_port} ssl",
        "listen 8443 ssl": f"listen 127.0.0.1:{free_port()} ssl",
        NAME: "localhost", "include snippets/": f"include {folder}/snippets/", "/etc/nginx/": f"{folder}/",
        "/var/log/nginx/": f"{folder}/",
    }  # fmt: skip
    (folder / "snippets").mkdir()
    for file in (PACKAGED / "casebeat.conf", *(PACKAGED / "snippets").iterdir()):
        text = file.read_text("utf-8")
        for packaged, here in names.items():
            text = text.replace(packaged, here)
        (folder / file.relative_to(PACKAGED)).write_text(text, "utf-8")
    sign_in = folder / "snippets" / "casebeat-sign-in.conf"
    by_password = re.search(r"auth_basic \"Casebeat\"; \S+ \S+;", sign_in.read_text("utf-8"))
    assert by_password, "the packaged file no longer says how people sign in by a password"
    sign_in.write_text(f"{by_password[0]}\nset $signed_in $remote_user;\n", "utf-8")
    (folder / "nginx.conf").write_text(
        f"pid {folder}/nginx.pid; error_log {folder}/errors.log; daemon off;\n"
        f"events {{}}\nhttp {{ include {folder}/casebeat.conf; }}\n",
        "utf-8",
    )
