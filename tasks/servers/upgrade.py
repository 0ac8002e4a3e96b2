"""The effects of an upgrade on a book, known before it is done: its revisions, and the rules that are new to it."""

from typing import NamedTuple

from models import migrations
from models.queries import schema
from models.queries.intake import sources
from models.queries.obligations import met_rules
from models.rules.obligations.rulebook import RULES
from tasks.servers import migrate


class Revision(NamedTuple):
    """One migration to come, and what it does in a sentence."""

    number: str
    sentence: str


class Upgrade(NamedTuple):
    """The effects of `migrate` on the database as it is. `before` is None for one without tables."""

    before: str | None
    revisions: tuple[Revision, ...]
    new_rules: tuple[str, ...]  # those that the book has never met
    force_codes: tuple[str, ...]

    @property
    def of_book(self) -> bool:
        """Return whether there are tables to change, and so something to back up."""
        return self.before is not None and bool(self.revisions)


def foresee(url: str) -> Upgrade:
    """Return what `migrate` would do to the owner's database at `url`. Nothing is changed.

    Raises Refuse as `migrate` does for a database that cannot be reached, or is of a trial or a newer version.
    """
    with migrate.as_owner(url) as connection:
        before = schema.revision(connection)
        if before is None:
            return Upgrade(None, (), (), ())
        migrate.refuse_unfit(before)
        unmet = met_rules.unmet(connection, tuple(RULES))
        return Upgrade(before, _after(before), tuple(unmet), tuple(sources.force_codes(connection)))


def _after(before: str) -> tuple[Revision, ...]:
    """Return the migrations after a revision, the next first."""
    if before == migrations.HEAD:
        return ()
    from alembic.script import ScriptDirectory  # noqa: PLC0415  only an upgrade pays for Alembic

    to_come = ScriptDirectory.from_config(migrate.configuration()).iterate_revisions("head", before)
    return tuple(Revision(script.revision, script.doc) for script in reversed(list(to_come)))
