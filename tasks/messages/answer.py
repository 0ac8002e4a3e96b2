"""Answers to replies, from the recorded result and the current state of the database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from sqlalchemy import Connection

from config.doors import ActKind
from config.message_kinds import MessageKind
from config.replies import Answered
from config.terms import Addressee, StepOutcome
from models.queries.obligations import obligation_views
from models.queries.obligations.obligation_views import NotificationView, ObligationView, Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.people.parties import parties
from models.queries.replies import replies
from models.queries.replies.replies import RecordedAnswer
from models.rules.access import NOBODYS, Permission, authority
from models.rules.people.knowing import hears, open_to
from models.rules.people.readdressing import BARRED
from models.rules.references import CaseReference
from tasks.messages import reply_links
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.contexts import (
    DeskContext,
    FollowingStep,
    ItemGroup,
    NamedPerson,
    ObligationItem,
    SituationCounts,
    TriedStep,
)
from tasks.messages.itemising import grouped, item, ordered, situation
from tasks.messages.kind import Kind
from tasks.messages.letter import listing
from tasks.messages.offers import Offers
from tasks.messages.readers import closed_to, of_desk
from tasks.messages.samples import written
from tasks.obligations.explain import explain_to_reader
from tasks.obligations.leading_spocs import ExplainedLead
from tasks.obligations.obligation_history import subject_of
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on
from tasks.platform.text import one_line


@dataclass(frozen=True, kw_only=True)
class AnsweredLead(NamedPerson):
    """The SPOC who leads for an agency, and where they are named; without a reference, nobody does."""

    agency: str
    named: str
    away: bool


@dataclass(frozen=True, kw_only=True)
class ShownObligation:
    """The explanation of a live obligation for a reader: references only, without the reason of a promise."""

    leads: tuple[AnsweredLead, ...]
    sum: str
    warning: str  # what the sum could not take into account; empty if there is nothing
    said: tuple[TriedStep, ...]
    coming: tuple[FollowingStep, ...]


@dataclass(frozen=True, kw_only=True)
class AnswerContext(DeskContext):
    """An answer to a reply. For a status request it lists all live obligations that the writer was notified of."""

    answered: Answered
    on: date | None  # promised until, or done on
    because: str  # if refused, a sentence; if unclear, a key of names.unclear
    restricted: int  # 1 if this reader may not see the case
    item: ObligationItem | None  # the obligation that the reply is about
    shown: ShownObligation | None  # of one that is to be shown: how its day was reached, and what comes next
    counts: SituationCounts
    groups: tuple[ItemGroup, ...]
    more: int
    listed: tuple[ObligationItem, ...]  # everything, for the attached list
    reply: str = ""  # the link that asks for the status; empty if replies are not read

    @property
    def cut_short(self) -> bool:
        """Return whether items are left out, so that the full list is attached."""
        return bool(self.more)

    @property
    def reference(self) -> str:
        """The case that it is about, if it is about one."""
        return self.item.reference if self.item else ""


class AnswerBatch:
    """The data that a batch of answers needs, read in two statements, and the explanation of each case to be shown."""

    def __init__(self, connection: Connection, messages: Sequence[ClaimedMessage], world: MessageBatch) -> None:
        self._connection = connection
        asked = {message.id: message.contact_ref or "" for message in messages}
        self._recorded = replies.answers(connection, list(asked))
        wanting = [asked[id_] for id_, answer in self._recorded.items() if answer.answered is Answered.STANDING]
        self._open = _still_theirs(connection, world, wanting) if wanting else {}
        about = (answer.told for answer in self._recorded.values() if answer.told)
        self._offers = world.offers_about(chain(about, *self._open.values()))

    def compose(self, message: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
        """Compose one answer. Nothing of it is silenced, since its reader waits for it.

        Only who was barred from the case since they wrote gets none.
        """
        reader, answer = world.reader(message), self._recorded[message.id]
        if reader is not None and answer.told is not None and not hears(reader, answer.told.matter):
            return ComposedMessage(message, reader, None, {}, BARRED)
        still_owed = self._open.get(message.contact_ref or "", []) if answer.answered is Answered.STANDING else []
        context = _answer(world.configuration, answer, still_owed, reader, world.today, self._offers)
        if context.item is not None and answer.told is not None and answer.answered is Answered.SHOWN:
            context = replace(
                context, shown=_shown(world.configuration, self._connection, answer.told.matter, world.today)
            )
        return ComposedMessage(message, reader, context, {}, in_reply_to=answer.in_reply_to)


def _still_theirs(
    connection: Connection, world: MessageBatch, contact_refs: Sequence[str]
) -> dict[str, list[NotificationView]]:
    """Return what each of these people was told of that is still owed, without what concerns them no more.

    A restricted case without access is among it: it is counted, and not named.
    """
    told = obligation_views.still_open(connection, contact_refs)
    matters = parties(connection, [view.matter.obligation_id for views in told.values() for view in views])
    people = directory_on(world.configuration, connection, world.today)

    def concerns(ref: str, view: NotificationView) -> bool:
        matter = matters.get(view.matter.obligation_id, NOBODYS)._replace(restricted=False)
        return authority(ActKind.LOOK, matter, ref, people) is Permission.MAY

    return {ref: [view for view in views if concerns(ref, view)] for ref, views in told.items()}


def _answer(
    configuration: Configuration,
    answer: RecordedAnswer,
    still_owed: Sequence[NotificationView],
    reader: Reader | None,
    today: date,
    offers: Offers,
) -> AnswerContext:
    found = [notification.matter for notification in still_owed]
    items = ordered(
        item(configuration, notification, reader, today, offers.of(notification, reader))
        for notification in still_owed
        if open_to(reader, notification.matter)
    )
    shown = items[: configuration.policy.letter.longest.listed]
    about = answer.told if answer.told and open_to(reader, answer.told.matter) else None
    hidden = answer.told is not None and about is None
    return AnswerContext(
        **of_desk(reader, today, configuration.settings.mail.operations),
        answered=answer.answered,
        on=answer.on if not hidden or answer.answered is Answered.PROMISED else None,  # others are days of its records
        because=answer.because if not hidden or answer.answered in {Answered.UNCLEAR, Answered.PASSED_ON} else "",
        restricted=int(hidden),
        item=item(configuration, about, reader, today, offers.of(about, reader)) if about else None,
        shown=None,
        counts=situation(
            [obligation for obligation in found if open_to(reader, obligation)], len(closed_to(reader, found)), today
        ),
        groups=grouped(shown, items),
        more=len(items) - len(shown),
        listed=tuple(items),
        reply=reply_links.for_standing(configuration, reader, today),
    )


def _shown(
    configuration: Configuration, connection: Connection, matter: ObligationView, today: date
) -> ShownObligation | None:
    """Explain a live obligation; None once it has ended. The reason of a promise is left out."""
    case = CaseReference(matter.force_code or "", matter.case_ref or "")
    asked = (matter.rule, subject_of(matter.subject))
    explained = explain_to_reader(configuration, connection, case, today)
    obligation = (
        next((obligation for obligation in explained.owed if (obligation.rule, obligation.subject) == asked), None)
        if explained
        else None
    )
    if explained is None or obligation is None:
        return None
    return ShownObligation(
        leads=_leads(connection, explained.leads, today),
        sum=obligation.sum,
        warning=obligation.warning,
        said=tuple(
            TriedStep(step=step.step, on=step.on) for step in obligation.steps if step.outcome == StepOutcome.TAKEN
        ),
        coming=tuple(
            FollowingStep(step=step.step, on=step.on, to=tuple(Addressee(to) for to in step.to))
            for step in obligation.coming
        ),
    )


def _leads(connection: Connection, found: Sequence[ExplainedLead], today: date) -> tuple[AnsweredLead, ...]:
    known = obligation_views.readers(connection, [lead.contact_ref for lead in found if lead.contact_ref], today)
    return tuple(_lead(lead, known.get(lead.contact_ref or "")) for lead in found)


def _lead(lead: ExplainedLead, person: Reader | None) -> AnsweredLead:
    return AnsweredLead(
        ref=one_line(lead.contact_ref or ""),
        name=one_line(person.name) if person else "",
        email=person.email if person else "",
        agency=lead.agency,
        named=lead.named,
        away=lead.away,
    )


def samples() -> dict[str, AnswerContext]:
    """Return a made-up answer of each kind, and those that are written besides."""
    answers = written(MessageKind.ANSWER, AnswerContext)
    promised = answers["answer-promised"]
    every = {f"answer-{answered.replace(' ', '-')}": replace(promised, answered=answered) for answered in Answered}
    return every | answers


KIND = Kind(
    name=MessageKind.ANSWER,
    about="what became of a reply, to its writer",
    context=AnswerContext,
    samples=samples,
    composing=AnswerBatch,
    filed="answers",
    answers=True,
    attached=listing.attached,
)
