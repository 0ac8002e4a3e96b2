"""The lines of a proposed profile that say what is made from a file, each column with how sure it is."""

from collections.abc import Iterator
from typing import Any

from config.terms import Agency
from tasks.intake.columns import Column
from tasks.intake.profiles.proposal.logs import ProposedLog
from tasks.intake.profiles.proposal.looking import LookedAt, repeat
from tasks.intake.profiles.proposal.matching import Match, ProposedRows, Sureness, recipe_of
from tasks.intake.profiles.proposal.naming import title_words
from tasks.intake.profiles.proposal.persons import empty_words, is_repeated, no_further_action, unknown_words
from tasks.intake.profiles.proposal.roles import role_column, roles_of
from tasks.intake.profiles.proposal.several import several_rows
from tasks.intake.profiles.proposal.shapes import some_shapes
from tasks.intake.profiles.proposal.vocabulary import vocabulary
from tasks.intake.profiles.proposal.yaml_lines import commented, listing, quoted, written

_USUAL = {"orders.csv": "spo", "reviews.csv": "joint"}  # in a header or a file's name
_MISSING = "missing: name the column that holds it"
_OF_AN_ACTION_PLAN = {"source": "action_plan", "owner_agency": "police"}


def rows_lines(
    proposal: ProposedRows, looked: LookedAt, agency: Agency, force: str | None, *, by_column: bool
) -> Iterator[str]:
    """Yield what is made of one file of an extract."""
    yield f"      - rows_of: {proposal.file.name}"
    several = several_rows(proposal, looked)
    yield from _only(proposal, looked, is_gathered=several is not None)
    if several:
        keys = quoted(several.keys[0]) if len(several.keys) == 1 else listing(several.keys)
        in_order = "" if several.in_order_of else "; in_order_of?"
        yield f"        one_row_for: {keys}      # it has several lines for a {several.of}{in_order}"
        if several.in_order_of:
            yield f"        in_order_of: {quoted(several.in_order_of)}"
    yield from _asked(proposal, looked, by_column=by_column)
    yield "        columns:"
    asked = {match.name for match in proposal.asked}
    for column in (column for column in proposal.file.columns if column.name not in asked):
        match = proposal.of(column.name)
        line = _joined_line(proposal, match, looked) if match else None
        if match:
            yield commented(*(line or _column(match, by_column=by_column)))
            yield from _words(match, looked)
        elif made := _without_a_column(proposal, column, looked, agency, force):
            yield commented(*made)
    yield from (f"          # {note}" for note in proposal.notes)
    yield from (f"          # rows of unknown states are not counted: {unknown}" for unknown in proposal.unknown)


def _joined_line(proposal: ProposedRows, match: Match, looked: LookedAt) -> tuple[str, str] | None:
    """Return the line of a reference that is one with the case's alone."""
    case = proposal.of("case_ref") or proposal.of("urn")
    is_of_a_person = match.name == "suspect_ref"
    if case is None or not (is_of_a_person or is_repeated(proposal, match, looked)):
        return None
    joined = {"from": [case.own[0], match.own[0]], "joined": "-", **_without_gaps(case)}
    why = "a person may be suspected in several cases" if is_of_a_person else "it is one with its case's alone"
    return f"{match.name}: {written(joined)}", f"likely: {why}"


def _without_gaps(case: Match) -> dict[str, Any]:
    return {key: value for key, value in case.fit.recipe.items() if key == "replace"}


def _without_a_column(
    proposal: ProposedRows, column: Column, looked: LookedAt, agency: Agency, force: str | None
) -> tuple[str, str] | None:
    """Return the line of a column for which the export has none, if it is one that is made all the same."""
    hints = vocabulary().files[proposal.file.name]
    reference, case, name = hints.reference, proposal.of("case_ref"), column.name
    always = force if name == "force_code" and agency is Agency.POLICE else hints.always.get(name)
    if proposal.file.name == "actions.csv" and agency is Agency.CPS and name in _OF_AN_ACTION_PLAN:
        is_one = "action plan" in title_words(looked.read)
        return (
            (f"{name}: {{always: {_OF_AN_ACTION_PLAN[name]}}}", "likely: it is what CPS ask of the police")
            if is_one
            else (f'{name}: {{always: ""}}', _MISSING)
        )
    if name == "status" and (closed := proposal.of("closed_on")):
        state = {"from": closed.own[0], "when_filled": "done", "when_empty": "pending"}
        return f"status: {written(state)}", "a guess: done on the day on which it is closed"
    if always and not _of_many_kinds(proposal, name, looked):
        certain = Sureness.GUESS if name in {"kind", "course", "source"} else Sureness.SURE
        return f"{name}: {{always: {written(always.format(agency))}}}", str(certain.value)
    day = proposal.of(reference.of) if reference and name == reference.column else None
    if case and day and not repeat(looked, [case.own[0], day.own[0]]):
        made = {"from": [case.own[0], day.own[0]], "joined": "-", **_without_gaps(case)}
        return f"{name}: {written(made)}", "a guess"
    return (f'{name}: {{always: ""}}', _MISSING) if column.required else None


def _of_many_kinds(proposal: ProposedRows, column: str, looked: LookedAt) -> bool:
    """Return whether rows may be of other kinds than the usual one, since neither a header nor the file names it."""
    usual = _USUAL.get(proposal.file.name) if column == "kind" else None
    titles = [looked.read, *(match.own[0] for match in proposal.settled)]
    return usual is not None and not any(usual in title_words(title).split() for title in titles)


def _words(match: Match, looked: LookedAt) -> Iterator[str]:
    """Yield the words of which nothing is known, and those that are left empty, each with how many rows have it."""
    if words := unknown_words(match):
        yield f"          # unknown words: {words}: each is a problem of its row until it is under codes"
    if words := empty_words(match, looked):
        yield f"          # left empty: {words}"


def _only(proposal: ProposedRows, looked: LookedAt, *, is_gathered: bool) -> Iterator[str]:
    """Yield of which rows one is made: of persons in certain roles, of a column that is filled, and that count."""
    name = proposal.file.name
    roles, only = roles_of(looked, name), _filled_in_each(proposal, looked)
    conditions: list[Any] = [*proposal.only]
    if roles:
        conditions.insert(0, {"column": role_column(looked, name) or "", "is": roles})
    elif only:
        conditions.insert(0, {"column": only, "filled": True})
    if conditions:
        yield f"        only: {written(conditions if len(conditions) > 1 else conditions[0])}"
    status = proposal.of("suspect_status")
    over = no_further_action(status) if status and name == "suspects.csv" else []
    if status and over and not is_gathered:
        condition = written({"column": status.own[0], "is_not": over})
        yield f"        # only: {condition}      # a suggestion: no further action, so a suspect no more?"


def _filled_in_each(proposal: ProposedRows, looked: LookedAt) -> str | None:
    """Return the column without which a row is none of these, where rows of a file may be, and have no reference."""
    hints = vocabulary().files[proposal.file.name]
    if hints.reference and proposal.of(hints.reference.column):
        return None
    group = next((names for names in hints.anchors if hints.only in names), (hints.only,))
    found = [match.own[0] for name in (hints.only, *group) if (match := proposal.of(name))]
    filled = {title: [bool(cell.strip()) for cell in looked.cells(title)] for title in found}
    rows = [any(cells) for cells in zip(*filled.values(), strict=True)]
    return next((title for title in found if filled[title] == rows), None)


def _asked(proposal: ProposedRows, looked: LookedAt, *, by_column: bool) -> Iterator[str]:
    """Yield the questions, each with the lines among which somebody has to choose, and shapes of their cells."""
    if proposal.asked:
        yield "        ask:      # open questions: put the right line under columns, and take the question away"
    for match in proposal.asked:
        yield f"          {match.name}: {listing([choice.own[-1] for choice in match.choices])}"
        if match.doubt:
            yield f"          #   {match.doubt}"
        for choice in match.choices:
            line, why = _column(choice, by_column=by_column)
            yield f"          #   {line.ljust(52)}  # {why}: {some_shapes(looked.cells(choice.own[-1]))}"


def _column(match: Match, *, by_column: bool) -> tuple[str, str]:
    """Return the line of a column, and how sure it is."""
    recipe = recipe_of(match)
    if by_column and match.fit.recipe.get("days"):
        recipe["day"] = match.fit.recipe["days"]
    recipe |= {"when_empty": "pending"} if match.name == "status" else {}
    shown = f"{match.fit.read} of {match.fit.filled} cells" if match.fit.filled else "its cells are empty"
    if match.fit.filled and match.fit.read == match.fit.filled == 1:
        shown = "1 cell"
    plain = list(recipe) == ["from"]
    made = written(recipe["from"]) if plain else written(recipe)
    known = f", {match.known}" if match.known else ""
    return f"{match.name}: {made}", f"{match.sureness.value} ({shown}){known}"


def log_lines(log: ProposedLog) -> Iterator[str]:
    """Yield what is made from a dated log."""
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
