"""Reads and writes of outcomes from extracts: a row of a review is the outcome of the case that was convened there.

It takes precedence over what a person recorded.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import array, execute, fetch_as
from models.queries.kept_plans import Kept
from models.queries.reviews.recorded_outcomes import REVIEWS, SAT

LOOKED_BACK = timedelta(days=182)  # the outcome of an earlier sitting stays as it is recorded


class ExtractReview(NamedTuple):
    """A review that a source sent, as the outcome of a case at a sitting."""

    convening_id: int
    case_id: int
    sitting_ref: str
    case_ref: str
    review_ref: str
    police_attended: bool
    cps_attended: bool


class _Decided(NamedTuple):
    convening_id: int
    decisions: tuple[str, ...]
    pattern: str | None
    enquiries: str | None
    action_refs: tuple[str, ...] | None


# Only a row of the same day replaces what a person recorded; where nobody did, the first row since the sitting counts.
# An outcome that is recorded as its row has it is not read again: a round's cost is what is awaited, not what was held.
# Not by disclosed: outcomes that an extract holds, told to nobody
_SENT = f"""
select v.id as convening_id, v.case_id, s.ref as sitting_ref, c.case_ref, r.review_ref, r.police_attended,
       r.cps_attended
from sittings s join convenings v on v.sitting_id = s.id and {SAT} join cases c on c.id = v.case_id
left join outcomes o on o.convening_id = v.id and o.stands
left join reviews told on told.review_ref = o.review_ref and told.withdrawn_on is null
join lateral (
    select r.* from {REVIEWS} join sources x on x.id = r.source_id and x.agency is not null
    where r.held_on >= s.day and (o.by_ref is null or r.held_on = s.day)
    order by r.held_on, not r.quorate, r.review_ref limit 1) r on true
where s.force_code = %(force)s and s.day between %(since)s and %(today)s and s.cancelled_on is null
  and (%(only)s::bigint[] is null or v.id = any(%(only)s))
  and (o.held, o.police_attended, o.cps_attended) is distinct from (true, told.police_attended, told.cps_attended)
  and (o.id is null or o.by_ref is null and o.review_ref is distinct from r.review_ref
       or (o.held, o.police_attended, o.cps_attended) is distinct from (true, r.police_attended, r.cps_attended))
order by v.id"""


def unrecorded(connection: Connection, force_code: str, today: date) -> list[ExtractReview]:
    """Return the outcomes in extracts of a force's sittings that are not recorded so.

    Each convening is locked until commit. The outcomes are read again once it is locked, so that an outcome that
    somebody records at the same moment is seen.
    """
    since = today - LOOKED_BACK
    named = {"force": force_code, "today": today, "since": since, "only": None}
    ids = [one.convening_id for one in fetch_as(connection, ExtractReview, Kept(_SENT), named)]
    if not ids:
        return []
    execute(connection, "select id from convenings where id = any(%s) order by id for no key update", (ids,))
    return fetch_as(connection, ExtractReview, _SENT, {**named, "only": ids})


def write(connection: Connection, told: Sequence[ExtractReview], today: date, at: datetime) -> None:
    """Write the outcomes that a source sent, and end their convenings. Decisions that a person recorded are kept."""
    ids = [one.convening_id for one in told]
    decided = fetch_as(
        connection,
        _Decided,
        """update outcomes set stands = false where convening_id = any(%s) and stands
           returning convening_id, decisions, pattern, enquiries, action_refs""",
        (ids,),
    )
    execute(
        connection,
        """with made as (
               insert into outcomes (convening_id, held, police_attended, cps_attended, decisions, pattern, enquiries,
                                     review_ref, recorded_on, recorded_at, action_refs)
               select t.id, true, t.police, t.cps, coalesce(d.decisions::text[], '{}'), d.pattern, d.enquiries, t.ref,
                      %(today)s, %(at)s, case when d.id is null then '{}' else d.action_refs::text[] end
               from unnest(%(ids)s::bigint[], %(refs)s::text[], %(police)s::boolean[], %(cps)s::boolean[])
                    as t(id, ref, police, cps)
               left join unnest(%(was)s::bigint[], %(decisions)s::text[], %(pattern)s::text[],
                                %(enquiries)s::text[], %(actions)s::text[])
                    as d(id, decisions, pattern, enquiries, action_refs) on d.id = t.id
               returning convening_id, quorate)
           update convenings v set ended_on = coalesce(v.ended_on, %(today)s),
                  "end" = case when made.quorate then 'held' else 'not_held' end
           from made where v.id = made.convening_id""",
        {
            "ids": ids, "today": today, "at": at,
            "refs": [one.review_ref for one in told],
            "police": [one.police_attended for one in told],
            "cps": [one.cps_attended for one in told],
            "was": [one.convening_id for one in decided],
            "decisions": array(one.decisions for one in decided),
            "pattern": [one.pattern for one in decided],
            "enquiries": [one.enquiries for one in decided],
            "actions": array(one.action_refs for one in decided),
        },
    )  # fmt: skip


class UncountedOutcome(NamedTuple):
    """An outcome without a row of a review that counts it."""

    convening_id: int
    case_id: int
    sitting_ref: str
    case_ref: str


def withdraw(connection: Connection, force_code: str, today: date) -> list[UncountedOutcome]:
    """Withdraw the outcomes whose review was withdrawn by its source; their sitting is then unrecorded."""
    # Not by disclosed: an audit row
    statement = """
        with gone as (
            update outcomes o set stands = false
            from convenings v join sittings s on s.id = v.sitting_id join cases c on c.id = v.case_id
            where o.stands and o.held and v.id = o.convening_id and s.force_code = %(force)s
              and s.day between %(since)s and %(today)s
              and not exists (select from reviews r where r.review_ref = o.review_ref and r.kind = 'joint'
                                                      and r.withdrawn_on is null and r.held_on >= s.day)
            returning v.id as convening_id, v.case_id, s.ref as sitting_ref, c.case_ref),
        ended as (
            update convenings v set ended_on = coalesce(v.ended_on, %(today)s), "end" = 'unrecorded'
            from gone where v.id = gone.convening_id)
        select * from gone order by 1"""
    given = {"force": force_code, "today": today, "since": today - LOOKED_BACK}
    return fetch_as(connection, UncountedOutcome, Kept(statement), given)


def take_over(connection: Connection, day: date) -> None:
    """Withdraw the reviews that people recorded of a case and day of which a source now sends its own.

    A review of a linked case counts too. The outcomes refer to the source's row from then on. The keys of these cases
    are noted as touched, as an intake notes them.
    """
    statement = f"""
        with taken as (
            select o.id, ours.review_ref, ours.key_id, theirs.review_ref as theirs
            from outcomes o join reviews ours on ours.review_ref = o.review_ref and ours.withdrawn_on is null
            join sources own on own.id = ours.source_id and own.agency is null
            join cases c on c.id = ours.key_id
            join lateral (
                select r.review_ref from {REVIEWS} join sources x on x.id = r.source_id and x.agency is not null
                where r.held_on = ours.held_on
                order by not r.quorate, r.review_ref limit 1) theirs on true
            where o.stands and o.recorded_on >= %(since)s),
        gone as (update reviews r set withdrawn_on = %(day)s from taken where r.review_ref = taken.review_ref),
        said as (update outcomes o set review_ref = taken.theirs from taken where o.id = taken.id)
        insert into touched (key_id, rows) select distinct key_id, 1 from taken"""
    execute(connection, statement, {"day": day, "since": day - LOOKED_BACK})
