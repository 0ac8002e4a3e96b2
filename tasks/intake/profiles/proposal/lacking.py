"""Columns that a proposal makes nothing for, by the duties that look at them."""

from collections.abc import Collection, Iterator

from config.terms import Agency
from models.rules.obligations.rulebook import RULES
from models.rules.sight import SentColumn
from tasks.intake.files import FILES


def lacking(made: Collection[SentColumn], agency: Agency) -> Iterator[str]:
    """Yield, for each duty, the columns of the agency's files that begin it or end it and that nothing is made for."""
    for rule in RULES.values():
        asked = dict.fromkeys((*rule.begins, *rule.needs))
        columns = [one for one in asked if one not in made and FILES[one.file].only_from in {None, agency}]
        if columns:
            yield f"{rule.name}: {', '.join(f'{one.file} {one.name}' for one in columns)}"
