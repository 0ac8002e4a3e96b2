"""The guards of the log in the database: its triggers and their functions, compared with those of the migrations."""

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch_as

# The triggers that there are, with what fires them (`pg_trigger.tgtype`), and no others.
_TRIGGERS = """(values ('audit', 'audit_is_append_only', 58), ('audit', 'audit_sets_its_moment', 7),
                       ('audit_seals', 'audit_is_append_only', 58)) wanted (guarded, guard, fired_by)"""
# The functions, with a digest of language, rights, settings and body. A migration that changes one changes it here.
_FUNCTIONS = """(values
    ('audit_is_append_only', '675cc2e1d678cdc824a4029e73cbad1cb41f179114bf83ff294cd1a9ca925a1d'),
    ('audit_sets_its_moment', '1aa7a6f096a7028f3b85f85063cf6f7483a2b572e0c8982cd28a5fe4d12b0fce'),
    ('seal_audit', 'f56de1f0aa88317da6c2a4ff80478ac7010bccb1845700a1016c9a9071390139')) wanted (name, digest)"""
_DIGEST = """encode(sha256(convert_to(
    l.lanname || ' ' || p.prosecdef || ' ' || coalesce(p.proconfig::text, '') || ' ' || p.prosrc, 'UTF8')), 'hex')"""


class Opening(StrEnum):
    """How the log is open to changes."""

    OFF = "off"  # a trigger is off or gone, or fires only sometimes
    ADDED = "added"  # a trigger or a rule that no migration makes
    REPLACED = "replaced"  # a function has another body


class Weakness(NamedTuple):
    """A trigger or a rule, as `name of table`, or a function, and what is wrong with it."""

    name: str
    how: Opening


def weaknesses(connection: Connection) -> list[Weakness]:
    """Return what of the guards is not as the migrations made it."""
    statement = f"""
        select guard || ' of ' || guarded as name, '{Opening.OFF}' as how from {_TRIGGERS}
        where not exists (select from pg_trigger t where t.tgrelid = to_regclass('public.' || guarded)
                          and t.tgname = guard and t.tgenabled = 'A' and t.tgfoid = to_regproc('public.' || guard)
                          and t.tgtype = fired_by and t.tgqual is null and t.tgnargs = 0 and t.tgattr = '')
        union all
        select added.name || ' of ' || c.relname, '{Opening.ADDED}'
        from pg_class c cross join lateral (
            select tgname as name from pg_trigger where tgrelid = c.oid and not tgisinternal
              and not exists (select from {_TRIGGERS} where guarded = c.relname and guard = tgname)
            union all select rulename from pg_rewrite where ev_class = c.oid) added
        where c.oid in (to_regclass('public.audit'), to_regclass('public.audit_seals'))
        union all
        select wanted.name, '{Opening.REPLACED}' from {_FUNCTIONS}
        where not exists (select from pg_proc p join pg_language l on l.oid = p.prolang
                          where p.oid = to_regproc('public.' || wanted.name) and {_DIGEST} = wanted.digest)
        order by 1"""
    return fetch_as(connection, Weakness, statement)
