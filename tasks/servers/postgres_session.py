"""PostgreSQL's client programs on one database: pg_dump, which writes it, and psql, which reads it back."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from psycopg2.extensions import make_dsn
from sqlalchemy import create_engine

from tasks.servers.migrate import database_url


@contextmanager
def running(command: Sequence[Path | str], url: str, **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run a client program on the database of `url`, and kill it if the block ends before it has.

    The password goes by the environment, where other accounts do not see it. Signals for this process do not reach it.
    """
    _, given = create_engine(url).dialect.create_connect_args(database_url(url))
    password = given.pop("password", None)
    secret = {} if password is None else {"PGPASSWORD": password}
    process = subprocess.Popen(  # noqa: S603  fixed arguments, no shell
        [*command, "--dbname", make_dsn(**given)],
        env={**os.environ, **secret, "LC_ALL": "C", "PGOPTIONS": "-c client_min_messages=error"},
        cwd="/",
        start_new_session=True,
        **{"stderr": subprocess.DEVNULL, **pipes},
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with suppress(BrokenPipeError):  # of what was written and not read
                    pipe.close()
