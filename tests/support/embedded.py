"""The embedded PostgreSQL of a folder: its process, and a question to it."""

import time
from pathlib import Path

import psycopg2

from tasks.servers import postgres


def ask(home: Path, question: str, role: str = "casebeat_app") -> object:
    opened = psycopg2.connect(host=postgres.url(home).partition("?host=")[2], user=role, dbname="casebeat")
    try:
        with opened.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone()
            return row[0] if row else None
    finally:
        opened.close()


def postmaster(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().split("\n")[0])


def gone(pid: int) -> bool:
    """Wait a moment until an ended process is reaped."""
    for _ in range(50):
        try:
            if ") Z " in Path(f"/proc/{pid}/stat").read_text():
                return True
        except OSError:
            return True
        time.sleep(0.1)
    return False
