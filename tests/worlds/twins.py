"""Every table of two books by natural keys, to compare one that undid a round with one that never ran it."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

Ask = Callable[[str], list[Any]]  # the rows of a statement, each a tuple
_CASE = "(select concat_ws('/', k.force_code, k.case_ref, k.urn_root) from case_keys k where k.id = {})"
_OBLIGATION = f"""(select concat_ws(' ', {_CASE.format("o.case_id")}, o.rule, o.subject, o.version)
                   from obligations o where o.id = {{}})"""
_SITTING = "(select s.ref from sittings s where s.id = {})"
_SOURCE = "(select x.name from sources x where x.id = {})"
_NOTIFICATION = f"""(select concat_ws(' ', {_OBLIGATION.format("n.obligation_id")}, n.step, n.occasion, n.contact_ref)
                     from notifications n where n.id = {{}})"""
_KEY = """case when {0} ~ '^at_once:' then regexp_replace({0}, '[0-9]+$', '') else {0} end"""
_MESSAGE = f"(select {_KEY.replace('{0}', 'x.key')} from messages x where x.id = {{0}})"
_NATURAL = {  # how a column that holds an id is compared
    "case_id": _CASE, "key_id": _CASE, "urn_key_id": _CASE, "obligation_id": _OBLIGATION, "sitting_id": _SITTING,
    "source_id": _SOURCE, "message_id": _MESSAGE, "letter_id": _MESSAGE, "thread_id": _MESSAGE,
    "notification_id": _NOTIFICATION, "key": _KEY,
    "convening_id": f"""(select concat_ws(' ', {_CASE.format("v.case_id")}, {_SITTING.format("v.sitting_id")})
                         from convenings v where v.id = {{0}})""",
    **dict.fromkeys(("addressed", "through"), "(select array_agg(ref order by ref) from unnest({}) ref)"),
    "seen": "(select string_agg(value::text, ' ' order by value::text) from jsonb_each({}))",
    "event": """jsonb_set({0}, '{{cases}}', coalesce((
                    select jsonb_agg(jsonb_build_array(k.case_ref, one -> 1, one -> 2) order by k.case_ref)
                    from jsonb_array_elements({0} -> 'cases') one
                    join case_keys k on k.id = (one ->> 0)::bigint), '[]')) #- '{{was}}'""",
}  # fmt: skip
_SURROGATE = {"id", "lease_token", "lease_until", "undoing_id", "body", "remote_ref"}  # ids; what one carrier knows


def tables(ask: Ask) -> set[str]:
    """The names of all tables."""
    found = ask("select tablename from pg_tables where schemaname = 'public'")
    return {name for (name,) in found} - {"alembic_version"}


def rows(ask: Ask, table: str, without: str = "", where: str = "true") -> Counter[str]:
    """The rows of a table, each as a line of its columns by natural keys."""
    columns = [
        name
        for (name,) in ask(
            f"select column_name from information_schema.columns where table_name = '{table}' order by ordinal_position"
        )
        if name not in {*_SURROGATE, *without.split()}
    ]
    shown = ", ".join(_NATURAL.get(name, "{}").format(f't."{name}"') + f' as "{name}"' for name in columns)
    found = ask(f"select row_to_json(given)::text from (select {shown} from {table} t where {where}) given")
    return Counter(line for (line,) in found)


def differences(one: Ask, other: Ask, without: Mapping[str, str], where: Mapping[str, str]) -> dict[str, list[str]]:
    """The lines that only one of two books has, by table. `without` names columns, and `where` rows, to compare."""
    found = {}
    for table in sorted(tables(one) | tables(other)):
        ours, theirs = (rows(ask, table, without.get(table, ""), where.get(table, "true")) for ask in (one, other))
        lines = [f"- {line}" for line in (ours - theirs).elements()]
        lines += [f"+ {line}" for line in (theirs - ours).elements()]
        if lines:
            found[table] = sorted(lines, key=lambda line: re.sub(r"^. ", "", line))
    return found
