"""Rows that may be made of each file of an export, with the columns of the files that it is joined to."""

from collections.abc import Sequence
from typing import NamedTuple

from config.terms import Agency
from tasks.intake.columns import File
from tasks.intake.forms import PERSON
from tasks.intake.profiles.proposal.joins import Join, joined, joins_of, of_staff, staff_numbers
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.matching import Match, ProposedRows, Sureness, proposed
from tasks.intake.profiles.proposal.vocabulary import vocabulary
from tasks.platform.configuration import Configuration


class FoundFile(NamedTuple):
    """A file, with what may be made of it and of what it is joined to."""

    own: LookedAt
    wide: LookedAt
    rows: list[ProposedRows]
    joins: list[Join]  # that something is made from


def found_file(configuration: Configuration, looked: LookedAt, files: Sequence[LookedAt], agency: Agency) -> FoundFile:
    """Return what may be made of a file beside the others of its export."""
    joins = [*joins_of(looked, files)]
    wide = joined(looked, joins)
    rows = [one for one in proposed(configuration, wide, agency) if _is_of_its_own(one, looked)]
    numbers = staff_numbers(files)
    rows = [
        one._replace(matches=tuple(_as_found(match, one.file, wide, numbers) for match in one.matches)) for one in rows
    ]
    named = [name for one in rows for match in one.matches for name in match.own]
    return FoundFile(looked, wide, rows, [join for join in joins if any(name in named for name in join.titles)])


def _as_found(match: Match, file: File, wide: LookedAt, numbers: frozenset[str]) -> Match:
    """Return a match, of which a looked-up column is no surer than its look-up, and a number of staff is as theirs."""
    if " / " in match.own[0] and match.sureness is Sureness.SURE:
        match = match._replace(sureness=Sureness.LIKELY)
    form = next(column.form for column in file.columns if column.name == match.name)
    cells = wide.columns[wide.header.written.index(match.own[0])]
    if form is not PERSON or match.name == "contact_ref" or (digits := of_staff(cells, numbers)) is None:
        return match
    return match._replace(fit=match.fit._replace(recipe={"digits": True, "pad": digits}))


def _is_of_its_own(rows: ProposedRows, looked: LookedAt) -> bool:
    """Return whether a file's rows are those of the extract's, and not of a file that it is joined to."""
    own = set(looked.header.written)
    told = [match.name for match in rows.matches if match.own and match.own[0] in own]
    groups = vocabulary().files[rows.file.name].anchors
    if rows.file.name == "cases.csv":
        return "case_ref" in told
    return all(any(name in told for name in group) for group in groups if not {"case_ref", "urn"} & {*group})
