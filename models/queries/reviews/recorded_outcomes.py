"""Reads of a case at its sitting, and writes of the outcome that a person records."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.sittings import ConveningEnd, ReviewDecision
from models.queries.driver import execute, fetch_as, one_as, scalars
from models.queries.people.parties import BOTH_PARTIES
from models.rules.catalogue.rule import RAISED_HERE
from models.rules.people.parties import Parties
from models.rules.reviews.record_review import NewAction, ReviewOutcome, ReviewState, SourcedReview

SAT = "(v.\"end\" is null or v.\"end\" in ('held', 'not_held', 'unrecorded'))"  # neither moved nor removed
# The reviews `r` of a case `c` and of its linked cases. The join starts from their few keys, so that the planner never
# reads all reviews, even where tables that were filled a moment ago have no statistics.
REVIEWS = """(select c.id union select c.urn_key_id
              union select l.id from cases l where l.urn_key_id = c.urn_key_id) k (id)
             join reviews r on r.key_id = k.id and r.kind = 'joint' and r.withdrawn_on is null"""
# The columns of a row's `came`, of an outcome `o`, without the actions that it asked for.
CAME = """o.held as "came.held", o.police_attended as "came.police_attended", o.cps_attended as "came.cps_attended",
       o.decisions as "came.decisions", o.pattern as "came.pattern", o.enquiries as "came.enquiries",
       case when o.id is not null then '{}'::text[] end as "came.actions\""""


class ReviewableCase(NamedTuple):
    """A case at a sitting to which it was convened, with its parties."""

    convening_id: int
    case_id: int
    standing: ReviewState
    matter: Parties


class AddedAction(NamedTuple):
    """An action that a recorded review raised or will raise. An action that a decision adds has no owner of its own."""

    ref: str
    kind: str
    owner_ref: str | None
    due_on: date
    withdrawn: bool = False


class _Locked(NamedTuple):
    convening_id: int
    case_id: int


class _Sat(NamedTuple):
    day: date
    chair_ref: str
    matter: Parties
    came: ReviewOutcome | None
    sourced: SourcedReview | None


# Not by disclosed: a case at a sitting, after known_case
_LOCK = f"""
select v.id as convening_id, v.case_id
from case_keys k join convenings v on v.case_id = k.id join sittings s on s.id = v.sitting_id
where s.ref = %s and k.force_code = %s and k.case_ref = %s and {SAT}
order by v.id desc limit 1 for no key update of v"""
_FIND = f"""
select s.day, s.chair_ref, {BOTH_PARTIES},
       {CAME},
       sent.name as "sourced.source", sent.review_ref as "sourced.review_ref",
       sent.police_attended as "sourced.police_attended", sent.cps_attended as "sourced.cps_attended"
from convenings v join sittings s on s.id = v.sitting_id join case_parties c on c.id = v.case_id
left join outcomes o on o.convening_id = v.id and o.stands
left join lateral (
    select x.name, r.review_ref, r.police_attended, r.cps_attended
    from {REVIEWS} join sources x on x.id = r.source_id and x.agency is not null where r.held_on = s.day
    order by not r.quorate, r.review_ref limit 1) sent on true
where v.id = %s"""


def find(connection: Connection, sitting_ref: str, force_code: str, case_ref: str) -> ReviewableCase | None:
    """Return a case at a sitting, locked until commit; None where it was never convened to it, or has moved away.

    It is locked first and read afterwards, so that an outcome that another transaction has just recorded is seen.
    """
    for locked in fetch_as(connection, _Locked, _LOCK, (sitting_ref, force_code, case_ref)):
        sat = one_as(connection, _Sat, _FIND, (locked.convening_id,))
        given = (one for one in actions(connection, prefix(sitting_ref, case_ref)) if one.owner_ref)
        asked = frozenset(NewAction(one.kind, one.owner_ref or "", one.due_on) for one in given if not one.withdrawn)
        came = sat.came._replace(actions=asked) if sat.came else None
        standing = ReviewState(sat.day, sat.chair_ref, came, sat.sourced)
        return ReviewableCase(locked.convening_id, locked.case_id, standing, sat.matter)
    return None


class SittingCaseRow(NamedTuple):
    """A case at a sitting, the sitting's reference, and whether what came of it there is recorded."""

    ref: str
    force_code: str
    case_ref: str
    recorded: bool


# Not by disclosed: the act on a case asks whether its person may know of it
def sitting_cases(connection: Connection, sitting_id: int) -> list[SittingCaseRow]:
    """Return the cases that were convened to a sitting and have not moved away, by its id."""
    statement = f"""
        select s.ref, c.force_code, c.case_ref,
               bool_or(exists (select from outcomes o where o.convening_id = v.id and o.stands)
                       or exists (select from {REVIEWS} where r.held_on >= s.day)) as recorded
        from sittings s join convenings v on v.sitting_id = s.id join cases c on c.id = v.case_id
        where s.id = %s and {SAT} group by 1, 2, 3 order by 2, 3"""
    return fetch_as(connection, SittingCaseRow, statement, (sitting_id,))


def prefix(sitting_ref: str, case_ref: str) -> str:
    """Return the reference of the review of a case at a sitting; the references of its actions begin with it."""
    return f"{RAISED_HERE}{sitting_ref}-{case_ref}"


def actions(connection: Connection, review_ref: str) -> list[AddedAction]:
    """Return the actions that a review raised, including withdrawn ones, by their number."""
    statement = r"""
        select action_ref as ref, kind, owner_ref, due_on, withdrawn_on is not null as withdrawn from actions
        where starts_with(action_ref, %(begins)s) and substr(action_ref, length(%(begins)s) + 1) ~ '^\d+$'
          and source_id = (select id from sources where name = 'casebeat')
        order by substr(action_ref, length(%(begins)s) + 1)::int"""
    return fetch_as(connection, AddedAction, statement, {"begins": f"{review_ref}-"})


def sittings_of(connection: Connection, force_code: str, case_ref: str) -> list[str]:
    """Return the latest three sittings to which a case was convened without moving away, the latest first."""
    # Not by disclosed: the sittings of a case, after known_case
    statement = f"""
        select s.ref from case_keys k join convenings v on v.case_id = k.id join sittings s on s.id = v.sitting_id
        where k.force_code = %s and k.case_ref = %s and {SAT} group by s.ref, s.day order by s.day desc limit 3"""
    return scalars(connection, statement, (force_code, case_ref))


class NewOutcome(NamedTuple):
    """The outcome that a person records, to be written. `review_ref` is that of the review's row that counts it."""

    convening_id: int
    came: ReviewOutcome
    by_ref: str
    review_ref: str | None
    recorded_on: date
    recorded_at: datetime


class WrittenOutcome(NamedTuple):
    """The id of an outcome that was written, and whether the review counts."""

    id: int
    quorate: bool


def write(connection: Connection, outcome: NewOutcome) -> WrittenOutcome:
    """Write an outcome in place of the previous one, and end the case's convening by it."""
    came = outcome.came
    execute(
        connection, "update outcomes set stands = false where convening_id = %s and stands", (outcome.convening_id,)
    )
    (made,) = fetch_as(
        connection,
        WrittenOutcome,
        """insert into outcomes (convening_id, held, police_attended, cps_attended, decisions, pattern, enquiries,
                                 by_ref, review_ref, recorded_on, recorded_at)
           values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning id, quorate""",
        (
            outcome.convening_id, came.held, came.police_attended, came.cps_attended,
            [one.value for one in ReviewDecision if one in came.decisions], came.pattern, came.enquiries,
            outcome.by_ref, outcome.review_ref, outcome.recorded_on, outcome.recorded_at,
        ),
    )  # fmt: skip
    end = ConveningEnd.HELD if made.quorate else ConveningEnd.NOT_HELD
    execute(
        connection,
        'update convenings set ended_on = coalesce(ended_on, %s), "end" = %s where id = %s',
        (outcome.recorded_on, end, outcome.convening_id),
    )
    return made


def write_review(
    connection: Connection, review_ref: str, source_id: int, case_id: int, held_on: date, came: ReviewOutcome
) -> None:
    """Write the review of a case as it was held."""
    statement = """
        insert into reviews (review_ref, source_id, key_id, kind, held_on, police_attended, cps_attended)
        values (%s, %s, %s, 'joint', %s, %s, %s)
        on conflict (review_ref) do update set held_on = excluded.held_on, withdrawn_on = null,
               police_attended = excluded.police_attended, cps_attended = excluded.cps_attended
        where reviews.source_id = excluded.source_id"""
    execute(connection, statement, (review_ref, source_id, case_id, held_on, came.police_attended, came.cps_attended))


def withdraw_review(connection: Connection, review_ref: str, source_id: int, today: date) -> None:
    """Withdraw a review that was recorded here."""
    statement = "update reviews set withdrawn_on = %s where review_ref = %s and source_id = %s and withdrawn_on is null"
    execute(connection, statement, (today, review_ref, source_id))


def add_actions(
    connection: Connection, added: Collection[AddedAction], source_id: int, case_id: int, raised_on: date
) -> None:
    """Raise actions, each owed by its owner's agency, or by police where it has no owner of its own."""
    for one in added:
        statement = """
            insert into actions (action_ref, source_id, key_id, kind, source, owner_agency, status, raised_on,
                                 owner_ref, due_on)
            values (%(ref)s, %(source)s, %(case)s, %(kind)s, 'joint_review',
                    coalesce((select agency from contacts where contact_ref = %(owner)s), 'police'), 'pending',
                    %(raised)s, %(owner)s, %(due)s)"""
        given = {
            "ref": one.ref, "source": source_id, "case": case_id, "kind": one.kind, "raised": raised_on,
            "owner": one.owner_ref, "due": one.due_on,
        }  # fmt: skip
        execute(connection, statement, given)


def withdraw_actions(connection: Connection, refs: Sequence[str], today: date) -> None:
    """Withdraw actions that a review does not ask for after all."""
    execute(connection, "update actions set withdrawn_on = %s where action_ref = any(%s)", (today, list(refs)))


def assess(connection: Connection, case_id: int, day: date, *, harassment: bool) -> None:
    """Set or clear the day of the reason why a case is not stalking; the value that its source sent is kept.

    A later day from the source stays. After clearing, an earlier review's day counts again, or else the source's day.
    """
    statement = (
        """update cases set why_not_stalking_on = %(day)s,
                  as_sent = jsonb_build_object('why_not_stalking_on', why_not_stalking_on) || coalesce(as_sent, '{}')
           where id = %(case)s and (why_not_stalking_on is null or why_not_stalking_on < %(day)s)"""
        if harassment
        else """update cases c
           set why_not_stalking_on = coalesce(p.day, (as_sent ->> 'why_not_stalking_on')::date),
               as_sent = case when p.day is null then nullif(as_sent - 'why_not_stalking_on', '{}') else as_sent end
           from (select max(s.day) as day from outcomes o join convenings v on v.id = o.convening_id
                 join sittings s on s.id = v.sitting_id
                 where v.case_id = %(case)s and o.stands and o.pattern = 'harassment_with_rationale') p
           where c.id = %(case)s and c.as_sent ? 'why_not_stalking_on' and c.why_not_stalking_on = %(day)s"""
    )
    execute(connection, statement, {"case": case_id, "day": day})
