"""One small wrong change to a file of the house, and the diff that shows it."""

import difflib
from pathlib import Path
from typing import NamedTuple


class Mutant(NamedTuple):
    """A file with one place changed: `at` is the position in its text, `what` the kind of change."""

    path: str
    at: int
    end: int
    new: str
    what: str

    def applied(self, text: str) -> str:
        """The text of the file with the change."""
        return text[: self.at] + self.new + text[self.end :]

    def lines(self, text: str) -> tuple[str, str]:
        """The lines that change, before and after, without indentation and empty lines."""
        before, after = text.splitlines(), self.applied(text).splitlines()
        changes = [
            (before[a:b], after[c:d])
            for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
            if kind != "equal"
        ]
        return tuple(" / ".join(line.strip() for part in side for line in part) for side in zip(*changes, strict=True))  # type: ignore[return-value]

    def diff(self, text: str) -> str:
        """The change in the form of `diff -u`, with a line of context."""
        both = text.splitlines(keepends=True), self.applied(text).splitlines(keepends=True)
        made = difflib.unified_diff(*both, self.path, f"{self.path}: {self.what}", n=1)
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in made)


def texts(root: Path, pattern: str) -> dict[str, str]:
    """The files of a pattern by their paths under the root, each with its text."""
    return {str(path.relative_to(root)): path.read_text("utf-8") for path in sorted(root.glob(pattern))}
