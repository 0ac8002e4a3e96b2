"""The text of a proposed profile: YAML whose comments say how sure it is of each column."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.forces import FORCES
from config.sources.day_forms import day_forms
from config.terms import Agency
from models.rules.sight import SentColumn
from tasks.intake.profiles.proposal.assembling import FoundFile, found_file
from tasks.intake.profiles.proposal.fitting import Fit, days_fit
from tasks.intake.profiles.proposal.joins import Join, are_days
from tasks.intake.profiles.proposal.lacking import lacking
from tasks.intake.profiles.proposal.logs import ProposedLog, log_in
from tasks.intake.profiles.proposal.looking import LookedAt, look_at
from tasks.intake.profiles.proposal.matching import Match, ProposedRows, Sureness, agency_of, recipe_of
from tasks.intake.profiles.proposal.shapes import columns_told
from tasks.intake.profiles.proposal.vocabulary import vocabulary
from tasks.intake.profiles.proposal.yaml_lines import commented, listing, quoted, written
from tasks.platform.configuration import Configuration


def composed(configuration: Configuration, files: Sequence[LookedAt], agency: Agency, force: str | None) -> str:
    """Return the text of a profile of these files."""
    lines = [
        "# Proposed by casebeat profile, from headers and values. Read each line before you trust it.",
        "# sure: header and all cells; likely: nearly so; a guess: see for yourself; missing: Casebeat needs it.",
        f"agency: {agency}",
        f'covers: ["{force}"]' if force else 'covers: ["00"]      # missing: your force code',
        "# complete_when: export.done   # a file that is written last; without one, files wait for 10 minutes",
        "files:",
    ]
    found = [found_file(configuration, looked, files, agency) for looked in files]
    asked = {join.theirs.read for one in found for join in one.joins}
    for one in found:
        lines += ["", *_file(configuration, one, agency, force, is_asked=one.own.read in asked)]
    made = {SentColumn(rows.file.name, match.name) for one in found for rows in one.rows for match in rows.matches}
    lines += ["", "# Not found, or not known by these names: of which duty which columns are lacking."]
    lines += [f"#   {line}" for line in lacking(made, agency)]
    return "\n".join([*lines, ""])


def _file(
    configuration: Configuration, found: FoundFile, agency: Agency, force: str | None, *, is_asked: bool
) -> Iterator[str]:
    looked, rows = found.own, found.rows
    log = log_in(configuration, looked) if agency is Agency.CPS else None
    yield from (f"  # {line}" for line in columns_told(looked.header.written, looked.columns))
    if not rows and log is None and not is_asked:
        yield f"  # {quoted(looked.read)}: nothing that Casebeat reads was recognised in it."
        return
    yield f"  - read: {quoted(looked.read)}"
    for key, value in looked.how.items():
        if key != "header":
            yield f"    {key}: {written(value)}"
    if looked.header and looked.how["header"] != (1,):
        lines = looked.how["header"]
        yield f"    header: {lines[0] if len(lines) == 1 else list(lines)}"
    fits = [match.fit for proposal in rows for match in proposal.matches if match.own[0] in looked.header.written]
    fits += [log.forms] if log else []
    forms = _forms([*fits, *(_days_of(looked) if is_asked else [])])
    if forms:
        yield f"    days: {listing(forms)}"
    yield from _left_out(looked, rows)
    yield from _looked_up(found.joins)
    if rows or log:
        yield "    makes:"
    for proposal in rows:
        yield from _rows(proposal, found.wide, agency, force, by_column=forms is None)
    if log:
        yield from _log(log)


def _forms(fits: Sequence[Fit]) -> list[str] | None:
    """Return the forms of days of a whole file; None if two of its columns write the same cell for other days."""
    forms = list(dict.fromkeys(form for fit in fits for form in fit.recipe.get("days", ())))
    try:
        day_forms(forms)
    except ValueError:
        return None
    return forms


def _days_of(looked: LookedAt) -> Iterator[Fit]:
    yield from (days_fit(cells) for cells in looked.columns if are_days(cells))


def _looked_up(joins: Sequence[Join]) -> Iterator[str]:
    """Propose the look-ups that something is made from, each with how many keys were found."""
    if joins:
        yield "    look_up:"
    for join in joins:
        by = join.own if join.own == join.key else {"own": join.own, "theirs": join.key}
        line = written({"as": join.name, "in": join.theirs.read, "by": by, **join.choice})
        yield f"      - {line}      # likely: {join.found:,} of {join.keys:,} keys that were looked at are there"


def _left_out(looked: LookedAt, proposed: Sequence[ProposedRows]) -> Iterator[str]:
    """Propose to leave out notes and totals, and to fill merged cells down."""
    main = proposed[0] if proposed else None
    if main is None or not looked.columns or not looked.columns[0]:
        return
    names = looked.header.written
    own = {match.own[0]: looked.columns[names.index(match.own[0])] for match in main.matches if match.own[0] in names}
    case = next((match for match in main.matches if match.name == "case_ref" and match.own[0] in own), None)
    merged = case is not None and main.file.name == "actions.csv" and not all(own[case.own[0]])
    if merged and case is not None:
        yield f"    fill_down: {quoted(case.own[0])}      # a guess: an empty cell means the one above"
    told = [match for match in main.matches if match.own[0] in own]
    sure = [match for match in told if match.required and (case is None or match.own != case.own or not merged)]
    notes = [match for match in sure if not all(own[match.own[0]])]
    if notes or looked.ragged:
        fullest = max(sure or told, key=lambda one: sum(map(bool, own[one.own[0]])))
        named = (notes or [fullest])[0].own[0]
        yield f"    leave_out: {{column: {quoted(named)}, filled: no}}      # a guess: notes and totals"


def _rows(
    proposal: ProposedRows, looked: LookedAt, agency: Agency, force: str | None, *, by_column: bool
) -> Iterator[str]:
    name, hints = proposal.file.name, vocabulary().files[proposal.file.name]
    yield f"      - rows_of: {name}"
    only, reference = proposal.of(hints.only), hints.reference
    if only:
        yield f"        only: {{column: {quoted(only.own[0])}, filled: yes}}"
    case = proposal.of("case_ref")
    several = name == "cases.csv" and case is not None and _repeats(looked, case)
    if case and several:
        yield f"        one_row_for: {quoted(case.own[0])}      # it has several lines for a case; in_order_of?"
    yield "        columns:"
    for column in proposal.file.columns:
        match = proposal.of(column.name)
        always = hints.always.get(column.name)
        if column.name == "force_code" and match is None and agency is Agency.POLICE:
            always = force
        if match:
            more = {"when_empty": "pending"} if column.name == "status" else {}
            more |= {"take": "newest"} if several and column.name in hints.newest else {}
            yield from _column(match, more, by_column=by_column)
        elif column.name == "status" and (closed := proposal.of("closed_on")):
            state = {"from": closed.own[0], "when_filled": "done", "when_empty": "pending"}
            yield commented(f"status: {written(state)}", "a guess: done on the day on which it is closed")
        elif always:
            certain = Sureness.GUESS if column.name in {"kind", "course", "source"} else Sureness.SURE
            yield commented(f"{column.name}: {{always: {written(always.format(agency))}}}", str(certain.value))
        elif reference and column.name == reference.column and case and (day := proposal.of(reference.of)):
            yield commented(f'{column.name}: {{from: {listing([case.own[0], day.own[0]])}, joined: "-"}}', "a guess")
        elif column.required:
            yield commented(f'{column.name}: {{always: ""}}', "missing: name the column that holds it")


def _repeats(looked: LookedAt, match: Match) -> bool:
    cells = [cell for cell in looked.columns[looked.header.written.index(match.own[0])] if cell]
    return len(set(cells)) * 1.05 < len(cells)


def _column(match: Match, more: dict[str, str], *, by_column: bool) -> Iterator[str]:
    recipe = recipe_of(match)
    if by_column and match.fit.recipe.get("days"):
        recipe["day"] = match.fit.recipe["days"]
    recipe |= more
    unknown = match.fit.recipe.get("unknown") or []
    shown = f"{match.fit.read} of {match.fit.filled} cells" if match.fit.filled else "its cells are empty"
    if match.fit.filled and match.fit.read == match.fit.filled == 1:
        shown = "1 cell"
    also = f"; not known: {', '.join(map(quoted, unknown))}" if unknown else ""
    plain = list(recipe) == ["from"]
    made = written(recipe["from"]) if plain else written(recipe)
    yield commented(f"{match.name}: {made}", f"{match.sureness.value} ({shown}{also})")


def _log(log: ProposedLog) -> Iterator[str]:
    yield "      - rows_of: cps_cases.csv"
    yield f"        one_row_for: {quoted(log.urn)}"
    yield f"        in_order_of: {quoted(log.day)}"
    yield "        columns:"
    yield commented(f"urn: {quoted(log.urn)}", "sure")
    if log.prosecutor:
        yield commented(f"prosecutor_ref: {quoted(log.prosecutor)}", "likely: of the last event")
    for column, (day, event) in log.days.items():
        where = {"column": log.event, "is": event}
        yield commented(f"{column}: {written({'from': day, 'where': where})}", "likely")
    if log.others:
        yield f"          # not used: {', '.join(map(quoted, log.others))}"


def force_in(files: Sequence[LookedAt]) -> str | None:
    """Return the code of the force whose cases most references and URNs seem to be; None if none is clear."""
    found: dict[str, int] = {}
    for looked in files:
        for name, place in looked.header.names.items():
            if re.search(r"\b(urn|crime|occurrence|force|case)\b", name) and place < len(looked.columns):
                for cell in looked.columns[place]:
                    if cell[:2] in FORCES:
                        found[cell[:2]] = found.get(cell[:2], 0) + 1
    best = max(found, key=lambda code: found[code], default=None)
    return best if best and found[best] * 10 >= 8 * sum(found.values()) else None


def propose(configuration: Configuration, folder: Path) -> tuple[str, list[str]]:
    """Return the text of a profile for a folder's files, and why some of its files were left out.

    Raises Refuse if the folder cannot be opened, or holds no table.
    """
    files, left_out = look_at(folder)
    return composed(configuration, files, agency_of(files), force_in(files)), left_out
