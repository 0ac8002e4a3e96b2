"""The verdict on a round: what was not done, what is missing, what wants a look, and so its state."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from models.queries.intake.offence_codes import UnwatchedCases
from models.queries.intake.rejected_rows import RejectedOfStalking
from models.queries.intake.waiting_cases import WaitingLimit
from models.rules.rounds.telling import Finding
from tasks.intake.drop import DropCounts
from tasks.obligations.projection import ProjectionAccount
from tasks.outbox.sending import DeliveryCounts
from tasks.platform.text import number_of
from tasks.rounds import rejected_rows
from tasks.rounds.expected import FeedTrouble

RoundState = Literal["Completed", "Degraded", "Failed"]
_LISTED = 10  # sentences of a state's message


class ForceLine(NamedTuple):
    """The result of one force's round: its account and steps, or the opaque reason why it failed."""

    force_code: str
    account: ProjectionAccount | None = None
    chased: int = 0
    escalated: int = 0
    said: int = 0
    failure: str | None = None
    passed_over: str = ""  # obligations that could not be climbed; all others were

    @property
    def degraded(self) -> bool:
        """Return whether a person should look at it."""
        done = self.account is not None and not self.account.failed and self.account.balances
        return bool(self.failure or self.passed_over) or not done


class RoundContent(NamedTuple):
    """The content of one round's reports, frozen."""

    lines: tuple[ForceLine, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()  # of units that belong to no force: unit and opaque reason
    passed_over: tuple[tuple[str, str], ...] = ()  # by such a unit, which did all else: unit and references
    expected: tuple[str, ...] = ()  # force codes
    feeds: tuple[FeedTrouble, ...] = ()
    rejected: tuple[RejectedOfStalking, ...] = ()
    unwatched: tuple[UnwatchedCases, ...] = ()
    limits: tuple[WaitingLimit, ...] = ()
    only: str | None = None  # the one force of a partial round
    dropped: bool = False  # whether extracts come into a drop folder
    asked: str = ""  # what operations are asked about the clock
    intake: DropCounts | None = None
    delivered: DeliveryCounts | None = None


class RoundVerdict(NamedTuple):
    """Sentences about a round, without a full stop, worst first: counts, codes, sources and opaque reasons."""

    undone: tuple[Finding, ...]  # work that was begun and not done, by the keys of the auditor
    lacking: tuple[Finding, ...]  # what was not there to be worked on, the same
    looks: tuple[str, ...]  # what a person should look at; the work is done
    whole: str  # what is true where all three are empty

    @property
    def faults(self) -> tuple[Finding, ...]:
        """Return what was not done, and what was not there."""
        return (*self.undone, *self.lacking)

    @property
    def broken(self) -> tuple[str, ...]:
        """Return the sentences about work that was begun and not done."""
        return tuple(fault.sentence for fault in self.undone)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the sentences about what was not there to be worked on."""
        return tuple(fault.sentence for fault in self.lacking)

    @property
    def state(self) -> RoundState:
        """Return Failed if part of the day's work was not done, else Degraded if something wants a look."""
        if self.faults:
            return "Failed"
        return "Degraded" if self.looks else "Completed"

    @property
    def trouble(self) -> tuple[str, ...]:
        """Return every sentence, worst first."""
        return (*self.broken, *self.missing, *self.looks)

    @property
    def message(self) -> str:
        """Return the text of the run's state."""
        if not self.trouble:
            return self.whole
        head = "Not done" if self.state == "Failed" else "To look at"
        more = len(self.trouble) - _LISTED
        listed = [*self.trouble[:_LISTED], *(f"and {more} more: see the round's page" for _ in range(more > 0))]
        kept = ". What was done is kept" if self.state == "Failed" else ""
        return f"{head}: {'; '.join(listed)}{kept}"


def verdict(content: RoundContent) -> RoundVerdict:
    """Judge a round by its content."""
    return RoundVerdict(tuple(_broken(content)), tuple(_missing(content)), tuple(_looks(content)), _whole(content))


def _broken(content: RoundContent) -> Iterator[Finding]:
    for line in content.lines:
        code, account = line.force_code, line.account
        if line.failure:
            yield Finding(f"round:{code}", f"force {code} failed ({line.failure})")
        elif account and account.to_project and not account.looked_at:
            sentence = f"no case of force {code} could be evaluated ({account.to_project} to look at)"
            yield Finding(f"evaluated:{code}", sentence)
        if account and not account.balances:
            yield Finding(f"account:{code}", f"the account of force {code} does not balance")
    yield from (Finding("failed", f"{unit} failed ({failure})") for unit, failure in content.failures)


def _missing(content: RoundContent) -> Iterator[Finding]:
    looked_at = {line.force_code for line in content.lines}
    yield from (
        Finding(f"round:{code}", f"force {code} is expected, and no source has sent anything for it")
        for code in content.expected
        if code not in looked_at
    )
    if not any(line.failure or (line.account and line.account.to_project) for line in content.lines):
        yield Finding("failed" if content.expected else "forces", f"{_of(content)} has no case: {_way_in(content)}")
    yield from (feed.finding for feed in content.feeds)


def _of(content: RoundContent) -> str:
    return f"force {content.only}" if content.only else "the book"


def _way_in(content: RoundContent) -> str:
    if not content.dropped:
        return "set CASEBEAT_DROP to the folder into which extracts come, or load one by casebeat intake FOLDER"
    return "no extract with a case has come into the drop folder yet, so ask the sources"


def _looks(content: RoundContent) -> Iterator[str]:
    failed = sum(line.account.failed for line in content.lines if line.account)
    if content.asked:
        yield content.asked
    if failed:
        yield f"{number_of(failed, 'case')} could not be evaluated"
    yield from (f"force {line.force_code}: {line.passed_over}" for line in content.lines if line.passed_over)
    yield from (f"{unit}: {what}" for unit, what in content.passed_over)
    yield from map(rejected_rows.sentence, content.rejected)
    if content.intake and content.intake.unreadable:
        yield f"{number_of(content.intake.unreadable, 'extract')} of unknown source could not be read"
    if content.delivered and content.delivered.degraded:
        yield f"delivery: {content.delivered.sentence[:-1]}"


def _whole(content: RoundContent) -> str:
    open_cases = sum(line.account.open_cases for line in content.lines if line.account)
    if content.only:
        return f"Force {content.only} alone: every open case was looked at ({open_cases}), with every feed in"
    forces = number_of(len(content.expected), "force")
    return f"Every open case was looked at: {number_of(open_cases, 'case')} of {forces}, with every feed in"
