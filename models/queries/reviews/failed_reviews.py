"""Joint reviews that failed more than once running: of which cases, what is written to the leads, what it then says."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, fetch
from models.queries.reviews.recorded_outcomes import REVIEWS

RUNNING = 2  # failures from which on both leads are told, of each
_LAST_QUORATE = f"(select max(r.held_on) from {REVIEWS} where r.quorate)"
_OWED = """exists (select from obligations b
                      where b.case_id = c.id and b.rule = 'joint-review' and b.ended_on is null)"""
# What failed of a case `c` since it last had a quorate review.
_FAILED = f"""
from convenings v join sittings s on s.id = v.sitting_id join outcomes o on o.convening_id = v.id and o.stands
join cases c on c.id = v.case_id
where not o.quorate and s.day > coalesce({_LAST_QUORATE}, '-infinity')
  and {_OWED}"""


class FailingCase(NamedTuple):
    """A case whose reviews failed more than once running, with the latest of these convenings."""

    case_id: int
    convening_id: int
    force_code: str
    cps_area: str


def running(connection: Connection, case_ids: Sequence[int]) -> list[FailingCase]:
    """Which of these cases still owe a joint review that failed more than once running."""
    rows = fetch(
        connection,
        f"""select v.case_id, (array_agg(v.id order by s.day desc, v.id desc))[1], c.force_code, c.cps_area
            {_FAILED} and v.case_id = any(%s) group by v.case_id, c.force_code, c.cps_area having count(*) >= %s
            order by v.case_id""",
        (list(case_ids), RUNNING),
    )
    return [FailingCase(*row) for row in rows]


def write(
    connection: Connection, one: FailingCase, contact_ref: str | None, channel: str, today: date, at: datetime
) -> None:
    """Queue the word to one person, or to operations; once for each failure that is not the first."""
    execute(
        connection,
        """insert into messages (key, kind, contact_ref, channel, day, about, due_at)
           values (%s, 'unheld', %s, %s, %s, %s, %s) on conflict (key) do nothing""",
        (
            f"unheld:{one.convening_id}:{contact_ref or 'operations'}:{channel}", contact_ref, channel, today,
            str(one.convening_id), at,
        ),
    )  # fmt: skip


class Failure(NamedTuple):
    """One sitting at which the review failed."""

    on: date
    held: bool
    police_attended: bool
    cps_attended: bool
    not_reached: bool


class FailureNotice(NamedTuple):
    """A case of such a message as it now stands. `failures` are the latest first; `next_on` where it is convened."""

    message_id: int
    force_code: str
    case_ref: str
    urn: str | None
    restricted: bool
    opened_on: date
    last_quorate_on: date | None
    due_on: date | None
    next_on: date | None
    failures: tuple[Failure, ...]


def failing(connection: Connection, message_ids: Sequence[int]) -> dict[int, FailureNotice]:
    """What these messages are about, by message; where a review was held meanwhile, or none is owed, nothing failed."""
    rows = fetch(
        connection,
        f"""select m.id, c.force_code, c.case_ref, k.urn_root, c.restricted, c.opened_on, {_LAST_QUORATE},
                   (select b.due_on from obligations b
                    where b.case_id = c.id and b.rule = 'joint-review' and b.ended_on is null),
                   (select s.day from convenings v join sittings s on s.id = v.sitting_id
                    where v.case_id = c.id and v.ended_on is null and s.day >= m.day), told.failures
            from messages m join convenings about on about.id = m.about::bigint join cases c on c.id = about.case_id
            left join case_keys k on k.id = c.urn_key_id
            left join lateral (
                select array_agg(array[s.day::text, o.held::text, o.police_attended::text, o.cps_attended::text,
                                       ('not_reached' = any(o.decisions))::text] order by s.day desc, v.id desc)
                       as failures
                from (select c.id, c.urn_key_id) mine join convenings v on v.case_id = mine.id
                join sittings s on s.id = v.sitting_id join outcomes o on o.convening_id = v.id and o.stands
                where not o.quorate
                  and s.day > coalesce({_LAST_QUORATE}, '-infinity') and {_OWED}) told on true
            where m.kind = 'unheld' and m.id = any(%s) order by m.id""",
        (list(message_ids),),
    )
    return {row[0]: FailureNotice._make((*row[:9], tuple(map(_failure, row[9] or ())))) for row in rows}


def _failure(told: Sequence[str]) -> Failure:
    day, *flags = told
    return Failure(date.fromisoformat(day), *(flag == "true" for flag in flags))
