"""The facts of a danger beside what is owed: grade, orders, suspects, outstanding actions, contact with the victim."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import keyed_as
from models.queries.intake.source_columns import SEEN
from models.queries.obligations.confirmations import RATIFIED_ON
from models.rules.catalogue import danger, why_not_stalking
from models.rules.in_place import SUSPECTS


class DangerRow(NamedTuple):
    """The facts of a case, as they stand, whose danger is owed a look."""

    assessed_on: date | None
    ratified_on: date | None
    ratified_by: str | None  # the contact who did, where that was in Casebeat
    contacted_on: date | None
    orders: Sequence[tuple[str, str | None]]  # kind and last day of each order that was made
    # Of each suspect the reference, the status, since when, the end of bail, and the charge.
    suspects: Sequence[tuple[str, str | None, str | None, str | None, str | None]]
    actions: Sequence[str]  # the kinds of those that are outstanding
    unseen: Sequence[str]  # of assessed, ratified, contacted, placed and orders: what no source of theirs sends


_ORDERS = """
    select coalesce(jsonb_agg(jsonb_build_array(w.kind, w.expires_on) order by w.made_on desc, w.order_ref), '[]')
    from orders w
    where w.key_id in (e.id, e.urn_key_id) and w.withdrawn_on is null and w.made_on is not null"""
# The charge of a case that has no rows of suspects: CPS's under its own reference, then under its URN, then police's.
_CHARGED = """
    coalesce((select x.charged_on from cps_cases x
              where x.key_id in (e.id, e.urn_key_id) and x.withdrawn_on is null and x.charged_on is not null
              order by x.key_id <> e.id limit 1), e.charged_on)"""
# What a suspect's file has no column for is the case's, as of_suspect of models.rules.in_place has it.
_SUSPECTS = f"""
    select coalesce(
        jsonb_agg(jsonb_build_array(
            s.suspect_ref,
            case when sent.status then s.suspect_status else e.suspect_status end,
            case when sent.status and (sent.day or s.suspect_status is distinct from e.suspect_status)
                then s.status_on else e.status_on end,
            case when sent.bail then s.bail_ends_on else coalesce(s.bail_ends_on, e.bail_ends_on) end,
            s.charged_on
            ) order by s.suspect_ref collate "C"),
        jsonb_build_array(jsonb_build_array('', e.suspect_status, e.status_on, e.bail_ends_on, {_CHARGED})))
    from suspects s cross join lateral (
        select coalesce(bool_or(k.name = 'suspect_status'), false) as status,
               coalesce(bool_or(k.name = 'status_changed_on'), false) as day,
               coalesce(bool_or(k.name = 'bail_ends_on'), false) as bail
        from source_columns k where k.source_id = s.source_id and k.file = '{SUSPECTS}' and k.state in {SEEN}) sent
    where s.key_id = e.id and s.withdrawn_on is null"""
_ACTIONS = """
    select distinct t.kind from actions t
    where t.key_id in (e.id, e.urn_key_id) and t.withdrawn_on is null
      and t.status in ('pending', 'waiting_third_party') order by 1"""
_UNSEEN = f"""
    select w.what from (values ('assessed', 'risk_assessed_on'), ('ratified', 'risk_ratified_on'),
                               ('contacted', 'victim_contacted_on'), ('placed', 'suspect_status')) w (what, name)
    where not exists (
        select from source_columns k
        where k.source_id = e.source_id and k.file in ('cases.csv', '{SUSPECTS}') and k.name = w.name
          and k.state in {SEEN})
    union all
    select 'orders' where not exists (
        select from sources u join source_columns k on k.source_id = u.id
        where e.force_code = any(u.covers) and k.file = 'orders.csv' and k.name = 'made_on' and k.state in {SEEN})"""
# The columns of a DangerRow under a prefix, of the obligation `o` joined as JOINED has it; null of any other rule.
COLUMNS = ", ".join(f'risky.{field} as "{{0}}{field}"' for field in DangerRow._fields)
BY = "risky.ratified_by"
# As what the case `c` of an obligation `o` is recorded that is watched as stalking until somebody says why it is not.
PRESUMED = f"""case when exists (
        select from live_obligations w where w.case_id = o.case_id and w.rule = '{why_not_stalking.RULE.name}')
    then c.classification end"""
JOINED = f"""left join lateral (
    select e.risk_assessed_on as assessed_on, {RATIFIED_ON.replace("c.", "e.")} as ratified_on,
           (select f.by_ref from confirmations f where f.case_id = e.id and f.stands
            and f.confirmed_on >= coalesce(e.risk_ratified_on, f.confirmed_on)
            order by f.confirmed_on desc, f.id desc limit 1) as ratified_by,
           e.victim_contacted_on as contacted_on, ({_ORDERS}) as orders, ({_SUSPECTS}) as suspects,
           array({_ACTIONS}) as actions, array({_UNSEEN}) as unseen
    from cases e where e.id = o.case_id) risky on o.rule = '{danger.RULE.name}'"""


def of_case(connection: Connection, case_id: int) -> dict[int, DangerRow]:
    """Return the facts of what is owed of a case because of danger, by the obligation's id."""
    statement = f"""
        select o.id, {COLUMNS.format("")} from live_obligations o {JOINED}
        where o.case_id = %s and o.rule = '{danger.RULE.name}'"""
    return dict(keyed_as(connection, "id", DangerRow, statement, (case_id,)))
