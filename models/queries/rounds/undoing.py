"""Reads of the rounds of days that have not come, and writes of what undid them."""

import json
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection

from config.terms import State
from models.queries.driver import execute, fetch_as, scalar
from models.queries.rounds.rounds import RoundOf
from models.rules.outbox.message_states import LEFT


def rounds_after(connection: Connection, day: date) -> list[RoundOf]:
    """Return the rounds after a day that still count, by day and force.

    A duty that ran by itself on such a day, and took steps or gave places, is one of them.
    """
    statement = """
        select force_code, day from rounds where day > %(day)s and undoing_id is null union
        select coalesce(o.force_code, '--'), s.on_day from steps s join obligations o on o.id = s.obligation_id
        where s.on_day > %(day)s and s.outcome <> 'void' union
        select s.force_code, v.convened_on from convenings v join sittings s on s.id = v.sitting_id
        where v.convened_on > %(day)s and v."end" is distinct from 'void'
        order by day, force_code"""
    return fetch_as(connection, RoundOf, statement, {"day": day})


def last_day_until(connection: Connection, day: date) -> date | None:
    """Return the latest day, up to the one given, of which a round still counts; None where there is none."""
    statement = "select max(day) from rounds where day <= %s and undoing_id is null"
    found: date | None = scalar(connection, statement, (day,))
    return found


def last_undone_on(connection: Connection, day: date) -> date | None:
    """Return the day on which rounds after a day were last undone; None where none ever were."""
    found: date | None = scalar(connection, "select max(undone_on) from undoings where after_on = %s", (day,))
    return found


def begin(connection: Connection, after: date, by: str, today: date, at: datetime) -> int:
    """Record an undoing, and return its id."""
    statement = """
        insert into undoings (after_on, by_ref, undone_on, undone_at, account) values (%s, %s, %s, %s, '{}')
        returning id"""
    return int(scalar(connection, statement, (after, by, today, at)))


def keep_account(connection: Connection, undoing_id: int, account: Mapping[str, int]) -> None:
    """Record the counts of what was undone."""
    execute(connection, "update undoings set account = %s where id = %s", (json.dumps(dict(account)), undoing_id))


def discount_rounds(connection: Connection, undoing_id: int, after: date) -> int:
    """Mark the rounds after a day as undone, and return how many forces' rounds they are."""
    statement = "update rounds set undoing_id = %s where day > %s and undoing_id is null"
    return execute(connection, statement, (undoing_id, after))


_SUPPLIED = ("cases", "suspects", "cps_cases", "defendants", "incidents", "actions", "reviews", "referrals", "orders",
             "pleas", "contacts", "absences", "training")  # fmt: skip
# A table, and its columns that hold a day which Casebeat itself wrote. A house test asks of every other day why not.
DAYS = (
    *((table, ("withdrawn_on",)) for table in _SUPPLIED),
    ("cases", ("declassified_on", "status_on", "status_seen_on", "transfer_seen_on")),
    ("suspects", ("status_on", "status_seen_on")), ("contacts", ("first_seen_on",)),
    ("source_columns", ("since",)), ("completions", ("made_on", "done_on")),
    ("confirmations", ("confirmed_on",)), ("outcomes", ("recorded_on",)),
    ("replies", ("day",)), ("convenings", ("convened_on", "ended_on")), ("promises", ("ended_on",)),
    ("obligations", ("began_on", "ended_on")), ("acts", ("made_on",)),
)  # fmt: skip
MOMENTS = (
    ("cases", ("projected_at",)), ("extracts", ("judged_at",)), ("sources", ("first_loaded_at",)),
    ("completions", ("made_at",)), ("confirmations", ("made_at",)), ("outcomes", ("recorded_at",)),
    ("replies", ("read_at",)), ("clicks", ("heard_at",)), ("switches", ("set_at",)), ("acts", ("made_at",)),
    ("messages", ("first_tried_at", "sending_at", "sent_at")),
)  # fmt: skip
_RECORDED = """(as_sent is not null or source_id = (select id from sources where name = 'casebeat'))"""
BY_PEOPLE = (  # and those that people recorded in place of a source
    ("actions", ("raised_on", "closed_on")), ("reviews", ("held_on",)),
    ("cases", ("why_not_stalking_on", "risk_ratified_on")),
)  # fmt: skip


def bring_back_days(connection: Connection, today: date, at: datetime) -> None:
    """Give whatever stays, and was written in a day that had not come, the day and the moment of the undoing."""
    for table, columns in DAYS:
        _bring_back(connection, table, columns, today, "true")
    for table, columns in BY_PEOPLE:
        _bring_back(connection, table, columns, today, _RECORDED)
    for table, columns in MOMENTS:
        _bring_back(connection, table, columns, at, f"state <> '{State.VOID}'" if table == "messages" else "true")


def _bring_back(connection: Connection, table: str, columns: tuple[str, ...], latest: date, which: str) -> None:
    brought = ", ".join(
        f"{column} = case when {column} > %(latest)s then %(latest)s else {column} end" for column in columns
    )
    beyond = " or ".join(f"{column} > %(latest)s" for column in columns)
    execute(connection, f"update {table} set {brought} where ({beyond}) and {which}", {"latest": latest})


def project_again(connection: Connection, today: date, at: datetime) -> None:
    """Let the next round project the cases that those rounds projected, or whose obligations or places they changed."""
    statement = """
        update cases set projection = 'changed', failure = null
        where projected_at > %(at)s or id in (
            select case_id from obligations where began_on > %(today)s or ended_on > %(today)s union
            select case_id from convenings where convened_on > %(today)s or ended_on > %(today)s)"""
    execute(connection, statement, {"at": at, "today": today})


def climb_again(connection: Connection, today: date) -> None:
    """Let the next round climb every live obligation, and look at every contact and absence.

    Those rounds have worked out the next days as of theirs, and cleared the marks of changed contacts.
    """
    statement = """
        update obligations set next_step_on = %(today)s
        where ended_on is null and coalesce(next_step_on > %(today)s, true)"""
    execute(connection, statement, {"today": today})
    execute(connection, "update contacts set changed = true where not changed")
    execute(connection, "update absences set changed = true where not changed")


def restore_switches(connection: Connection, today: date, at: datetime) -> None:
    """Set the switches of the weekly standing and of the first mailed round to what the remaining messages say.

    End the pauses of carriers that were tried in those rounds, and forget what they told operations of the day and of
    coverage: it is told again. The panels' SPOCs that they saw stay: the next round looks at everything.
    """
    execute(
        connection,
        f"""with last as (
               select max(day)::text as day from messages
               where kind = 'letter' and standing and state <> '{State.VOID}')
           update switches set value = coalesce(last.day, '') from last where name = 'standing' and value > %s""",
        (today.isoformat(),),
    )
    execute(
        connection,
        f"""delete from switches where name = 'mailed' and set_at > %s and not exists (
               select from messages where state in {LEFT} or state = '{State.SENDING}')""",
        (at,),
    )
    execute(
        connection,
        """delete from switches
           where (starts_with(name, 'paused:') or name = 'coverage' or starts_with(name, 'daily')) and set_at > %s""",
        (at,),
    )
    execute(
        connection,
        "update switches set set_at = %(at)s where starts_with(name, 'spocs:') and set_at > %(at)s",
        {"at": at},
    )
