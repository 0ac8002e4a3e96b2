"""The child that reads mails: it answers each line, a mail's header or a mail, with what it says."""

import json
import sys
from datetime import date
from typing import Any

from tasks.replies.envelope import Own, read_envelope
from tasks.replies.incoming import parse_mail


def main() -> None:
    """Answer the lines of standard input, one by one."""
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(json.dumps(_answer(**json.loads(line)), default=date.isoformat).encode() + b"\n")
        sys.stdout.buffer.flush()


def _answer(raw: str, addresses: list[str], domain: str | None, received_on: str | None) -> dict[str, Any]:
    own, content = Own(frozenset(addresses), domain), raw.encode("latin-1")
    if received_on is None:
        return read_envelope(content, own)._asdict()
    return parse_mail(content, date.fromisoformat(received_on), own)._asdict()
