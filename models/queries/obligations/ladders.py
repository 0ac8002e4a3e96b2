"""Reads of the obligations that may climb their ladder today, and writes of what a climb decided, as sets."""

from collections.abc import Collection, Hashable, Sequence
from datetime import date
from itertools import repeat
from typing import NamedTuple

from sqlalchemy import Connection

from config.routes import Route
from config.terms import Addressee, Duty, Happening, Manner, Risk, StepOutcome, Verb
from models.queries.driver import array, execute, keyed_as, one_as, readable_as
from models.queries.kept_plans import Kept
from models.queries.obligations.channels import CHANNELS, parameters
from models.queries.obligations.versions import SINCE_RENEWED
from models.queries.people.parties import LIVE_OF_ANY, LIVE_OF_CASES, NOWHERE, PARTIES, of_places, places
from models.rules.catalogue.contents import CONVENED
from models.rules.outbox.message_states import DROPPED, SAID
from models.rules.people.parties import Parties
from models.rules.reviews.convening import risk_of

# The promise of someone who is barred from the case since has lapsed.
_DUE = f"""
select o.id, o.rule, o.subject, o.remind_on, o.due_on, o.escalate_on, o.hard, o.last_step, o.taken_on, o.addressed,
       c.risk, {PARTIES}, p.id as promise_id, o.next_step_on,
       case when p.by_ref = any(c.barred) then %(today)s::date - 1 else p.until_on end as promised_until,
       s.day as sits_on
{{of}}
left join promises p on p.obligation_id = o.id and p.ended_on is null
left join convenings v on v.case_id = o.case_id and v.ended_on is null and o.rule in {CONVENED}
left join sittings s on s.id = v.sitting_id
where o.next_step_on <= %(today)s and o.force_code {{force}} {{only}}
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
      addressed = given.addressed::text[], through = given.through::text[]
  from unnest(%(moved_obligation_id)s::bigint[], %(moved_last_step)s::int[], %(moved_taken_on)s::text[],
              %(moved_next_step_on)s::date[], %(moved_addressed)s::text[], %(moved_through)s::text[])
       given(id, last_step, taken_on, next_step_on, addressed, through)
  where o.id = given.id and o.id not in (select id from lost))
select (select count(*) from won where outcome = 'taken') as taken, (select count(*) from spoken) as notified,
       set_config('synchronous_commit', 'off', true)"""


class DueObligation(NamedTuple):
    """An obligation whose next step falls due, with its parties."""

    id: int
    rule: str
    subject: str
    remind_on: date
    due_on: date
    escalate_on: date
    hard: bool
    last_step: int
    taken_on: tuple[date | None, ...]
    addressed: tuple[str, ...]
    risk: Risk
    matter: Parties
    promise_id: int | None
    promised_until: date | None
    next_step_on: date
    sits_on: date | None  # of a joint review: the sitting that the case has


class NotifiedContacts(NamedTuple):
    """Who was notified of an obligation's present step, and who of them could not read of which case. None: operations.

    These were sent messages that held it back from them, and none that did not.
    """

    everyone: frozenset[str | None] = frozenset()
    withheld: frozenset[str | None] = frozenset()


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
    """An obligation's new place on its ladder."""

    obligation_id: int
    last_step: int
    taken_on: tuple[date | None, ...]
    next_step_on: date | None
    addressed: tuple[str, ...]  # whom the present step led to, so that a newcomer is known; "" is operations
    through: tuple[str, ...]  # the contacts, roles in a place and panels on which that depends


class StepClaim(NamedTuple):
    """One step to be claimed: taken, passed over or silent on purpose, and why."""

    obligation_id: int
    step: int
    name: str
    outcome: StepOutcome
    reason: str


class ClimbDecision(NamedTuple):
    """The decisions of one climb, to be written. `lapsed` are the promises whose day has passed."""

    steps: list[StepClaim]
    said: list[NewNotification]
    moved: list[LadderChange]
    lapsed: list[int]


class _Written(NamedTuple):
    taken: int
    notified: int
    set_config: str


def due(
    connection: Connection, force_code: str | None, today: date, only: Collection[int] | None = None
) -> tuple[list[DueObligation], list[int]]:
    """Return the live obligations of a force (None: of no case) whose next step falls due today, locked until commit.

    With `only`, return no others than those of these ids.
    Also return the ids of those that cannot be read as a value: 0 for one whose row the driver cannot read.
    """
    of, force = (LIVE_OF_CASES, "= %(force)s") if force_code is not None else (LIVE_OF_ANY, "is null")
    these = "" if only is None else "and o.id = any(%(only)s)"
    values = {"today": today, "force": force_code, "only": list(only or ())}
    # A risk that is null, or that a later version of this code wrote, is unknown.
    statement = Kept(_DUE.format(of=of, force=force, only=these))
    found, broken = readable_as(connection, DueObligation, statement, values, {"risk": risk_of})
    if force_code is None and found:
        known = places(connection, {obligation.subject for obligation in found})
        found = [
            obligation._replace(matter=of_places(obligation.matter.owed_by, known.get(obligation.subject, NOWHERE)))
            for obligation in found
        ]
    return found, broken


def notified_at_present_step(connection: Connection, obligation_ids: Sequence[int]) -> dict[int, NotifiedContacts]:
    """Return who is notified of each obligation's present step, in this version or one that it carries on from.

    Of a version that was renewed nobody is: the step is said again. The word that it ended, and
    a notification that fell silent, went to a substitute or is void, do not count.
    """
    if not obligation_ids:
        return {}
    statement = f"""
        select id, array_agg(contact_ref) as everyone,
               coalesce(array_agg(contact_ref) filter (where withheld), '{{}}') as withheld
        from (
          select o.id, n.contact_ref, bool_and(n.withheld and n.state in {SAID}) as withheld
          from obligations o
          cross join {SINCE_RENEWED}
          join notifications n on n.obligation_id = v.id and n.step = o.last_step
          where o.id = any(%s) and n.happening <> 'resolved' and n.state not in {DROPPED}
          group by o.id, n.contact_ref) each
        group by id"""
    return dict(keyed_as(connection, "id", NotifiedContacts, statement, (list(obligation_ids),)))


def without(decided: ClimbDecision, obligation_id: int) -> ClimbDecision:
    """Return the decisions without those about one obligation."""
    return decided._replace(
        steps=[step for step in decided.steps if step.obligation_id != obligation_id],
        said=[notification for notification in decided.said if notification.obligation_id != obligation_id],
        moved=[change for change in decided.moved if change.obligation_id != obligation_id],
    )


def write(connection: Connection, decided: ClimbDecision, today: date, routes: Sequence[Route]) -> tuple[int, int]:
    """Claim steps by their unique key with audit rows, write notifications and move obligations, in one statement.

    Return how many steps were taken and how many notifications were written. Each notification goes by the main route,
    and by every other route that reaches its reader and may name its case. A step that another run has taken meanwhile
    is neither notified nor moved. The commit does not wait for the disk: a later commit that does wait fences whatever
    is sent, and a climb that is lost with the machine is climbed again.
    """
    if not decided.moved:
        return 0, 0
    given = {
        "today": today, "verb": Verb.ALTERATION.value, **parameters(routes),
        **_columns("step", StepClaim._fields, decided.steps),
        **_columns("said", NewNotification._fields, decided.said),
        **_columns("moved", LadderChange._fields, decided.moved),
    }  # fmt: skip
    written = one_as(connection, _Written, _WRITE, given)
    _lapse(connection, decided.lapsed, today)
    return written.taken, written.notified


def _columns(name: str, fields: Sequence[str], given: Sequence[Sequence[Hashable]]) -> dict[str, str]:
    columns = zip(*given, strict=True) if given else repeat(())
    return {f"{name}_{field}": array(column) for field, column in zip(fields, columns, strict=False)}


def _lapse(connection: Connection, promise_ids: Sequence[int], today: date) -> None:
    """End the promises whose day has passed, unmet."""
    if promise_ids:
        statement = "update promises set ended_on = %s, \"end\" = 'lapsed' where id = any(%s)"
        execute(connection, statement, (today, list(promise_ids)))
