"""What climbing reads of the obligations whose day has come, and how what was decided is written, as sets."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.terms import Addressee, Channel, Duty, Happening, Manner, OwedBy, Risk, Verb
from models.queries.rows import cell, copy, execute, fetch
from models.rules.address import Matter

_RISK = {word.value: word for word in Risk}
_OWED_BY = {word.value: word for word in OwedBy}
_DUE = """
select o.id, o.rule, o.remind_on, o.due_on, o.escalate_on, o.hard, o.last_step, o.taken_on, o.owner_told,
       o.owner_direct, o.owed_by, c.risk, c.cps_area, c.oic_ref, c.supervisor_ref,
       coalesce(own.prosecutor_ref, shared.prosecutor_ref), a.owner_ref, p.id, p.until_on, o.subject, o.next_step_on
from obligations o
left join cases c on c.id = o.case_id
left join cps_cases own on own.key_id = c.id and own.withdrawn_on is null
left join cps_cases shared on shared.key_id = c.urn_key_id and shared.withdrawn_on is null
left join actions a on o.subject like 'action:%%' and a.action_ref = substr(o.subject, 8)
left join promises p on p.obligation_id = o.id and p.ended_on is null
where o.ended_on is null and o.next_step_on <= %(today)s and o.force_code {force}
order by o.id for no key update of o"""


class Due(NamedTuple):
    """An obligation whose day has come, with what decides who is told."""

    id: int
    rule: str
    remind_on: date
    due_on: date
    escalate_on: date
    hard: bool
    last_step: int
    taken_on: tuple[date | None, ...]
    owner_told: tuple[str, ...]
    owner_direct: bool
    risk: Risk
    matter: Matter
    promise_id: int | None
    promised_until: date | None
    next_step_on: date


class Said(NamedTuple):
    """One notification to be written."""

    obligation_id: int
    happening: Happening
    step: int
    step_name: str
    occasion: str
    duty: Duty
    manner: Manner
    addressee: Addressee
    contact_ref: str | None
    channel: Channel
    note: str


class Moved(NamedTuple):
    """What becomes of an obligation's standing on its ladder."""

    obligation_id: int
    last_step: int
    taken_on: Sequence[date | None]
    next_step_on: date | None
    owner_told: Sequence[str]
    owner_direct: bool


def due(connection: Connection, force_code: str | None, today: date) -> list[Due]:
    """The live obligations of a force (None: of the book as a whole) on which time matters today, locked."""
    force = "= %(force)s" if force_code is not None else "is null"
    rows = fetch(connection, _DUE.format(force=force), {"today": today, "force": force_code})
    covers = _covers(connection) if force_code is None and rows else {}
    return [_due(row, (force_code,) if force_code else covers.get(row[19].partition(":")[2], ())) for row in rows]


def _due(row: Sequence[Any], force_codes: tuple[str, ...]) -> Due:
    matter = Matter(_OWED_BY[row[10]], force_codes, row[12], row[13], row[14], row[15], row[16])
    risk = _RISK[row[11]] if row[11] else Risk.UNKNOWN
    return Due._make((*row[:7], tuple(row[7]), tuple(row[8]), row[9], risk, matter, row[17], row[18], row[20]))


def _covers(connection: Connection) -> dict[str, tuple[str, ...]]:
    return {row[0]: tuple(row[1]) for row in fetch(connection, "select name, covers from sources")}


def told_at_present_step(connection: Connection, obligation_ids: Sequence[int]) -> dict[int, set[str | None]]:
    """Who was told of each obligation's present step, in this version or one it carries on from; None: operations."""
    found: dict[int, set[str | None]] = {}
    for obligation_id, ref in fetch(
        connection,
        """select o.id, n.contact_ref
           from obligations o
           join obligations v on v.case_id is not distinct from o.case_id and v.rule = o.rule and v.subject = o.subject
                             and v.version between o.chain_from and o.version
           join notifications n on n.obligation_id = v.id and n.step = o.last_step
           where o.id = any(%s)""",
        (list(obligation_ids),),
    ):
        found.setdefault(obligation_id, set()).add(ref)
    return found


def take(connection: Connection, steps: Sequence[tuple[int, int, str, str, str]], today: date) -> set[int]:
    """Claim steps by their unique key, with their audit rows; the obligations whose `taken` was won.

    A row of `steps` is obligation id, step, name, outcome, reason.
    """
    if not steps:
        return set()
    execute(
        connection,
        "create temporary table climbing (id bigint, step int, name text, outcome text, reason text) on commit drop",
    )
    copy(
        connection,
        "climbing",
        ("id", "step", "name", "outcome", "reason"),
        ("\t".join(map(cell, row)) + "\n" for row in steps),
    )
    won = fetch(
        connection,
        """with won as (insert into steps (obligation_id, step, name, on_day, outcome, reason)
                        select id, step, name, %s, outcome, reason from climbing order by id, step
                        on conflict do nothing returning obligation_id, step, name, outcome, reason),
                logged as (insert into audit (verb, by, about, ref, reason, detail)
                           select %s, 'casebeat', 'step', obligation_id || ':' || step, outcome,
                                  json_build_object('step', name, 'because', reason) from won)
           select obligation_id from won where outcome = 'taken'""",
        (today, Verb.ALTERATION.value),
    )
    execute(connection, "drop table climbing")
    return {row[0] for row in won}


def say(connection: Connection, said: Iterable[Said], today: date) -> int:
    """Write notifications; one that is there already is not written again."""
    lines = ["\t".join(map(cell, one)) + "\n" for one in said]
    if not lines:
        return 0
    execute(
        connection,
        """create temporary table saying (obligation_id bigint, happening text, step int, step_name text, occasion text,
             duty text, manner text, addressee text, contact_ref text, channel text, note text) on commit drop""",
    )
    copy(connection, "saying", Said._fields, lines)
    written = execute(
        connection,
        """insert into notifications (obligation_id, happening, step, step_name, occasion, duty, manner, addressee,
                                      contact_ref, channel, note, day)
           select s.*, %s from saying s order by obligation_id, contact_ref on conflict do nothing""",
        (today,),
    )
    execute(connection, "drop table saying")
    return written


def move(connection: Connection, moved: Iterable[Moved]) -> None:
    """Write where obligations now stand on their ladders."""
    lines = ["\t".join(map(cell, one)) + "\n" for one in moved]
    if not lines:
        return
    execute(
        connection,
        """create temporary table moving (id bigint, last_step int, taken_on date[], next_step_on date,
                                          owner_told text[], owner_direct boolean) on commit drop""",
    )
    copy(connection, "moving", ("id", "last_step", "taken_on", "next_step_on", "owner_told", "owner_direct"), lines)
    execute(
        connection,
        """update obligations o set last_step = m.last_step, taken_on = m.taken_on, next_step_on = m.next_step_on,
                  owner_told = m.owner_told, owner_direct = m.owner_direct
           from moving m where o.id = m.id""",
    )
    execute(connection, "drop table moving")


def lapse(connection: Connection, promise_ids: Sequence[int], today: date) -> None:
    """Promises whose day has passed end unmet."""
    if promise_ids:
        execute(
            connection,
            "update promises set ended_on = %s, \"end\" = 'lapsed' where id = any(%s)",
            (today, list(promise_ids)),
        )
