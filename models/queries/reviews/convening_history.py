"""Reads of the reasons why a case gets a sitting: how its previous convening ended, and what moved its due day."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.sittings import ConveningEnd
from models.queries.driver import keyed_as, mapping
from models.rules.arithmetic import from_json
from models.rules.result import Term
from models.rules.reviews.convening_reason import ConveningGrounds


class _Owed(NamedTuple):
    due_on: date
    because: Sequence[Term]
    end: ConveningEnd | None


def before(connection: Connection, case_ids: Collection[int]) -> dict[int, ConveningGrounds]:
    """Return why each case's joint review is owed, and how its last convening since its last review ended."""
    rows = keyed_as(
        connection,
        "case_id",
        _Owed,
        """select o.case_id, o.due_on, o.because,
                  (select v."end" from convenings v
                   where v.case_id = o.case_id and v.ended_on >= coalesce(o.done_on, v.ended_on) and v."end" <> 'void'
                   order by v.id desc limit 1) as "end"
           from live_obligations o where o.case_id = any(%s) and o.rule = 'joint-review'""",
        (list(case_ids),),
        {"because": from_json},
    )
    breached = _breaches(connection, case_ids)
    return {
        case_id: ConveningGrounds(**owed._asdict(), breaches=frozenset(breached.get(case_id, ())))
        for case_id, owed in rows
    }


def _breaches(connection: Connection, case_ids: Collection[int]) -> dict[int, list[date]]:
    """Return the days on which a breach was reported in each of these cases, or in one that is linked with it."""
    return mapping(
        connection,
        "case_id",
        "breaches",
        """select c.id as case_id, array_agg(i.reported_on) as breaches from cases c
           join lateral (select id from cases where id = c.id union select id from cases where urn_key_id = c.urn_key_id
                         union select c.urn_key_id) k on true
           join incidents i on i.key_id = k.id and i.breach and i.withdrawn_on is null
           where c.id = any(%s) group by c.id""",
        (list(case_ids),),
    )
