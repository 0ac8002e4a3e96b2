"""The least that any way of doing the same work must do, measured in the same database and run."""

import csv
import time
from datetime import date
from pathlib import Path

from tasks.database import owner_engine, transaction

STREAMED = (
    "select * from cases order by id",
    "select * from incidents order by key_id",
    "select * from actions order by key_id",
    "select * from reviews order by key_id",
    "select * from referrals order by key_id",
    "select * from orders order by key_id",
    "select * from cps_cases order by key_id",
)


def copy(folder: Path) -> float:
    """COPY the extract's files into unlogged tables without indexes."""
    owner = owner_engine()
    began = time.perf_counter()
    connection = owner.raw_connection()
    with connection.cursor() as cursor:
        for path in sorted(folder.glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                names = next(csv.reader(file))
                columns = ", ".join(f"{name} text" for name in names)
                cursor.execute(f"create unlogged table floor_{path.stem} ({columns})")
                file.seek(0)
                cursor.copy_expert(f"copy floor_{path.stem} from stdin with (format csv, header)", file)
    connection.commit()
    seconds = time.perf_counter() - began
    with connection.cursor() as cursor:
        for path in folder.glob("*.csv"):
            cursor.execute(f"drop table floor_{path.stem}")
    connection.commit()
    connection.close()
    owner.dispose()
    return seconds


def stream() -> float:
    """Stream the rows that rules read out of PostgreSQL with psycopg2's named cursor, and do nothing."""
    began = time.perf_counter()
    with transaction() as connection:
        for at, statement in enumerate(STREAMED):
            cursor = connection.connection.driver_connection.cursor(name=f"floor_{at}")  # type: ignore[union-attr]
            cursor.itersize = 10_000
            cursor.execute(statement)
            for _row in cursor:
                pass
            cursor.close()
    return time.perf_counter() - began


def read_due(today: date) -> float:
    """Read the obligations whose day has come by their index, and do nothing."""
    began = time.perf_counter()
    with transaction() as connection, connection.connection.cursor() as cursor:
        cursor.execute("select * from obligations where ended_on is null and next_step_on <= %s", (today,))
        cursor.fetchall()
    return time.perf_counter() - began
