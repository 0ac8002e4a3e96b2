"""The page of troubles: what Casebeat says when something is wrong, read from where the code says it."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import yaml

from tasks.platform.templates import TEMPLATES

SAID = {"Refuse", "Retry", "Skip", "Faults", "Unfit", "PartlyUnfit", "Down", "NoToken", "Misread", "warn", "fail"}
GAP = "…"  # what differs from time to time: a file, a line, a number
_FEWEST = 4  # words; what is shorter is a part of a sentence

# A part of the page: its heading, what it is for, and the folders whose sentences it has.
PARTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Your own export",
        "Said by `casebeat profile`, `casebeat intake` and its `--check`. See [your own export](docs/adopting.md).",
        ("config/sources", "tasks/intake", "models/queries/intake", "flows/command_line/intake.py",
         "flows/command_line/profile.py"),
    ),
    (
        "The doctor",
        "Said by `casebeat doctor`, check by check.",
        ("tasks/rounds/doctor",),
    ),
    (
        "Settings, policy and panels",
        "Said by every command, before it does anything. See [the policy guide](docs/policy-guide.md).",
        ("config",),
    ),
    (
        "Mail, Slack and Teams",
        "Said in `casebeat status`, in `casebeat outbox` and by the doctor. See [the outbox](docs/outbox.md).",
        ("tasks/carriers", "tasks/outbox", "tasks/network", "tasks/messages"),
    ),
    (
        "The database and the servers",
        "See [deploy](docs/deploy.md).",
        ("models", "tasks/servers", "tasks/platform"),
    ),
    (
        "What a person asked for",
        "Said to whoever pressed a button, sent a reply, filled in a form or gave a command.",
        ("tasks", "flows"),
    ),
)  # fmt: skip


def page(root: Path) -> Iterator[str]:
    """Yield the parts of the page. A sentence stands in the first part whose folder has it."""
    yield _operations()
    told: set[str] = set()
    for heading, head, folders in PARTS:
        sentences = [each for each in sentences_of(root, folders) if each not in told]
        told |= set(sentences)
        yield "\n\n".join([f"## {heading}", head, "\n".join(f"- {_plain(each)}" for each in sentences)])


def sentences_of(root: Path, folders: Iterable[str]) -> list[str]:
    """Return the sentences that the modules of these folders say of a fault, in order of their words."""
    modules = [
        module
        for folder in folders
        for module in ([root / folder] if folder.endswith(".py") else sorted((root / folder).rglob("*.py")))
    ]
    found = {sentence for module in modules for sentence in _said(module)}
    return sorted(found, key=lambda sentence: re.sub(r"\W", "", sentence).lower())


def _said(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Call) and _name(node.func) in SAID:
            for argument in node.args:
                sentence = _sentence(argument)
                if len(re.findall(r"\w+", sentence)) >= _FEWEST:
                    yield sentence


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _sentence(argument: ast.expr) -> str:
    """Return a text of the code with a gap for each value; empty for what is no text."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    if isinstance(argument, ast.JoinedStr):
        return "".join(_sentence(part) or GAP for part in argument.values)
    return ""


def _plain(sentence: str) -> str:
    return re.sub(r"([<>*_\[\]|`#])", r"\\\1", " ".join(sentence.split()))


def _operations() -> str:
    faults: Mapping[str, Mapping[str, str]] = yaml.safe_load((TEMPLATES / "faults.yaml").read_text("utf-8"))
    rows = [
        f"| {fault['title']} | {fault['do']} | [{fault['see']}](docs/operate.md#{_anchor(fault['see'])}) |"
        for fault in faults.values()
    ]
    head = "## A mail to operations\n\nIts subject names the fault. Then:\n\n| it says | do | more |\n|---|---|---|\n"
    return head + "\n".join(rows)


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w]+", "-", heading.lower()).strip("-")
