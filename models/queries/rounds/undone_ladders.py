"""Writes that take back the steps, versions and ended promises of days that had not come, as sets."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import State, Verb
from models.queries.driver import array, execute, fetch_as, grouped, keyed_as, scalars
from models.queries.obligations import projection
from models.queries.obligations.versions import CHAIN
from models.rules.obligations.ladder_before import ClimbedStep, LadderPlace
from models.rules.outbox.message_states import DROPPED

# Versions `v` of the same identity as the obligation `o`.
_SAME = """(v.case_id = o.case_id or v.case_id is null and o.case_id is null)
           and v.rule = o.rule and v.subject = o.subject"""


class ClimbedObligation(NamedTuple):
    """A version with steps to be void, or one that carries on from such a version, and its present place."""

    id: int
    place: LadderPlace


def end_begun(connection: Connection, today: date) -> int:
    """Make void the versions that began after today, and return how many.

    One stays: the latest of its identity, where a person's promise is about it and no earlier version can be live.
    It takes the number after the last one that is not void.
    """
    ended = execute(
        connection,
        f"""update obligations o set ended_on = %(today)s, end_reason = 'void', next_step_on = null
            where o.began_on > %(today)s and end_reason is distinct from 'void' and not (
                o.ended_on is null
                and exists (select from promises p where p.obligation_id = o.id and p.ended_on is null)
                and not exists (select from obligations v where {_SAME} and v.began_on <= %(today)s
                                                            and v.ended_on > %(today)s))""",
        {"today": today},
    )
    execute(
        connection,
        f"""update obligations o set version = last.version + 1, chain_from = last.version + 1
            from (select o.id, coalesce(max(v.version), 0) as version
                  from live_obligations o left join obligations v on {_SAME} and v.id <> o.id
                                                            and v.end_reason is distinct from 'void'
                  where o.began_on > %(today)s group by o.id) last
            where last.id = o.id""",
        {"today": today},
    )
    return ended


def revive_ended(connection: Connection, today: date) -> int:
    """Let the versions that ended after today be live again, unless another of their identity is; return how many."""
    statement = f"""
        update obligations o
        set ended_on = null, end_reason = null, fact_on = null, fact = '', lost = false, after_letters = false,
            next_step_on = %(today)s
        where o.began_on <= %(today)s and o.ended_on > %(today)s
          and not exists (select from live_obligations v where {_SAME})
        returning o.id"""
    revived = scalars(connection, statement, {"today": today})
    projection.make_live(connection, revived)
    return len(revived)


def climbed_after(connection: Connection, today: date) -> list[tuple[ClimbedObligation, list[ClimbedStep]]]:
    """Return the versions whose place rests on a step after today, each with all steps of its chain."""
    found = fetch_as(
        connection,
        _Climbed,
        f"""select distinct o.id, o.last_step, o.taken_on from steps s join obligations v on v.id = s.obligation_id
            join obligations o on {_SAME} and v.version between o.chain_from and o.version
            where s.on_day > %s and s.outcome <> 'void' and o.end_reason is distinct from 'void'""",
        (today,),
    )
    steps = keyed_as(
        connection,
        "obligation_id",
        ClimbedStep,
        f"""select o.id as obligation_id, s.step, s.outcome, s.on_day, v.id = o.id as own
            from obligations o join obligations v on {_SAME} and v.version between o.chain_from and o.version
            join steps s on s.obligation_id = v.id and s.outcome <> 'void'
            where o.id = any(%s) order by s.id""",
        ([one.id for one in found],),
    )
    by_id = grouped(steps)
    return [(ClimbedObligation(one.id, LadderPlace(one.last_step, one.taken_on)), by_id[one.id]) for one in found]


class _Climbed(NamedTuple):
    id: int
    last_step: int
    taken_on: tuple[date | None, ...]


def void_steps(connection: Connection, today: date, reason: str) -> int:
    """Make void the steps after today, outside their unique key, with audit rows; return how many.

    `reason` follows what each of them was.
    """
    statement = """
        with was as (select id, outcome from steps where on_day > %(today)s and outcome <> 'void'),
        gone as (
          update steps s set outcome = 'void', reason = concat(was.outcome, ': ', %(reason)s::text)
          from was where was.id = s.id returning s.obligation_id, s.step, s.name, s.reason)
        insert into audit (verb, by, about, ref, reason, detail)
        select %(verb)s, 'casebeat', 'step', obligation_id || ':' || step, 'void',
               jsonb_build_object('step', name, 'because', reason) from gone"""
    return execute(connection, statement, {"today": today, "reason": reason, "verb": Verb.ALTERATION.value})


def write_places(connection: Connection, places: Sequence[tuple[int, LadderPlace]]) -> None:
    """Write the places of obligations on their ladders, with the people whom the remaining notifications reached.

    Call it when what is to be void is void. The next climb, which looks at everything, finds out through whom.
    """
    given = {
        "ids": array(id_ for id_, _ in places),
        "last_steps": array(place.last_step for _, place in places),
        "taken_on": array(place.taken_on for _, place in places),
    }
    execute(
        connection,
        """update obligations o set last_step = given.last_step, taken_on = given.taken_on::date[]
           from unnest(%(ids)s::bigint[], %(last_steps)s::int[], %(taken_on)s::text[]) given(id, last_step, taken_on)
           where o.id = given.id""",
        given,
    )
    execute(
        connection,
        f"""update obligations o set addressed = told.refs, through = '{{}}'
            from (
              select o.id, coalesce((
                  select array_agg(distinct coalesce(n.contact_ref, '')) from {CHAIN}
                  join notifications n on n.obligation_id = v.id
                  where n.step = o.last_step and (n.addressee = 'owner' or n.duty = 'escalate')
                    and n.happening <> 'resolved' and n.state not in {DROPPED}), '{{}}') as refs
              from obligations o
              where o.id = any(%(ids)s::bigint[]) or o.ended_on is null and exists (
                  select from notifications n where n.obligation_id = o.id and n.state = '{State.VOID}')) told
            where told.id = o.id""",
        given,
    )


def restore_promises(connection: Connection, today: date, at: datetime) -> int:
    """Let promises stand again that ended after today for want of what had not happened; return how many.

    A promise about a void version is about its identity's live version. A promise made after today runs from today for
    as long as it would have run.
    """
    execute(
        connection,
        f"""update promises p set obligation_id = v.id from obligations o, live_obligations v
            where o.id = p.obligation_id and o.end_reason = 'void' and {_SAME}
              and (p.ended_on is not null or not exists (
                   select from promises q where q.obligation_id = v.id and q.ended_on is null))""",
    )
    execute(
        connection,
        """update promises set until_on = %(today)s::date + (until_on - made_on), made_on = %(today)s,
                  made_at = least(made_at, %(at)s) where made_on > %(today)s""",
        {"today": today, "at": at},
    )
    return execute(
        connection,
        """update promises p set ended_on = null, "end" = null
           where p.ended_on > %(today)s and p."end" in ('lapsed', 'moved earlier') and p.id = (
               select max(q.id) from promises q where q.obligation_id = p.obligation_id)""",
        {"today": today},
    )
