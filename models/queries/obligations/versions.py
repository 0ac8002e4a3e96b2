"""The versions of one identity, as a set to join: found by index, also where there is no case.

PostgreSQL finds no `is not distinct from` by index; joined so, a thousand obligations cost a look at every notification
a thousand times.
"""


def versions(which: str) -> str:
    """The versions `v` of the obligation `o`'s case, rule and subject for which the condition holds."""
    same = f"v.rule = o.rule and v.subject = o.subject and {which}"
    return f"""lateral (
        select v.id from obligations v where v.case_id = o.case_id and {same} union all
        select v.id from obligations v where o.case_id is null and v.case_id is null and {same}) v"""


CHAIN = versions("v.version between o.chain_from and o.version")  # it, and those that it carries on from
