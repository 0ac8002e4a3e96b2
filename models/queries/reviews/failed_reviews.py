"""Reads of joint reviews that failed more than once running, and writes and reads of the messages about them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, fetch_as
from models.queries.reviews.recorded_outcomes import REVIEWS
from models.rules.catalogue.contents import CONVENED

RUNNING = 2  # from this failure on, both leads are notified of each
# The day of the last review of a case `c`, or of a linked one, that counts.
LAST_QUORATE = f"(select max(r.held_on) from {REVIEWS} where r.quorate)"
_OWED = f"exists (select from live_obligations b where b.case_id = c.id and b.rule in {CONVENED})"
# One review that a source sent answers for every meeting before it: it failed once, at the last of them.
_ONCE = """not exists (
    select from convenings w join sittings later on later.id = w.sitting_id
    join outcomes same on same.convening_id = w.id and same.stands and same.review_ref = o.review_ref
    where w.case_id = v.case_id and later.day > s.day)"""
# The failed convenings of a case `c` since its last quorate review.
_FAILED = f"""
from convenings v join sittings s on s.id = v.sitting_id join outcomes o on o.convening_id = v.id and o.stands
join cases c on c.id = v.case_id
where not o.quorate and s.day > coalesce({LAST_QUORATE}, '-infinity')
  and {_OWED} and {_ONCE}"""


class FailingCase(NamedTuple):
    """A case whose reviews failed more than once running, with the latest of these convenings."""

    case_id: int
    convening_id: int
    force_code: str
    cps_area: str
    barred: frozenset[str]  # the contacts who must hear nothing of it


def failing_cases(connection: Connection, case_ids: Sequence[int]) -> list[FailingCase]:
    """Return those of these cases that owe a joint review which failed more than once running."""
    statement = f"""
        select failed.*, c.force_code, c.cps_area, c.barred
        from (select v.case_id, (array_agg(v.id order by s.day desc, v.id desc))[1] as convening_id
              {_FAILED} and v.case_id = any(%s) group by v.case_id having count(*) >= %s) failed
        join disclosed c on c.id = failed.case_id
        order by failed.case_id"""
    return fetch_as(connection, FailingCase, statement, (list(case_ids), RUNNING))


def write(
    connection: Connection, case: FailingCase, contact_ref: str | None, channel: str, today: date, at: datetime
) -> None:
    """Queue the message to one person, or to operations, once for each failure after the first."""
    statement = """
        insert into messages (key, kind, contact_ref, channel, day, about, due_at)
        values (%s, 'failed_review', %s, %s, %s, %s, %s) on conflict (key) do nothing"""
    given = (
        f"failed_review:{case.convening_id}:{contact_ref or 'operations'}:{channel}", contact_ref, channel, today,
        str(case.convening_id), at,
    )  # fmt: skip
    execute(connection, statement, given)


class Failure(NamedTuple):
    """One sitting at which the review failed."""

    on: date
    held: bool
    police_attended: bool
    cps_attended: bool
    not_reached: bool


class FailureNotice(NamedTuple):
    """The case of a message, in its present state. `failures` are the latest first; `next_on` where it is convened."""

    message_id: int
    force_code: str
    case_ref: str
    urn: str | None
    restricted: bool
    barred: frozenset[str]
    opened_on: date
    last_quorate_on: date | None
    due_on: date | None
    next_on: date | None
    failures: tuple[Failure, ...]


def notices(connection: Connection, message_ids: Sequence[int]) -> dict[int, FailureNotice]:
    """Return the cases of these messages, by message; one that was reviewed since, or owes none, has no failures."""
    statement = f"""
        select m.id as message_id, c.force_code, c.case_ref, k.urn_root as urn, c.is_restricted as restricted,
               c.barred, c.opened_on, {LAST_QUORATE} as last_quorate_on,
               (select b.due_on from live_obligations b
                where b.case_id = c.id and b.rule in {CONVENED}) as due_on,
               (select s.day from convenings v join sittings s on s.id = v.sitting_id
                where v.case_id = c.id and v.ended_on is null and s.day >= m.day) as next_on, told.failures
        from messages m join convenings about on about.id = m.about::bigint join disclosed c on c.id = about.case_id
        left join case_keys k on k.id = c.urn_key_id
        left join lateral (
            select jsonb_agg(jsonb_build_object(
                       'on', s.day, 'held', o.held, 'police_attended', o.police_attended,
                       'cps_attended', o.cps_attended, 'not_reached', 'not_reached' = any(o.decisions))
                       order by s.day desc, v.id desc) as failures
            from (select c.id, c.urn_key_id) mine join convenings v on v.case_id = mine.id
            join sittings s on s.id = v.sitting_id join outcomes o on o.convening_id = v.id and o.stands
            where not o.quorate
              and s.day > coalesce({LAST_QUORATE}, '-infinity') and {_OWED} and {_ONCE}) told on true
        where m.kind = 'failed_review' and m.id = any(%s)"""
    found = fetch_as(connection, FailureNotice, statement, (list(message_ids),), {"failures": _failures})
    return {notice.message_id: notice for notice in found}


def _failures(stored: Sequence[dict[str, Any]] | None) -> tuple[Failure, ...]:
    return tuple(Failure(**{**one, "on": date.fromisoformat(one["on"])}) for one in stored or ())
