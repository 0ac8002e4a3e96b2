"""Servers with a given certificate: one that answers nothing, and one of HTTPS."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
