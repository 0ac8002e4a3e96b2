"""Servers with a given certificate, one that answers nothing and one of HTTPS; and a proxy on the way to such."""

import select
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@contextmanager
def tls_server(key: Path, certificate: Path) -> Iterator[int]:
    """Run the server inside the block, and yield its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    found, _ = listening.accept()
                    with found, suppress(OSError), context.wrap_socket(found, server_side=True):
                        pass

        threading.Thread(target=accept, daemon=True).start()
        yield int(listening.getsockname()[1])


@contextmanager
def https_server(key: Path, certificate: Path, handler: type[BaseHTTPRequestHandler], at: Any) -> Iterator[int]:
    """Serve HTTPS by a handler that knows what it stands for as its `at`, and yield the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    serving = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (handler,), {"at": at}))
    serving.handle_error = lambda *_: None  # callers hang up on purpose
    serving.socket = context.wrap_socket(serving.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield int(serving.server_address[1])
    finally:
        serving.shutdown()
        serving.server_close()
        thread.join(5)


@dataclass
class SmallProxy:
    """An outgoing proxy on this machine: whom it was asked for, and what it does with the next request."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    does: str = "open"  # or "hang", "drip", "hang up", or the status that it answers

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class _ProxyHandler(BaseHTTPRequestHandler):
    at: SmallProxy

    def log_message(self, *_: object) -> None:
        pass

    def do_CONNECT(self) -> None:
        self.close_connection = True
        self.at.asked.append(self.path)
        if self.at.does == "hang":
            time.sleep(3)
        elif self.at.does == "drip":
            with suppress(OSError):
                for _ in range(60):
                    self.wfile.write(b"HTTP/1.1 200 OK\r\n"[:1])
                    time.sleep(0.05)
        elif self.at.does == "open":
            host, _, port = self.path.rpartition(":")
            with socket.create_connection((host, int(port)), 5) as far:
                self.wfile.write(b"HTTP/1.1 200 Connection established\r\nVia: small\r\n\r\n")
                self._carry(far)
        elif self.at.does != "hang up":
            self.wfile.write(f"HTTP/1.1 {self.at.does} SECRETIVE\r\nContent-Length: 0\r\n\r\n".encode())

    def _carry(self, far: socket.socket) -> None:
        other = {far: self.connection, self.connection: far}
        with suppress(OSError):
            while True:
                for ready in select.select(list(other), [], [], 10)[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    other[ready].sendall(data)


@contextmanager
def small_proxy() -> Iterator[SmallProxy]:
    """Run a proxy inside the block."""
    made = SmallProxy()
    serving = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_ProxyHandler,), {"at": made}))
    serving.daemon_threads = True
    threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    made.port = int(serving.server_address[1])
    try:
        yield made
    finally:
        serving.shutdown()
        serving.server_close()
