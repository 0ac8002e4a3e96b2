"""The approved nights as files, one a day."""

import tempfile
from difflib import unified_diff
from itertools import islice
from pathlib import Path

from tasks.servers import postgres
from tests.approved.nights.nights import Night, lived
from tests.support.copies import Copies, migrated_server

FOLDER = Path(__file__).with_name("texts")
SHOWN = 30  # lines of a difference


def read() -> dict[str, str]:
    """Return the approved text of each night, by its day."""
    return {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.txt"))}


def difference(approved: str, night: Night) -> str:
    """Return the first lines in which a night differs from its approved text."""
    lines = unified_diff(approved.splitlines(), night.text.splitlines(), "approved", "now", lineterm="", n=1)
    return "\n".join(islice(lines, SHOWN))


def write() -> int:
    """Live the nights on a server of their own, write their texts again, and return how many there are."""
    with migrated_server() as server, tempfile.TemporaryDirectory(prefix="casebeat-nights-") as home:
        Copies(server).give("nights")
        nights = list(lived(Path(home), postgres.url(server, database="nights")))
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.txt"):
        path.unlink()
    for night in nights:
        (FOLDER / f"{night.day}.txt").write_text(night.text, "utf-8")
    return len(nights)
