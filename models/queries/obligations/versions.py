"""SQL for the versions of one identity, as a set to join: found by index, also where there is no case.

And SQL for when one was met. A void version is none of them.

PostgreSQL uses no index for `is not distinct from`: with it, a thousand obligations would read every notification a
thousand times.
"""


def versions(which: str, of: str = "obligations") -> str:
    """Return SQL for the versions `v` of the case, rule and subject of the obligation `o` that meet the condition.

    With `live_obligations` as `of` it is the one that has not ended, if that meets the condition.
    """
    same = f"v.rule = o.rule and v.subject = o.subject and v.end_reason is distinct from 'void' and ({which})"
    return f"""lateral (
        select v.id from {of} v where v.case_id = o.case_id and {same} union all
        select v.id from {of} v where o.case_id is null and v.case_id is null and {same}) v"""


CHAIN = versions("v.version between o.chain_from and o.version")  # this version, and those that it carries on from
# those of them since it was renewed, when its present step was to be said again
SINCE_RENEWED = versions(
    """v.version between o.chain_from and o.version and not exists (
           select from obligations r where r.case_id = o.case_id and r.rule = o.rule and r.subject = o.subject
           and r.version between v.version and o.version - 1 and r.end_reason = 'renewed')"""
)


# `met.on_day`: the day from which the next version counts, else the day of the fact that met it, else its end.
MET_ON = """left join lateral (
  select coalesce(n.done_on, o.fact_on, o.ended_on) as on_day from (select) one
  left join obligations n on n.case_id = o.case_id and n.rule = o.rule and n.subject = o.subject
                         and n.version = o.version + 1 and n.end_reason is distinct from 'void'
  where o.end_reason = 'met') met on true"""
# One that moved, or ended otherwise than by being met, on or before its day did not fall due; of one that was renewed,
# its next version did.
FELL_DUE = """(o.ended_on is null or o.end_reason = 'met' or o.ended_on > o.due_on)
              and coalesce(o.end_reason, '') not in ('void', 'renewed')"""
# The London day of the extract that told of an end whose fact has no day: the newest of the case's sources by then.
EXTRACT_ON = """case when o.fact <> '' and o.fact_on is null then (
        select max(e.extracted_at at time zone 'Europe/London')::date from extracts e
        join sources s on s.name = e.source_name
        where e.state = 'loaded' and (e.extracted_at at time zone 'Europe/London')::date <= o.ended_on
          and (o.case_id is null or s.id = c.source_id
               or s.id = any(select x.source_id from cps_cases x where x.key_id in (c.id, c.urn_key_id)))) end"""
