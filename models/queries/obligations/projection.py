"""Reads and writes of the stored obligations for projection, a chunk of cases at a time."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cache

from sqlalchemy import Connection

from config.policy import Policy
from config.terms import State
from models.queries.driver import array, cell, copy, execute, fetch_as, keyed_as, scalar
from models.queries.kept_plans import Kept
from models.queries.obligations.versions import CHAIN, versions
from models.queries.people.disclosure import CASE
from models.rules.obligations.ending import CARRIED_ON
from models.rules.obligations.lifecycle import Amend, Begin, End, Identity, StoredVersion
from models.rules.outbox.message_states import SAID

_STORED = """
select distinct on (o.case_id, o.rule, o.subject) {key} o.id, o.rule, o.subject, o.version, o.chain_from,
       o.owed_by, o.due_on, o.remind_on, o.escalate_on, o.done_on, o.hard, o.stalls, o.because::text, o.note,
       o.last_step, o.taken_on, o.addressed, o.through, o.ended_on, o.end_reason, p.until_on as promised_until
from obligations o left join promises p on p.obligation_id = o.id and p.ended_on is null
where {which} and o.end_reason is distinct from 'void'
order by o.case_id, o.rule, o.subject, o.version desc"""
_LETTERS_LEFT = "exists (select from messages where kind = 'letter' and sending_at is not null and day = %(today)s)"
_COLUMNS = (
    "case_id", "force_code", "rule", "subject", "version", "chain_from", "edition", "owed_by", "due_on", "remind_on",
    "escalate_on", "done_on", "hard", "stalls", "because", "note", "parts", "began_on", "begun_after_letters",
    "last_step", "taken_on", "next_step_on", "addressed", "through",
)  # fmt: skip


def stored(
    connection: Connection, case_ids: Sequence[int], only: Collection[str] | None = None
) -> dict[int, dict[Identity, StoredVersion]]:
    """Return the latest version of each identity of these cases, live or ended, or `only` those of these rules."""
    found: dict[int, dict[Identity, StoredVersion]] = {case_id: {} for case_id in case_ids}
    which = "o.case_id = any(%(cases)s)" + ("" if only is None else " and o.rule = any(%(rules)s)")
    given = {"cases": list(case_ids)} | ({} if only is None else {"rules": list(only)})
    statement = Kept(_STORED.format(key="o.case_id,", which=which))
    for case_id, one in keyed_as(connection, "case_id", StoredVersion, statement, given):
        found[case_id][one.rule, one.subject] = one
    return found


def stored_without_case(connection: Connection, rules: Sequence[str]) -> dict[Identity, StoredVersion]:
    """Return the latest version of each identity of these rules that belongs to no case."""
    statement = _STORED.format(key="", which="o.case_id is null and o.rule = any(%s)")
    found = fetch_as(connection, StoredVersion, statement, (list(rules),))
    return {(one.rule, one.subject): one for one in found}


def end(connection: Connection, ended: Sequence[End], today: date) -> None:
    """End versions with their day and reason, and the fact that ended each with its day.

    What was notified of them is not live any more, unless another version carries on. A notification that a delivery
    is settling at this moment is passed over: a mark that stays costs a read, and waiting could lock both.
    """
    if ended:
        statement = f"""
            update obligations o
            set ended_on = %(today)s, end_reason = e.reason, fact_on = e.fact_on, fact = e.fact, lost = e.lost,
                after_letters = {_LETTERS_LEFT}, next_step_on = null
            from unnest(%(ids)s::bigint[], %(reasons)s::text[], %(days)s::date[], %(facts)s::text[],
                        %(losses)s::boolean[]) as e(id, reason, fact_on, fact, lost)
            where o.id = e.id"""
        columns = zip(
            *((one.stored.id, one.reason.value, one.fact_on, one.fact, one.lost) for one in ended), strict=True
        )
        ids, reasons, days, facts, losses = map(array, columns)
        given = {"today": today, "ids": ids, "reasons": reasons, "days": days, "facts": facts, "losses": losses}
        execute(connection, Kept(statement), given)
    told = [one.stored.id for one in ended if one.reason not in CARRIED_ON and one.stored.last_step]
    if told:
        execute(
            connection,
            Kept(
                f"""update notifications set live = false where id in (
                        select n.id from obligations o cross join {CHAIN}
                        join notifications n on n.obligation_id = v.id and n.live
                        where o.id = any(%(told)s) for no key update of n skip locked)"""
            ),
            {"told": told},
        )


def begin(
    connection: Connection,
    begun: Iterable[tuple[int | None, Begin]],
    force_code: str | None,
    policy: Policy,
    today: date,
) -> None:
    """Write new versions by COPY, and move a live promise to the version that carries on."""
    rules = policy.for_force(force_code)
    after = scalar(connection, Kept(f"select {_LETTERS_LEFT}"), {"today": today})
    force, edition, began = cell(force_code), cell(policy.edition), f"{cell(today)}\t{after:d}"
    manner = cache(lambda rule: f"{rules.of(rule).hard:d}\t{rules.of(rule).stalls:d}")
    day, parts = cache(cell), cache(cell)  # the days and parts of a whole book are few
    lines, carried, again = [], [], []
    for case_id, one in begun:
        owes, before = one.owes, one.carries
        told = f"{cell(before.addressed)}\t{cell(before.through)}" if before else "{}\t{}"
        # written by hand for speed, since a whole book passes through it: only free text needs `cell`
        lines.append(
            f"{cell(case_id)}\t{force}\t{one.rule}\t{cell(owes.subject)}\t{one.version}\t{one.chain_from}\t{edition}\t"
            f"{owes.owed_by}\t{day(owes.due_on)}\t{day(owes.remind_on)}\t{day(owes.escalate_on)}\t{day(owes.done_on)}\t"
            f"{manner(one.rule)}\t{one.because}\t{owes.note}\t{parts(owes.parts)}\t{began}\t"
            f"{one.last_step}\t{cell(one.taken_on) if one.taken_on else '{}'}\t{day(one.next_step_on)}\t{told}\n"
        )
        if before and before.promised_until:
            carried.append((before, owes))
        if before and before.ended_on and before.last_step:
            again.append(before.id)
    if lines:
        copy(connection, "obligations", _COLUMNS, lines)
    move_promises(
        connection,
        [b.id for b, o in carried if o.due_on >= b.due_on],
        today,
        end_others=[b.id for b, o in carried if o.due_on < b.due_on],
    )
    make_live(connection, again)


def make_live(connection: Connection, obligation_ids: Sequence[int]) -> None:
    """Let what was notified of these versions, and of those that they carry on from, be live again."""
    if obligation_ids:
        statement = f"""
            update notifications n set live = true from obligations o cross join {CHAIN}
            where o.id = any(%s) and n.obligation_id = v.id and not n.live
              and n.happening <> 'resolved' and n.state <> '{State.VOID}'"""
        execute(connection, statement, (list(obligation_ids),))


def move_promises(connection: Connection, kept: list[int], today: date, end_others: list[int]) -> None:
    """Move live promises to the version that carries on, and end those whose new due day is earlier."""
    if kept:
        execute(
            connection,
            f"""update promises p set obligation_id = v.id from obligations o
                cross join {versions("v.version = o.version + 1")}
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


def amend(connection: Connection, amended: Sequence[Amend], policy: Policy, today: date) -> None:
    """Write the changed particulars of versions in place.

    A step that was passed over is looked at again today, and one that waits no earlier than before: on a day off
    neither is late.
    """
    if not amended:
        return
    columns = zip(
        *(
            (
                a.stored.id, a.owes.owed_by, a.owes.remind_on, a.owes.escalate_on, a.owes.done_on, a.because,
                a.owes.note, a.owes.parts, a.next_step_on,
            )
            for a in amended
        ),
        strict=True,
    )  # fmt: skip
    statement = """
        update obligations o set owed_by = n.owed_by, remind_on = n.remind_on, escalate_on = n.escalate_on,
               done_on = n.done_on, because = n.because::json, note = n.note, parts = n.parts::text[],
               next_step_on = case when n.next_step_on is not null
                                   then greatest(n.next_step_on, least(o.next_step_on, %(today)s)) end,
               edition = %(edition)s
        from unnest(%(ids)s::bigint[], %(owners)s::text[], %(reminders)s::date[], %(escalations)s::date[],
                    %(done)s::date[], %(reasons)s::text[], %(notes)s::text[], %(parts)s::text[], %(steps)s::date[])
             as n(id, owed_by, remind_on, escalate_on, done_on, because, note, parts, next_step_on)
        where o.id = n.id"""
    names = ("ids", "owners", "reminders", "escalations", "done", "reasons", "notes", "parts", "steps")
    given = dict(zip(names, map(array, columns), strict=True)) | {"today": today, "edition": policy.edition}
    execute(connection, Kept(statement), given)


def look_again(connection: Connection, case_ids: Sequence[int], today: date) -> None:
    """Let today's climb look at the notified obligations of changed cases, since their owner may have changed."""
    if case_ids:
        statement = """
            update obligations set next_step_on = %(today)s
            where case_id = any(%(cases)s) and ended_on is null and last_step > 0
              and next_step_on is distinct from least(next_step_on, %(today)s)"""
        execute(connection, Kept(statement), {"cases": array(case_ids), "today": today})


def resolve(connection: Connection, ended: Sequence[End], today: date) -> int:
    """Notify everyone who was notified of an escalated version, or of one that it carries on from, that it ended.

    People who are no longer active, or barred from the case, are left out. Return how many notifications were written.
    """
    ids = [one.stored.id for one in ended if one.reason not in CARRIED_ON and one.stored.last_step]
    if not ids:
        return 0
    statement = f"""
        insert into notifications (obligation_id, happening, step, step_name, occasion, day, duty, manner,
                                    addressee, contact_ref, channel, state, reason, live)
        select o.id, 'resolved', o.last_step, 'resolved', 'resolved', %(today)s::date, 'escalate', 'digest',
               (array_agg(n.addressee order by n.id))[1], n.contact_ref, n.channel, 'queued', o.end_reason, false
        from obligations o
        cross join {CHAIN}
        join notifications n on n.obligation_id = v.id and n.state in {SAID}
        {CASE}
        left join contacts p on p.contact_ref = n.contact_ref
        where o.id = any(%(ids)s) and coalesce(p.withdrawn_on > %(today)s, true)
          and coalesce(p.active_to >= %(today)s, true) and coalesce(n.contact_ref <> all(c.barred), true)
          and exists (select from {CHAIN} join notifications e on e.obligation_id = v.id
                      where e.duty = 'escalate' and e.happening = 'step' and e.state <> '{State.VOID}')
        group by o.id, o.last_step, o.end_reason, n.contact_ref, n.channel
        on conflict do nothing"""
    return execute(connection, Kept(statement), {"ids": ids, "today": today})
