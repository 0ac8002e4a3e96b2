"""Writes of people's acts, and reads: of a case, of which a message notifies somebody, and that a reply takes back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.doors import ActKind, Door
from models.queries.driver import execute, fetch_as, first_as, keyed_as, scalar, scalars
from models.rules.catalogue import action, danger, joint_review
from models.rules.catalogue.contents import CONVENED
from models.rules.people.act import Act
from models.rules.references import CaseReference

_COLUMNS = {
    ActKind.PROMISE: "promise_id", ActKind.COMPLETION: "completion_id", ActKind.OUTCOME: "outcome_id",
    ActKind.MOVE: "convening_id", ActKind.HOLD: "hold_id", ActKind.UNDOING: "undoing_id",
    ActKind.EXTRACT: "extract_id", ActKind.CONFIRMATION: "confirmation_id",
}  # fmt: skip


class Done(NamedTuple):
    """The work of an act, by the row that came of it, or that it took back, or refused.

    Without a case, it is about rounds or an extract.
    """

    deed: ActKind
    row_id: int
    case_id: int | None = None
    undoes: bool = False


class KeptAct(NamedTuple):
    """One act as it was kept, and what it did."""

    id: int
    made_on: date
    made_at: datetime
    by_ref: str
    door: Door
    through: str
    deed: ActKind
    undoes: bool
    done_by: str  # in whose name it was done; of what took something back, in whose name that was
    stands: bool  # whether it can be taken back
    rule: str  # empty of a hold, and of an extract
    subject: str  # of the obligation that it is about
    obligation_id: int | None
    kind: str  # of an action, as its source's code
    on: date  # promised until, done on, the sitting's day, held since, the last day before the rounds, an extract's, or
    # confirmed on
    sitting: str | None  # its reference


class NoticedAct(NamedTuple):
    """One act of which a message notifies somebody, with its case; one about rounds or an extract has none."""

    act: KeptAct
    by_name: str  # of the contact in whose name it was done; empty where none is known
    by_email: str
    force_code: str | None
    case_ref: str | None
    urn: str | None
    restricted: bool
    barred: frozenset[str]


_KEPT = f"""
a.id as "{{0}}id", a.made_on as "{{0}}made_on", a.made_at as "{{0}}made_at", a.by_ref as "{{0}}by_ref",
a.door as "{{0}}door", a.through_ref as "{{0}}through",
case when a.promise_id is not null then 'promise' when a.completion_id is not null then 'completion'
     when a.outcome_id is not null then 'outcome' when a.convening_id is not null then 'move'
     when a.hold_id is not null then 'hold' when a.extract_id is not null then 'extract'
     when a.confirmation_id is not null then 'confirmation' else 'undoing' end as "{{0}}deed",
a.undoes as "{{0}}undoes", coalesce(p.by_ref, r.by_ref, u.by_ref, h.by_ref, f.by_ref, a.by_ref) as "{{0}}done_by",
not a.undoes and coalesce(case when a.promise_id is not null then p.ended_on is null and o.ended_on is null
     when a.completion_id is not null then x.as_sent is not null and not exists (
         select from completions l where l.action_ref = r.action_ref and l.id > r.id)
     when a.outcome_id is not null then u.stands
     when a.convening_id is not null then v.ended_on is null
     when a.hold_id is not null then h.released_at is null
     when a.confirmation_id is not null then f.stands end, false) as "{{0}}stands",
coalesce(o.rule, case when h.id is not null or e.id is not null then '' when f.id is not null then '{danger.RULE.name}'
                      when r.id is null then '{joint_review.RULE.name}' else '{action.RULE.name}' end) as "{{0}}rule",
coalesce(o.subject, 'action:' || r.action_ref, 'case') as "{{0}}subject",
o.id as "{{0}}obligation_id", coalesce(x.kind, '') as "{{0}}kind",
coalesce(p.until_on, r.done_on, s.day, g.after_on, (h.held_at at time zone 'Europe/London')::date,
         (e.extracted_at at time zone 'Europe/London')::date, f.confirmed_on) as "{{0}}on",
s.ref as "{{0}}sitting" """
_OF = f"""
left join promises p on p.id = a.promise_id
left join completions r on r.id = a.completion_id
left join outcomes u on u.id = a.outcome_id
left join convenings v on v.id = coalesce(a.convening_id, u.convening_id)
left join sittings s on s.id = v.sitting_id
left join undoings g on g.id = a.undoing_id
left join holds h on h.id = a.hold_id
left join extracts e on e.id = a.extract_id
left join confirmations f on f.id = a.confirmation_id
left join lateral (
    select id, rule, subject, ended_on from obligations where id = p.obligation_id
    union all
    (select id, rule, subject, ended_on from obligations
     where case_id = a.case_id and subject = 'action:' || r.action_ref
     order by ended_on is not null, id desc limit 1)
    union all
    (select id, rule, subject, ended_on from obligations
     where case_id = a.case_id and a.confirmation_id is not null and rule = '{danger.RULE.name}'
     order by ended_on is not null, id desc limit 1)) o on true
left join actions x on x.action_ref = coalesce(
    r.action_ref, case when starts_with(o.subject, 'action:') then substr(o.subject, 8) end)
"""


def record(connection: Connection, act: Act, done: Done, today: date, at: datetime) -> int:
    """Write an act, and return its id."""
    statement = f"""
        insert into acts (made_at, made_on, by_ref, door, through_ref, case_id, {_COLUMNS[done.deed]}, undoes)
        values (%(at)s, %(today)s, %(by)s, %(door)s, %(through)s, %(case_id)s, %(row_id)s, %(undoes)s)
        returning id"""
    given = {"at": at, "today": today, **act._asdict(), **done._asdict(), "door": act.door.value}
    return int(scalar(connection, statement, given))


def notify(connection: Connection, act_id: int, contact_ref: str, channel: str, today: date, at: datetime) -> None:
    """Queue the notice of an act to a person, to travel in their next letter."""
    statement = """
        insert into messages (key, kind, contact_ref, channel, day, about, due_at)
        values (%s, 'act', %s, %s, %s, %s, %s) on conflict (key) do nothing"""
    given = (f"act:{act_id}:{contact_ref}:{channel}", contact_ref, channel, today, str(act_id), at)
    execute(connection, statement, given)


def of_case(connection: Connection, case_id: int) -> list[KeptAct]:
    """Return every act on a case but its holds, in the order in which they were done: few may read of a hold."""
    statement = f"select {_KEPT.format('')} from acts a {_OF} where a.case_id = %s and h.id is null order by a.id"
    return fetch_as(connection, KeptAct, statement, (case_id,))


def notices(connection: Connection, message_ids: Sequence[int]) -> dict[int, NoticedAct]:
    """Return the act of each of these messages."""
    statement = f"""
        select m.id as message_id, {_KEPT.format("act.")}, coalesce(actor.name, '') as by_name,
               coalesce(actor.email, '') as by_email, c.force_code, c.case_ref, k.urn_root as urn,
               coalesce(c.is_restricted, false) as restricted, coalesce(c.barred, array[]::text[]) as barred
        from messages m join acts a on a.id = m.about::bigint {_OF}
        left join contacts actor on actor.contact_ref = a.by_ref
        left join disclosed c on c.id = a.case_id left join case_keys k on k.id = c.urn_key_id
        where m.kind = 'act' and m.id = any(%s)"""
    return dict(keyed_as(connection, "message_id", NoticedAct, statement, (list(message_ids),)))


def taken_back(connection: Connection, deed: ActKind, row_id: int) -> bool:
    """Return whether what an act did, by its row, was taken back."""
    statement = f"select exists (select from acts where {_COLUMNS[deed]} = %s and undoes)"
    return bool(scalar(connection, statement, (row_id,)))


class UndoableAct(NamedTuple):
    """One act by the row that came of it, with its case, its sitting, and the joint review that it is about."""

    deed: ActKind
    row_id: int
    force_code: str
    case_ref: str
    sitting: str
    obligation_id: int | None
    chair_ref: str
    by_ref: str  # in whose name it was done

    @property
    def case(self) -> CaseReference:
        """Return its case's reference."""
        return CaseReference(self.force_code, self.case_ref)


def undoable(connection: Connection, act_id: int) -> UndoableAct | None:
    """Return an act by its id; None where there is no such act, or where it is of another kind."""
    statement = f"""
        select case when a.outcome_id is not null then 'outcome' else 'move' end as deed,
               coalesce(a.outcome_id, a.convening_id) as row_id, c.force_code, c.case_ref, s.ref as sitting,
               (select o.id from obligations o
                where o.case_id = c.id and o.rule in {CONVENED} and o.end_reason is distinct from 'void'
                order by o.version desc limit 1) as obligation_id,
               s.chair_ref, a.by_ref
        from acts a left join outcomes u on u.id = a.outcome_id
        join convenings v on v.id = coalesce(a.convening_id, u.convening_id)
        join sittings s on s.id = v.sitting_id join disclosed c on c.id = a.case_id
        where a.id = %s and not a.undoes"""
    return first_as(connection, UndoableAct, statement, (act_id,))


def forces_of_meetings(connection: Connection, at: datetime) -> list[str]:
    """Return the forces in which a reply of a moment recorded an outcome, or took back one or a move."""
    statement = """
        select distinct c.force_code from acts a join cases c on c.id = a.case_id
        where a.door = 'mail' and a.made_at = %s
          and (a.outcome_id is not null or (a.convening_id is not null and a.undoes)) order by 1"""
    return scalars(connection, statement, (at,))
