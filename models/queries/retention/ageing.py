"""Text that ages by itself, whatever became of its case: of messages, and of answers to clicks.

The bytes of a message go when it is sent; what stays is those of one without an answer, and notes to operations.
"""

from datetime import date, datetime

from sqlalchemy import Connection

from models.people import OF_THEM, Contact
from models.queries.driver import execute, scalar, scalars
from models.queries.outbox.naming import messages_naming
from models.queries.people.disclosure import BARRED_SOMEWHERE
from models.queries.retention.holds import KEPT
from models.rules.outbox.message_states import UNDERWAY

# A message that may still leave needs its text, and so does one of a case that is held; others keep their fate alone.
_OLD = f"""m.day <= %(until)s and (m.body is not null or m.text is not null)
          and m.state not in {UNDERWAY} and m.id not in (
              select message_id from ({messages_naming(KEPT)}) named)"""
_OF_THEM = [column for column in Contact.__table__.columns if column.info == OF_THEM]
_KEPT = " or ".join(f"c.{one.name} is not null" if one.nullable else f"c.{one.name} <> ''" for one in _OF_THEM)
_EMPTIED = ", ".join(f"{one.name} = null" if one.nullable else f"{one.name} = ''" for one in _OF_THEM)
_LEFT = f"""c.withdrawn_on <= %(until)s and not {BARRED_SOMEWHERE} and ({_KEPT}
    or exists (select from absences a where a.contact_ref = c.contact_ref)
    or exists (select from training t where t.contact_ref = c.contact_ref))"""


def old_bodies(connection: Connection, until: date) -> int:
    """Count the messages up to a day whose text is kept, and which cannot leave any more."""
    return int(scalar(connection, f"select count(*) from messages m where {_OLD}", {"until": until}))


def erase_bodies(connection: Connection, until: date, most: int) -> int:
    """Erase the text of at most so many of these messages, and return of how many."""
    statement = f"""
        update messages set body = null, text = null where id in (
            select m.id from messages m where {_OLD} order by m.id limit %(most)s)"""
    return execute(connection, statement, {"until": until, "most": most})


def erase_answers(connection: Connection, before: datetime) -> int:
    """Erase the answers to clicks before a moment: Slack sends a click again within the hour, and never later."""
    statement = "update clicks set answer = '' where answer <> '' and state <> 'heard' and heard_at < %s"
    return execute(connection, statement, (before,))


def leavers(connection: Connection, until: date) -> int:
    """Count the contacts who were withdrawn up to a day and of whom more than the reference is kept."""
    return int(scalar(connection, f"select count(*) from contacts c where {_LEFT}", {"until": until}))


def erase_leavers(connection: Connection, until: date, most: int) -> list[str]:
    """Erase what is kept of at most so many of them but the reference, which acts and messages name; return those.

    Whoever is barred from a case that is still here keeps the address: by it another contact of the same person is
    barred too.
    """
    statement = f"""
        update contacts set {_EMPTIED} where contact_ref in (
            select c.contact_ref from contacts c where {_LEFT} order by c.contact_ref limit %(most)s for update)
        returning contact_ref"""
    found: list[str] = scalars(connection, statement, {"until": until, "most": most})
    for table in ("absences", "training"):
        execute(connection, f"delete from {table} where contact_ref = any(%s)", (found,))
    return sorted(found)
