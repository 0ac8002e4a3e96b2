from collections.abc import Iterator

from config.numbers import Within
from config.terms import Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import About, Rule
from models.rules.organisation_facts import ColumnsFact
from models.rules.result import Outcome, Owes, OwesNothing, Term


def column_missing(columns: ColumnsFact, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """A source sends every column without which a duty cannot be seen, so that blindness has an owner.

    The policy's `unseen` accepts, source by source, the rules that stay blind. Source: none. Number: local standard,
    working days from the day on which the first of the columns was first lacking.
    """
    first = columns.first_lacked_on
    if first is None:
        yield OwesNothing(columns.subject, EndReason.MET, "no column is lacking that a duty needs and nobody accepted")
        return
    due = calendar.plus(first, numbers.within)
    lacking = ", ".join(f"{column.name} of {column.file}" for column in columns.lacking)
    because = Term("a column was first lacking", first, numbers.within, due, lacking)
    yield Owes(columns.subject, OwedBy.OPERATIONS, due, (because,))


RULE = Rule(
    "column-missing",
    column_missing,
    "Column missing from an extract",
    "The source sends the columns, or the policy accepts that their duties cannot be seen (policy.yaml: unseen).",
    "A duty that cannot be seen is asked of nobody: it must be somebody's choice.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    about=About.COLUMNS,
    side="operations",
)
