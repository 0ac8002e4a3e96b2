"""A server that offers TLS with a given certificate, and answers nothing."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


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
