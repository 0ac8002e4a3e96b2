"""Rows that may be made of each file of an export, with the columns of the files that it is joined to."""

import operator
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from config.terms import Agency
from tasks.intake.columns import File
from tasks.intake.forms import DAY, FUTURE_DAY, PERSON, Form
from tasks.intake.profiles.proposal.classifying import with_classification
from tasks.intake.profiles.proposal.joins import Join, joined, joins_of
from tasks.intake.profiles.proposal.looking import LookedAt, repeat
from tasks.intake.profiles.proposal.matching import Match, ProposedRows, Sureness, proposed
from tasks.intake.profiles.proposal.naming import title_words
from tasks.intake.profiles.proposal.offences import offences_fit
from tasks.intake.profiles.proposal.persons import (
    MOST,
    has_several_persons,
    is_repeated,
    of_themselves,
    persons_in,
    unknown_words,
    with_charges,
    with_keys,
    with_readers,
    without_cases,
    without_children,
    without_persons,
)
from tasks.intake.profiles.proposal.questions import AskSomebody, Question, answered, questions_of
from tasks.intake.profiles.proposal.referring import known_cases, with_doubt, with_its_day
from tasks.intake.profiles.proposal.several import LISTS, gathered, several_rows
from tasks.intake.profiles.proposal.staff import of_staff, staff_numbers
from tasks.intake.profiles.proposal.states import RowState, kinds_of, state_of
from tasks.intake.profiles.proposal.vocabulary import vocabulary
from tasks.platform.configuration import Configuration

_CHARGES = {"charged_on", "charged_codes", "charge_authorised_on"}  # of charges whose state is known to count
_OF_ALL = {"force_code", "case_ref", "urn"}  # which rows of any state have


class FoundFile(NamedTuple):
    """A file, with what may be made of it and of what it is joined to."""

    own: LookedAt
    wide: LookedAt
    rows: list[ProposedRows]
    joins: list[Join]  # that something may be made from
    others: Sequence[str] = ()  # files of an extract that it may be made into, if another one is not

    @property
    def questions(self) -> list[Question]:
        """The questions that nobody has answered."""
        return [question for rows in self.rows for question in questions_of(rows, self.wide)]

    @property
    def used(self) -> list[Join]:
        """The joins that something is made from, or may be; all of a file of which nothing is made."""
        matches = [match for rows in self.rows for match in rows.matches]
        named = [name for match in matches for choice in match.choices for name in choice.own]
        used = [join for join in self.joins if join.rivals or any(name.startswith(join.begins) for name in named)]
        return used if self.rows else self.joins

    @property
    def unknown_words(self) -> Iterator[str]:
        """The words of which nothing is known, for each column."""
        for rows in self.rows:
            words = ((match.name, unknown_words(match)) for match in rows.settled)
            yield from (f"{self.own.named}: {name}: {unknown}" for name, unknown in words if unknown)
            yield from (f"{self.own.named}: {unknown}" for unknown in rows.unknown)


class WholeExport(NamedTuple):
    """A whole export as it is looked at: its files, whose it is, and who is asked where something is in doubt."""

    files: Sequence[LookedAt]
    agency: Agency
    ask: AskSomebody

    def found(self, configuration: Configuration) -> list[FoundFile]:
        """Return what is made of each file, once its questions were asked."""
        found = one_file_each([self._found_file(configuration, looked) for looked in self.files])
        made = {one.own.named: [rows.file.name for rows in one.rows] for one in found}
        cases = known_cases((rows, one.wide) for one in found for rows in one.rows)
        found = [one._replace(rows=[with_doubt(rows, one.wide, cases) for rows in one.rows]) for one in found]
        return [one._replace(rows=[self._settled(rows, one, made) for rows in one.rows]) for one in found]

    def _settled(self, rows: ProposedRows, found: FoundFile, made: Mapping[str, Collection[str]]) -> ProposedRows:
        rows = without_children(of_themselves(rows, found.joins), found.joins, made)
        rows = with_classification(in_doubt(rows, found), found.wide)
        rows = without_cases(without_persons(rows, [*chain.from_iterable(made.values())]), found.joins)
        rows = gathered(with_readers(with_keys(with_charges(rows, found.wide))), found.wide)
        return answered(rows, found.wide, self.ask)

    def _found_file(self, configuration: Configuration, looked: LookedAt) -> FoundFile:
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
        rows = [
            one
            for one in rows
            if vocabulary().files[one.file.name].unless not in made or has_several_persons(one, wide)
        ]
        return FoundFile(looked, wide, rows, joins)


def in_doubt(rows: ProposedRows, found: FoundFile) -> ProposedRows:
    """Return rows of which what is taken from rows that may count no longer is asked, and each next hearing is."""
    own = state_of(found.own) if several_rows(rows, found.wide) else None
    rows = rows._replace(
        matches=tuple(_listed(match, _join_of(match, found.joins), found.wide) for match in rows.matches)
    )
    matches = tuple(_in_doubt(rows, match, _join_of(match, found.joins), own) for match in rows.matches)
    used = [join for match in rows.matches if match.name in _CHARGES and (join := _join_of(match, found.joins))]
    unknown = {f"{one.state.column}: {', '.join(one.state.unknown)}" for one in used if _counts_some(one)}
    rows = rows._replace(
        matches=tuple(_of_one(match, rows, found) for match in matches), unknown=tuple(sorted(unknown))
    )
    return with_state(rows, found)


def _of_one(match: Match, rows: ProposedRows, found: FoundFile) -> Match:
    """Return a match in doubt, if it is a reference that several rows have, or a limit beside a state of its own."""
    if match.is_asked or not match.own:
        return match
    case = rows.of("case_ref") or rows.of("urn")
    if is_repeated(rows, match, found.wide) and (case is None or repeat(found.wide, [case.own[0], match.own[0]])):
        asked = match._replace(doubt="Several rows have the same: which column beside it tells them apart?")
        return with_its_day(match, found.own) or asked
    of = title_words(match.own[0]).partition(" ")[0]
    others = [title for title in found.own.header.written if title_words(title).partition(" ")[0] != of]
    state = state_of(found.own, others) if match.name == "ctl_expires_on" else None
    return match._replace(doubt=state.doubt) if state else match


def with_state(rows: ProposedRows, found: FoundFile) -> ProposedRows:
    """Return rows without those whose state says that they count no longer; a state that is not known is asked."""
    hints, used = vocabulary().files[rows.file.name], {name for match in rows.matches for name in match.own}
    state = None if hints.states is None else state_of(found.own, used, hints.states)
    if state is None:
        return rows
    asked = next(match for name in hints.anchors[0] for match in rows.matches if match.name == name)
    matches = [match._replace(doubt=state.doubt) if match is asked else match for match in rows.matches]
    return rows._replace(matches=tuple(matches), only=tuple(state.where_not))


def _join_of(match: Match, joins: Sequence[Join]) -> Join | None:
    return next((one for one in joins if match.own and match.own[0].startswith(one.begins)), None)


def _listed(match: Match, join: Join | None, wide: LookedAt) -> Match:
    """Return a match whose cells are lists, since all of several rows are looked up, as it is read member by member."""
    if match.name not in LISTS or join is None or not join.choice.how.get("all"):
        return match
    members = [part.strip() for cell in wide.cells(match.own[0]) for part in cell.split(";") if part.strip()]
    fit = offences_fit(members)
    return match._replace(fit=fit._replace(recipe={"list_at": ";"} | fit.recipe))


def _counts_some(join: Join) -> bool:
    """Return whether some rows are known to count, though others may: those of unknown states are not counted."""
    return bool(join.state.live and join.state.unknown and not join.asked)


def _in_doubt(rows: ProposedRows, match: Match, join: Join | None, own: RowState | None) -> Match:
    if match.is_asked or match.name in _OF_ALL:
        return match
    if join is None:
        return match._replace(doubt=own.question if own and match.name in {*LISTS, "next_hearing_on"} else "")
    if match.name in _CHARGES and _counts_some(join):
        return match
    several = match.name == "next_hearing_on" and join.repeated
    kinds = kinds_of(join.theirs) if join.repeated and form_of(rows.file, match) in {DAY, FUTURE_DAY} else ""
    hearing = "Which of several hearings is the next one?" if several else ""
    return match._replace(doubt=join.doubt or kinds or hearing)


def one_file_each(found: Sequence[FoundFile]) -> list[FoundFile]:
    """Return the files, so that rows of an extract's file are made of one alone: that of which most columns are."""
    best: dict[str, int] = {}
    many = {
        (number, rows.file.name): persons_in(rows, one.wide) for number, one in enumerate(found) for rows in one.rows
    }
    most = {name: max(count for (_, each), count in many.items() if each == name) for _, name in many}
    for number, name in many:
        known = best.setdefault(name, number)
        fits = ((many[each, name] >= MOST * most[name], *_fitness(found[each], name)) for each in (number, known))
        if operator.gt(*fits):
            best[name] = number
    return [
        one._replace(
            rows=[rows for rows in one.rows if best[rows.file.name] == number],
            others=[rows.file.name for rows in one.rows if best[rows.file.name] != number],
        )
        for number, one in enumerate(found)
    ]


def _fitness(found: FoundFile, name: str) -> tuple[bool, bool, int]:
    """Return whether its columns have names, whether a file of cases has a row for each, and how many are its own."""
    own = {found.own.title(place) for place in found.own.header.names.values()}
    rows = next(rows for rows in found.rows if rows.file.name == name)
    of_cases = any(hints.persons_of == name for hints in vocabulary().files.values())
    return (
        all(match.sureness is not Sureness.MISSING for match in rows.matches),
        of_cases and several_rows(rows, found.wide) is None,
        sum(match.own[0] in own for match in rows.matches),
    )


def _as_found(match: Match, file: File, wide: LookedAt, numbers: frozenset[str]) -> Match:
    """Return a match, of which a looked-up column is no surer than its look-up, and a number of staff is as theirs."""
    match = match._replace(rivals=tuple(_as_found(rival, file, wide, numbers) for rival in match.rivals))
    if " / " in match.own[0] and match.sureness is Sureness.SURE:
        match = match._replace(sureness=Sureness.LIKELY)
    is_list = match.name == "barred_refs"
    if match.name == "contact_ref" or not (is_list or form_of(file, match) is PERSON):
        return match
    cells, sign = wide.cells(match.own[0]), match.fit.recipe.get("list_at")
    each = [member for cell in cells for member in cell.split(sign)] if is_list and sign else cells
    recipe = of_staff(each, numbers, {} if is_list else match.fit.recipe)
    kept = {"list_at": sign} if is_list else {}
    return match if recipe is None else match._replace(fit=match.fit._replace(recipe=kept | recipe))


def form_of(file: File, match: Match) -> Form:
    """Return what the cells of a match's column are."""
    return next(column.form for column in file.columns if column.name == match.name)


def _is_of_its_own(rows: ProposedRows, looked: LookedAt) -> bool:
    """Return whether a file's rows are those of the extract's, and not of a file that it is joined to."""
    own = {looked.title(place) for place in looked.header.names.values()}
    told = [match.name for match in rows.matches if match.own and match.own[0] in own]
    hints = vocabulary().files[rows.file.name]
    groups = hints.own or [group for group in hints.anchors if not {"case_ref", "urn"} & {*group}]
    return all(any(name in told for name in group) for group in groups)
