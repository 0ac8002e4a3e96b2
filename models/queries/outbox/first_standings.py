"""Writes of the standings that leads get on the first day of their force, whatever day of the week it is."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from config.routes import Route
from config.terms import State
from models.queries.driver import execute
from models.queries.obligations.channels import ROUTES, parameters
from models.rules.outbox.message_states import GIVEN_UP


def write(
    connection: Connection,
    day: date,
    due_at: datetime,
    routes: Sequence[Route],
    force_code: str,
    cps_areas: Sequence[str],
    since: date,
) -> int:
    """Write a standing for the leads of a force and its CPS Areas who were sent none since a day; how many it is.

    Each lead gets it by every route that reaches them.
    """
    statement = f"""
        insert into messages (key, kind, contact_ref, channel, day, standing, due_at)
        select format('letter:%%s:%%s:%%s', c.contact_ref, route.channel, %(day)s::text), 'letter', c.contact_ref,
               route.channel, %(day)s, true, %(due)s
        from contacts c join {ROUTES} on route.everyone or to_jsonb(c) ->> route.address is not null
        where (c.withdrawn_on is null or c.withdrawn_on > %(day)s) and 'lead' = any(c.roles)
          and coalesce(c.active_from <= %(day)s, true) and coalesce(c.active_to >= %(day)s, true)
          and (%(force)s = any(c.force_codes) or c.cps_areas && %(areas)s)
          and not exists (select from messages m
                          where m.contact_ref = c.contact_ref and m.channel = route.channel and m.standing
                            and m.day between %(since)s and %(day)s and m.state not in {GIVEN_UP})
        order by c.contact_ref, route.channel
        on conflict (key) do update set standing = true where messages.state = '{State.QUEUED}'"""
    given = {
        "day": day, "due": due_at, "force": force_code, "areas": list(cps_areas), "since": since,
        **parameters(routes),
    }  # fmt: skip
    return execute(connection, statement, given)
