"""What the sources' files let a rule see. A column that a file does not have says nothing: blind is not done."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from config.terms import Agency, OwedBy

_SIDES = {OwedBy.POLICE: (Agency.POLICE,), OwedBy.CPS: (Agency.CPS,), OwedBy.BOTH: (Agency.POLICE, Agency.CPS)}


class SentColumn(NamedTuple):
    """A column of an extract's file, as `referrals.csv` and `checklist_missing`."""

    file: str
    name: str


class Sight(NamedTuple):
    """The columns that each source's files have, of the sources that matter to a force.

    `sent` holds the columns by source and file; a file that was never sent is not there. `covering` holds the sources
    of each agency that cover the force. With `everything` every column is seen.
    """

    sent: Mapping[tuple[int, str], frozenset[str]]
    names: Mapping[int, str]
    covering: Mapping[Agency, tuple[int, ...]]
    everything: bool = False

    def sees(self, column: SentColumn, source_id: int | None, owed_by: OwedBy) -> bool:
        """Return whether the source that sent the row sends the column.

        Of a duty without a row (`source_id` None), any source of the owing side that covers the force is enough.
        """
        if self.everything:
            return True
        if source_id is not None:
            return column.name in self.sent.get((source_id, column.file), ())
        return any(column.name in self.sent.get((one, column.file), ()) for one in self._covering(owed_by))

    def blind(self, column: SentColumn, source_id: int | None, owed_by: OwedBy) -> str:
        """Return why the column cannot be seen, as text for `explain`; empty if it is seen."""
        if self.sees(column, source_id, owed_by):
            return ""
        asked = self._covering(owed_by) if source_id is None else (source_id,)
        names = sorted(self.names[source] for source in asked if source in self.names)
        where = f"{column.file} of {' or '.join(names)}" if names else f"{column.file}, which no source sends,"
        return f"cannot be seen: {where} has no column {column.name}"

    def sent_of(self, file: str, names: Iterable[str], source_id: int) -> frozenset[str]:
        """Return which of these columns of a file a source sends."""
        return frozenset(name for name in names if self.sees(SentColumn(file, name), source_id, OwedBy.OPERATIONS))

    def with_sent(self, file: str, names: frozenset[str], source_id: int) -> "Sight":
        """Return the sight in which a source sends these columns of a file too: those of a row in another's place."""
        key = source_id, file
        return self._replace(sent={**self.sent, key: self.sent.get(key, frozenset()) | names})

    def _covering(self, owed_by: OwedBy) -> tuple[int, ...]:
        return tuple(source for side in _SIDES.get(owed_by, ()) for source in self.covering.get(side, ()))


SEES_ALL = Sight({}, {}, {}, everything=True)
