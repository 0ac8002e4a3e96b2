"""Composing of the letter: all that a day has for one person, from the current state of the database, as one thing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import chain

from sqlalchemy import Connection

from config.days.duration import Duration, Unit
from config.letters import LongestBlocks
from config.message_kinds import MessageKind
from config.terms import Addressee, Happening, Role
from models.queries.audit_log import seals
from models.queries.obligations import obligation_views, stall_spans
from models.queries.obligations.obligation_views import NotificationView, Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.pattern import Listed
from models.queries.people import leading
from models.rules.outbox.message_states import LEFT, SAID
from models.rules.people.knowing import open_to
from tasks.audit_log import sealing
from tasks.messages import reply_links
from tasks.messages.as_of import facts_as_of
from tasks.messages.composing import NO_LIST, ComposedMessage, MessageBatch, silence
from tasks.messages.contexts import EnclosedMessage, ObligationItem
from tasks.messages.itemising import item
from tasks.messages.letter import blocks
from tasks.messages.letter.changes import Changes
from tasks.messages.letter.contexts import LetterContext, PatternList, Standing
from tasks.messages.letter.first_days import starts
from tasks.messages.letter.fitting import fitted
from tasks.messages.letter.meetings import meetings
from tasks.messages.letter.pattern import PatternLists
from tasks.messages.letter.situation import Situation, beside, counts_as, foremost, live
from tasks.messages.letter.standings import Standings, ended_view, standing_view
from tasks.messages.letter.taking_back import TakingBack
from tasks.messages.readers import closed_to, of_desk, without_addressee

_LEADING = frozenset({Addressee.SPOC, Addressee.COUNTERPART})
_AHEAD = Duration(3, Unit.WORKING_DAYS)  # as far ahead as a letter tells of meetings
_ORDER = list(MessageKind)


class LetterBatch:
    """The data that a batch of letters needs. Each force and Area is read once, whoever answers for it."""

    def __init__(self, connection: Connection, messages: Sequence[ClaimedMessage], world: MessageBatch) -> None:
        self._world, today = world, world.today
        letters = [message for message in messages if message.contact_ref in world.readers]
        to = {ref: world.readers[ref] for ref in (str(letter.contact_ref) for letter in letters)}
        weekly = {str(letter.contact_ref) for letter in letters if letter.standing}
        self._new = {
            str(letter.contact_ref) for letter in letters if _leads_anew(world.told.get(letter.id, ()))
        } - weekly
        channel = letters[0].channel if letters else ""
        self._standings = Standings(world.configuration, connection, to, weekly | self._new, channel, today)
        read = LEFT if world.configuration.settings.mail.host else SAID
        self._written_to = stall_spans.last_letters(connection, sorted(to), channel, today, read) if to else {}
        self._changes = Changes(world.configuration, connection, to, self._standings, channel)
        self._patterns = PatternLists(
            world.configuration, connection, {ref: to[ref] for ref in weekly}, self._standings, channel
        )
        head = seals.head(connection) if any(Role.LEAD in to[ref].roles for ref in weekly) else None
        self._sealed = sealing.written(head) if head else ""
        self._starts = starts(world.configuration, connection, self._standings, to, weekly)
        spocs = world.configuration.panels.spocs
        led = leading.cases_led(connection, sorted(self._new), spocs, today) if self._new else []
        self._led = {(case.contact_ref, case.case_id) for case in led}
        # What stalls the cases of a reader who answers for a force or Area is counted as cases, and not read each day.
        by_case = sorted(set(self._standings.posts) - weekly)
        self._open = obligation_views.still_open(connection, sorted(to), by_case, today) if to else {}
        near = (standing_view(limit, today) for limits in map(self._standings.limits, to.values()) for limit in limits)
        self._offers = world.offers_about(chain(near, *self._open.values()))
        last = world.configuration.calendar.plus(today, _AHEAD)
        days = (today, last)
        self._sittings = meetings(world.configuration, connection, to.keys(), world.at, days) if to else {}
        self._taking_back = TakingBack(
            world.configuration,
            connection,
            [notification for letter in letters for notification in world.told.get(letter.id, ())],
        )

    def compose(self, message: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
        """Compose one letter, unless it has nothing to say."""
        reader, relevant = world.reader(message), world.relevant(message)
        enclosed = sorted(world.enclosed.get(message.id, ()), key=lambda one: _ORDER.index(one.kind))
        standing = self._standing(reader) if reader and (message.standing or reader.ref in self._new) else None
        before = self._open.get(message.contact_ref or "", [])
        stands = reader and message.standing and (reader.ref in self._standings.posts or _overdue(before, world.today))
        if relevant.nothing or not (relevant.said or enclosed or stands):
            nothing = relevant.nothing or silence(relevant, message)
            return ComposedMessage(message, reader, None, relevant.silent, nothing, listed=_kept(message))
        pattern = self._patterns.of(reader) if reader and message.standing else None
        listed = pattern.context if pattern else None
        context = self._letter(message, reader, relevant.said, before, standing, enclosed, listed)
        return ComposedMessage(
            message, reader, context, relevant.silent, listed=pattern.listed if pattern else _kept(message)
        )

    def _letter(
        self,
        message: ClaimedMessage,
        reader: Reader | None,
        said: Sequence[NotificationView],
        before: Sequence[NotificationView],
        standing: Standing | None,
        enclosed: Sequence[EnclosedMessage],
        pattern: PatternList | None,
    ) -> LetterContext:
        today, policy = self._world.today, self._world.configuration.policy.letter
        news = [
            item(self._world.configuration, notification, reader, today, self._offers.of(notification, reader))
            for notification in self._taking_back.news(said)
            if open_to(reader, notification.matter)
        ] + self._lost(reader)
        whole = self._situation(reader, said, before, news)
        post = self._standings.posts.get(reader.ref) if reader else None
        overdue = [
            self._item(notification, reader)
            for notification in (_overdue(before, today) if standing and not standing.leads_anew else ())
            if open_to(reader, notification.matter)
        ]
        stalled = [entry for case in (standing.stalled if standing else ()) for entry in case.owed]
        listed = blocks.each_once([*news, *sorted(whole.items, key=blocks.pressing), *stalled, *overdue])
        changed = self._changes.of(reader) if reader else None
        closed = closed_to(reader, [notification.matter for notification in said])
        letter = LetterContext(
            **of_desk(reader, today, self._world.configuration.settings.mail.operations),
            leads=post is not None,
            places=post.names if post else (),
            instead_of=post.instead_of if post else (),
            changed=replace(changed, closed=bool(closed)) if changed else None,
            taken_back=self._taking_back.lines(said, reader, today),
            sittings=tuple(self._sittings.get(message.contact_ref or "", [])),
            enclosed=tuple(enclosed),
            standing=standing,
            pattern=pattern,
            listed=tuple(listed),
            restricted=0 if message.channel in self._world.unrestricted else whole.restricted,
            unaddressed=without_addressee(reader, [notification.matter for notification in said]),
            as_of=facts_as_of(self._world.left_out, listed, *(post.where if post else ())),
            reply=reply_links.for_standing(self._world.configuration, reader, today),
            first=reader is not None and reader.ref not in self._written_to,
        )
        return fitted(partial(_with_matters, letter, news, whole, overdue), policy)

    def _standing(self, reader: Reader) -> Standing:
        """Return how the reader's force or Area stands; for a SPOC who newly leads, the cases that they lead now."""
        new, found = reader.ref in self._new, self._standings.stalled(reader)
        stalled = tuple(case for id_, case in found if not new or (reader.ref, id_) in self._led)
        return Standing(
            since=self._standings.last(reader),
            leads_anew=new,
            starts=() if new else self._starts.get(reader.ref, ()),
            stalled=stalled,
            presumed=sum(any(owed.presumed for owed in case.owed) for case in stalled),
            unseen=() if new else self._standings.unseen(reader),
            sealed=self._sealed if Role.LEAD in reader.roles and not new else "",
        )

    def _lost(self, reader: Reader | None) -> list[ObligationItem]:
        """Build the items of what the reader's forces or Areas lost since their last letter."""
        lost = self._changes.lost(reader) if reader else []
        today = self._world.today
        return [item(self._world.configuration, ended_view(matter, today), reader, today) for matter in lost]

    def _situation(
        self,
        reader: Reader | None,
        said: Sequence[NotificationView],
        before: Sequence[NotificationView],
        news: Sequence[ObligationItem],
    ) -> Situation:
        """Return all that the reader is responsible for, or else the live matters that they were ever notified of."""
        post = self._standings.whole(reader) if reader else None
        matters = [*(notification.matter for notification in said), *(one.matter for one in before)]
        if reader is None or post is None:
            items = [
                self._item(notification, reader) for notification in before if open_to(reader, notification.matter)
            ]
            return Situation(live([*news, *items]), restricted=len(closed_to(reader, matters)))
        limits = [
            self._item(standing_view(limit, self._world.today), reader) for limit in self._standings.limits(reader)
        ]
        ran_out = sum(limit.days > 0 for limit in limits)
        restricted = len(post.restricted | closed_to(reader, matters))
        elsewhere = [
            self._item(notification, reader) for notification in before if open_to(reader, notification.matter)
        ]
        limits += [entry for entry in elsewhere if not entry.hard or blocks.near(entry)]  # of which they were notified
        long_ago = post.passed - ran_out - sum(blocks.kind(entry) == "old" for entry in news)
        return Situation(live([*news, *limits]), post.stalled, max(0, long_ago), restricted, by_case=True)

    def _item(self, view: NotificationView, reader: Reader | None) -> ObligationItem:
        """Build the item of a matter that is no news."""
        offer = self._offers.of(view, reader)
        return item(self._world.configuration, view, reader, self._world.today, offer, news=False)


def _with_matters(
    letter: LetterContext,
    news: Sequence[ObligationItem],
    whole: Situation,
    overdue: Sequence[ObligationItem],
    longest: LongestBlocks,
) -> LetterContext:
    """Put the matters of a letter into its blocks, and count those that it does not list."""
    counts = whole.counts(news)
    first = counts[0].what if counts else ""
    near = [entry for entry in whole.items if blocks.near(entry)]
    again = whole.again(first, news, standing=letter.standing is not None)
    parts = blocks.arranged([*news, *near, *again], longest, lambda entry: counts_as(entry, first))
    standing = beside(letter.standing, parts, overdue, longest.standing) if letter.standing else None
    news_of_starts = letter.standing is not None and letter.standing.starts
    unchanged = letter.changed is not None and letter.changed.nothing and not parts.listed and not news_of_starts
    return replace(
        letter,
        unchanged_since=letter.changed.since if letter.changed and unchanged else None,
        counts=counts,
        foremost=foremost(first, parts, standing, letter.changed),
        lost=parts.lost,
        limits=parts.limits,
        at_once=parts.at_once,
        victim=parts.victim,
        yours=parts.yours,
        resolved=parts.resolved,
        standing=standing,
        rest=whole.left_out(parts, standing),
    )


def _leads_anew(told: Sequence[NotificationView]) -> bool:
    """Return whether somebody has come to lead on a case that another SPOC led on, and not only in their absence."""
    return any(
        notification.happening is Happening.HANDED_OVER and notification.addressee in _LEADING and not notification.note
        for notification in told
    )


def _overdue(before: Sequence[NotificationView], today: date) -> list[NotificationView]:
    return [notification for notification in before if notification.matter.due_on < today]


def _kept(message: ClaimedMessage) -> Listed | None:
    """Return the empty list of a standing without a pattern, so that none of before is kept with it."""
    return NO_LIST if message.standing else None
