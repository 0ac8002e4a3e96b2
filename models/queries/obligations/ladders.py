"""What climbing reads of the obligations whose day has come, and how what was decided is written, as sets."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from itertools import repeat
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.routes import Route
from config.terms import Addressee, Duty, Happening, Manner, OwedBy, Risk, StepOutcome, Verb
from models.queries.driver import array, execute, fetch, readable
from models.queries.obligations.channels import CHANNELS, parameters
from models.queries.obligations.versions import CHAIN
from models.queries.people.parties import CONCERNED, NOWHERE, OF_OBLIGATIONS, Jurisdictions, places
from models.rules.people.addressing import Parties

_RISK = {word.value: word for word in Risk}
_OWED_BY = {word.value: word for word in OwedBy}
_DUE = f"""
select o.id, o.rule, o.remind_on, o.due_on, o.escalate_on, o.hard, o.last_step, o.taken_on, o.owner_told,
       o.owner_direct, o.owed_by, c.risk, {CONCERNED}, p.id, p.until_on, o.subject, o.next_step_on, s.day
{OF_OBLIGATIONS}
left join promises p on p.obligation_id = o.id and p.ended_on is null
left join convenings v on v.case_id = o.case_id and v.ended_on is null and o.rule = 'joint-review'
left join sittings s on s.id = v.sitting_id
where o.ended_on is null and o.next_step_on <= %(today)s and o.force_code {{force}}
order by o.id for no key update of o"""

_WRITE = f"""
with won as (
  insert into steps (obligation_id, step, name, on_day, outcome, reason)
  select id, step, name, %(today)s, outcome, reason
  from unnest(%(step_obligation_id)s::bigint[], %(step_step)s::int[], %(step_name)s::text[], %(step_outcome)s::text[],
              %(step_reason)s::text[]) given(id, step, name, outcome, reason)
  order by id, step on conflict do nothing returning obligation_id, step, name, outcome, reason),
logged as (
  insert into audit (verb, by, about, ref, reason, detail)
  select %(verb)s, 'casebeat', 'step', obligation_id || ':' || step, outcome,
         jsonb_build_object('step', name, 'because', reason)
  from won),
lost as (
  select id
  from unnest(%(step_obligation_id)s::bigint[], %(step_outcome)s::text[]) given(id, outcome) where outcome = 'taken'
  except select obligation_id from won where outcome = 'taken'),
spoken as (
  insert into notifications (obligation_id, happening, step, step_name, occasion, day, duty, manner, addressee,
                             contact_ref, channel, note)
  select id, happening, step, step_name, occasion, %(today)s, duty, manner, addressee, contact_ref, by.channel, note
  from unnest(%(said_obligation_id)s::bigint[], %(said_happening)s::text[], %(said_step)s::int[],
              %(said_step_name)s::text[], %(said_occasion)s::text[], %(said_duty)s::text[], %(said_manner)s::text[],
              %(said_addressee)s::text[], %(said_contact_ref)s::text[], %(said_note)s::text[])
       given(id, happening, step, step_name, occasion, duty, manner, addressee, contact_ref, note)
  cross join {CHANNELS} by
  where id not in (select id from lost) order by id, contact_ref, by.channel on conflict do nothing returning 1),
moved as (
  update obligations o
  set last_step = given.last_step, taken_on = given.taken_on::date[], next_step_on = given.next_step_on,
      owner_told = given.owner_told::text[], owner_direct = given.owner_direct
  from unnest(%(moved_obligation_id)s::bigint[], %(moved_last_step)s::int[], %(moved_taken_on)s::text[],
              %(moved_next_step_on)s::date[], %(moved_owner_told)s::text[], %(moved_owner_direct)s::boolean[])
       given(id, last_step, taken_on, next_step_on, owner_told, owner_direct)
  where o.id = given.id and o.id not in (select id from lost))
select (select count(*) from won where outcome = 'taken'), (select count(*) from spoken),
       set_config('synchronous_commit', 'off', true)"""


class DueObligation(NamedTuple):
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
    matter: Parties
    promise_id: int | None
    promised_until: date | None
    next_step_on: date
    sits_on: date | None  # of a joint review: the sitting that the case has


class NewNotification(NamedTuple):
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
    note: str


class LadderChange(NamedTuple):
    """What becomes of an obligation's standing on its ladder."""

    obligation_id: int
    last_step: int
    taken_on: tuple[date | None, ...]
    next_step_on: date | None
    owner_told: tuple[str, ...]
    owner_direct: bool


class StepClaim(NamedTuple):
    """One step to be claimed: taken, passed over, or deliberately silent, and why."""

    obligation_id: int
    step: int
    name: str
    outcome: StepOutcome
    reason: str


class ClimbDecision(NamedTuple):
    """What one climb has decided and is to be written. `lapsed` are the promises whose day has passed."""

    steps: list[StepClaim]
    said: list[NewNotification]
    moved: list[LadderChange]
    lapsed: list[int]


def due(connection: Connection, force_code: str | None, today: date) -> tuple[list[DueObligation], list[int]]:
    """The live obligations of a force (None: of the book as a whole) on which time matters today, locked.

    And the ids of those that no value can be made of: 0 for one whose very row cannot be read.
    """
    force = "= %(force)s" if force_code is not None else "is null"
    rows, unread = readable(connection, _DUE.format(force=force), {"today": today, "force": force_code})
    known = places(connection, {row[19] for row in rows}) if force_code is None and rows else {}
    found: list[DueObligation] = []
    broken = [0] * unread
    for row in rows:
        try:
            found.append(_due(row, force_code, known))
        except KeyError:
            broken.append(row[0])
    return found, broken


def _due(row: Sequence[Any], force_code: str | None, known: Mapping[str, Jurisdictions]) -> DueObligation:
    owed_by = _OWED_BY[row[10]]
    if force_code is not None:
        matter = Parties(owed_by, (force_code,), (row[12],), *row[13:17])
    else:
        matter = Parties(owed_by, *known.get(row[19], NOWHERE))
    risk = _RISK.get(row[11], Risk.UNKNOWN)  # none, or a word of a later version
    return DueObligation._make(
        (*row[:7], tuple(row[7]), tuple(row[8]), row[9], risk, matter, row[17], row[18], *row[20:22])
    )


def told_at_present_step(connection: Connection, obligation_ids: Sequence[int]) -> dict[int, set[str | None]]:
    """Who was or will be told of each obligation's present step, in this version or one it carries on from.

    None stands for operations. What fell silent, or went to another in someone's place, told them nothing.
    """
    found: dict[int, set[str | None]] = {}
    if not obligation_ids:
        return found
    for obligation_id, ref in fetch(
        connection,
        f"""select o.id, n.contact_ref
           from obligations o
           cross join {CHAIN}
           join notifications n on n.obligation_id = v.id and n.step = o.last_step
           where o.id = any(%s) and n.state <> 'silent'""",
        (list(obligation_ids),),
    ):
        found.setdefault(obligation_id, set()).add(ref)
    return found


def without(decided: ClimbDecision, obligation_id: int) -> ClimbDecision:
    """What was decided, less what was begun of one obligation."""
    return decided._replace(
        steps=[one for one in decided.steps if one.obligation_id != obligation_id],
        said=[one for one in decided.said if one.obligation_id != obligation_id],
        moved=[one for one in decided.moved if one.obligation_id != obligation_id],
    )


def write(connection: Connection, decided: ClimbDecision, today: date, routes: Sequence[Route]) -> tuple[int, int]:
    """Claim steps by their unique key with their audit rows, write what is said, and move what climbed: one statement.

    Each notification goes by the main route, and by every other one that reaches its reader and may name its case.
    What another run has taken meanwhile is neither said nor moved. How many steps were taken, and how many said. The
    commit does not wait for the disk: whatever is sent of it is fenced by a later commit that does, and a climb that
    the machine's death undid is climbed again.
    """
    if not decided.moved:
        return 0, 0
    given = {
        "today": today, "verb": Verb.ALTERATION.value, **parameters(routes),
        **_columns("step", StepClaim._fields, decided.steps),
        **_columns("said", NewNotification._fields, decided.said),
        **_columns("moved", LadderChange._fields, decided.moved),
    }  # fmt: skip
    taken, said, _ = fetch(connection, _WRITE, given)[0]
    _lapse(connection, decided.lapsed, today)
    return taken, said


def _columns(name: str, fields: Sequence[str], rows: Sequence[Sequence[Hashable]]) -> dict[str, str]:
    columns = zip(*rows, strict=True) if rows else repeat(())
    return {f"{name}_{field}": array(column) for field, column in zip(fields, columns, strict=False)}


def _lapse(connection: Connection, promise_ids: Sequence[int], today: date) -> None:
    """Promises whose day has passed end unmet."""
    if promise_ids:
        execute(
            connection,
            "update promises set ended_on = %s, \"end\" = 'lapsed' where id = any(%s)",
            (today, list(promise_ids)),
        )
