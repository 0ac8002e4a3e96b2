"""Cases that a purge erased and their source still sends: their rows are left out, unless the case goes on."""

from sqlalchemy import Connection

from models.queries.driver import execute, scalar
from models.queries.intake.staged import Staged

# Of an alias with the columns of a case's name. The text before it keeps a case and a URN apart.
CASE_DIGEST = "sha256(convert_to('case ' || {0}.force_code || '/' || {0}.case_ref, 'UTF8'))"
URN_DIGEST = "sha256(convert_to('urn ' || {0}.urn_root, 'UTF8'))"
_GOOD = "not s.bad and not s.withdrawn"
_LASTS = "{0}.made_on is not null and ({0}.expires_on is null or {0}.expires_on > e.erased_on)"
_KNOWN_CASE = "exists (select from case_keys k where k.force_code = s.force_code and k.case_ref = s.case_ref)"
_KNOWN_URN = "exists (select from case_keys k where k.urn_root = s.urn_root)"


def any_erased(connection: Connection) -> bool:
    """Return whether any case was ever erased."""
    return bool(scalar(connection, "select exists (select from erasures)"))


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
        update {stage} s set bad = true from erasures e
        where {_GOOD} and e.digest = {CASE_DIGEST.format("s")} and s.finalised_on <= e.erased_on
          and not {_KNOWN_CASE} {lasting}"""
    left = execute(connection, statement)
    for digest in (CASE_DIGEST, URN_DIGEST):
        execute(connection, f"delete from erasures e using {stage} s where {_GOOD} and e.digest = {digest.format('s')}")
    return left


def leave_out_rows(connection: Connection, file: Staged) -> int:
    """Leave out the file's rows of erased cases, and return how many. An order that lasts comes in and waits."""
    by_urn = "urn_root" in file.table.c
    digest, known = CASE_DIGEST.format("s"), _KNOWN_CASE
    if by_urn:
        # Not by disclosed: the rows of a file, told to nobody
        digest = f"case when s.case_ref is null then {URN_DIGEST.format('s')} else {digest} end"
        known = f"case when s.case_ref is null then {_KNOWN_URN} else {known} end"
    lasting = f"and not ({_LASTS.format('s')})" if "expires_on" in file.table.c and "made_on" in file.table.c else ""
    statement = f"""
        update {file.table.name} s set bad = true from erasures e
        where {_GOOD} and e.digest = {digest} and not {known} {lasting}"""
    return execute(connection, statement)
