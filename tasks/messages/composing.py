"""Composing of a claimed message from the current state of the database, or the reason for its silence."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection

from config.settings import settings
from config.terms import Happening, MessageKind
from models.queries.obligations import obligation_views
from models.queries.obligations.obligation_views import NotificationView, Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.rules.obligations.relevance import why_not_due
from models.rules.people.readdressing import BARRED, LEFT
from tasks.messages import reply_links
from tasks.messages.contexts import (
    ObligationItem,
    OperationsContext,
    SituationCounts,
)
from tasks.messages.itemising import grouped, item, ordered, situation, stands
from tasks.messages.kinds import MessageContext
from tasks.messages.letter.contexts import (
    AtOnceContext,
    DigestContext,
    StalledCase,
    WeeklyOverview,
)
from tasks.messages.readers import closed_to, in_role, open_to, without_addressee
from tasks.messages.standings import Standings
from tasks.platform import configuration

TOLD_NO_REFERENCE = "operations were told no reference, so that its end would tell them nothing"


class ComposedMessage(NamedTuple):
    """A message ready to be rendered, or the reason why it is not sent, with its silenced notifications."""

    held: ClaimedMessage
    reader: Reader | None
    context: MessageContext | None
    silent: dict[int, str]
    nothing: str = ""
    thread: str = ""  # shared by a case's at-once messages; empty if the reader may not know the case
    in_reply_to: str = ""  # the Message-ID of the mail that this one answers


class MessageBatch:
    """The data that a batch of messages needs, read in a fixed number of statements."""

    def __init__(self, connection: Connection, batch: Sequence[ClaimedMessage], today: date) -> None:
        self.today = today
        refs = sorted({held.contact_ref for held in batch if held.contact_ref})
        self.readers = obligation_views.readers(connection, refs, today)
        # The channels on which no restricted case is named, whoever reads. A batch has one channel.
        self.unrestricted = {
            channel for channel in {held.channel for held in batch} if not settings().route(channel).restricted
        }
        if self.unrestricted:
            self.readers = {ref: reader._replace(restricted_access=False) for ref, reader in self.readers.items()}
        self.told: dict[int, list[NotificationView]] = {}
        for view in obligation_views.notifications(connection, [held.id for held in batch]):
            self.told.setdefault(view.message_id, []).append(view)
        digests = [held for held in batch if held.kind is MessageKind.LETTER and held.contact_ref in self.readers]
        to = {ref: self.readers[ref] for ref in (str(held.contact_ref) for held in digests)}
        weekly = {str(held.contact_ref) for held in digests if held.standing}
        self.standings = Standings(connection, to, weekly, today)
        # A reader responsible for a force or Area gets its whole situation; others get what they were notified of.
        asked = weekly | (set(to) - set(self.standings.posts))
        self.open = obligation_views.still_open(connection, sorted(asked)) if asked else {}


def compose(held: ClaimedMessage, world: MessageBatch, at: datetime) -> ComposedMessage:
    """Compose a message as of now. Silence its outdated notifications, each with its reason."""
    if held.kind is MessageKind.OPERATIONS:
        headline, *lines = (held.text or "").strip().splitlines() or [""]
        return ComposedMessage(
            held, None, OperationsContext(day=held.day, at=at, headline=headline, lines=tuple(lines)), {}
        )
    reader = world.readers.get(held.contact_ref or "")
    relevant, silent = [], {}
    for one in world.told.get(held.id, []):
        ended = None if one.owed_again else one.matter.end_reason
        now = stands(one.matter, ended, world.today)
        reason = _unspoken(one, held, world) or why_not_due(one.happening, one.step, now, world.today)
        if reason:
            silent[one.notification_id] = reason
        else:
            relevant.append(one)
    if held.contact_ref and (reader is None or not reader.email) and all(_reports_an_end(one) for one in relevant):
        return ComposedMessage(held, reader, None, silent | {one.notification_id: LEFT for one in relevant}, LEFT)
    if held.kind is MessageKind.AT_ONCE:
        return _at_once(held, reader, relevant, silent, world.today)
    made = _digest(held, reader, relevant, silent, world)
    if held.channel in world.unrestricted and isinstance(made.context, DigestContext):
        return made._replace(context=replace(made.context, counts=replace(made.context.counts, restricted=0)))
    return made


def _unspoken(one: NotificationView, held: ClaimedMessage, world: MessageBatch) -> str:
    """Return why nothing of a case is said to this reader, or on this channel; empty if it may be said."""
    matter = one.matter
    if held.contact_ref in matter.barred:
        return BARRED
    if matter.barred and held.contact_ref is None and _reports_an_end(one):
        return TOLD_NO_REFERENCE
    if matter.restricted and held.channel in world.unrestricted:
        return never_named_on(held.channel)
    return ""


def never_named_on(channel: str) -> str:
    """The reason for silence about a restricted case on a channel that may not name one."""
    return f"restricted: never by {settings().route(channel).name}"


def _reports_an_end(one: NotificationView) -> bool:
    """Return whether it only concerns people notified before, so that nobody receives it in place of a leaver."""
    return one.happening is Happening.RESOLVED


def _reason(silent: dict[int, str], held: ClaimedMessage) -> str:
    """Return why a message is not sent: the reasons of its silenced notifications, or why it became empty."""
    return "; ".join(sorted(set(silent.values()))) or held.reason or "nothing to say"


def _at_once(
    held: ClaimedMessage, reader: Reader | None, relevant: list[NotificationView], silent: dict[int, str], today: date
) -> ComposedMessage:
    if not relevant:
        return ComposedMessage(held, reader, None, silent, _reason(silent, held))
    one = relevant[0]
    role, asks = in_role(reader)
    shown = item(one, reader, today) if open_to(reader, one.matter) else None
    context = AtOnceContext(
        day=today, reader=role, asks=asks, restricted=len(closed_to(reader, [one.matter])), item=shown,
        unaddressed=without_addressee(reader, [one.matter]), reply=reply_links.for_standing(reader, today),
    )  # fmt: skip
    thread = sha256(f"{one.matter.force_code}/{one.matter.case_ref}".encode()).hexdigest()[:24]
    return ComposedMessage(held, reader, context, silent, thread=thread if one.matter.case_ref and shown else "")


def _digest(
    held: ClaimedMessage,
    reader: Reader | None,
    relevant: list[NotificationView],
    silent: dict[int, str],
    world: MessageBatch,
) -> ComposedMessage:
    post = world.standings.posts.get(reader.ref) if reader else None
    cases = world.standings.stalled(reader) if reader and held.standing else []
    before = world.open.get(held.contact_ref or "", [])
    overdue = [one for one in before if one.matter.due_on < world.today] if held.standing else []
    if not relevant and not overdue and not (post and held.standing):
        return ComposedMessage(held, reader, None, silent, _reason(silent, held))
    open_items = [item(one, reader, world.today) for one in overdue if open_to(reader, one.matter)]
    items = ordered(item(one, reader, world.today) for one in relevant if open_to(reader, one.matter))
    listed = ordered(_each_once([*items, *(owed for case in cases for owed in case.owed), *open_items]))
    cases, items = _in_their_case(cases, items)
    seen = {_key(each) for each in [*items, *(owed for case in cases for owed in case.owed)]}
    open_items = [each for each in open_items if _key(each) not in seen]
    role, asks = in_role(reader)
    shown_cases, shown, shown_open = _within(configuration.policy().digest.longest, cases, items, open_items)
    standing = WeeklyOverview(
        stalled=tuple(shown_cases),
        stalled_more=len(cases) - len(shown_cases),
        still_open=tuple(shown_open),
        open_more=len(open_items) - len(shown_open),
        unseen=world.standings.unseen(reader) if reader and held.standing else (),
    )
    context = DigestContext(
        day=world.today,
        reader=role,
        asks=asks,
        leads=post is not None,
        places=post.names if post else (),
        instead_of=post.instead_of if post else (),
        counts=_situation(reader, relevant, before, world),
        groups=grouped(shown, items),
        more=len(items) - len(shown),
        standing=standing if held.standing else None,
        listed=tuple(listed),
        reply=reply_links.for_standing(reader, world.today),
    )
    return ComposedMessage(held, reader, context, silent)


def _situation(
    reader: Reader | None, relevant: list[NotificationView], before: list[NotificationView], world: MessageBatch
) -> SituationCounts:
    """Count all that the reader is responsible for, or else the live obligations they were ever notified of."""
    found = [*(one.matter for one in relevant), *(one.matter for one in before)]
    whole = world.standings.whole(reader) if reader else None
    if whole is None:
        shown = [matter for matter in found if open_to(reader, matter)]
        counts = situation(shown, len(closed_to(reader, found)), world.today)
        return replace(counts, unaddressed=without_addressee(reader, found))
    return SituationCounts(
        stalled=whole.stalled,
        passed=whole.passed,
        within_7_days=whole.within_7_days,
        restricted=len(whole.restricted | closed_to(reader, found)),
    )


def _in_their_case(
    cases: list[StalledCase], items: list[ObligationItem]
) -> tuple[list[StalledCase], list[ObligationItem]]:
    """Move items of cases that the standing shows into those cases, so that each appears once."""
    news = {_key(each): each for each in items if each.ended is None}
    stalled = {_key(each) for case in cases for each in case.owed}
    updated = [replace(case, owed=tuple(news.get(_key(each), each) for each in case.owed)) for case in cases]
    return updated, [each for each in items if each.ended is not None or _key(each) not in stalled]


def _within(
    longest: int, cases: list[StalledCase], items: list[ObligationItem], open_items: list[ObligationItem]
) -> tuple[list[StalledCase], list[ObligationItem], list[ObligationItem]]:
    """Limit a message's lines: half for stalled cases, half for steps, and more if the other half needs less."""
    shown_cases = cases[: max(longest - len(items), longest // 2)]
    shown = items[: longest - len(shown_cases)]
    return shown_cases, shown, open_items[: longest - len(shown_cases) - len(shown)]


def _key(each: ObligationItem) -> tuple[object, ...]:
    return (each.reference, each.rule, each.subject, each.ended)


def _each_once(items: Sequence[ObligationItem]) -> list[ObligationItem]:
    first: dict[tuple[object, ...], ObligationItem] = {}
    for each in items:
        first.setdefault(_key(each), each)
    return list(first.values())
