"""The health door: HTTP on loopback that answers /health, /ready and /metrics, and nothing else."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from typing import NamedTuple

from models.errors import Refuse
from tasks.rounds.health import metrics
from tasks.rounds.health.readiness import Readiness

_JSON = "application/json"


class _Answer(NamedTuple):
    status: HTTPStatus
    content_type: str
    body: bytes


@contextmanager
def opened(port: int, look: Callable[[], Readiness]) -> Iterator[int]:
    """Answer on loopback inside the block, and yield the port; 0 picks a free one. One question is looked at at a time.

    Raises Refuse where the port is taken.
    """
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), _handler(look))
    except OSError as error:
        raise Refuse(
            f"Port {port} of this machine cannot be opened ({error.strerror}): choose another one with "
            "CASEBEAT_SERVER__HEALTH_PORT. Nothing was started."
        ) from None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(look: Callable[[], Readiness]) -> type[BaseHTTPRequestHandler]:
    turn = threading.Lock()

    def looked() -> Readiness:
        with turn:
            return look()

    answers: dict[str, Callable[[], _Answer]] = {
        "/health": _alive,
        "/ready": lambda: _ready(looked()),
        "/metrics": lambda: _metrics(looked()),
    }

    class Handler(BaseHTTPRequestHandler):
        timeout = 10.0  # seconds for a question
        server_version, sys_version = "casebeat", ""

        def do_GET(self) -> None:
            known = answers.get(self.path.partition("?")[0])
            self._say(known() if known else _Answer(HTTPStatus.NOT_FOUND, "text/plain", b"not found\n"))

        def _say(self, answer: _Answer) -> None:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Log no question: they come every few seconds."""

    return Handler


def _alive() -> _Answer:
    return _Answer(HTTPStatus.OK, _JSON, _object({"alive": True, "version": version("casebeat")}))


def _ready(seen: Readiness) -> _Answer:
    lacking = {part: why for part, why in seen.parts.items() if why}
    status = HTTPStatus.OK if seen.ready else HTTPStatus.SERVICE_UNAVAILABLE
    return _Answer(status, _JSON, _object({"ready": seen.ready, "lacking": lacking}))


def _metrics(seen: Readiness) -> _Answer:
    return _Answer(HTTPStatus.OK, metrics.CONTENT_TYPE, metrics.text(seen.parts, seen.figures))


def _object(value: dict[str, object]) -> bytes:
    return f"{json.dumps(value)}\n".encode()
