"""Who must hear nothing of a case, as the only expressions of it: no other statement reads a case's own list.

A suspect may be a colleague. Whom a case's source bars is nobody for that case and for those linked with it, and so is
every contact with the same e-mail address, in any case of letters. A case that was finalised or that its source no
longer sends protects the others all the same. A reference that is not known yet bars the contact who arrives under it.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from models.queries.driver import mapping, scalar, scalars

# Whether a case `c` has anybody who is barred from it. Such cases are few, and an index holds only these.
BARS = """(c.barred_refs <> array[]::text[] or exists (
    select from cases linked where linked.urn_key_id = c.urn_key_id and linked.barred_refs <> array[]::text[]))"""
_SAME_PERSON = """lateral (
    select named.ref union
    select same.contact_ref from contacts one join contacts same on lower(same.email) = lower(one.email)
    where one.contact_ref = named.ref and one.email <> '') barred(ref)"""
# The references of all contacts who are barred from a case `c`.
BARRED = f"""case when {BARS} then array(
    select distinct barred.ref
    from (select c.barred_refs as refs union all
          select linked.barred_refs from cases linked
          where linked.urn_key_id = c.urn_key_id and linked.barred_refs <> array[]::text[]) mark
    cross join unnest(mark.refs) named(ref) cross join {_SAME_PERSON} order by 1) else array[]::text[] end"""
# The ids of all cases that bar anybody, for a statement that leaves them out.
BARRING_IDS = """
select id from cases where barred_refs <> array[]::text[] union
select linked.id from cases marked join cases linked on linked.urn_key_id = marked.urn_key_id
where marked.barred_refs <> array[]::text[]"""

# Whether a contact `c` is barred from any case, by the reference or by an address that is the same.
BARRED_SOMEWHERE = f"""exists (
    select from cases marked cross join unnest(marked.barred_refs) named(ref) cross join {_SAME_PERSON}
    where marked.barred_refs <> array[]::text[] and barred.ref = c.contact_ref)"""


def is_barred(connection: Connection, case_id: int, contact_ref: str) -> bool:
    """Return whether a contact must hear nothing of a case."""
    statement = f"select %s = any({BARRED}) from cases c where c.id = %s"
    return bool(scalar(connection, statement, (contact_ref, case_id)))


def barring_cases(connection: Connection) -> frozenset[int]:
    """Return the ids of all cases from which anybody is barred."""
    return frozenset(scalars(connection, BARRING_IDS))


def hidden_cases(connection: Connection, contact_refs: Sequence[str]) -> dict[str, frozenset[int]]:
    """Return the ids of the cases from which each of these contacts is barred; one who is barred from none is left out.

    It reads the cases that bar anybody, and no others.
    """
    found = mapping(
        connection,
        "ref",
        "ids",
        f"""select asked.ref, array_agg(c.id) as ids
            from (select a.ref, barred.ref as same from unnest(%s::text[]) a(ref)
                  cross join lateral (select a.ref) named cross join {_SAME_PERSON}) asked
            join (select id, urn_key_id, unnest(barred_refs) as ref
                  from cases where barred_refs <> array[]::text[]) marked on marked.ref = asked.same
            cross join lateral (select marked.id union
                                select linked.id from cases linked where linked.urn_key_id = marked.urn_key_id) c
            group by asked.ref""",
        (list(contact_refs),),
    )
    return {ref: frozenset(ids) for ref, ids in found.items()}
