"""A small force, made of the demo's examples and some of its ordinary cases, whose people work from day to day."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from config.terms import ActionStatus
from flows.demo import START
from models.queries.demo import CaseToMove
from tasks.demo.answering import Answerers
from tasks.demo.book import DemoState, write_book
from tasks.demo.diary import ForceBook, Pace
from tasks.demo.extracts import CPS, write_extracts
from tasks.demo.lookups import before_sittings, notified_on, replied_on, to_move
from tasks.demo.reports import DemoCompletion, DemoReport, DemoReview
from tasks.demo.rows import FORCE, CaseFile
from tasks.demo.workday import work_day

SEED, DRAWN, EACH = 7, 62, 31  # of the ordinary cases that are drawn, one in thirty-one stays
PACE = Pace(cases=-1, ended=-1, incidents=0, referrals=1)
SILENT = (date(2026, 4, 4), date(2026, 4, 5))  # South East sends nothing on the next mornings, of Easter
MISSES = (date(2026, 3, 24), date(2026, 3, 25), date(2026, 3, 26))
HISTORY = 2  # rows of each kind that a case keeps from before its first extract
IN_SLACK = re.compile(r"[0-5]$|SPOC")
_LIVE = {ActionStatus.PENDING, ActionStatus.WAITING_THIRD_PARTY}


class Force:
    """The demo's force with few cases, and what its people do."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._state, _ = write_book(home / "drop", START, SEED, cases=DRAWN)
        _keep_few(self._state)
        self._write(START)
        self.missed: Counter[str] = Counter()  # cases, by how often their review was not reached
        self._answerers = Answerers(home / "mail", self.book.people, START, SEED)

    @property
    def book(self) -> ForceBook:
        """The cases and people of the force."""
        return self._state.book

    def answer(self, day: date) -> bool:
        """Let people answer their mails; return whether anybody did."""
        return bool(self._answerers.answer(day))

    def work(self, day: date) -> list[list[str]]:
        """Let people work for a day, write the extracts of the next morning, and return the commands that they use."""
        there = set(self.book.cases)
        replied = sorted(replied_on(day), key=lambda one: (one.case_ref, one.rule, one.subject))
        before = [one for one in sorted(before_sittings(day)) if one.case_ref in there]  # not those of another force
        before = [one for number, one in enumerate(before) if not self._misses(one.case_ref, day, number)]
        work_day(self.book, day, sorted(notified_on(day)), before, replied)
        for ref in self.book.cases.keys() - there:
            _shorten(self.book.cases[ref], set())
        self._write(self.book.today)
        return [_command(each) for each in (*self.book.reports, *(to_move(day) if day == START else ()))]

    def _misses(self, case_ref: str, day: date, number: int) -> bool:
        """Return whether a case is not reached at its sitting: the first of some days, twice."""
        if (day in MISSES and number == 0 and not self.missed[case_ref]) or self.missed[case_ref] == 1:
            self.missed[case_ref] += 1
            return True
        return False

    def _write(self, day: date) -> None:
        shutil.rmtree(self._home / "drop")
        silent = CPS if self.book.yesterday in SILENT else ""
        for folder in write_extracts(self.book, self._home / "drop", day, self._state.faults, silent=silent):
            _put_into_slack(folder / "contacts.csv")


def user_of(ref: str) -> str:
    """Return a contact's name in Slack."""
    return f"U0{ref.replace('-', '')}"


def _put_into_slack(contacts: Path) -> None:
    """Add the column of Slack's users: some people are there, each by a name made of their reference."""
    lines = contacts.read_text("utf-8").splitlines()
    refs = (line.partition(",")[0] for line in lines)
    users = [user_of(ref) if IN_SLACK.search(ref) else "" for ref in refs]
    rows = (f"{line},{user}" for line, user in zip(lines[1:], users[1:], strict=True))
    contacts.write_text("\n".join([f"{lines[0]},slack_user_id", *rows]) + "\n", "utf-8")


def _keep_few(state: DemoState) -> None:
    book = state.book
    named = {fault.ref for fault in state.faults} | set(book.examples.values())
    book.cases = {
        ref: file for number, (ref, file) in enumerate(book.cases.items())
        if ref in named or file.case.restricted or file.pleas or number % EACH == 0
    }  # fmt: skip
    for file in book.cases.values():
        _shorten(file, named)
    book.diary = {deed: on for deed, on in book.diary.items() if deed.case_ref in book.cases}
    book.pace = PACE


def _shorten(file: CaseFile, named: set[str]) -> None:
    """Forget most of a case's history; rows with a fault stay."""
    done = [one for one in file.actions if one.status not in _LIVE]
    kept = {one.action_ref for one in done[-HISTORY:]} | named
    file.actions = [one for one in file.actions if one.status in _LIVE or one.action_ref in kept]
    recent = {one.incident_ref for one in file.incidents[-HISTORY:]} | named
    file.incidents = [one for one in file.incidents if one.incident_ref in recent]


def _command(report: DemoReport) -> list[str]:
    """Return the command by which a person reports what they did."""
    case = f"{FORCE}/{report.case_ref}"
    match report:
        case CaseToMove():
            return ["convene", case, "--by", report.supervisor_ref, "--sitting", report.sitting_ref]
        case DemoCompletion():
            return ["complete-action", case, report.action_ref, "--by", report.by, "--on", report.on.isoformat()]
        case DemoReview():
            return ["record-review", report.sitting_ref, case, *_outcome(report)]


def _outcome(one: DemoReview) -> Iterator[str]:
    """Yield the options of the command that records a review."""
    said = one.report
    yield from ("--by", said.by, "--held" if said.held else "--not-held")
    if said.held:
        yield from ("--police" if said.police else "--no-police", "--cps" if said.cps else "--no-cps")
    for decision in sorted(said.decisions):
        yield from ("--decision", decision.value)
    for action in sorted(said.actions):
        yield from ("--action", f"{action.kind},{action.owner_ref},{action.due_on}")
    for option, value in (("--pattern", said.pattern), ("--enquiries", said.enquiries)):
        yield from (option, value.value) if value else ()
