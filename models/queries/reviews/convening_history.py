"""Why a case is given a sitting: how its convening before ended, and what moved its due day."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection

from config.sittings import ConveningEnd
from models.queries.driver import fetch
from models.rules.arithmetic import from_json
from models.rules.reviews.convening_reason import ConveningGrounds


def before(connection: Connection, case_ids: Collection[int]) -> dict[int, ConveningGrounds]:
    """What each of these cases' joint reviews is owed for, and how its last convening ended since its last review."""
    rows = fetch(
        connection,
        """select o.case_id, o.due_on, o.because,
                  (select v."end" from convenings v
                   where v.case_id = o.case_id and v.ended_on >= coalesce(o.done_on, v.ended_on)
                   order by v.id desc limit 1)
           from obligations o where o.case_id = any(%s) and o.rule = 'joint-review' and o.ended_on is null""",
        (list(case_ids),),
    )
    breached = _breaches(connection, case_ids)
    return {
        row[0]: ConveningGrounds(
            row[1], from_json(row[2]), breached.get(row[0], frozenset()), ConveningEnd(row[3]) if row[3] else None
        )
        for row in rows
    }


def _breaches(connection: Connection, case_ids: Collection[int]) -> dict[int, frozenset[date]]:
    """The days on which a breach was reported in each of these cases, or in one that is linked with it."""
    rows = fetch(
        connection,
        """select c.id, array_agg(i.reported_on) from cases c
           join lateral (select id from cases where id = c.id union select id from cases where urn_key_id = c.urn_key_id
                         union select c.urn_key_id) k on true
           join incidents i on i.key_id = k.id and i.breach and i.withdrawn_on is null
           where c.id = any(%s) group by c.id""",
        (list(case_ids),),
    )
    return {row[0]: frozenset(row[1]) for row in rows}
