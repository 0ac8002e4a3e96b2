"""The two marks that guard a case, `restricted` and `barred_refs`: of rejected rows too, and references of nobody."""

from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch_as, scalar
from models.queries.intake.merging import UnknownContactLine

# The marks of the rejected rows of cases whose key can be read.
# Not by disclosed: the keys of an extract's rows
_MARKS = """
    select s.force_code, s.case_ref, coalesce(bool_or(s.restricted), false) as guarded,
           coalesce(array_agg(distinct named.ref) filter (where named.ref is not null), '{}') as refs
    from staged_cases s left join lateral unnest(s.barred_refs) named(ref) on true
    where s.bad and s.force_code is not null and s.case_ref is not null
    group by s.force_code, s.case_ref having bool_or(s.restricted) or count(named.ref) > 0"""
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


def lines_barring_nobody(connection: Connection, most: int) -> list[UnknownContactLine]:
    """Return the first `most` lines of the staged cases that bar a reference which no contact has."""
    return fetch_as(
        connection,
        UnknownContactLine,
        f"""select s.line, unknown.ref, (count(*) over ())::int as lines
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
            from cases c join sources s on s.id = c.source_id
            cross join lateral ({_OF_NOBODY.format(list="c")}) unknown
            where c.barred_refs <> array[]::text[] order by 1, 2, 3""",
    )
