"""Cases that a purge erased and their source still sends: their rows are left out, unless the case goes on."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, fetch_as, scalar, scalars
from models.queries.intake.staged import Staged

Digest = Callable[[str], bytes]  # of a name; its key is not in the database, and no statement has it
# The name of an alias's case or URN. The text before it keeps the two apart.
CASE_NAME = "'case ' || {0}.force_code || '/' || {0}.case_ref"
URN_NAME = "'urn ' || {0}.urn_root"
NAMES = "erased_names"  # of the extract's cases and URNs, those that were erased
_GOOD = "not s.bad and not s.withdrawn"
_LASTS = "{0}.made_on is not null and ({0}.expires_on is null or {0}.expires_on > e.erased_on)"
_KNOWN_CASE = "exists (select from case_keys k where k.force_code = s.force_code and k.case_ref = s.case_ref)"
_KNOWN_URN = "exists (select from case_keys k where k.urn_root = s.urn_root)"


def any_erased(connection: Connection) -> bool:
    """Return whether any case was ever erased."""
    return bool(scalar(connection, "select exists (select from erasures)"))


def digests(connection: Connection) -> frozenset[bytes]:
    """Return the digests of the cases and URNs that were erased."""
    return frozenset(map(bytes, scalars(connection, "select digest from erasures")))


class _Erasure(NamedTuple):
    digest: bytes
    erased_on: date


def find(connection: Connection, files: Iterable[Staged], digest: Digest) -> None:
    """Note, for this transaction, which of the files' cases and URNs were erased, and when."""
    erasures = fetch_as(connection, _Erasure, "select digest, erased_on from erasures")
    known = {bytes(erasure.digest): erasure.erased_on for erasure in erasures}
    names = {name for file in files for name in _names(connection, file)}
    erased = [(name, made, known[made]) for name in names if (made := digest(name)) in known]
    execute(connection, f"create temporary table {NAMES} (name text, digest bytea, erased_on date) on commit drop")
    statement = f"insert into {NAMES} select * from unnest(%s::text[], %s::bytea[], %s::date[])"
    execute(connection, statement, tuple(map(list, zip(*erased, strict=True))) or ([], [], []))


def _names(connection: Connection, file: Staged) -> list[str]:
    names = [CASE_NAME, *([URN_NAME] if "urn_root" in file.table.c else [])]
    asked = " union ".join(f"select {name.format('s')} from {file.table.name} s" for name in names)
    return [name for name in scalars(connection, asked) if name]


def leave_out_cases(connection: Connection, cases: Staged, orders: Staged | None) -> int:
    """Leave out the file's cases that were erased and are as over as they were then, and return how many.

    One that was reopened, that was finalised since, or that has an order which lasts, is a new case; so is what its
    URN is shared with.
    """
    lasting = ""
    if orders is not None:
        # Not by disclosed: the rows of a file, told to nobody
        same = "o.force_code = s.force_code and o.case_ref = s.case_ref or o.urn_root = s.urn_root"
        lasting = f"""and not exists (select from {orders.table.name} o
                      where not o.bad and not o.withdrawn and ({same}) and {_LASTS.format("o")})"""
    stage = cases.table.name
    statement = f"""
        update {stage} s set bad = true from {NAMES} e
        where {_GOOD} and e.name = {CASE_NAME.format("s")} and s.finalised_on <= e.erased_on
          and not {_KNOWN_CASE} {lasting}"""
    left = execute(connection, statement)
    for name in (CASE_NAME, URN_NAME):
        back = f"""
            with back as (delete from {NAMES} e using {stage} s where {_GOOD} and e.name = {name.format("s")}
                          returning e.digest)
            delete from erasures e using back where e.digest = back.digest"""
        execute(connection, back)
    return left


def leave_out_rows(connection: Connection, file: Staged) -> int:
    """Leave out the file's rows of erased cases, and return how many. An order that lasts comes in and waits."""
    by_urn = "urn_root" in file.table.c
    name, known = CASE_NAME.format("s"), _KNOWN_CASE
    if by_urn:
        # Not by disclosed: the rows of a file, told to nobody
        name = f"case when s.case_ref is null then {URN_NAME.format('s')} else {name} end"
        known = f"case when s.case_ref is null then {_KNOWN_URN} else {known} end"
    lasting = f"and not ({_LASTS.format('s')})" if "expires_on" in file.table.c and "made_on" in file.table.c else ""
    statement = f"""
        update {file.table.name} s set bad = true from {NAMES} e
        where {_GOOD} and e.name = {name} and not {known} {lasting}"""
    return execute(connection, statement)
