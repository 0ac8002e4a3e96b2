"""Reads for composing invitations: the written event, and the present state of its sitting, series and cases."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from config.sittings import ConveningEnd, ConveningReason
from models.queries.driver import grouped, keyed_as
from models.queries.reviews.attended_sittings import SITS
from models.rules.reviews.events import Occasion, SavedInvitation
from models.rules.reviews.inviting import serves


class ConvenedCase(NamedTuple):
    """A case that an event names, in its present state: its slot in that sitting and why, or how it ended there."""

    case_id: int
    reference: str
    restricted: bool
    barred: frozenset[str]  # the contacts who must hear nothing of it
    slot: int | None  # in the event's sitting, while it is convened there
    because: ConveningReason
    due_on: date
    ended: ConveningEnd | None  # why it is no longer convened there
    now_at: datetime | None  # the beginning of the sitting to which it is convened now


class WrittenEvent(NamedTuple):
    """The event of one sitting that a message is about, and the present state of the sitting."""

    sequence: int  # the message's
    latest: int  # the invitation's
    saved: SavedInvitation
    cancelled: bool
    sitting_id: int
    ref: str
    force_code: str
    cps_area: str
    starts_at: datetime
    minutes: int
    minutes_per_case: int
    place: str
    takes_place: bool
    first: int | None  # the slots of the first and the last case of which its reader may hear
    last: int | None

    @property
    def empty(self) -> bool:
        """Return whether no case of which its reader may hear is left."""
        return self.first is None

    @property
    def serves(self) -> bool:
        """Return whether an event for all of the sitting still fits it: all places, or at least those in use."""
        event, whole = self.saved.invited.event.occasion, Occasion(self.starts_at, self.minutes, self.place)
        return serves(event, whole, used(whole, self.minutes_per_case, self.first, self.last))


def used(whole: Occasion, length: int, first: int | None, last: int | None) -> Occasion | None:
    """Return a sitting from its first case to its last, each of so many minutes; None where it has none."""
    if first is None or last is None:
        return None
    return Occasion(whole.starts_at + timedelta(minutes=first * length), (last + 1 - first) * length, whole.place)


# The cases at a sitting `s` of which the reader of an invitation `i` may hear.
_HEARD = f"""(select min(v.slot) as first, max(v.slot) as last
                    from convenings v join disclosed c on c.id = v.case_id
                    where v.sitting_id = s.id and {SITS} and i.contact_ref <> all(c.barred))"""


def written(connection: Connection, message_ids: Sequence[int]) -> dict[int, WrittenEvent]:
    """Return the events of one sitting that these messages carry, by message."""
    statement = f"""
        select m.id as message_id, split_part(m.key, ':', -1)::integer as sequence, i.sequence as latest,
               i.event as saved, i.cancelled, s.id as sitting_id, s.ref, s.force_code, s.cps_area, s.starts_at,
               s.places * s.minutes_per_case as minutes, s.minutes_per_case, s.place,
               s.cancelled_on is null as takes_place, h.first, h.last
        from messages m join sittings s on s.ref = m.about
        join invitations i on i.sitting_id = s.id and i.contact_ref = m.contact_ref
        cross join lateral {_HEARD} h
        where m.id = any(%s)"""
    given = (list(message_ids),)
    return dict(keyed_as(connection, "message_id", WrittenEvent, statement, given, {"saved": SavedInvitation.of}))


def named_cases(connection: Connection, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], ConvenedCase]:
    """Return the cases that events name, by sitting and case, each by its latest convening to that sitting."""
    statement = f"""
        select distinct on (v.sitting_id, v.case_id) v.sitting_id, v.case_id,
               c.force_code || '/' || c.case_ref as reference, c.is_restricted as restricted,
               c.barred, case when {SITS} then v.slot end as slot, v.because, v.due_on, v."end" as ended,
               s.starts_at as now_at
        from unnest(%s::bigint[], %s::bigint[]) w(sitting_id, case_id)
        join convenings v on v.sitting_id = w.sitting_id and v.case_id = w.case_id
        join disclosed c on c.id = v.case_id
        left join convenings now_ on now_.case_id = v.case_id and now_.ended_on is null
        left join sittings s on s.id = now_.sitting_id
        order by v.sitting_id, v.case_id, {SITS} desc, v.id desc"""
    given = ([sitting for sitting, _ in wanted], [case for _, case in wanted])
    rows = keyed_as(connection, "sitting_id", ConvenedCase, statement, given)
    return {(sitting_id, case.case_id): case for sitting_id, case in rows}


class WrittenSeries(NamedTuple):
    """The series that a message is about."""

    sequence: int  # the message's
    latest: int  # the invitation's
    saved: SavedInvitation
    cancelled: bool
    ref: str
    series_id: int
    contact_ref: str
    force_code: str
    cps_area: str
    over: bool  # the panel has the rule no more


def written_series(connection: Connection, message_ids: Sequence[int]) -> dict[int, WrittenSeries]:
    """Return the series that these messages carry, by message."""
    statement = """
        select m.id as message_id, split_part(m.key, ':', -1)::integer as sequence, i.sequence as latest,
               i.event as saved, i.cancelled, r.ref, r.id as series_id, i.contact_ref, r.force_code, r.cps_area,
               r.ended_on is not null as over
        from messages m join series r on r.ref = m.about
        join invitations i on i.series_id = r.id and i.contact_ref = m.contact_ref
        where m.id = any(%s)"""
    given = (list(message_ids),)
    return dict(keyed_as(connection, "message_id", WrittenSeries, statement, given, {"saved": SavedInvitation.of}))


class SeriesSitting(NamedTuple):
    """A sitting to come of a series in its present state, for one of its people."""

    ruled_on: date
    whole: Occasion
    minutes_per_case: int
    takes_place: bool
    away: bool  # whether they are, on its day
    first: int | None  # the slots of the first and the last case of which they may hear
    last: int | None

    @property
    def empty(self) -> bool:
        """Return whether no case of which its reader may hear is left."""
        return self.first is None

    def agrees(self, said: Occasion) -> bool:
        """Return whether a meeting of who attends all of it fits it."""
        return serves(said, self.whole, used(self.whole, self.minutes_per_case, self.first, self.last))


def sittings_of(
    connection: Connection, asked: Sequence[tuple[int, str]], at: datetime
) -> dict[tuple[int, str], list[SeriesSitting]]:
    """Return the sittings to come of these series for these people, cancelled ones included, by series and person."""
    rows = keyed_as(
        connection,
        ("series_id", "contact_ref"),
        SeriesSitting,
        f"""select r.id as series_id, i.contact_ref, s.ruled_on, s.starts_at as "whole.starts_at",
                   s.places * s.minutes_per_case as "whole.minutes", s.place as "whole.place", s.minutes_per_case,
                   s.cancelled_on is null as takes_place, h.first, h.last, exists (
                       select from absences a where a.contact_ref = i.contact_ref and a.withdrawn_on is null
                       and s.day between a.from_on and a.to_on) as away
            from unnest(%s::bigint[], %s::text[]) i(series_id, contact_ref)
            join series r on r.id = i.series_id join sittings s
              on (s.force_code, s.cps_area, s.rule) = (r.force_code, r.cps_area, r.rule)
            cross join lateral {_HEARD} h
            where s.starts_at > %s and s.undoing_id is null order by s.ruled_on, s.id""",
        ([series_id for series_id, _ in asked], [ref for _, ref in asked], at),
        {"whole.starts_at": lambda moment: moment.astimezone(UTC)},
    )
    return grouped(rows)
