"""The two marks that guard a case, `restricted` and `barred_refs`: of rejected rows too, and references of nobody."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, fetch_as, scalar
from models.queries.intake.erased_cases import CASE_NAME, NAMES
from models.queries.intake.merging import UnknownContactLine

# The marks of the rejected rows of cases whose key can be read.
# Not by disclosed: the keys of an extract's rows
_MARKS = """
    select s.force_code, s.case_ref, max(s.urn_root) as urn_root, coalesce(bool_or(s.restricted), false) as guarded,
           coalesce(array_agg(distinct named.ref) filter (where named.ref is not null), '{}') as refs
    from staged_cases s left join lateral unnest(s.barred_refs) named(ref) on true
    where s.bad and s.force_code is not null and s.case_ref is not null
    group by s.force_code, s.case_ref having bool_or(s.restricted) or count(named.ref) > 0"""
# Of them, those whose case is not stored, or not with that URN; none of a case that another source sends.
_UNSTORED = f"""
    select mark.* from ({_MARKS}) mark
    where not exists (select from staged_cases good
                      where good.force_code = mark.force_code and good.case_ref = mark.case_ref
                        and not good.bad and not good.withdrawn)
      and not exists (select from case_keys k join cases c on c.id = k.id left join case_keys u on u.id = c.urn_key_id
                      where k.force_code = mark.force_code and k.case_ref = mark.case_ref
                        and (c.source_id <> %(source)s or mark.urn_root is null or u.urn_root = mark.urn_root))"""
# The cases of the URNs of changed marks are looked at again.
_TOUCHING = """changed as (
            insert into touched (key_id, rows)
            select distinct k.id, 1 from {changed} join case_keys k using (urn_root) returning key_id)"""
# What a row `t` lacks of a mark, and how it takes it over.
_LACKS = "(mark.guarded and not t.restricted or not t.barred_refs @> mark.refs)"
_TAKES = """restricted = t.restricted or mark.guarded,
    barred_refs = array(select distinct ref from unnest(t.barred_refs || mark.refs) ref order by 1)"""
# The references of a list that no contact has. One with a sign or a space in it is in the list in its parts too.
_OF_NOBODY = """
    select named.ref from unnest({list}.barred_refs) named(ref)
    where named.ref !~ '[,| ]'
      and not exists (select from contacts k where lower(k.contact_ref) = lower(named.ref))
      and not exists (select from unnest({list}.barred_refs) whole(ref)
                      join contacts k on lower(k.contact_ref) = lower(whole.ref)
                      where whole.ref ~ '[,| ]' and named.ref = any(regexp_split_to_array(whole.ref, '[,| ]+')))"""


class UnknownBarred(NamedTuple):
    """A reference that a source bars from a case of a force, and that no contact has."""

    force_code: str
    source: str
    ref: str


def unmark_erased(connection: Connection) -> None:
    """Take the marks from the rows of erased cases that are left out or rejected: no row of theirs is kept."""
    # Not by disclosed: the keys of an extract's rows
    statement = f"""
        update staged_cases s set restricted = false, barred_refs = array[]::text[] from {NAMES} e
        where s.bad and e.name = {CASE_NAME.format("s")}"""
    execute(connection, statement)


# Not by disclosed: the keys of an extract's rows
def take_over(connection: Connection, source_id: int) -> int:
    """Mark the cases that rejected rows of the staged file mark; return how many. No mark is taken away by one.

    A good row of the same case takes the mark over, else the stored case does, if it is the source's own.
    """
    sent: int = scalar(
        connection,
        f"""with marks as ({_MARKS}), taken as (
                update staged_cases t set {_TAKES} from marks mark
                where t.force_code = mark.force_code and t.case_ref = mark.case_ref and not t.bad and not t.withdrawn
                  and {_LACKS}
                returning t.line)
            select count(*) from taken""",
    )
    stored: int = scalar(
        connection,
        f"""with marks as ({_MARKS}), taken as (
                update cases t set {_TAKES}
                from marks mark join case_keys k on k.force_code = mark.force_code and k.case_ref = mark.case_ref
                where t.id = k.id and t.source_id = %(source)s and {_LACKS}
                  and not exists (select from staged_cases good
                                  where good.force_code = mark.force_code and good.case_ref = mark.case_ref
                                    and not good.bad and not good.withdrawn)
                returning t.id),
            changed as (insert into touched (key_id, rows) select id, 1 from taken returning key_id)
            select count(*) from changed""",
        {"source": source_id},
    )
    return sent + stored


def keep_unstored(connection: Connection, source_id: int) -> int:
    """Keep the marks that rejected rows of the staged file give to no stored case; return of how many cases.

    None is taken away by one. Cases that are linked by its URN are looked at again.
    """
    # Not by disclosed: the keys of an extract's rows
    statement = f"""
        with kept as (
            insert into rejected_marks as m (source_id, force_code, case_ref, urn_root, restricted, barred_refs)
            select %(source)s, force_code, case_ref, urn_root, guarded, refs from ({_UNSTORED}) unstored
            on conflict (source_id, force_code, case_ref) do update set
                urn_root = coalesce(excluded.urn_root, m.urn_root), restricted = m.restricted or excluded.restricted,
                barred_refs = array(
                    select distinct ref from unnest(m.barred_refs || excluded.barred_refs) ref order by 1)
            where not (m.barred_refs @> excluded.barred_refs and m.restricted >= excluded.restricted
                       and m.urn_root is not distinct from coalesce(excluded.urn_root, m.urn_root))
            returning m.urn_root),
        {_TOUCHING.format(changed="kept")}
        select count(*) from kept"""
    return int(scalar(connection, statement, {"source": source_id}))


def give_back(connection: Connection, source_id: int, unsaid: frozenset[str]) -> None:
    """Give a case that arrives the marks of its rejected row, in columns of which its own file says nothing."""
    if not _are_any(connection) or not unsaid & {"restricted", "barred_refs"}:
        return
    # Not by disclosed: the keys of an extract's rows
    statement = """
        update staged_cases t set
            restricted = coalesce(t.restricted, false) or %(restricted)s and mark.restricted,
            barred_refs = case when %(barred)s then mark.barred_refs else t.barred_refs end
        from rejected_marks mark
        where mark.source_id = %(source)s and t.force_code = mark.force_code and t.case_ref = mark.case_ref
          and not t.bad and not t.withdrawn
          and not exists (select from case_keys k join cases c on c.id = k.id
                          where k.force_code = t.force_code and k.case_ref = t.case_ref)"""
    given = {"source": source_id, "restricted": "restricted" in unsaid, "barred": "barred_refs" in unsaid}
    execute(connection, statement, given)


def forget_unstored(connection: Connection, source_id: int, snapshot_of: Sequence[str]) -> None:
    """Forget kept marks: of a case whose row is good, and of one that a snapshot of these forces has no row of."""
    if not _are_any(connection):
        return
    # Not by disclosed: the keys of an extract's rows
    statement = f"""
        with gone as (
            delete from rejected_marks m
            where exists (select from staged_cases s where s.force_code = m.force_code and s.case_ref = m.case_ref
                            and not s.bad)
               or m.source_id = %(source)s and m.force_code = any(%(forces)s)
                  and not exists (select from staged_cases s
                                  where s.force_code = m.force_code and s.case_ref = m.case_ref)
            returning m.urn_root),
        {_TOUCHING.format(changed="gone")}
        select count(*) from changed"""
    scalar(connection, statement, {"source": source_id, "forces": list(snapshot_of)})


def _are_any(connection: Connection) -> bool:
    return bool(scalar(connection, "select exists (select from rejected_marks)"))


def lines_barring_nobody(connection: Connection, most: int) -> list[UnknownContactLine]:
    """Return the first `most` lines of the staged cases that bar a reference which no contact has."""
    return fetch_as(
        connection,
        UnknownContactLine,
        f"""select s.line, unknown.ref, (count(*) over ())::int as lines, null::bool as rejected
            from staged_cases s cross join lateral ({_OF_NOBODY.format(list="s")}) unknown
            where not s.bad and not s.withdrawn order by s.line, unknown.ref limit %s""",
        (most,),
    )


def unknown_barred(connection: Connection) -> list[UnknownBarred]:
    """Return the references that cases bar and no contact has: until one has it, they bar nobody."""
    return fetch_as(
        connection,
        UnknownBarred,
        f"""select distinct c.force_code, s.name as source, unknown.ref
            from (select force_code, source_id, barred_refs from cases where barred_refs <> array[]::text[]
                  union all select force_code, source_id, barred_refs from rejected_marks) c
            join sources s on s.id = c.source_id
            cross join lateral ({_OF_NOBODY.format(list="c")}) unknown order by 1, 2, 3""",
    )
