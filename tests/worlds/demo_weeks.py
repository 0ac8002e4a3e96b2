"""The demo's three weeks without Prefect: what they need to be lived in a folder, with a database and a mail server."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from config.days.london import london_day
from flows.configured import configured
from flows.demo import START
from flows.refresh import refresh
from tasks.demo.joining import PANEL, policy_text
from tasks.demo.mail_sink import REPLIES, replies_beside
from tasks.demo.sittings import PANELS
from tasks.outbox.delivery import deliver
from tasks.replies import read_mailbox

DAYS = 21
ANY_NUMBER = "replies: {good_for: 90d, most_per_person_per_day: 5000}\n"  # so that every link of a day can be answered


def furnish(home: Path) -> None:
    """Write the demo's panels and policy, and make the folder of its extracts."""
    (home / "panels.yaml").write_text(PANELS + PANEL, encoding="utf-8")
    (home / "policy.yaml").write_text(policy_text(START) + ANY_NUMBER, encoding="utf-8")
    (home / "extracts").mkdir()


def surroundings(home: Path, url: str, port: int) -> dict[str, str]:
    """Give the variables with which the demo is lived in a folder."""
    values = {
        "HOME": home, "DATABASE_URL": url, "DROP": home / "drop", "CLOCK": "virtual",
        "PANELS": home / "panels.yaml", "POLICY": home / "policy.yaml",
        "MAIL__HOST": "127.0.0.1", "MAIL__PORT": port, "MAIL__OPERATIONS": "casebeat-operations@demo.police.uk",
        "REPLIES__MAILDIR": replies_beside(home / "mail"), "REPLIES__ADDRESS": REPLIES, "BACKUP__ELSEWHERE": "true",
    }  # fmt: skip
    return {f"CASEBEAT_{name}": str(value) for name, value in values.items()}


def days() -> list[date]:
    """Give the days of the three weeks."""
    return [START + timedelta(days=number) for number in range(DAYS)]


def read_replies(at: datetime) -> None:
    """Let Casebeat read what people have answered by a moment, and answer them."""
    day = london_day(at)
    refresh(configured(), day, at)
    assert not read_mailbox.read(configured(), day, at).degraded
    refresh(configured(), day, at)
    deliver(configured(), at)
