"""What projection reads of the stored obligations and writes back, a chunk of cases at a time."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.policy import Policy
from config.terms import EndReason, OwedBy
from models.queries.rows import cell, copy, driver_cursor, execute, fetch
from models.rules.lifecycle import Amend, Begin, End, Identity, Stored

_OWED_BY = {word.value: word for word in OwedBy}
_END: dict[str | None, EndReason | None] = {None: None, **{word.value: word for word in EndReason}}
_STORED = """
select distinct on (o.case_id, o.rule, o.subject) o.case_id, o.id, o.rule, o.subject, o.version, o.chain_from,
       o.owed_by, o.due_on, o.remind_on, o.escalate_on, o.done_on, o.hard, o.stalls, o.because::text, o.note,
       o.last_step, o.taken_on, o.owner_told, o.owner_direct, o.ended_on, o.end_reason, p.until_on
from obligations o left join promises p on p.obligation_id = o.id and p.ended_on is null
where {which} order by o.case_id, o.rule, o.subject, o.version desc"""
_NULL = "\\N"
_COLUMNS = (
    "case_id", "force_code", "rule", "subject", "version", "chain_from", "edition", "owed_by", "due_on", "remind_on",
    "escalate_on", "done_on", "hard", "stalls", "because", "note", "began_on", "last_step", "taken_on",
    "next_step_on", "owner_told", "owner_direct",
)  # fmt: skip


class Book(NamedTuple):
    """A force's account before projection: open cases, those that stand evaluated, and the work list."""

    open_cases: int
    unchanged: int
    work: list[int]


def book(connection: Connection, force_code: str, *, everything: bool) -> Book:
    """Count the force's open cases and list those to evaluate, in one statement's view of them."""
    open_cases, unchanged, work = fetch(
        connection,
        """select count(*) filter (where c.finalised_on is null),
                  count(*) filter (where c.finalised_on is null and c.projection = 'evaluated' and not %(all)s),
                  array_agg(c.id order by c.id) filter (where c.projection <> 'evaluated' or %(all)s)
           from cases c
           where c.force_code = %(force)s and (c.finalised_on is null or c.projection <> 'evaluated')""",
        {"force": force_code, "all": everything},
    )[0]
    return Book(open_cases, unchanged, work or [])


def any_changed(connection: Connection, force_code: str) -> bool:
    """Whether any case of the force waits to be projected."""
    found = fetch(
        connection,
        "select exists (select from cases where force_code = %s and projection = 'changed')",
        (force_code,),
    )
    return bool(found[0][0])


def lock_cases(connection: Connection, case_ids: Sequence[int]) -> tuple[set[int], set[int]]:
    """Lock a chunk's cases until commit, so that no change is lost: the ids that are open, and those that changed."""
    rows = fetch(
        connection,
        """select id, finalised_on is null, projection = 'changed' from cases
           where id = any(%s) order by id for no key update""",
        (list(case_ids),),
    )
    return {row[0] for row in rows if row[1]}, {row[0] for row in rows if row[2]}


def stored(connection: Connection, case_ids: Sequence[int]) -> dict[int, dict[Identity, Stored]]:
    """The latest version of each identity of these cases, live or ended."""
    found: dict[int, dict[Identity, Stored]] = {case_id: {} for case_id in case_ids}
    for row in fetch(connection, _STORED.format(which="o.case_id = any(%s)"), (list(case_ids),)):
        found[row[0]][row[2], row[3]] = _stored(row)
    return found


def stored_without_case(connection: Connection, rules: Sequence[str]) -> dict[Identity, Stored]:
    """The latest version of each identity that belongs to no case, of these rules."""
    rows = fetch(connection, _STORED.format(which="o.case_id is null and o.rule = any(%s)"), (list(rules),))
    return {(row[2], row[3]): _stored(row) for row in rows}


def _stored(row: Sequence[Any]) -> Stored:
    return Stored._make(
        (
            *row[1:6],
            _OWED_BY[row[6]],
            *row[7:16],
            tuple(row[16]),
            tuple(row[17]),
            row[18],
            row[19],
            _END[row[20]],
            row[21],
        )
    )


def end(connection: Connection, ended: Sequence[End], today: date) -> None:
    """End versions, with day and reason kept."""
    if ended:
        execute(
            connection,
            """update obligations o set ended_on = %s, end_reason = e.reason, next_step_on = null
               from unnest(%s::bigint[], %s::text[]) as e(id, reason) where o.id = e.id""",
            (today, [one.stored.id for one in ended], [one.reason.value for one in ended]),
        )


def begin(
    connection: Connection,
    begun: Iterable[tuple[int | None, Begin]],
    force_code: str | None,
    policy: Policy,
    today: date,
) -> None:
    """Write new versions by COPY, and hand a standing promise on to the version that carries on."""
    rules, edition = policy.for_force(force_code), cell(policy.edition)
    lines, carried = [], []
    for case_id, one in begun:
        owes, numbers, before = one.owes, rules.of(one.rule), one.carries
        told, direct = (before.owner_told, before.owner_direct) if before else ((), True)
        # by hand, since a whole book passes through it: only what a record words needs care
        lines.append(
            f"{cell(case_id)}\t{cell(force_code)}\t{one.rule}\t{cell(owes.subject)}\t{one.version}\t{one.chain_from}\t"
            f"{edition}\t{owes.owed_by}\t{owes.due_on}\t{owes.remind_on}\t{owes.escalate_on}\t"
            f"{owes.done_on or _NULL}\t{numbers.hard:d}\t{numbers.stalls:d}\t{one.because}\t{owes.note}\t{today}\t"
            f"{one.last_step}\t{cell(one.taken_on)}\t{one.next_step_on or _NULL}\t{cell(told)}\t{direct:d}\n"
        )
        if before and before.promised_until:
            carried.append((before, owes))
    if lines:
        copy(connection, "obligations", _COLUMNS, lines)
    hand_promises_on(
        connection,
        [b.id for b, o in carried if o.due_on >= b.due_on],
        today,
        end_others=[b.id for b, o in carried if o.due_on < b.due_on],
    )


def hand_promises_on(connection: Connection, kept: list[int], today: date, end_others: list[int]) -> None:
    """A promise lives on in the version that carries on, unless the new due day is earlier."""
    if kept:
        execute(
            connection,
            """update promises p set obligation_id = n.id from obligations o
               join obligations n on n.case_id = o.case_id and n.rule = o.rule and n.subject = o.subject
                and n.version = o.version + 1
               where p.obligation_id = o.id and p.ended_on is null and o.id = any(%s)""",
            (kept,),
        )
    if end_others:
        execute(
            connection,
            """update promises set ended_on = %s, "end" = 'moved earlier'
               where ended_on is null and obligation_id = any(%s)""",
            (today, end_others),
        )


def amend(connection: Connection, amended: Sequence[Amend], policy: Policy) -> None:
    """Write changed particulars in place."""
    if not amended:
        return
    with driver_cursor(connection) as cursor:
        cursor.executemany(
            """update obligations set owed_by = %s, remind_on = %s, escalate_on = %s, done_on = %s, because = %s,
                      note = %s, next_step_on = %s, edition = %s where id = %s""",
            [
                (
                    a.owes.owed_by.value, a.owes.remind_on, a.owes.escalate_on, a.owes.done_on, a.because,
                    a.owes.note, a.next_step_on, policy.edition, a.stored.id,
                )
                for a in amended
            ],
        )  # fmt: skip


def look_again(connection: Connection, case_ids: Sequence[int], today: date) -> None:
    """Let today's climb look at what someone was told of on changed cases: its owner may be another."""
    if case_ids:
        execute(
            connection,
            """update obligations set next_step_on = %s
               where case_id = any(%s) and ended_on is null and last_step > 0
                 and next_step_on is distinct from least(next_step_on, %s)""",
            (today, list(case_ids), today),
        )


def resolve(connection: Connection, ended: Sequence[End], today: date) -> int:
    """Write to everyone who was told of an escalated version, in it or one it carries on from, that it ended.

    Who is no longer active is not written to.
    """
    ids = [one.stored.id for one in ended if one.reason is not EndReason.MOVED and one.stored.last_step]
    if not ids:
        return 0
    return execute(
        connection,
        """insert into notifications (obligation_id, happening, step, step_name, occasion, day, duty, manner, addressee,
                                      contact_ref, channel, state, reason)
           select o.id, 'resolved', o.last_step, 'resolved', 'resolved', %(today)s, 'escalate', 'digest',
                  (array_agg(n.addressee order by n.id))[1], n.contact_ref, n.channel, 'queued', o.end_reason
           from obligations o
           join obligations v on v.case_id is not distinct from o.case_id and v.rule = o.rule and v.subject = o.subject
                             and v.version between o.chain_from and o.version
           join notifications n on n.obligation_id = v.id and n.state not in ('queued', 'silent', 'dead')
           left join contacts c on c.contact_ref = n.contact_ref
           where o.id = any(%(ids)s) and coalesce(c.withdrawn_on > %(today)s, true)
             and coalesce(c.active_to >= %(today)s, true)
             and exists (select from notifications e join obligations w on w.id = e.obligation_id
                         where w.case_id is not distinct from o.case_id and w.rule = o.rule and w.subject = o.subject
                           and w.version between o.chain_from and o.version and e.duty = 'escalate'
                           and e.happening = 'step')
           group by o.id, o.last_step, o.end_reason, n.contact_ref, n.channel
           on conflict do nothing""",
        {"ids": ids, "today": today},
    )


def mark(connection: Connection, evaluated: Sequence[int], failed: Sequence[tuple[int, str]], at: datetime) -> None:
    """Record which cases were evaluated, and which failed, with an opaque reason."""
    if evaluated:
        execute(
            connection,
            """update cases set projection = 'evaluated', projected_at = %s, failure = null
               where id = any(%s) and projection <> 'evaluated'""",
            (at, list(evaluated)),
        )
    for case_id, failure in failed:
        execute(
            connection,
            "update cases set projection = 'failed', projected_at = %s, failure = %s where id = %s",
            (at, failure, case_id),
        )


def projected_with(connection: Connection, force_code: str) -> str | None:
    """The numbers (policy and calendar) that the force's book was last projected with."""
    rows = fetch(connection, "select value from switches where name = %s", (f"projected:{force_code}",))
    return rows[0][0] if rows else None
