"""Made-up messages, for previews and for tests of the templates. No reference belongs to a real case."""

from dataclasses import replace
from datetime import UTC, date, datetime

from config.message_kinds import MessageKind
from config.replies import Answered
from config.terms import Addressee
from tasks.messages.act.samples import ACTS
from tasks.messages.agenda.samples import AGENDAS
from tasks.messages.answer.contexts import AnswerContext, ShownObligation
from tasks.messages.capacity.samples import LACKINGS
from tasks.messages.contexts import FollowingStep, OperationsContext, SituationCounts, TriedStep
from tasks.messages.correction.samples import CORRECTIONS
from tasks.messages.failed_review.samples import UNHELDS
from tasks.messages.invitation.samples import INVITATIONS
from tasks.messages.itemising import grouped
from tasks.messages.kinds import MessageContext
from tasks.messages.letter.samples import LETTERS, REPLY, STATUS
from tasks.messages.sample_items import ACTION, DAY, DECISION
from tasks.messages.transfer.samples import TRANSFERS
from tasks.obligations.leading_spocs import ExplainedLead

ROUND = OperationsContext(
    day=DAY, at=datetime(2026, 3, 16, 6, 12, tzinfo=UTC),
    headline="412 of 412 open cases evaluated, 0 failed, 0 steps due",
    lines=("force 45: 212 open, 9 evaluated, 203 unchanged", "force 46: 200 open, 0 evaluated, 200 unchanged"),
)  # fmt: skip
_ITEMS = (ACTION, DECISION)
ANSWER = AnswerContext(
    day=DAY, reader="officer", asks="police", answered=Answered.PROMISED, on=date(2026, 3, 20), because="nothing",
    restricted=0, reply=STATUS, item=replace(ACTION, reply=REPLY), shown=None, groups=grouped(_ITEMS, _ITEMS), more=2,
    counts=SituationCounts(overdue=2, soon=1), listed=_ITEMS,
)  # fmt: skip
SHOWN = ShownObligation(
    leads=(
        ExplainedLead(agency="police", contact_ref="P45sp1", named="panel", away=False),
        ExplainedLead(agency="cps", contact_ref=None, named="", away=False),
    ),
    sum="raised Thu 26 Feb 2026 + 14 days = Thu 12 Mar 2026", warning="",
    said=(TriedStep(step="reminder", on=date(2026, 3, 9)), TriedStep(step="overdue", on=date(2026, 3, 13))),
    coming=(
        FollowingStep(step="critical", on=date(2026, 3, 19), to=(
            Addressee.OWNER, Addressee.SUPERVISOR, Addressee.SPOC,
        )),
        FollowingStep(step="unresolved", on=date(2026, 3, 26), to=(Addressee.OWNER, Addressee.LEAD)),
    ),
)  # fmt: skip
SAMPLES: dict[str, tuple[MessageKind, MessageContext]] = {
    **{f"answer-{one.replace(' ', '-')}": (MessageKind.ANSWER, replace(ANSWER, answered=one)) for one in Answered},
    "answer-taken-back": (MessageKind.ANSWER, replace(ANSWER, answered=Answered.TAKEN_BACK, because="")),
    "answer-shown": (MessageKind.ANSWER, replace(ANSWER, answered=Answered.SHOWN, on=None, shown=SHOWN)),
    **LETTERS,
    "operations": (MessageKind.OPERATIONS, ROUND),
    **INVITATIONS,
    **AGENDAS,
    **UNHELDS, **LACKINGS, **CORRECTIONS, **TRANSFERS, **ACTS,
}  # fmt: skip
