"""The floors: the least work that any implementation must do, measured in the same database and run."""

import csv
import io
import time
from contextlib import closing
from datetime import date
from pathlib import Path

from tasks.intake.files import FILES
from tasks.servers.database import owner_engine, transaction

STREAMED = (
    "select * from cases order by id",
    "select * from incidents order by key_id",
    "select * from actions order by key_id",
    "select * from reviews order by key_id",
    "select * from referrals order by key_id",
    "select * from orders order by key_id",
    "select * from pleas order by key_id",
    "select * from cps_cases order by key_id",
)
STORED = ("case_keys", *sorted({file.table.__tablename__ for file in FILES.values()}))


def copy(folder: Path) -> float:
    """Copy the extract's files into unlogged tables without indexes."""
    owner = owner_engine()
    began = time.perf_counter()
    connection = owner.raw_connection()
    with closing(connection.cursor()) as cursor:
        for path in sorted(folder.glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                names = next(csv.reader(file))
                columns = ", ".join(f"{name} text" for name in names)
                cursor.execute(f"create unlogged table floor_{path.stem} ({columns})")
                file.seek(0)
                cursor.copy_expert(f"copy floor_{path.stem} from stdin with (format csv, header)", file)
    connection.commit()
    seconds = time.perf_counter() - began
    with closing(connection.cursor()) as cursor:
        for path in folder.glob("*.csv"):
            cursor.execute(f"drop table floor_{path.stem}")
    connection.commit()
    connection.close()
    owner.dispose()
    return seconds


def copy_as_stored(folder: Path) -> float:
    """Copy the rows that an intake has stored into empty tables that are logged and have the same keys and indexes."""
    owner = owner_engine()
    connection = owner.raw_connection()
    with closing(connection.cursor()) as cursor:
        for table in STORED:
            with (folder / table).open("wb") as rows:
                cursor.copy_expert(f"copy {table} to stdout", rows)
            cursor.execute(f"create table floor_{table} (like {table} including all)")
        connection.commit()  # COPY writes no log for a table of its own transaction
        began = time.perf_counter()
        for table in STORED:
            with (folder / table).open("rb") as rows:
                cursor.copy_expert(f"copy floor_{table} from stdin", rows)
        connection.commit()
        seconds = time.perf_counter() - began
        for table in STORED:
            cursor.execute(f"drop table floor_{table}")
    connection.commit()
    connection.close()
    owner.dispose()
    return seconds


def stream() -> float:
    """Stream the rows that rules read with psycopg2's named cursor, and do nothing with them."""
    began = time.perf_counter()
    with transaction() as connection:
        for at, statement in enumerate(STREAMED):
            cursor = connection.connection.driver_connection.cursor(name=f"floor_{at}")
            cursor.itersize = 10_000
            cursor.execute(statement)
            for _row in cursor:
                pass
            cursor.close()
    return time.perf_counter() - began


def read_due(today: date, force_codes: list[str]) -> float:
    """Read the due obligations by their index, force by force, and do nothing with them."""
    began = time.perf_counter()
    with transaction() as connection, closing(connection.connection.cursor()) as cursor:
        for force_code in force_codes:
            cursor.execute(
                "select * from obligations where ended_on is null and force_code = %s and next_step_on <= %s",
                (force_code, today),
            )
            cursor.fetchall()
    return time.perf_counter() - began


CLIMBED = {
    "steps": "select * from steps where on_day = %s",
    "audit": """select a.* from audit a
                join steps s on a.ref = s.obligation_id || ':' || s.step and a.reason = s.outcome
                where a.about = 'step' and s.on_day = %s""",
    "notifications": "select * from notifications where day = %s",
}


def write_climbed(today: date) -> float:
    """Copy a day's written rows into equal tables, and move its obligations in one statement; rolled back."""
    owner = owner_engine()
    connection = owner.raw_connection()
    seconds = 0.0
    with closing(connection.cursor()) as cursor:
        for table, statement in CLIMBED.items():
            rows = io.StringIO()
            cursor.copy_expert(f"copy ({cursor.mogrify(statement, (today,)).decode()}) to stdout", rows)
            rows.seek(0)
            cursor.execute(f"create table floor_{table} (like {table} including all)")
            began = time.perf_counter()
            cursor.copy_expert(f"copy floor_{table} from stdin", rows)
            seconds += time.perf_counter() - began
        began = time.perf_counter()
        cursor.execute(
            """update obligations set next_step_on = next_step_on + 1
               where id in (select obligation_id from floor_steps where outcome = 'taken')"""
        )
        seconds += time.perf_counter() - began
    connection.rollback()
    connection.close()
    owner.dispose()
    return seconds


def digest_audit_rows() -> float:
    """Read every audit row in PostgreSQL and work out a digest of each, without any order or chain."""
    began = time.perf_counter()
    with transaction() as connection, closing(connection.connection.cursor()) as cursor:
        cursor.execute("select count(sha256(convert_to(a::text, 'UTF8'))) from audit a")
        cursor.fetchall()
    return time.perf_counter() - began
