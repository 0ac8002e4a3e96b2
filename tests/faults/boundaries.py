"""Count every point at which a process of Casebeat can die, and kill the process at a given one.

The boundaries are observed, not guessed: the driver's connections, smtplib, http.client and Python's own audit events
are watched from within the process. So a new statement, stage or file of the product is a boundary at once.
"""

import http.client
import os
import re
import signal
import smtplib
import sys
from pathlib import Path

import psycopg2
from psycopg2 import extensions

_DOES = re.compile(
    r"\b(insert into|(?<!for )(?<!key )update|delete from|copy|create temp table|pg_\w*advisory\w*|analyze|truncate)\b"
    r"\s*([a-z_]*)"
)
_READS = re.compile(r"\bfrom\s+([a-z_]+)")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Boundaries:
    """Count and name the boundaries; write a line each to `trace`, and kill the process at number `kill_at`."""

    def __init__(self, trace: Path, kill_at: int | None) -> None:
        self.number, self.kill_at = 0, kill_at
        self.trace = os.open(trace, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def cross(self, name: str) -> None:
        self.number += 1
        os.write(self.trace, f"{name}\n".encode())
        if self.number == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, home: Path, drop: Path | None) -> None:
        self._database()
        self._mail()
        self._http()
        self._files([str(each) for each in (home, drop) if each])

    def _database(self) -> None:
        cross, connect = self.cross, psycopg2.connect

        class Cursor(extensions.cursor):
            def execute(self, query, vars=None):  # noqa: A002  the driver's word
                cross(f"database: before {named(query)}")
                return super().execute(query, vars)

            def executemany(self, query, vars_list):
                cross(f"database: before {named(query)}")
                return super().executemany(query, vars_list)

            def copy_expert(self, sql, file, size=8192):
                cross(f"database: before {named(sql)}")
                return super().copy_expert(sql, file, size)

        class Connection(extensions.connection):
            def cursor(self, *given, **named_ones):
                return super().cursor(*given, **{"cursor_factory": Cursor, **named_ones})

            def commit(self):
                if self.get_transaction_status() == extensions.TRANSACTION_STATUS_IDLE:
                    return super().commit()
                cross("database: before commit")
                super().commit()
                return cross("database: after commit")

            def rollback(self):
                if self.get_transaction_status() != extensions.TRANSACTION_STATUS_IDLE:
                    cross("database: before rollback")
                return super().rollback()

        psycopg2.connect = lambda *given, **named_ones: connect(
            *given, **{"connection_factory": Connection, **named_ones}
        )

    def _mail(self) -> None:
        cross, said = self.cross, {"verb": "the greeting"}
        putcmd, getreply, send, connect = (
            smtplib.SMTP.putcmd, smtplib.SMTP.getreply, smtplib.SMTP.send, smtplib.SMTP.connect,
        )  # fmt: skip

        def watched_connect(self, *given, **named_ones):
            cross("smtp: before connecting")
            said["verb"] = "the greeting"
            return connect(self, *given, **named_ones)

        def watched_putcmd(self, cmd, args=""):
            said["verb"] = cmd.split()[0].upper()
            cross(f"smtp: before {said['verb']}")
            return putcmd(self, cmd, args)

        def watched_send(self, s):
            if not isinstance(s, bytes):
                return send(self, s)
            if s == b".\r\n":
                said["verb"] = "the final dot"
                send(self, s)
                return cross("smtp: the final dot sent, no answer yet")
            cross("smtp: before the letter")
            send(self, s[: len(s) // 2])
            cross("smtp: half of the letter sent")
            send(self, s[len(s) // 2 :])
            return cross("smtp: the letter sent, not its dot")

        def watched_getreply(self):
            answer = getreply(self)
            cross(f"smtp: after the answer to {said['verb']}")
            return answer

        smtplib.SMTP.connect, smtplib.SMTP.putcmd = watched_connect, watched_putcmd
        smtplib.SMTP.send, smtplib.SMTP.getreply = watched_send, watched_getreply

    def _http(self) -> None:
        cross = self.cross
        request, getresponse = http.client.HTTPConnection.request, http.client.HTTPConnection.getresponse

        def watched_request(self, method, url, *given, **named_ones):
            self.asked = url.rpartition("/")[2]
            cross(f"http: before {self.asked}")
            request(self, method, url, *given, **named_ones)
            cross(f"http: {self.asked} asked, no answer yet")

        def watched_getresponse(self):
            answer = getresponse(self)
            cross(f"http: after the answer to {self.asked}")
            return answer

        http.client.HTTPConnection.request = watched_request
        http.client.HTTPConnection.getresponse = watched_getresponse

    def _files(self, under: list[str]) -> None:
        cross = self.cross

        def inside(path: object) -> str | None:
            text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else ""
            return next(
                (str(Path(text).relative_to(each).parent) for each in under if text.startswith(each + "/")), None
            )

        def heard(event: str, arguments: tuple) -> None:
            if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES:
                folder = inside(arguments[0])
                if folder is not None:
                    cross(f"file: before one is opened to be written in {folder}")
            elif event in {"os.rename", "os.remove", "os.mkdir"}:
                folder = inside(arguments[1] if event == "os.rename" else arguments[0])
                if folder is not None:
                    cross(f"file: before {event} in {folder}")

        sys.addaudithook(heard)


def named(query: object) -> str:
    """Name a statement by its first verb and table, the same in every run."""
    text = " ".join((query.decode() if isinstance(query, bytes) else str(query)).lower().split())
    does, reads = _DOES.search(text), _READS.search(text)
    if does:
        return does[1] if does[1].startswith("pg_") else " ".join(does.groups()).strip()
    return f"select from {reads[1]}" if reads and text.startswith(("select", "with")) else " ".join(text.split()[:2])
