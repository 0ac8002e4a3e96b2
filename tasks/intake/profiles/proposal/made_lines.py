"""The lines of a proposed profile that say what is made from a file, each column with how sure it is."""

from collections.abc import Collection, Iterator

from config.terms import Agency
from tasks.intake.profiles.proposal.logs import ProposedLog
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.matching import Match, ProposedRows, Sureness, recipe_of, role_column, roles_of
from tasks.intake.profiles.proposal.shapes import some_shapes
from tasks.intake.profiles.proposal.vocabulary import vocabulary
from tasks.intake.profiles.proposal.yaml_lines import commented, listing, quoted, written


def rows_lines(
    proposal: ProposedRows, looked: LookedAt, agency: Agency, force: str | None, *, by_column: bool
) -> Iterator[str]:
    """Yield what is made of one file of an extract."""
    name, hints = proposal.file.name, vocabulary().files[proposal.file.name]
    yield f"      - rows_of: {name}"
    reference, case = hints.reference, proposal.of("case_ref")
    yield from _only(proposal, looked)
    several = [*_one_row_for(proposal, looked)]
    yield from several
    newest = hints.newest if several else ()
    yield from _asked(proposal, looked, newest, by_column=by_column)
    yield "        columns:"
    asked = {match.name for match in proposal.asked}
    for column in (column for column in proposal.file.columns if column.name not in asked):
        match = proposal.of(column.name)
        always = hints.always.get(column.name)
        if column.name == "force_code" and match is None and agency is Agency.POLICE:
            always = force
        if match and case and column.name == "suspect_ref":
            joined = {"from": [case.own[0], match.own[0]], "joined": "-"}
            yield commented(f"suspect_ref: {written(joined)}", "likely: a person may be suspected in several cases")
        elif match:
            yield commented(*_column(match, newest, by_column=by_column))
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


def _only(proposal: ProposedRows, looked: LookedAt) -> Iterator[str]:
    """Yield of which rows one is made: those of persons in certain roles, or those in which a column is filled."""
    name = proposal.file.name
    roles, only = roles_of(looked, name), proposal.of(vocabulary().files[name].only)
    if roles:
        yield f"        only: {{column: {quoted(role_column(looked, name) or '')}, is: {listing(roles)}}}"
    elif only:
        yield f"        only: {{column: {quoted(only.own[0])}, filled: yes}}"


def _one_row_for(proposal: ProposedRows, looked: LookedAt) -> Iterator[str]:
    """Yield what tells rows apart, and their order, where a case or a person has several."""
    person, case = proposal.of("suspect_ref"), proposal.of("case_ref") or proposal.of("urn")
    since = proposal.of("status_changed_on")
    if person and case and _repeats(looked, person):
        yield f"        one_row_for: {listing([case.own[0], person.own[0]])}      # it has several lines for a person"
        if since:
            yield f"        in_order_of: {quoted(since.own[0])}"
    elif case and proposal.file.name in {"cases.csv", "cps_cases.csv"} and _repeats(looked, case):
        yield f"        one_row_for: {quoted(case.own[0])}      # it has several lines for a case; in_order_of?"


def _repeats(looked: LookedAt, match: Match) -> bool:
    cells = [cell for cell in looked.cells(match.own[0]) if cell]
    return len(set(cells)) * 1.05 < len(cells)


def _asked(proposal: ProposedRows, looked: LookedAt, newest: Collection[str], *, by_column: bool) -> Iterator[str]:
    """Yield the questions, each with the lines among which somebody has to choose, and shapes of their cells."""
    if proposal.asked:
        yield "        ask:      # columns that fit alike: put the right line under columns, and take the question away"
    for match in proposal.asked:
        yield f"          {match.name}: {listing([choice.own[-1] for choice in match.choices])}"
        for choice in match.choices:
            line, why = _column(choice, newest, by_column=by_column)
            yield f"          #   {line.ljust(52)}  # {why}: {some_shapes(looked.cells(choice.own[-1]))}"


def _column(match: Match, newest: Collection[str], *, by_column: bool) -> tuple[str, str]:
    """Return the line of a column, and how sure it is."""
    recipe = recipe_of(match)
    if by_column and match.fit.recipe.get("days"):
        recipe["day"] = match.fit.recipe["days"]
    recipe |= {"when_empty": "pending"} if match.name == "status" else {}
    recipe |= {"take": "newest"} if match.name in newest else {}
    unknown = match.fit.recipe.get("unknown") or []
    shown = f"{match.fit.read} of {match.fit.filled} cells" if match.fit.filled else "its cells are empty"
    if match.fit.filled and match.fit.read == match.fit.filled == 1:
        shown = "1 cell"
    also = f"; not known: {', '.join(map(quoted, unknown))}" if unknown else ""
    plain = list(recipe) == ["from"]
    made = written(recipe["from"]) if plain else written(recipe)
    known = f", {match.known}" if match.known else ""
    return f"{match.name}: {made}", f"{match.sureness.value} ({shown}{also}){known}"


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
