"""The files to mutate, their mutants, and the tests of each file, the closest first."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.mutants import numbers_file, python_code, sql_text, words
from tests.mutants.mutant import Mutant, texts

MESSAGES = "tests/unit/messages"
UNIT, INTEGRATION = "tests/unit", "tests/integration"
NIGHTS, READING = "tests/whole/nights/test_approved_nights.py", "tests/whole/reading/test_reading.py"
BESIDE = {  # by subject: the subjects whose tests call it too, where its own have let a mutant pass
    "intake": ("platform", "rounds"),
    "obligations": ("rounds", "messages", "outbox"),
    "reviews": ("messages", "rounds"),
    "people": ("outbox", "rounds", "obligations", "messages"),
    "messages": ("outbox", "carriers", "reviews", "replies"),
    "carriers": ("outbox", "messages", "replies"),
    "outbox": ("carriers", "messages", "rounds", "platform"),
    "replies": ("carriers",),
    "rounds": ("outbox", "platform", "people"),
    "platform": ("outbox", "rounds", "servers"),
    "servers": ("platform", "doctor", "rounds"),
    "network": ("carriers", "replies", "doctor"),
    "report": ("rounds", "retention"),
    "rehearsal": ("demo",),
    "retention": ("access", "audit_log"),
    "access": ("retention",),
    "audit_log": ("retention",),
}
TASKS = ("tasks/*.py", *(f"tasks/{subject}/**/*.py" for subject in BESIDE))  # not `demo`, whose numbers are invented
PRINTED = {  # templates that no message is rendered from: the tests that print them
    "explain": f"{INTEGRATION}/obligations/test_explain.py",
    "checklist": f"{INTEGRATION}/obligations/checklist/test_checklist.py",
    "reviews": f"{INTEGRATION}/reviews/test_register.py",
    "operations": f"{INTEGRATION}/rounds",
    "slack": f"{INTEGRATION}/replies/test_slack_clicks.py",
    "preview": f"{INTEGRATION}/outbox/test_outbox_command.py",
}


class Folder(NamedTuple):
    """One kind of file: its folder, its mutants, and the stages of tests for one file."""

    patterns: tuple[str, ...]
    mutants: Callable[[str, str], Iterator[Mutant]]
    stages: Callable[[Path, str], list[list[str]]]
    aim: int  # per cent

    def all(self, root: Path) -> list[Mutant]:
        """Every mutant of the folder, in the order of its files."""
        found = {path: text for pattern in self.patterns for path, text in texts(root, pattern).items()}
        return [mutant for path, text in sorted(found.items()) for mutant in self.mutants(path, text)]


def _there(root: Path, *stages: list[str]) -> list[list[str]]:
    """The stages without tests that are missing, or were in an earlier stage."""
    run: set[str] = set()
    found = []
    for stage in stages:
        new = [each for each in dict.fromkeys(stage) if (root / each).exists() and each not in run]
        run.update(new)
        found.append(new)
    return [stage for stage in found if stage]


def _named(root: Path, folder: str, stem: str) -> list[str]:
    """The test modules of a folder with this name."""
    return [str(path.relative_to(root)) for path in sorted((root / folder).rglob(f"test_*{stem}*.py"))]


def _calling(root: Path, path: str) -> list[str]:
    """The test modules beyond the unit that import a module of this path."""
    package, stem = Path(path).parent.as_posix().replace("/", "."), Path(path).stem
    imports = re.compile(rf"^from {package}(\.{stem} import | import .*\b{stem}\b)", re.MULTILINE)
    found = texts(root, f"{INTEGRATION}/**/test_*.py")
    return [test for test, text in sorted(found.items()) if imports.search(text)]


def _of_rule(root: Path, path: str) -> list[list[str]]:
    subject, stem = Path(path).parent.name, Path(path).stem
    subject = {"catalogue": "obligations", "rules": "obligations"}.get(subject, subject)
    own = _named(root, UNIT, stem)
    return _there(
        root, own, [f"{UNIT}/{Path(path).parent.name}", f"{UNIT}/{subject}"], [UNIT],
        [*_calling(root, path), *_named(root, INTEGRATION, stem)], [f"{INTEGRATION}/{subject}"],
        *([f"{INTEGRATION}/{other}"] for other in BESIDE.get(subject, ())),
    )  # fmt: skip


def _of_subject(root: Path, path: str) -> list[list[str]]:
    subject, stem = Path(Path(path).parts[2 if path.startswith("models") else 1]).stem, Path(path).stem
    beside = [f"{INTEGRATION}/{other}" for other in BESIDE.get(subject, ())]
    unit = [f"{UNIT}/{subject}", f"{UNIT}/{Path(path).parent.name}"]
    return _there(
        root, _named(root, UNIT, stem), unit,
        [*_calling(root, path), *_named(root, INTEGRATION, stem), f"{INTEGRATION}/{stem}"],
        [f"{INTEGRATION}/{subject}", f"{INTEGRATION}/{Path(path).parent.name}"],
        [NIGHTS], *([each] for each in beside), [READING],
    )  # fmt: skip


def _of_statements(root: Path, path: str) -> list[list[str]]:
    return _of_view(root, path) if path.endswith(".sql") else _of_subject(root, path)


def _of_view(root: Path, path: str) -> list[list[str]]:
    """The tests that name a view, and those of the queries that read it."""
    name = re.compile(rf"\b{Path(path).stem}\b")
    naming = [test for test, text in texts(root, f"{INTEGRATION}/**/test_*.py").items() if name.search(text)]
    readers = [Path(query) for query, text in texts(root, "models/queries/**/*.py").items() if name.search(text)]
    own = [test for query in readers for test in _named(root, INTEGRATION, query.stem)]
    subjects = dict.fromkeys([f"{INTEGRATION}/people", *(f"{INTEGRATION}/{query.parent.name}" for query in readers)])
    return _there(root, naming, own, [NIGHTS], *([subject] for subject in subjects), [READING])


def _of_template(root: Path, path: str) -> list[list[str]]:
    kind = Path(path).parent.name
    return _there(
        root, [f"{MESSAGES}/test_approved.py"], [MESSAGES], ["tests/house/test_templates.py"], [PRINTED.get(kind, "")],
        [f"{UNIT}/carriers"], [f"{INTEGRATION}/messages"],
    )  # fmt: skip


def _of_policy(root: Path, path: str) -> list[list[str]]:
    del path
    return _there(
        root, ["tests/house/test_policy_file.py"], [UNIT], ["tests/whole/reading/test_every_rule.py"],
        [f"{INTEGRATION}/obligations"], [f"{INTEGRATION}/outbox"],
    )  # fmt: skip


FOLDERS = {
    "rules": Folder(("models/rules/**/*.py",), python_code.mutants, _of_rule, 98),
    "sql": Folder(("models/queries/**/*.py", "models/views/*.sql"), sql_text.mutants, _of_statements, 88),
    "tasks": Folder(TASKS, python_code.mutants, _of_subject, 88),
    "policy": Folder(("config/policy.yaml",), numbers_file.mutants, _of_policy, 90),
    "templates": Folder(
        tuple(f"config/templates/*/*.{kind}" for kind in ("txt", "html", "md")), words.mutants, _of_template, 90
    ),
}
