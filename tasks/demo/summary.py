"""The printed summary of the demo, in terms that a SPOC lead uses."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from models.queries.demo import ReviewTotals
from models.rules.arithmetic import format_day
from models.rules.obligations.coverage import Coverage, Seen
from models.rules.obligations.rulebook import RULES
from tasks.demo.figures import LONGEST_SUBJECT, MailFigures
from tasks.demo.joining import joins_on
from tasks.demo.lookups import Evening

_TEAMS_NAMED = 2
_NAMED = 3  # examples, the first of their file


def summary(evenings: Sequence[Evening], reviews: ReviewTotals, mails: MailFigures) -> Iterator[str]:
    """Yield the summary's lines: stalled cases by week, joint reviews, mails' figures, the worst case."""
    first, last = evenings[0], evenings[-1]
    dates = f"{format_day(first.day)} to {format_day(last.day)}"
    yield f"Surrey (force 45) with CPS South East and London South, {dates}, all made up."
    yield f"Gloucestershire (force 53) joins on {format_day(joins_on(first.day))}; the rest is of Surrey."
    yield f"{last.open_cases} open cases, read afresh from {len(evenings)} nights of extracts."
    yield ""
    yield "Stalled cases"
    yield from _week_by_week(evenings)
    yield from _by_team(first, last)
    yield ""
    yield "Joint reviews"
    yield from _reviews(reviews)
    yield ""
    yield "Mails"
    yield from _mails(mails)
    yield ""
    yield from _worst(last)


def unseen(coverages: Iterable[Coverage]) -> Iterator[str]:
    """Yield the lines that name each column that a source lacks, with the duties that cannot be seen without it."""
    yield "What cannot be seen"
    for coverage in coverages:
        if coverage.seen is not Seen.SEEN:
            columns = " and ".join(f"{column.name} in {column.file}" for column in coverage.lacking)
            yield f"  {coverage.source} sends no {columns}: {RULES[coverage.rule].title} ({coverage.seen})"


def where_to_look(home: Path, pages: Path, last: Evening, command: str) -> Iterator[str]:
    """Yield the lines that name the files to open and the commands to run next."""
    yield "Where to look"
    yield f"  every mail, as its reader saw it: {pages}"
    yield f"  the extracts that were loaded:    {home / 'extracts'}"
    yield f"  rows refused, with the reasons:   {home / 'rejected'}"
    yield f"  a case for each thing to notice:  {home / 'examples.txt'}; three of them:"
    yield from (f"    {line}" for line in (home / "examples.txt").read_text("utf-8").splitlines()[:_NAMED])
    if last.stalled:
        worst = last.stalled[0]
        asked = f"explain {worst.force_code}/{worst.case_ref} --as-of {last.day}"
        yield f"  why that case owes what it owes:  CASEBEAT_HOME='{home}' CASEBEAT_CLOCK=virtual {command} {asked}"
    yield f"  the rounds in the Prefect UI:     {command} demo --show --home '{home}'"


def _week_by_week(evenings: Sequence[Evening]) -> Iterator[str]:
    marks = [*evenings[::7], *([evenings[-1]] if (len(evenings) - 1) % 7 else [])]
    before: Evening | None = None
    for mark in marks:
        moved = ""
        if before is not None:
            cleared, new = len(before.refs - mark.refs), len(mark.refs - before.refs)
            moved = f"   {cleared} cleared and {new} new since {before.day:%A}, {_direction(before, mark)}"
        yield f"  {format_day(mark.day):<16} {len(mark.stalled):>4}{moved}"
        before = mark


def _direction(before: Evening, now: Evening) -> str:
    if len(now.stalled) == len(before.stalled):
        return "level"
    return "falling" if len(now.stalled) < len(before.stalled) else "rising"


def _by_team(first: Evening, last: Evening) -> Iterator[str]:
    then = Counter(case.supervisor_ref or "nobody" for case in first.stalled)
    now = Counter(case.supervisor_ref or "nobody" for case in last.stalled)
    moves = sorted((now[team] - then[team], team) for team in {*then, *now})
    for trend, chosen in (("falling", moves[:_TEAMS_NAMED]), ("rising", moves[::-1][:_TEAMS_NAMED])):
        named = [(move, team) for move, team in chosen if move and (move < 0) == (trend == "falling")]
        if named:
            teams = ", ".join(f"{team} ({then[team]} then, {now[team]} now)" for _, team in named)
            yield f"  {trend} most for the teams of {teams}"


def _reviews(totals: ReviewTotals) -> Iterator[str]:
    failed, sat = totals.one_side + totals.not_held, f"{totals.sittings} sitting{'' if totals.sittings == 1 else 's'}"
    yield (
        f"  {sat} had {totals.cases} cases before them: {totals.quorate} reviews count, {failed} do not "
        f"({totals.one_side} held by one side alone, {totals.not_held} not reached)"
    )
    yield f"  of {totals.unrecorded} nobody said in time what came of it: they sit again"
    yield f"  {totals.brought_forward} were brought forward by a new incident, a breach or a higher risk"
    yield f"  {totals.late} of those to come sit after their due day"
    yield f"  {totals.invitations} invitations and changes of them, {totals.agendas} agendas mailed"


def _mails(figures: MailFigures) -> Iterator[str]:
    for role in figures.roles:
        yield (
            f"  {role.people:<15}{role.mean:4.1f} a person and working day, {role.median:.0f} on a median one, "
            f"at most {role.most}"
        )
    yield (
        f"  words of a letter, without its attachments: {figures.median_words:.0f} in a median one, at most "
        f"{figures.most_words}; at most {figures.most_words_without_limit} without a time limit or an order in it"
    )
    yield f"  times that two mails left together for one person, invitations aside: {figures.together}"
    yield f"  subjects over {LONGEST_SUBJECT} characters: {figures.long_subjects} of {figures.mails}"


def _worst(last: Evening) -> Iterator[str]:
    if not last.stalled:
        yield "No case is stalled."
        return
    worst = last.stalled[0]
    days = (last.day - worst.since).days
    what = "one duty" if worst.obligations == 1 else f"{worst.obligations} duties"
    yield (
        f"The worst: {worst.force_code}/{worst.case_ref}, stalled since {format_day(worst.since)} ({days} days), "
        f"with {what} critically overdue; supervisor {worst.supervisor_ref or 'not recorded'}."
    )
