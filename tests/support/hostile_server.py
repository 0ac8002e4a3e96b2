"""A mail server, by SMTP or IMAP over raw sockets, that behaves until one stage and then drips, floods or stalls."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Self

DRIP_SECONDS = 0.1
_CHUNK = 64 * 1024


class HostileServer:
    """At the stage `at` it does `what` until the caller hangs up.

    `drip`: a line every tenth of a second, each well made, and the reply without an end. `flood`: the same line as fast
    as the wire takes it. `stall`: nothing more is read or written. Any other `what` is written as the reply. Stages are
    the commands' verbs, and `greeting`, `handshake` (TLS), `letter`, `dot` (SMTP), `literal` (IMAP).
    """

    def __init__(self, at: str, what: str | bytes, tls: ssl.SSLContext | None = None, *, from_start: bool = False):
        self.at, self.what, self._tls, self._from_start = at, what, tls, from_start
        self.written = 0  # bytes, at the stage
        self.sessions = 0
        self.over = threading.Event()

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._serving = threading.Thread(target=self._serve, daemon=True)
        self._serving.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.over.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._serving.join(10)

    def _serve(self) -> None:
        while not self.over.is_set():
            try:
                caller, _ = self._listening.accept()
            except OSError:
                return
            with contextlib.suppress(OSError, StopIteration):
                self._wire, self.sessions = caller, self.sessions + 1
                if self._from_start:
                    self.secure()
                self.reply("greeting", self.greeting)
                self.talk()
            self._wire.close()

    def secure(self) -> None:
        self._strike_if("handshake", b"\x16")
        assert self._tls is not None
        self._wire = self._tls.wrap_socket(self._wire, server_side=True)

    def lines(self) -> Iterator[bytes]:
        """The caller's lines, one read at a time so that TLS may begin between two."""
        held = b""
        while True:
            while b"\r\n" not in held:
                read = self._wire.recv(_CHUNK)
                if not read:
                    return
                held += read
            line, _, held = held.partition(b"\r\n")
            yield line

    def reply(self, stage: str, ordinary: bytes) -> None:
        self._strike_if(stage, self.continued_of(ordinary))
        self._wire.sendall(ordinary)

    def _strike_if(self, stage: str, line: bytes) -> None:
        if stage != self.at:
            return
        if isinstance(self.what, bytes):
            self._write(self.what)
            self.over.wait()
        while not self.over.is_set():
            if self.what == "stall":
                self.over.wait()
            elif self.what == "drip":
                self._write(line)
                self.over.wait(DRIP_SECONDS)
            else:
                self._write(line * (_CHUNK // len(line)))
        raise StopIteration

    def _write(self, data: bytes) -> None:
        self._wire.sendall(data)
        self.written += len(data)

    def continued_of(self, ordinary: bytes) -> bytes:
        raise NotImplementedError

    greeting = b""

    def talk(self) -> None:
        raise NotImplementedError


class HostileSmtp(HostileServer):
    """Offers STARTTLS and AUTH, and accepts every letter."""

    greeting = b"220 ready\r\n"

    def continued_of(self, ordinary: bytes) -> bytes:
        return ordinary[:3] + b"-more\r\n"

    def talk(self) -> None:
        ordinary = {
            "EHLO": b"250-raw\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n", "AUTH": b"235 welcome\r\n", "DATA": b"354 go\r\n",
            "STARTTLS": b"220 go\r\n", "QUIT": b"221 bye\r\n",
        }  # fmt: skip
        lines, secured = self.lines(), False
        for line in lines:
            verb = line.split()[0].decode().upper()
            self.reply(f"{verb} again" if verb == "EHLO" and secured else verb, ordinary.get(verb, b"250 yes\r\n"))
            if verb == "STARTTLS":
                self.secure()
                secured = True
            elif verb == "DATA":
                self._strike_if("letter", b"")
                while next(lines) != b".":
                    pass
                self.reply("dot", b"250 kept\r\n")


class HostileImap(HostileServer):
    """Has one mail, and does what is asked."""

    greeting = b"* OK ready\r\n"
    header, body = b"From: a@police.uk\r\nSubject: S\r\n\r\n", b"words\r\n"

    def continued_of(self, ordinary: bytes) -> bytes:
        del ordinary
        return b"* OK more\r\n"

    def talk(self) -> None:
        untagged = {
            "CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS UIDPLUS MOVE\r\n", "SELECT": b"* 1 EXISTS\r\n",
            "SEARCH": b"* SEARCH 7\r\n", "LOGOUT": b"* BYE\r\n",
        }  # fmt: skip
        for line in self.lines():
            tag, *words = line.split()
            verb = words[words[0] == b"UID"].decode().upper()
            reply = untagged.get(verb, b"")
            if verb == "FETCH":
                received = (
                    b'* 1 FETCH (UID 7 INTERNALDATE "17-Mar-2026 08:00:00 +0000" BODY[HEADER.FIELDS (FROM)]<0> {%d}\r\n'
                )
                if self.at == "literal":
                    self._wire.sendall(received % 200_000)
                    self._strike_if("literal", b"x" * 70 + b"\r\n")
                text = b" BODY[TEXT]<0> {%d}\r\n" % len(self.body) + self.body
                reply = received % len(self.header) + self.header + text + b")\r\n"
            self.reply(verb, reply + tag + b" OK done\r\n")
            if verb == "STARTTLS":
                self.secure()


class HostileHttp(HostileServer):
    """Answers no request but by promises of an answer."""

    def continued_of(self, ordinary: bytes) -> bytes:
        return ordinary

    def talk(self) -> None:
        for line in self.lines():
            if not line:
                self.reply("answer", b"HTTP/1.1 100 Continue\r\n\r\n")
