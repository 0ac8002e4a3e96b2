"""The tables of columns and rules in the documents, from what files and rules declare.

`make guide` writes them; a test compares them.
"""

from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from config.checklist import ITEMS
from config.doors import ActKind
from config.sources.home_office import home_office_classes
from config.terms import Addressee
from models.rules.access import ENTITLED, Entitlement
from models.rules.catalogue.action import LONG_LEAD, SHORT_LEAD
from models.rules.catalogue.rule import Rule, Seeing
from models.rules.obligations.rulebook import RULES
from models.rules.offences import BREACHES_OF_ORDERS, HARASSMENT, STALKING, classify
from models.rules.sight import SentColumn
from tasks.intake.columns import Column, File
from tasks.intake.files import FILES
from tasks.intake.forms import FUTURE_DAY
from tasks.platform import templates
from tests.house.source import ROOT

DUTIES_HEAD = """| rule | duty | begins only with | ends with | looked at too |
|---|---|---|---|---|"""
RULES_HEAD = """| rule | owed by | its file | its test |
|---|---|---|---|"""
FILES_HEAD = """| file | columns |
|---|---|"""
CHECKLIST_HEAD = """| code | asks for |
|---|---|"""
KINDS_HEAD = """| kind | in letters | its work |
|---|---|---|"""
OFFENCES_HEAD = """| CJS code | the case is | breach of an order | Home Office class |
|---|---|---|---|"""
AUTHORITY_HEAD = """\
| act | owner, officer, prosecutor | supervisor, legal manager | SPOC | lead | counterpart SPOC | chair |
|---|---|---|---|---|---|---|"""
COLUMNS = (Addressee.OWNER, Addressee.SUPERVISOR, Addressee.SPOC, Addressee.LEAD, Addressee.COUNTERPART)
DEEDS = {
    ActKind.PROMISE: "take on what a side owes",
    ActKind.COMPLETION: "report an action of a side as done",
    ActKind.CONFIRMATION: "confirm the grade of a case's risk",
    ActKind.OUTCOME: "record what came of a joint review",
    ActKind.MOVE: "move a case to another sitting",
    ActKind.CONFIRMATION: "confirm that the grade of a case's risk is right",
    ActKind.HOLD: "hold a case, or release it",
    ActKind.UNDOING: "undo rounds (of no case)",
    ActKind.EXTRACT: "take or refuse an extract that is held (of no case)",
    ActKind.LOOK: "look at a case: `show`, the checklist",
    ActKind.HAND_OVER: "say that it is not theirs",
}
ENOUGH = {Seeing.EVERY: "", Seeing.PARTS: " (each a part)", Seeing.EITHER: " (one is enough)"}


def files() -> str:
    """Return the table of files: a row for each, with its columns and their marks."""
    return "\n".join([FILES_HEAD, *map(_file, FILES.values())])


def offences() -> str:
    """Return the table of offence codes: what a case of each is, and the Home Office class that means it."""
    known = home_office_classes()
    classes = {one.code: name for name, one in known.classes.items()}
    shared = {code: f"{name}, shared" for name, one in known.shared.items() for code in one.codes}
    rows = (
        f"| `{code}` | {classify([code])} | {'yes' if code in BREACHES_OF_ORDERS else ''} "
        f"| {classes.get(code) or shared.get(code, '')} |"
        for code in (*sorted(STALKING), *sorted(HARASSMENT))
    )
    return "\n".join([OFFENCES_HEAD, *rows])


def checklist() -> str:
    """Return the table of the checklist's items."""
    return "\n".join([CHECKLIST_HEAD, *(f"| `{item.code}` | {item.asks} |" for item in ITEMS)])


def kinds() -> str:
    """Return the table of the kinds of actions that letters name in words, and whether their days are longer."""
    lead = dict.fromkeys(LONG_LEAD, "long") | dict.fromkeys(SHORT_LEAD, "short: overwritten within days")
    rows = (f"| `{kind}` | {words} | {lead.get(kind, '')} |" for kind, words in templates.names()["kinds"].items())
    return "\n".join([KINDS_HEAD, *rows])


def _file(file: File) -> str:
    said = " (case)" if file.either else f" ({file.only_from} only)" if file.only_from else ""
    return f"| `{file.name}`{said} | {' '.join(map(_marked, file.columns))} |"


def _marked(column: Column) -> str:
    return f"`{column.name}`" + "*" * column.required + "+" * (column.form is FUTURE_DAY)


def duties() -> str:
    """Return the table of columns and duties: a row for each rule that looks at an optional column."""
    asked = (rule for rule in RULES.values() if rule.needs or rule.begins or rule.also)
    return "\n".join([DUTIES_HEAD, *map(_duty, asked)])


def _duty(rule: Rule) -> str:
    enough = ENOUGH[rule.seeing]
    begins = _columns(rule.begins) + (enough if rule.seeing is Seeing.EITHER and len(rule.begins) > 1 else "")
    needs = _columns(rule.needs) + (enough if len(rule.needs) > 1 else "")
    return f"| `{rule.name}` | {rule.title} | {begins} | {needs} | {_columns(rule.also)} |"


def _columns(columns: Iterable[SentColumn]) -> str:
    by_file: dict[str, list[str]] = {}
    for file, name in columns:
        by_file.setdefault(file, []).append(f"`{name}`")
    return "; ".join(f"`{file}` {' '.join(names)}" for file, names in by_file.items())


def rules() -> str:
    """Return the table of rules: a row for each file of the catalogue."""
    by_file = groupby(RULES.values(), lambda rule: rule.function.__module__.rpartition(".")[2])
    return "\n".join([RULES_HEAD, *(_rules_of(module, tuple(together)) for module, together in by_file)])


def _rules_of(module: str, together: tuple[Rule, ...]) -> str:
    names = ", ".join(f"`{rule.name}`" for rule in together)
    file, test = f"`models/rules/catalogue/{module}.py`", f"`tests/unit/catalogue/test_{module}.py`"
    return f"| {names} | {together[0].side} | {file} | {test} |"


def authority() -> str:
    """Return the table of acts: a row for each, with those who may do it."""
    return "\n".join([AUTHORITY_HEAD, *(_act(act, ENTITLED[act]) for act in ActKind)])


def _act(act: ActKind, asked: Entitlement) -> str:
    addressed = (column in asked.addressees or column.value in asked.roles for column in COLUMNS)
    return f"| {DEEDS[act]} | {' | '.join('may' if may else '' for may in (*addressed, asked.chair))} |"


class Table(NamedTuple):
    """A table of a document, between two comments that name it."""

    document: Path
    name: str
    made: Callable[[], str]

    def written(self, shown: str) -> str:
        """Return the document's text with the table of today."""
        begin, end = f"<!-- {self.name}: made by `make guide` -->", f"<!-- end of {self.name} -->"
        before, _, rest = shown.partition(begin)
        _, _, after = rest.partition(end)
        return f"{before}{begin}\n{self.made()}\n{end}{after}"


EXTRACTS = ROOT / "docs" / "extract-guide.md"
SECURITY = ROOT / "docs" / "security.md"
TABLES = (
    Table(SECURITY, "authority", authority),
    Table(EXTRACTS, "files", files),
    Table(EXTRACTS, "duties", duties),
    Table(EXTRACTS, "checklist", checklist),
    Table(EXTRACTS, "kinds", kinds),
    Table(EXTRACTS, "offences", offences),
    Table(ROOT / "README.md", "rules", rules),
)


if __name__ == "__main__":
    for table in TABLES:
        table.document.write_text(table.written(table.document.read_text("utf-8")), "utf-8")
