"""Recording of what came of a meeting, as a reply says in one line a case."""

from collections.abc import Mapping, Sequence

from config.replies import Answered
from config.sittings import ReviewDecision
from models.errors import Refuse
from models.queries.replies.replies import ReplyOutcome
from models.queries.reviews import recorded_outcomes
from models.queries.reviews.recorded_outcomes import SittingCaseRow
from models.rules.people.directory import Directory
from models.rules.references import CaseReference, SittingCaseReference
from models.rules.replies.outcome_lines import OutcomeLine, SaidAction, SaidOutcome, Unread, outcome_lines
from models.rules.reviews.record_review import NewAction, ReviewReport
from tasks.obligations.unknown_case import may_know
from tasks.platform.directory import directory_on
from tasks.replies.reply import UNKNOWN, HandledReply
from tasks.reviews.record_review import record_in_hand

NO_LINE = (
    "No line of it says what came of a case. Write after each, as FORCE/CASE: held, continue. "
    "Or: police only, CPS only, not held, not reached. Nothing was done."
)
ACTION = "new action: KIND, OWNER_REF, DD/MM/YYYY, as new action: CCTV, P45of1, 24/03/2026"
UNREAD: Mapping[Unread, str] = {
    Unread.WORDS: "its words are not understood: held, police only, CPS only, not held or not reached comes first, "
    "then between commas what was decided. Nothing of it was recorded.",
    Unread.SEVERAL: "it has lines that say different things. Nothing of it was recorded.",
    Unread.ACTION: f"a new action below it could not be read. Write, a line each, {ACTION}. Nothing of it was "
    "recorded.",
    Unread.NO_OUTCOME: "new actions stand below it, and nothing says what came of it. Write that after it, as held, "
    "further actions. Nothing of it was recorded.",
    Unread.NO_CASE: "A new action stands above every case, so that nobody can tell whose it is. Write it below the "
    "line of its case.",
}
UNASKED = f"further actions need at least one: write below it, a line each, {ACTION}. Nothing of it was recorded."
NO_OWNER = (
    "whoever is to do a new action is nobody that is known here: write their reference, as P45of1. Nothing of it was "
    "recorded."
)


def record(reply: HandledReply, sitting_id: int) -> ReplyOutcome:
    """Record the outcome of each case that a line of the reply tells; a refused line is answered by its reason.

    A line left blank records nothing. Raises Refuse, before writing, if no line is recorded.
    """
    sitting = recorded_outcomes.sitting_cases(reply.connection, sitting_id)
    if not sitting:
        raise Refuse(UNKNOWN)
    people = directory_on(reply.configuration, reply.connection, reply.today)
    cases = {f"{case.force_code}/{case.case_ref}".lower(): case for case in sitting}
    said, recorded = [], False
    for line in outcome_lines(reply.mail.text, reply.mail.received_on):
        if not line.blank:
            try:
                said.append(_record(reply, line, cases.get(line.case), people))
                recorded = True
            except Refuse as refused:  # always raised before anything is written
                said.append(f"{line.case.upper()}: {refused}" if line.case else str(refused))
    wanting = _wanting(reply, sitting_id, people)
    if not recorded:
        raise Refuse(" ".join([*(said or [NO_LINE]), *wanting]))
    return ReplyOutcome(Answered.RECORDED, because=" ".join([*said, *wanting]))


def _record(reply: HandledReply, line: OutcomeLine, case: SittingCaseRow | None, people: Directory) -> str:
    if line.unread is Unread.NO_CASE:
        raise Refuse(UNREAD[line.unread])
    if case is None:
        raise Refuse("it is not before this meeting.")
    if line.unread is not None or line.said is None:
        raise Refuse(UNREAD[line.unread or Unread.WORDS])
    named = SittingCaseReference(case.ref, CaseReference(case.force_code, case.case_ref))
    return record_in_hand(reply.in_hand, named, _report(reply.by, line.said, people)).sentence


def _report(by: str, said: SaidOutcome, people: Directory) -> ReviewReport:
    """Return what a person's line reports. Raises Refuse if its actions are not whole."""
    if ReviewDecision.FURTHER_ACTIONS in said.decisions and not said.actions:
        raise Refuse(UNASKED)
    actions = frozenset(_action(action, people) for action in said.actions)
    return ReviewReport(by=by, **(said._asdict() | {"actions": actions}))


def _action(said: SaidAction, people: Directory) -> NewAction:
    """Return an action with its owner's reference as it is known, whatever its case."""
    owners = [ref for ref in people.people if ref.lower() == said.owner_ref]
    if len(owners) != 1:  # what was typed is not repeated: it may be anybody's name
        raise Refuse(NO_OWNER)
    return NewAction(said.kind, owners[0], said.due_on)


def _wanting(reply: HandledReply, sitting_id: int, people: Directory) -> Sequence[str]:
    """Say which cases of the meeting, of those of which the writer may know, have no outcome yet."""
    found = []
    for case in recorded_outcomes.sitting_cases(reply.connection, sitting_id):
        named = CaseReference(case.force_code, case.case_ref)
        if not case.recorded and may_know(reply.connection, people, named, reply.by):
            found.append(str(named))
    return [f"Still without an outcome: {', '.join(found)}."] if found else []
