"""Data directories whose PostgreSQL is there already: made once, and copied for each test that needs one of its own.

To create a cluster with Casebeat's tables takes a second and a half of a core, to create Prefect's tables takes three.
"""

import atexit
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from tasks.servers import migrate, postgres
from tasks.servers.prefect_server import prefect_server
from tests.support.copies import never_wait_for_disks


def prepare(home: Path, *, prefect: bool = False) -> None:
    """Give a data directory its stopped PostgreSQL, with Casebeat's tables alone or with Prefect's too."""
    made = _with_prefects_tables() if prefect else _with_tables()
    home.mkdir(exist_ok=True)
    subprocess.run(["cp", "-a", made / "postgres", home], check=True)


@cache
def _with_tables() -> Path:
    home = _folder()
    postgres.start(home)
    never_wait_for_disks(home)
    migrate.migrate(postgres.url(home, role="casebeat_owner"))
    postgres.stop(home)
    return home


@cache
def _with_prefects_tables() -> Path:
    home = _folder()
    prepare(home)
    with prefect_server(home):
        pass
    postgres.stop(home)
    return home


def _folder() -> Path:
    home = Path(tempfile.mkdtemp(prefix="casebeat-prepared-"))
    atexit.register(shutil.rmtree, home)
    return home
