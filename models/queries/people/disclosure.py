"""What a person may know of cases: from which they are barred, and which no place names that several people read.

The views `disclosed` and `cases_apart` say what that is. A statement that names a case joins one of them itself.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from models.queries.driver import mapping, scalars

# The case `c` of an obligation `o`, as `disclosed` has it; null where it has none. The view itself would be worked out
# for one case at a time, below an outer join.
CASE = """left join cases known on known.id = o.case_id
    cross join lateral (
        select known.*, d.* from disclosure(known.restricted, known.barred_refs, known.urn_key_id) d) c"""
# The references of the person whom `named.ref` names.
_SAME_PERSON = """lateral (
    select named.ref union
    select same.ref from same_people same where lower(same.as_ref) = lower(named.ref)) person"""
# Whether a contact `c` is barred from any case, by the reference or as the same person.
BARRED_SOMEWHERE = f"""exists (
    select from (select barred_refs from cases where barred_refs <> array[]::text[]
                 union all select barred_refs from rejected_marks) marked
    cross join unnest(marked.barred_refs) named(ref) cross join {_SAME_PERSON} where person.ref = c.contact_ref)"""

# The ids of the cases that bar anybody, read once for a statement.
APART = "array(select case_id from cases_apart where bars_any)"


def barring_cases(connection: Connection) -> frozenset[int]:
    """Return the ids of all cases from which anybody is barred."""
    return frozenset(scalars(connection, "select case_id from cases_apart where bars_any"))


def hidden_cases(connection: Connection, contact_refs: Sequence[str]) -> dict[str, frozenset[int]]:
    """Return the ids of the cases from which each of these contacts is barred; one who is barred from none is left out.

    It reads the cases that bar anybody, and no others.
    """
    statement = f"""
        with marked as materialized (
            select c.id, c.urn_key_id, lower(person.ref) as ref
            from cases c cross join unnest(c.barred_refs) named(ref) cross join {_SAME_PERSON}
            where c.barred_refs <> array[]::text[]
            union all
            select null, guard.urn_key_id, lower(person.ref)
            from rejected_guards guard cross join unnest(guard.barred_refs) named(ref) cross join {_SAME_PERSON})
        select asked.ref, array_agg(c.id) as ids
        from unnest(%s::text[]) asked(ref) join marked on marked.ref = lower(asked.ref)
        cross join lateral (select marked.id union
                            select linked.id from cases linked where linked.urn_key_id = marked.urn_key_id) c
        where c.id is not null group by asked.ref"""
    found = mapping(connection, "ref", "ids", statement, (list(contact_refs),))
    return {ref: frozenset(ids) for ref, ids in found.items()}
