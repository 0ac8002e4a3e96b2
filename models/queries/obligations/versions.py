"""SQL for the versions of one identity, as a set to join: found by index, also where there is no case.

A void version is none of them.

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
