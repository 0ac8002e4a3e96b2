"""An outside dead-man's switch: a server that notes each heartbeat, and may refuse, redirect or hang."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class DeadMansSwitch:
    """The heartbeats that came, by path; and how the next ones are answered."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/ping/secret-name"
        self.heard: list[str] = []
        self.status = 200
        self.hangs = 0.0  # seconds

    def counted(self) -> int:
        """The number of heartbeats since the last count."""
        found = len(self.heard)
        self.heard.clear()
        return found


@contextmanager
def dead_mans_switch() -> Iterator[DeadMansSwitch]:
    """Run a switch inside the block."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.heard.append(self.path)
            time.sleep(made.hangs)
            self.send_response(made.status)
            self.send_header("Location", made.url)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        made = DeadMansSwitch(server.server_address[1])
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield made
        finally:
            server.shutdown()
