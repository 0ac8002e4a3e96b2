"""Rows of made-up files, and what a profile says of them, for tests of what is made from them."""

from collections.abc import Iterator, Sequence

from config.sources.profile import Profile
from tasks.intake.profiles.kept_rows import SourceRows
from tasks.intake.profiles.own_rows import OwnHeader


class MadeUpRows:
    """A file in memory: its header, and its rows from line 2 on."""

    counted = None
    notes = ()
    left_out = 0

    def __init__(self, name: str, header: Sequence[str], *rows: object) -> None:
        self.name, self.header, self._rows = name, OwnHeader.of([header], name), list(enumerate(rows, 2))

    def __iter__(self) -> Iterator[tuple[int, object]]:
        return iter(self._rows)

    def batches(self) -> Iterator[list[tuple[int, object]]]:
        for at in range(0, len(self._rows), 2):
            yield self._rows[at : at + 2]


def source(own: MadeUpRows, **said: object) -> SourceRows:
    """The rows of a file of a profile, in which NULL is a blank."""
    makes = [{"rows_of": "cases.csv", "columns": {"case_ref": "A"}}]
    file = {"read": own.name, "makes": makes, **said}
    profile = Profile.model_validate(
        {"agency": "police", "covers": "45", "days": "DD/MM/YYYY", "blanks": [None], "files": [file]}
    )
    return SourceRows(own, profile.files[0], profile, lambda: b"secret")
