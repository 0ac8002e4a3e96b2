"""Rows that may be made of each file of an export, with the columns of the files that it is joined to."""

from collections.abc import Sequence
from typing import NamedTuple

from config.terms import Agency
from tasks.intake.columns import File
from tasks.intake.forms import PERSON
from tasks.intake.profiles.proposal.joins import Join, joined, joins_of, of_staff, staff_numbers
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.matching import Match, ProposedRows, Sureness, proposed
from tasks.intake.profiles.proposal.questions import AskSomebody, Question, answered, questions_of
from tasks.intake.profiles.proposal.vocabulary import vocabulary
from tasks.platform.configuration import Configuration


class FoundFile(NamedTuple):
    """A file, with what may be made of it and of what it is joined to."""

    own: LookedAt
    wide: LookedAt
    rows: list[ProposedRows]
    joins: list[Join]  # that something is made from, or may be
    others: Sequence[str] = ()  # files of an extract that it may be made into, if another one is not

    @property
    def questions(self) -> list[Question]:
        """The questions that nobody has answered."""
        return [question for rows in self.rows for question in questions_of(rows, self.wide)]


class WholeExport(NamedTuple):
    """A whole export as it is looked at: its files, whose it is, and who is asked where columns fit alike."""

    files: Sequence[LookedAt]
    agency: Agency
    ask: AskSomebody

    def found_file(self, configuration: Configuration, looked: LookedAt) -> FoundFile:
        """Return what may be made of a file beside the others."""
        joins = [*joins_of(looked, self.files)]
        wide = joined(looked, [join for join in joins if not join.rivals])
        width, numbers = len(looked.header.written), staff_numbers(self.files)
        proposals = proposed(configuration, wide, self.agency, width)
        rows = [
            rows._replace(matches=tuple(_as_found(match, rows.file, wide, numbers) for match in rows.matches))
            for rows in proposals
            if _is_of_its_own(rows, looked)
        ]
        made = {one.file.name for one in rows}
        rows = [one for one in rows if vocabulary().files[one.file.name].unless not in made]
        rows = [answered(one, wide, self.ask) for one in rows]
        named = [name for one in rows for match in one.matches for choice in match.choices for name in choice.own]
        used = [join for join in joins if join.rivals or any(name.startswith(f"{join.name} / ") for name in named)]
        return FoundFile(looked, wide, rows, used if rows else joins)


def one_file_each(found: Sequence[FoundFile]) -> list[FoundFile]:
    """Return the files, so that rows of an extract's file are made of one alone: that of which most columns are."""
    best: dict[str, int] = {}
    for number, one in enumerate(found):
        for rows in one.rows:
            known = best.setdefault(rows.file.name, number)
            if _own_columns(one, rows.file.name) > _own_columns(found[known], rows.file.name):
                best[rows.file.name] = number
    return [
        one._replace(
            rows=[rows for rows in one.rows if best[rows.file.name] == number],
            others=[rows.file.name for rows in one.rows if best[rows.file.name] != number],
        )
        for number, one in enumerate(found)
    ]


def _own_columns(found: FoundFile, name: str) -> int:
    own = {found.own.title(place) for place in found.own.header.names.values()}
    return sum(match.own[0] in own for rows in found.rows if rows.file.name == name for match in rows.matches)


def _as_found(match: Match, file: File, wide: LookedAt, numbers: frozenset[str]) -> Match:
    """Return a match, of which a looked-up column is no surer than its look-up, and a number of staff is as theirs."""
    match = match._replace(rivals=tuple(_as_found(rival, file, wide, numbers) for rival in match.rivals))
    if " / " in match.own[0] and match.sureness is Sureness.SURE:
        match = match._replace(sureness=Sureness.LIKELY)
    form = next(column.form for column in file.columns if column.name == match.name)
    if form is not PERSON or match.name == "contact_ref":
        return match
    digits = of_staff(wide.cells(match.own[0]), numbers)
    return match if digits is None else match._replace(fit=match.fit._replace(recipe={"digits": True, "pad": digits}))


def _is_of_its_own(rows: ProposedRows, looked: LookedAt) -> bool:
    """Return whether a file's rows are those of the extract's, and not of a file that it is joined to."""
    own = {looked.title(place) for place in looked.header.names.values()}
    told = [match.name for match in rows.matches if match.own and match.own[0] in own]
    groups = vocabulary().files[rows.file.name].anchors
    if rows.file.name == "cases.csv":
        return {"case_ref", "opened_on"} <= {*told}
    return all(any(name in told for name in group) for group in groups if not {"case_ref", "urn"} & {*group})
