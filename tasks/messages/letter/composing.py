"""Composing of the letter: all that a day has for one person, from the current state of the database, as one thing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.days.duration import Duration, Unit
from config.forces import pair_name
from config.message_kinds import MessageKind
from config.terms import Addressee, Happening
from models.queries.obligations import obligation_views
from models.queries.obligations.obligation_views import NotificationView, Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.pattern import Listed
from models.queries.people import leading
from models.queries.reviews import coming_sittings
from models.queries.reviews.coming_sittings import AttendedSitting
from tasks.messages import reply_links
from tasks.messages.composing import NO_LIST, ComposedMessage, MessageBatch, silence
from tasks.messages.contexts import EnclosedMessage, ObligationItem
from tasks.messages.itemising import item
from tasks.messages.letter import blocks
from tasks.messages.letter.blocks import Blocks
from tasks.messages.letter.contexts import Count, LetterContext, LetterSitting, PatternList, Standing
from tasks.messages.letter.first_days import starts
from tasks.messages.letter.pattern import PatternLists
from tasks.messages.letter.standings import Standings, standing_view
from tasks.messages.letter.taken_back import TakingBack
from tasks.messages.readers import closed_to, in_role, open_to, without_addressee
from tasks.platform import configuration

_LEADING = frozenset({Addressee.SPOC, Addressee.COUNTERPART})
_AHEAD = Duration(3, Unit.WORKING_DAYS)  # as far ahead as a letter tells of meetings
_ORDER = list(MessageKind)


class _Situation(NamedTuple):
    """A reader's whole situation: what is open to them, by matter, and the numbers of what is not read one by one."""

    items: list[ObligationItem]
    stalled: int
    old: int
    restricted: int


class LetterBatch:
    """The data that a batch of letters needs. Each force and Area is read once, whoever answers for it."""

    def __init__(self, connection: Connection, messages: Sequence[ClaimedMessage], world: MessageBatch) -> None:
        self._world, today = world, world.today
        letters = [held for held in messages if held.contact_ref in world.readers]
        to = {ref: world.readers[ref] for ref in (str(held.contact_ref) for held in letters)}
        weekly = {str(held.contact_ref) for held in letters if held.standing}
        self._new = {str(held.contact_ref) for held in letters if _leads_anew(world.told.get(held.id, ()))} - weekly
        channel = letters[0].channel if letters else ""
        self._standings = Standings(connection, to, weekly | self._new, channel, today)
        self._patterns = PatternLists(connection, {ref: to[ref] for ref in weekly}, self._standings, channel)
        self._starts = starts(connection, self._standings, to, weekly)
        spocs = configuration.panels().spocs
        led = leading.cases_led(connection, sorted(self._new), spocs, today) if self._new else []
        self._led = {(one.contact_ref, one.case_id) for one in led}
        # A reader responsible for a force or Area gets its whole situation; others get what they were notified of.
        asked = sorted(weekly | (set(to) - set(self._standings.posts)))
        self._open = obligation_views.still_open(connection, asked) if asked else {}
        last = configuration.calendar().plus(today, _AHEAD)
        self._sittings = coming_sittings.coming(connection, sorted(to), today, last) if to else {}
        self._taking_back = TakingBack(connection, [one for held in letters for one in world.told.get(held.id, ())])

    def compose(self, held: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
        """Compose one letter, unless it has nothing to say."""
        reader, found = world.reader(held), world.relevant(held)
        enclosed = sorted(world.enclosed.get(held.id, ()), key=lambda one: _ORDER.index(one.kind))
        standing = self._standing(reader) if reader and (held.standing or reader.ref in self._new) else None
        before = self._open.get(held.contact_ref or "", [])
        stands = reader and held.standing and (reader.ref in self._standings.posts or _overdue(before, world.today))
        if found.nothing or not (found.said or enclosed or stands):
            nothing = found.nothing or silence(found, held)
            return ComposedMessage(held, reader, None, found.silent, nothing, listed=_kept(held))
        pattern = self._patterns.of(reader) if reader and held.standing else None
        listed = pattern.context if pattern else None
        context = self._letter(held, reader, found.said, before, standing, enclosed, listed)
        return ComposedMessage(held, reader, context, found.silent, listed=pattern.listed if pattern else _kept(held))

    def _letter(
        self,
        held: ClaimedMessage,
        reader: Reader | None,
        said: Sequence[NotificationView],
        before: Sequence[NotificationView],
        standing: Standing | None,
        enclosed: Sequence[EnclosedMessage],
        pattern: PatternList | None,
    ) -> LetterContext:
        today, longest = self._world.today, configuration.policy().letter.longest
        news = [item(one, reader, today) for one in self._taking_back.news(said) if open_to(reader, one.matter)]
        whole = self._situation(reader, said, before, news)
        near = [each for each in whole.items if blocks.near(each)]
        parts = blocks.arranged([*news, *near], longest)
        post = self._standings.posts.get(reader.ref) if reader else None
        listed = [*news, *sorted(whole.items, key=blocks.pressing)]
        if standing is not None:
            overdue = [self._item(one, reader) for one in _overdue(before, today) if open_to(reader, one.matter)]
            listed += [*(each for case in standing.stalled for each in case.owed), *overdue]
            standing = _beside(standing, parts, overdue, longest.standing)
        role, asks = in_role(reader)
        counts, rest = _numbers(whole, parts, standing, leads=post is not None)
        return LetterContext(
            day=today,
            reader=role,
            asks=asks,
            leads=post is not None,
            places=post.names if post else (),
            instead_of=post.instead_of if post else (),
            counts=counts,
            taken_back=self._taking_back.lines(said, reader, today),
            limits=parts.limits,
            at_once=parts.at_once,
            victim=parts.victim,
            yours=parts.yours,
            sittings=tuple(_sitting(one) for one in self._sittings.get(held.contact_ref or "", [])),
            enclosed=tuple(enclosed),
            resolved=parts.resolved,
            standing=standing,
            pattern=pattern,
            rest=rest,
            listed=tuple(blocks.each_once(listed)),
            restricted=0 if held.channel in self._world.unrestricted else whole.restricted,
            unaddressed=without_addressee(reader, [one.matter for one in said]),
            reply=reply_links.for_standing(reader, today),
            write_to=reply_links.write_to(held),
        )

    def _standing(self, reader: Reader) -> Standing:
        """Return how the reader's force or Area stands; for a SPOC who newly leads, the cases that they lead now."""
        new, stalled = reader.ref in self._new, self._standings.stalled(reader)
        return Standing(
            since=self._standings.last(reader),
            leads_anew=new,
            starts=() if new else self._starts.get(reader.ref, ()),
            stalled=tuple(case for id_, case in stalled if not new or (reader.ref, id_) in self._led),
            unseen=() if new else self._standings.unseen(reader),
        )

    def _situation(
        self,
        reader: Reader | None,
        said: Sequence[NotificationView],
        before: Sequence[NotificationView],
        news: Sequence[ObligationItem],
    ) -> _Situation:
        """Return all that the reader is responsible for, or else the live matters that they were ever notified of."""
        post = self._standings.whole(reader) if reader else None
        matters = [*(one.matter for one in said), *(one.matter for one in before)]
        if reader is None or post is None:
            items = [self._item(one, reader) for one in before if open_to(reader, one.matter)]
            return _Situation(_live([*news, *items]), 0, 0, len(closed_to(reader, matters)))
        limits = [self._item(standing_view(one, self._world.today), reader) for one in self._standings.limits(reader)]
        ran_out = sum(each.days > 0 for each in limits)
        restricted = len(post.restricted | closed_to(reader, matters))
        elsewhere = (self._item(one, reader) for one in before if open_to(reader, one.matter))
        limits += [each for each in elsewhere if blocks.near(each)]  # of other places, of which they were notified
        long_ago = post.passed - ran_out - sum(blocks.kind(each) == "old" for each in news)
        return _Situation(_live([*news, *limits]), post.stalled, max(0, long_ago), restricted)

    def _item(self, view: NotificationView, reader: Reader | None) -> ObligationItem:
        """Build the item of a matter that is no news."""
        return item(view, reader, self._world.today, news=False)


def _leads_anew(told: Sequence[NotificationView]) -> bool:
    """Return whether somebody has come to lead on a case that another SPOC led on, and not only in their absence."""
    return any(one.happening is Happening.HANDED_OVER and one.addressee in _LEADING and not one.note for one in told)


def _live(items: Sequence[ObligationItem]) -> list[ObligationItem]:
    return [each for each in blocks.each_once(items) if each.ended is None]


def _overdue(before: Sequence[NotificationView], today: date) -> list[NotificationView]:
    return [one for one in before if one.matter.due_on < today]


def _beside(standing: Standing, parts: Blocks, overdue: Sequence[ObligationItem], longest: int) -> Standing:
    """Leave out of a standing what a block of the letter lists, and what is beyond its longest."""
    listed = parts.listed
    cases = [case for case in standing.stalled if not {blocks.key(each) for each in case.owed} <= listed][:longest]
    listed = listed | {blocks.key(each) for case in cases for each in case.owed}
    still = [each for each in sorted(overdue, key=blocks.pressing) if blocks.key(each) not in listed]
    return replace(standing, stalled=tuple(cases), still_open=tuple(still[: longest - len(cases)]))


def _numbers(
    whole: _Situation, parts: Blocks, standing: Standing | None, *, leads: bool
) -> tuple[tuple[Count, ...], tuple[Count, ...]]:
    """Count the whole situation, and what of it the letter does not list.

    Where the reader leads, a matter that stalls its case counts as the case.
    """
    cases = standing.stalled if standing else ()
    beside = [*(each for case in cases for each in case.owed), *(standing.still_open if standing else ())]
    listed = parts.listed | {blocks.key(each) for each in beside}
    stalled = {each.reference for each in [*parts.shown, *beside] if blocks.stalls(each)}
    single = [each for each in whole.items if not (leads and blocks.stalls(each))]
    left = [each for each in single if blocks.key(each) not in listed]
    ended = [each for each in parts.rest if each.ended is not None]
    return (
        blocks.counted(single, stalled=whole.stalled, old=whole.old),
        blocks.counted([*left, *ended], stalled=max(0, whole.stalled - len(stalled)), old=whole.old),
    )


def _kept(held: ClaimedMessage) -> Listed | None:
    """Return the empty list of a standing without a pattern, so that none of before is kept with it."""
    return NO_LIST if held.standing else None


def _sitting(one: AttendedSitting) -> LetterSitting:
    return LetterSitting(
        ref=one.ref, pair=pair_name(one.force_code, one.cps_area), starts_at=one.starts_at, place=one.place,
        whole=one.whole, cases=one.cases, own=one.own, own_at=one.own_at,
    )  # fmt: skip
