"""The extract guide's table of columns and duties, from what the rules declare. `make guide` writes it.

A test compares it with the guide.
"""

from collections.abc import Iterable

from models.rules.catalogue.rule import Rule, Seeing
from models.rules.obligations.rulebook import RULES
from models.rules.sight import SentColumn
from tests.house.source import ROOT

GUIDE = ROOT / "docs" / "extract-guide.md"
BEGIN, END = "<!-- duties: made by `make guide` -->", "<!-- end of duties -->"
HEAD = """| rule | duty | begins only with | ends with | looked at too |
|---|---|---|---|---|"""
ENOUGH = {Seeing.EVERY: "", Seeing.PARTS: " (each a part)", Seeing.EITHER: " (one is enough)"}


def table() -> str:
    """Return the table: a row for each rule that looks at an optional column."""
    asked = (rule for rule in RULES.values() if rule.needs or rule.begins or rule.also)
    return "\n".join([HEAD, *map(_row, asked)])


def _row(rule: Rule) -> str:
    enough = ENOUGH[rule.seeing]
    begins = _columns(rule.begins) + (enough if rule.seeing is Seeing.EITHER and len(rule.begins) > 1 else "")
    needs = _columns(rule.needs) + (enough if len(rule.needs) > 1 else "")
    return f"| `{rule.name}` | {rule.title} | {begins} | {needs} | {_columns(rule.also)} |"


def _columns(columns: Iterable[SentColumn]) -> str:
    by_file: dict[str, list[str]] = {}
    for file, name in columns:
        by_file.setdefault(file, []).append(f"`{name}`")
    return "; ".join(f"`{file}` {' '.join(names)}" for file, names in by_file.items())


def written(guide: str) -> str:
    """Return the guide with the table of today."""
    before, _, rest = guide.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    GUIDE.write_text(written(GUIDE.read_text("utf-8")), "utf-8")
