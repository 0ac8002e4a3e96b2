"""What an agenda tells of a sitting and its cases, each read in one statement however many cases there are."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from psycopg2.extras import Json
from sqlalchemy import Connection

from config.sittings import AgendaOccasion, ConveningReason, Pattern, ReviewDecision
from config.terms import Agency, Risk
from models.queries.driver import execute, fetch
from models.queries.obligations.obligation_views import FROM, OBLIGATION, NotificationView, told_of

_RISK = {word.value: word for word in Risk}


class AgendaSitting(NamedTuple):
    """A sitting, and how many cases are convened to it."""

    id: int
    ref: str
    force_code: str
    cps_area: str
    day: date
    starts_at: datetime
    minutes_per_case: int
    place: str
    chair_ref: str
    chair_agency: Agency | None  # None where nobody of that reference is known
    chair_roles: frozenset[str]
    cancelled_on: date | None
    cases: int
    earlier_on: date | None  # when its latest agenda was made, before the day that is asked about


class AgendaCaseRow(NamedTuple):
    """A case on a sitting's agenda."""

    case_id: int
    reference: str
    urn: str | None
    risk: Risk
    restricted: bool
    slot: int
    because: ConveningReason
    chosen: bool
    due_on: date


class LastReviewRow(NamedTuple):
    """What came of a case at the last sitting that it was before."""

    on: date
    held: bool
    quorate: bool
    decisions: tuple[ReviewDecision, ...]
    assessed: Pattern | None
    review_ref: str | None


class LastAgenda(NamedTuple):
    """The keys of a case's lines on the last agenda on which it stood."""

    here: bool  # this sitting's
    keys: frozenset[str]


class KeptAgenda(NamedTuple):
    """An agenda as it is kept."""

    sitting_id: int
    occasion: AgendaOccasion
    day: date
    made_on: date
    digest: str
    seen: dict[int, list[str]]


_THERE = """(v.ended_on is null or v."end" in ('held', 'not_held', 'unrecorded'))"""
_SITTINGS = f"""
select s.id, s.ref, s.force_code, s.cps_area, s.day, s.starts_at, s.minutes_per_case, s.place, s.chair_ref, c.agency,
       coalesce(c.roles, '{{}}'), s.cancelled_on,
       (select count(*) from convenings v where v.sitting_id = s.id and {_THERE}),
       (select max(a.made_on) from agendas a where a.sitting_id = s.id and a.made_on < %(today)s)
from sittings s left join contacts c on c.contact_ref = s.chair_ref """


def sitting(connection: Connection, ref: str, today: date) -> AgendaSitting | None:
    """The sitting of a reference."""
    rows = fetch(connection, f"{_SITTINGS} where s.ref = %(ref)s", {"ref": ref, "today": today})
    return _sitting(rows[0]) if rows else None


def to_come(connection: Connection, today: date, until: date) -> list[AgendaSitting]:
    """The sittings of these days, the first and the last included, that were not cancelled."""
    rows = fetch(
        connection,
        f"""{_SITTINGS} where s.day between %(today)s and %(until)s and s.cancelled_on is null
            order by s.starts_at, s.ref""",
        {"today": today, "until": until},
    )
    return [_sitting(row) for row in rows]


def _sitting(row: Sequence[Any]) -> AgendaSitting:
    return AgendaSitting._make((*row[:9], Agency(row[9]) if row[9] else None, frozenset(row[10]), *row[11:]))


def convened(connection: Connection, sitting_id: int) -> list[AgendaCaseRow]:
    """The cases convened to a sitting, or that it was to hear, by their place in it."""
    rows = fetch(
        connection,
        f"""select c.id, c.force_code || '/' || c.case_ref, k.urn_root, c.risk, c.restricted, v.slot, v.because,
                   v.chosen_by is not null, v.due_on
            from convenings v join cases c on c.id = v.case_id left join case_keys k on k.id = c.urn_key_id
            where v.sitting_id = %s and {_THERE} order by v.slot, v.id""",
        (sitting_id,),
    )
    return [_convened(row) for row in rows]


def _convened(row: Sequence[Any]) -> AgendaCaseRow:
    return AgendaCaseRow._make(
        (*row[:3], _RISK.get(row[3], Risk.UNKNOWN), *row[4:6], ConveningReason(row[6]), *row[7:])
    )


def owed(connection: Connection, case_ids: Sequence[int], today: date) -> dict[int, list[NotificationView]]:
    """What is owed on these cases; all steps that were taken, today's too, count as taken before."""
    rows = fetch(
        connection,
        f"""select o.case_id, 0, o.id, 'step', o.last_step + 1, 'spoc', '', %(today)s::date, %(today)s::date, false,
                   {OBLIGATION}
            from obligations o {FROM} where o.case_id = any(%(ids)s) and o.ended_on is null
            order by o.due_on, o.rule, o.subject""",
        {"ids": list(case_ids), "today": today},
    )
    found: dict[int, list[NotificationView]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(told_of(row[1:]))
    return found


def recorded(connection: Connection, case_ids: Sequence[int], before: int) -> dict[int, LastReviewRow]:
    """What came of these cases at the last sitting that they were before, other than the one they are now `before`."""
    rows = fetch(
        connection,
        """select distinct on (v.case_id) v.case_id, s.day, o.held, o.quorate, o.decisions,
                  o.pattern, o.review_ref
           from convenings v join sittings s on s.id = v.sitting_id
           join outcomes o on o.convening_id = v.id and o.stands
           where v.case_id = any(%s) and v.sitting_id <> %s order by v.case_id, s.starts_at desc, o.id desc""",
        (list(case_ids), before),
    )
    return {
        row[0]: LastReviewRow._make(
            (*row[1:4], tuple(map(ReviewDecision, row[4])), Pattern(row[5]) if row[5] else None, row[6])
        )
        for row in rows
    }


def stood(connection: Connection, case_ids: Sequence[int], sitting_id: int, today: date) -> dict[int, LastAgenda]:
    """The last agenda before today on which each of these cases stood, whatever sitting that was of."""
    rows = fetch(
        connection,
        """select distinct on (v.case_id) v.case_id, a.sitting_id = %(sitting)s, a.seen -> v.case_id::text
           from convenings v join agendas a on a.sitting_id = v.sitting_id
           where v.case_id = any(%(ids)s) and a.made_on < %(today)s and a.seen ? v.case_id::text
           order by v.case_id, a.made_on desc, a.id desc""",
        {"ids": list(case_ids), "sitting": sitting_id, "today": today},
    )
    return {row[0]: LastAgenda(row[1], frozenset(row[2])) for row in rows}


def made(connection: Connection, sitting_id: int, day: date) -> dict[AgendaOccasion, str]:
    """The digests of the agendas that were made for a sitting on its day."""
    rows = fetch(
        connection, "select occasion, digest from agendas where sitting_id = %s and day = %s", (sitting_id, day)
    )
    return {AgendaOccasion(occasion): digest for occasion, digest in rows}


def keep(connection: Connection, one: KeptAgenda) -> bool:
    """Keep an agenda, unless there is one of its occasion already; whether it was kept."""
    return bool(
        execute(
            connection,
            """insert into agendas (sitting_id, occasion, day, made_on, digest, seen) values (%s, %s, %s, %s, %s, %s)
               on conflict (sitting_id, occasion, day) do nothing""",
            (*one[:-1], Json(one.seen)),
        )
    )


def write(
    connection: Connection,
    keys: Sequence[str],
    refs: Sequence[str | None],
    channel: str,
    about: str,
    day: date,
    due_at: datetime,
) -> int:
    """A message to each of these people (None: operations), once per key; how many were written."""
    return execute(
        connection,
        """insert into messages (key, kind, contact_ref, channel, day, about, due_at)
           select key, 'agenda', ref, %(channel)s, %(day)s, %(about)s, %(due)s
           from unnest(%(keys)s::text[], %(refs)s::text[]) as one(key, ref) on conflict (key) do nothing""",
        {"keys": list(keys), "refs": list(refs), "channel": channel, "about": about, "day": day, "due": due_at},
    )


def written(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Which of these messages there are already."""
    return {row[0] for row in fetch(connection, "select key from messages where key = any(%s)", (list(keys),))}
