"""The text of a proposed profile: YAML whose comments say how sure it is of each column."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from config.forces import FORCES
from config.sources.cells import own_name
from config.sources.day_forms import day_forms
from config.terms import Agency
from models.rules.sight import SentColumn
from tasks.intake.files import CASES
from tasks.intake.profiles.proposal.assembling import FoundFile, WholeExport
from tasks.intake.profiles.proposal.fits import Fit
from tasks.intake.profiles.proposal.fitting import are_days, days_fit
from tasks.intake.profiles.proposal.joins import Join
from tasks.intake.profiles.proposal.lacking import lacking
from tasks.intake.profiles.proposal.logs import log_in
from tasks.intake.profiles.proposal.looking import LookedAt, look_at
from tasks.intake.profiles.proposal.made_lines import log_lines, rows_lines
from tasks.intake.profiles.proposal.matching import Match, ProposedRows, agency_of
from tasks.intake.profiles.proposal.questions import AskSomebody, Question, stays_open
from tasks.intake.profiles.proposal.shapes import columns_told
from tasks.intake.profiles.proposal.suggesting import Gone, blanks_lines, certain_blanks, gone, left_out_lines, without
from tasks.intake.profiles.proposal.yaml_lines import listing, quoted, written
from tasks.platform.configuration import Configuration

_ALWAYS = ["YYYY-MM-DD"]
_OF_A_FORCE = re.compile(r"(?<![a-z])(urn|crime|occurrence|force|case|ref)(?![a-z])")


class Proposal(NamedTuple):
    """A proposed profile: why files were left out, its open questions, unknown words, and what it is none without."""

    text: str
    left_out: list[str]
    questions: list[Question]
    unknown: list[str]  # words, by their columns
    lacks: list[str]


def composed(configuration: Configuration, seen: Sequence[LookedAt], ask: AskSomebody, left_out: list[str]) -> Proposal:
    """Return a profile of these files."""
    blanks = certain_blanks(seen)
    files = [without(looked, blanks) for looked in seen]
    export, counted = WholeExport(files, agency_of(files), ask), forces_in(files)
    force = clear_force(counted)
    agency = export.agency
    lines = [
        "# Proposed by casebeat profile, from headers and values. Read each line before you trust it.",
        "# sure: header and all cells; likely: nearly so; a guess: see for yourself; missing: Casebeat needs it.",
        f"agency: {agency}",
        f'covers: ["{force}"]' if force else f"# covers: []      # missing: {_forces_asked(counted)}",
        "# complete_when: export.done   # a file that is written last; without one, files wait for 10 minutes",
        *blanks_lines(seen),
        *(f"# left out: {' '.join(why.split())}" for why in left_out),
        "files:",
    ]
    found = export.found(configuration)
    asked = {join.theirs.named: join.is_open for join in _used(found)}
    for one in found:
        file = _file(configuration, one, agency, force, is_asked=one.own.named in asked)
        is_open = not one.rows and asked.get(one.own.named, False)
        lines += ["", *(map(_open, file) if is_open else file)]
    made = {SentColumn(rows.file.name, match.name) for one in found for rows in one.rows for match in rows.matches}
    lines += ["", "# Not found, or not known by these names: of which duty which columns are lacking."]
    lines += [f"#   {line}" for line in lacking(made, agency)]
    lacks = [] if force else [f"covers, {_forces_asked(counted)}"]
    if not any(line.strip().startswith("- rows_of:") for line in lines):
        lacks.append("files, with what is made from one of them")
    questions = [question for one in found for question in one.questions]
    unknown = [words for one in found for words in one.unknown_words]
    return Proposal("\n".join([*lines, ""]), left_out, questions, unknown, lacks)


def _used(found: Sequence[FoundFile]) -> list[Join]:
    """Return the look-ups of files of which something is made, the open ones first."""
    return sorted((join for one in found if one.rows for join in one.used), key=lambda join: not join.is_open)


def _open(line: str) -> str:
    """Return a line of a file that is only looked up, by a look-up that somebody has to complete first."""
    return line if line.lstrip().startswith("#") else f"  #{line.removeprefix('  ')}"


def _file(
    configuration: Configuration, found: FoundFile, agency: Agency, force: str | None, *, is_asked: bool
) -> Iterator[str]:
    looked, rows = found.own, found.rows
    log = log_in(configuration, looked) if agency is Agency.CPS else None
    yield from (f"  # {line}" for line in columns_told(looked.header.written, looked.columns))
    yield from _unused(found)
    if not rows and log is None and not is_asked:
        what = "is not used" if found.others else "nothing that Casebeat reads was recognised in it"
        yield f"  # {looked.named}: {what}."
        return
    yield from _read(looked)
    choices = [choice for proposal in rows for match in proposal.matches for choice in match.choices]
    fits = [choice.fit for choice in choices if own_name(choice.own[0]) in looked.header.names]
    fits += [log.forms] if log else []
    days = [*_days_of(looked)] if is_asked else []
    forms = _forms([*fits, *days])
    forms = (
        _ALWAYS if days and forms == [] else forms
    )  # one of them may say which row counts, and a profile names its form
    if forms:
        yield f"    days: {listing(forms)}"
    of_cases = any(proposal.file is CASES for proposal in rows)
    used = {name for choice in choices for name in choice.own} | {
        condition["column"] for proposal in rows for condition in proposal.only
    }
    left = gone(looked, used, of_cases=of_cases)
    yield from _left_out(looked, rows, left)
    yield from left_out_lines(looked, used | {one.title for one in left}, of_cases=of_cases)
    yield from _looked_up(found.used if rows else ())
    if rows or log:
        yield "    makes:"
    for proposal in rows:
        yield from rows_lines(proposal, found.wide, agency, force, by_column=forms is None)
    if log:
        yield from log_lines(log)


def _unused(found: FoundFile) -> Iterator[str]:
    """Yield what else may be made of a file, and with which files it shares keys where nothing is made of it."""
    if found.others:
        yield f"  # It may be made into {' and '.join(found.others)} too, which another file fits better."
    if not found.rows:
        yield from (f"  # It shares keys: {_look_up(join)}" for join in found.joins)


def _read(looked: LookedAt) -> Iterator[str]:
    yield f"  - read: {quoted(looked.read)}"
    for key, value in looked.how.items():
        if key != "header":
            yield f"    {key}: {written(value)}"
    if looked.header and looked.how["header"] != (1,):
        lines = looked.how["header"]
        yield f"    header: {lines[0] if len(lines) == 1 else list(lines)}"


def _forms(fits: Sequence[Fit]) -> list[str] | None:
    """Return the forms of days of a whole file; None if two of its columns write the same cell for other days."""
    forms = list(dict.fromkeys(form for fit in fits for form in fit.recipe.get("days", ())))
    try:
        day_forms(forms)
    except ValueError:
        return None
    return forms


def _days_of(looked: LookedAt) -> Iterator[Fit]:
    yield from (days_fit(cells, looked.always) for cells in looked.columns if are_days(cells, looked.always))


def _looked_up(joins: Sequence[Join]) -> Iterator[str]:
    """Propose the look-ups that something is made from, each with how many keys were found; where several fit, ask."""
    if any(not join.is_open for join in joins):
        yield "    look_up:"
    for join in (join for join in joins if not join.is_open):
        yield f"      - {_look_up(join)}"
    for join in (join for join in joins if join.is_open):
        asked = f"{join.asked} Say newest_by, oldest_by, highest_by, worst_of, where or all" if join.asked else ""
        yield f"    # look_up: {asked or f'which of these columns belong together with {join.theirs.named}?'}"
        yield from (f"    #   - {_look_up(one)}" for one in (join, *join.rivals))


def _look_up(join: Join) -> str:
    by = [key.written for key in join.by]
    sheet = {"sheet": join.theirs.sheet} if join.theirs.sheet else {}
    line = written({"as": join.name, "in": join.theirs.read, **sheet, "by": by if len(by) > 1 else by[0], **join.how})
    sureness = "likely" if join.is_alike else "a guess, since the headers differ"
    found = f"{sureness}: {join.found:,} of {join.keys:,} keys that were looked at are there"
    several = f"; {join.repeated:,} have several rows" if join.repeated else ""
    return f"{line}      # {found}{several}"


def _left_out(looked: LookedAt, proposed: Sequence[ProposedRows], left: Sequence[Gone]) -> Iterator[str]:
    """Propose to leave out notes, totals and rows that are gone, and to fill merged cells down."""
    main = proposed[0] if proposed else None
    conditions, why = [one.condition for one in left], [one.why for one in left]
    if main is not None and looked.columns and looked.columns[0]:
        settled = [match for match in main.settled if own_name(match.own[0]) in looked.header.names]
        case = next((match for match in settled if match.name == "case_ref"), None)
        are_many = main.file.name in {
            "actions.csv",
            "suspects.csv",
            "defendants.csv",
        }  # of a case: a merged cell
        merged = case if case and are_many and not all(looked.cells(case.own[0])) else None
        if merged:
            yield f"    fill_down: {quoted(merged.own[0])}      # a guess: an empty cell means the one above"
        if title := _empty_in_notes(looked, main, settled, merged):
            conditions.insert(0, {"column": title, "filled": False})
            why.insert(0, "a guess: notes and totals")
    if left and main is not None and main.file is CASES:
        why.append("a case that was loaded before stays open")
    if conditions:
        yield f"    leave_out: {written(conditions if len(conditions) > 1 else conditions[0])}      # {'; '.join(why)}"


def _empty_in_notes(looked: LookedAt, main: ProposedRows, settled: Sequence[Match], merged: Match | None) -> str | None:
    """Return the column that is empty in notes and totals, if there seem to be some."""
    own = {match.own[0]: looked.cells(match.own[0]) for match in settled}
    sure = [match for match in settled if match.required and (merged is None or match.own != merged.own)]
    are_people = main.file.name == "contacts.csv"  # of whom one without an address or a post is one all the same
    notes = [] if are_people else [match for match in sure if not all(own[match.own[0]])]
    if not notes and not (looked.ragged and settled):
        return None
    fullest = max(sure or settled, key=lambda one: sum(map(bool, own[one.own[0]])))
    return (notes or [fullest])[0].own[0]


def forces_in(files: Sequence[LookedAt]) -> dict[str, int]:
    """Return how many references and URNs seem to begin with the code of each force."""
    found: dict[str, int] = {}
    for looked in files:
        for name, place in looked.header.names.items():
            if _OF_A_FORCE.search(name) and place < len(looked.columns):
                for cell in looked.columns[place]:
                    if cell[:2] in FORCES and (len(cell) == len("45") or not cell.isdigit()):
                        found[cell[:2]] = found.get(cell[:2], 0) + 1
    return found


def clear_force(found: Mapping[str, int]) -> str | None:
    """Return the force whose cases most of them are; None if none is clear."""
    best = max(found, key=lambda code: found[code], default=None)
    return best if best and found[best] * 10 >= 8 * sum(found.values()) else None


def _forces_asked(found: Mapping[str, int]) -> str:
    """Return what somebody has to write for the forces, and with which codes many references begin."""
    often = sorted(code for code, many in found.items() if many * 10 >= sum(found.values()))
    begin = f"; references begin with {', '.join(often)}" if often else ""
    return f'the two-digit codes of the forces whose cases these are, as ["45"]{begin}'


def propose(configuration: Configuration, folder: Path, ask: AskSomebody = stays_open) -> Proposal:
    """Return a profile for a folder's files; who is asked chooses where columns fit alike.

    Raises Refuse if the folder cannot be opened, or holds no table.
    """
    files, left_out = look_at(folder)
    return composed(configuration, files, ask, left_out)
