"""Applying one mailed reply in one transaction: claim it once, evaluate it, act, record the result, queue an answer."""

from collections.abc import Sequence
from datetime import date, datetime

from config.days.duration import Duration, Unit
from config.doors import ActKind
from config.ladders import Step
from config.message_kinds import MessageKind
from config.replies import Answered
from config.terms import EndReason, Verb
from models.errors import Refuse
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.obligations import acknowledgements
from models.queries.obligations.acknowledgements import LiveObligation
from models.queries.outbox import digests
from models.queries.people.parties import parties
from models.queries.replies import arriving, replies
from models.queries.replies.replies import HandOver, RepliedVersion, ReplyIdentity, ReplyOutcome
from models.rules.access import NOBODYS
from models.rules.obligations.acknowledgement import AcknowledgementRequest
from models.rules.obligations.completion import CompletionReport
from models.rules.obligations.rulebook import RULES
from models.rules.people.readdressing import next_after
from models.rules.references import ActionReference, CaseReference
from models.rules.replies.answerable import ReplyMatter, does
from models.rules.replies.meaning import Intent, Meaning, meaning
from tasks.obligations.acknowledge import promise
from tasks.obligations.complete_action import complete
from tasks.obligations.confirm_risk import confirm
from tasks.platform import faults
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on
from tasks.platform.tokens import Key, Purpose
from tasks.replies import recording, taking_back
from tasks.replies.incoming import IncomingMail
from tasks.replies.outcomes import MailOutcome
from tasks.replies.proof import OpenedKeys, answers_ours, open_keys
from tasks.replies.reply import HandledReply
from tasks.servers.database import transaction

OPERATIONS_ALONE = "operations alone"  # are told, where nobody is left to whom it could go
KNOWN_ALREADY = "known already"  # to whoever is next
_ROLL = Duration(0, Unit.WORKING_DAYS)  # the day itself, or the next working day
REASON = "by a reply to the mail"  # the reply's text is not stored


def apply_reply(configuration: Configuration, mail: IncomingMail, today: date, at: datetime) -> Answered | MailOutcome:
    """Do what a mail asks, exactly once, and queue its answer. A concurrent reader finds it done.

    A mail that proves nothing gets no answer: its From line may be forged, and the answer would go to whom it names.
    """
    with transaction() as connection:
        senders = arriving.contacts_at(connection, [mail.sender], today).get(mail.sender, [])
        if mail.automatic or not senders:
            return MailOutcome.AUTOMATIC if mail.automatic else MailOutcome.STRANGER
        keys = open_keys(mail.keys, today)
        if not keys.ours and not answers_ours(connection, mail.answers, senders, today):
            return MailOutcome.KEYLESS
        identity = ReplyIdentity(mail.identity, mail.identity_before, mail.received_on)
        claimed = replies.claim(connection, identity, today, at)
        if claimed is None:
            return MailOutcome.AGAIN
        reply = HandledReply(configuration, connection, mail, senders, today, at)
        try:
            outcome = act_on(reply, keys)
        except Refuse as refused:  # always raised before anything is written
            outcome = ReplyOutcome(Answered.REFUSED, because=str(refused))
        _answer(reply, claimed, outcome._replace(obligation_id=reply.about))
    return outcome.answered


def _answer(reply: HandledReply, claimed: int, outcome: ReplyOutcome) -> None:
    """Record the outcome, and queue its answer."""
    most = reply.configuration.policy.replies.most_per_person_per_day
    replies.record(reply.connection, claimed, reply.by, outcome, reply.mail.message_id)
    replies.answer(
        reply.connection, claimed, f"answer:{reply.mail.identity[:32]}", reply.configuration.settings.main.channel, most
    )
    audit.record(reply.connection, audit_entry(reply, claimed, outcome))


def act_on(reply: HandledReply, keys: OpenedKeys) -> ReplyOutcome:
    """Do what a reply asks, in its transaction. Raises Refuse, before writing, with the reason against it."""
    means = meaning(reply.mail.text, reply.mail.received_on)
    key = _key(reply, keys, means)
    if key.person_ref not in reply.senders:
        raise Refuse(
            "The message it answers was written to somebody else, and only they can answer it. Nothing was done."
        )
    reply.by = key.person_ref
    if means.what is Intent.STATUS:
        return ReplyOutcome(Answered.STANDING)
    if key.purpose is not Purpose.REPLY:
        records = key.purpose is Purpose.OUTCOME
        return recording.record(reply, key.row_id) if records else taking_back.act(reply, key.row_id, means)
    if key.row_id and means.what is Intent.UNDO:
        return taking_back.matter(reply, key.row_id)
    if key.row_id:
        reply.check(_ASKED[means.what], parties(reply.connection, [key.row_id]).get(key.row_id, NOBODYS))
        reply.about = key.row_id
    if means.what is Intent.UNCLEAR:
        return ReplyOutcome(Answered.UNCLEAR, because=str(means.unclear))
    if not key.row_id:
        raise Refuse("It does not say which item it answers: use the link beside that item. Nothing was done.")
    if means.what is Intent.SHOW:
        reply.about = replies.carried_on(reply.connection, key.row_id) or key.row_id
        return ReplyOutcome(Answered.SHOWN)
    return _DEEDS[means.what](reply, _live(reply, key.row_id), means)


def _key(reply: HandledReply, keys: OpenedKeys, means: Meaning) -> Key:
    """Return the one key that the mail answers. Raises Refuse if there is none or it is ambiguous."""
    own = {key for key in keys.good if key.person_ref in reply.senders} or keys.good  # quoted text may hold others'
    items = {key._replace(expires_on=date.max) for key in own if key.row_id}
    if own and (means.what is Intent.STATUS or not items):
        return min(own)
    if len(items) == 1:
        return items.pop()
    if items:
        raise Refuse("It does not say which of the items it answers: use the link beside that item. Nothing was done.")
    raise keys.refused or Refuse(
        "It holds no key, so that nobody can tell what it answers: use the link beside an item. Nothing was done."
    )


def _live(reply: HandledReply, obligation_id: int) -> LiveObligation:
    obligation = acknowledgements.live_version(reply.connection, obligation_id)
    if obligation is not None:
        return obligation
    version = replies.version(reply.connection, obligation_id)
    if version is not None and version.end_reason is EndReason.MOVED:
        reply.about = replies.carried_on(reply.connection, obligation_id) or obligation_id
        raise Refuse("Its day has moved since it was said: answer with a newer link. Nothing was done.")
    if version is not None and version.end_reason is EndReason.RENEWED:
        reply.about = replies.carried_on(reply.connection, obligation_id) or obligation_id
        raise Refuse("Something more says danger since it was said: answer with a newer link. Nothing was done.")
    if version is not None and version.end_reason is EndReason.VOID:
        reply.about = replies.carried_on(reply.connection, obligation_id) or obligation_id
        raise Refuse("What it tells was taken back, and does not count: await the next letter. Nothing was done.")
    raise Refuse("It is owed no more, so that there is nothing to answer. Nothing was done.")


def _promised(reply: HandledReply, obligation: LiveObligation, means: Meaning) -> ReplyOutcome:
    wish = AcknowledgementRequest(reply.by, means.on or reply.today)
    result = promise(reply.configuration, reply.connection, obligation, wish, reply.act, REASON, reply.today, reply.at)
    return ReplyOutcome(Answered.PROMISED, result.until_on)


def _done(reply: HandledReply, obligation: LiveObligation, means: Meaning) -> ReplyOutcome:
    """Complete an action that its owner reports as done; any other obligation ends only with its rule's fact."""
    if RULES[obligation.rule].confirmed:
        return _confirmed(reply, obligation, means)
    version, (kind, _, ref) = replies.version(reply.connection, obligation.id), obligation.subject.partition(":")
    if version is None or kind != "action":
        return ReplyOutcome(Answered.ENDS_WHEN)
    directory = directory_on(reply.configuration, reply.connection, reply.today)
    if not does(ActKind.COMPLETION, ReplyMatter(obligation.subject, obligation.matter, None, 0), reply.by, directory):
        raise Refuse(
            "Only whoever owes the action may report it done by a reply. If they cannot, ask your operations staff to "
            "record it. Nothing was done."
        )
    named = ActionReference(CaseReference(version.force_code, version.case_ref), ref)
    report = CompletionReport(reply.by, means.on)
    result = complete(reply.configuration, reply.connection, named, report, reply.act, reply.today, reply.at)
    return ReplyOutcome(Answered.COMPLETED, result.on)


def _passed_on(reply: HandledReply, obligation: LiveObligation, means: Meaning) -> ReplyOutcome:
    """Notify the next addressee of the present step, and operations. The recorded owner does not change.

    On a day off it goes to whoever is there on the working day of the letter, unless the step waits for none.
    """
    del means
    directory = directory_on(reply.configuration, reply.connection, reply.today)
    told_as = replies.told_as(reply.connection, [obligation.id], [reply.by])
    addressed_as = told_as.get((obligation.id, reply.by))
    version = replies.version(reply.connection, obligation.id)
    step = _present_step(reply.configuration, version) if version is not None else None
    about = ReplyMatter(
        obligation.subject, obligation.matter, addressed_as, version.last_step if version and step else 0
    )
    if not does(ActKind.HAND_OVER, about, reply.by, directory) or not (addressed_as and version and step):
        raise Refuse("It is not one of those that you were told of. Nothing was done.")
    leaves_on = reply.today if step.any_day else reply.configuration.calendar.plus(reply.today, _ROLL)
    then = directory_on(reply.configuration, reply.connection, leaves_on)
    recipients = next_after(reply.by, addressed_as, obligation.matter, then)
    because = _who_hears(reply, obligation, [one.contact_ref for one in recipients if one.contact_ref])
    replies.hand_over(
        reply.connection,
        [
            HandOver(
                obligation.id, version.last_step, step.step, f"not mine:{reply.by}", reply.today, step.duty,
                step.manner.of(obligation.risk), recipient.addressee, recipient.contact_ref, recipient.note,
            )
            for recipient in recipients
        ],
        reply.configuration.settings.routes_of(MessageKind.LETTER),
    )  # fmt: skip
    text = faults.note(
        reply.configuration.settings,
        "not_mine",
        {"by": reply.by, "version": version, "told": [recipient.contact_ref for recipient in recipients]},
    )
    key = f"not mine:{obligation.id}:{version.last_step}:{reply.by}"
    digests.operations(reply.connection, key, reply.today, text, reply.at, [reply.configuration.settings.main])
    return ReplyOutcome(Answered.PASSED_ON, because=because)


def _who_hears(reply: HandledReply, obligation: LiveObligation, refs: Sequence[str]) -> str:
    """Return why the next addressees hear nothing that they do not know; empty if one of them does."""
    knew = replies.told_as(reply.connection, [obligation.id], refs) if refs else {}
    return OPERATIONS_ALONE if not refs else KNOWN_ALREADY if len(knew) == len({*refs}) else ""


def _present_step(configuration: Configuration, version: RepliedVersion) -> Step | None:
    """Return the last step taken; None if the version has taken none, or if the ladder became shorter."""
    ladder = configuration.policy.ladder_of(version.rule, version.force_code)
    return ladder[version.last_step - 1] if 0 < version.last_step <= len(ladder) else None


def _confirmed(reply: HandledReply, obligation: LiveObligation, means: Meaning) -> ReplyOutcome:
    """Record that the grade of the case's risk is right, where that is what is asked."""
    del means
    version = replies.version(reply.connection, obligation.id)
    if version is None or not RULES[obligation.rule].confirmed:
        raise Refuse("It asks for no grade to be confirmed: use the link beside the item that does. Nothing was done.")
    result = confirm(reply.in_hand, CaseReference(version.force_code, version.case_ref))
    return ReplyOutcome(Answered.CONFIRMED, result.on)


_DEEDS = {Intent.UNTIL: _promised, Intent.DONE: _done, Intent.NOT_MINE: _passed_on,
    Intent.CONFIRM: _confirmed,
}  # fmt: skip
_ASKED = dict.fromkeys(Intent, ActKind.LOOK) | {
    Intent.UNTIL: ActKind.PROMISE, Intent.DONE: ActKind.COMPLETION, Intent.NOT_MINE: ActKind.HAND_OVER,
    Intent.CONFIRM: ActKind.CONFIRMATION,
}  # fmt: skip


def audit_entry(reply: HandledReply, claimed: int, outcome: ReplyOutcome) -> AuditEntry:
    """Return the entry of a claimed reply: to ask is a consultation, anything else an alteration."""
    asked = outcome.answered in {Answered.STANDING, Answered.SHOWN}
    return AuditEntry(
        verb=Verb.CONSULTATION if asked else Verb.ALTERATION, by=reply.by, about="reply", ref=str(claimed),
        reason=outcome.answered.value, detail={"obligation": outcome.obligation_id},
    )  # fmt: skip
