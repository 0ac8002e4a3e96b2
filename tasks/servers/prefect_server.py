"""The installation's Prefect server and worker, on loopback and PostgreSQL: started, asked and ended here.

Stop the server before calling `postgres.stop`.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NoReturn

from config.settings import settings
from models.errors import Refuse
from tasks.platform import logs
from tasks.servers import child, postgres, work_pool
from tasks.servers.prefect_api import Api
from tasks.servers.work_pool import POOL

# Without these, Prefect reports to two hosts of its makers, and its newer pages to a third.
SILENT = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}
# Prefect's server asks GitHub for the list of work pools' types, and no setting is against it. Where a proxy refuses
# the connection it takes its own copy of the list; nothing listens at this one.
_NOWHERE = "http://127.0.0.1:9"
_LOOPBACK = "localhost,127.0.0.1,::1"
ALONE = {"http_proxy": _NOWHERE, "https_proxy": _NOWHERE, "all_proxy": _NOWHERE, "no_proxy": _LOOPBACK}
RETIRED = ("listen/listen",)  # deployments of earlier releases, whose runs would fail
PROGRAM = "tasks.servers.prefect_program"
WORKER = [PROGRAM, "worker", "start", "--pool", POOL, "--type", "process"]
SERVER = ["tasks.servers.prefect_pages", "server", "start"]
PATIENCE = 300.0  # seconds; a server starts in 5 on an idle machine, in 30 on a loaded one, once in more than 120
SAID_EVERY = 30.0  # seconds
_PAUSES = (2.0, 10.0, 30.0)  # seconds before a server that fails at its start is asked again
_PASSED_ON = ("PREFECT_UI_URL",)  # what a caller's environment sets for pages that people open
_DATABASE = "PREFECT_SERVER_DATABASE_CONNECTION_URL"


def environment(home: Path, port: int, sign_in: str | None = None) -> dict[str, str]:
    """Return the environment of every Prefect process of `home`: server, worker, `prefect deploy` and flow runs.

    Only the server also gets `server_environment`.
    """
    prefect_home = home.expanduser().resolve() / "prefect"
    return {
        "PREFECT_HOME": str(prefect_home),
        "PREFECT_PROFILES_PATH": str(prefect_home / "profiles.toml"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "casebeat",
        **SILENT,
        "PREFECT_CLI_PROMPT": "false",
        "no_proxy": _no_proxy(),
        **({"PREFECT_API_AUTH_STRING": sign_in} if sign_in else {}),
        **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
    }


def _no_proxy() -> str:
    """Return the caller's hosts that need no proxy, and this machine: a proxy would read the sign-in."""
    return ",".join(filter(None, (os.environ.get("no_proxy") or os.environ.get("NO_PROXY"), _LOOPBACK)))


def server_environment(
    home: Path, port: int, sign_in: str | None = None, database: str | None = None
) -> dict[str, str]:
    """Return the environment of `home`'s server. Its database is the embedded one, unless a URL names another.

    With a sign-in, pages of another origin can neither read its answers nor change anything by a forged request.
    """
    guarded = {
        "PREFECT_SERVER_API_AUTH_STRING": sign_in or "",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{port}",
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
    }
    return {
        **environment(home, port, sign_in),
        **ALONE,
        _DATABASE: database or postgres.prefect_url(home),
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        **pruning(settings().server.keep_days),
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(port),
        **(guarded if sign_in else {}),
    }


def pruning(keep_days: int) -> dict[str, str]:
    """Return the settings by which a server deletes finished runs after some days, with all that is theirs."""
    return {
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(keep_days * 86_400),
    }


def own_database() -> str | None:
    """Return the URL of Prefect's database that Prefect's own setting names; None means the embedded one."""
    return os.environ.get(_DATABASE)


@contextmanager
def prefect_server(home: Path) -> Iterator[str]:
    """Run a server on `home`'s database and a free port inside the block, and yield the URL of its API.

    Raises Refuse if the server does not become healthy; its log is under `home`.
    """
    postgres.start(home)
    port = free_port()
    with child.running(home, "server", SERVER, server_environment(home, port)) as server:
        api_url = environment(home, port)["PREFECT_API_URL"]
        wait_for_health(server, home, api_url)
        yield api_url


def become(arguments: Sequence[str], home: Path, port: int, sign_in: str | None) -> NoReturn:
    """Become a `prefect` command that calls no other host. What the caller's environment sets for Prefect holds.

    Where it names no server, commands go to the one of `casebeat serve`, if there is a sign-in to it. Raises Refuse for
    a server in the background or of several processes, which Prefect starts by programs that know nothing of the pages.
    """
    server = arguments[:1] == ["server"]
    if server and {"-b", "--background", "--workers"} & {word.partition("=")[0] for word in arguments}:
        raise Refuse(
            "casebeat prefect starts no server in the background, and none of several processes (--workers): let a "
            "service manager start it without that, or a second one beside it."
        )
    ours = environment(home, port, sign_in) if sign_in and not server and "PREFECT_API_URL" not in os.environ else {}
    pruned = pruning(settings().server.keep_days) if server else {}
    no_proxy = {"no_proxy": _no_proxy()}
    os.environ.update({**SILENT, **pruned, **ours, **os.environ, **no_proxy, **(ALONE if server else {})})
    if "deploy" in arguments and (api := Api.of_environment()):
        with suppress(OSError):  # which `prefect deploy` reports
            _retire(api)
    os.environ.update(logs.OF_PREFECT if settings().logs.program else {})
    module = SERVER[0] if server else PROGRAM
    os.execve(sys.executable, [sys.executable, "-m", module, *arguments], os.environ)  # noqa: S606


def deploy(home: Path, api_url: str, root: Path, sign_in: str | None = None) -> None:
    """Create the work pool or close its template, and deploy everything in `root`'s prefect.yaml. Safe to repeat.

    What operations switched stays: schedules, because prefect.yaml does not say whether they are active, and the pool.
    """
    api = Api(api_url, sign_in)
    work_pool.make(api, root)
    prefect(home, api_url, "deploy", "--all", folder=root, sign_in=sign_in)
    _retire(api)


def prefect(home: Path, api_url: str, *arguments: str, folder: Path | None = None, sign_in: str | None = None) -> None:
    """Run one `prefect` command against the server. Raises Refuse with its last output line if it fails."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
        cwd=folder,
        env=child.full_environment(environment(home, _port_of(api_url), sign_in)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()[-1]
        raise Refuse(f"prefect {' '.join(arguments[:2])} failed: {last}")


def _to_stderr(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


def wait_for_health(
    server: subprocess.Popen[bytes], home: Path, api_url: str, say: Callable[[str], None] = _to_stderr
) -> None:
    """Wait until the server answers, and say now and then that it lives and does not answer yet.

    Raises Refuse as soon as it ends, or if it has not answered within `PATIENCE`.
    """
    begun = said = time.monotonic()
    while server.poll() is None:
        if Api(api_url, patience=5).answers():
            return
        now = time.monotonic()
        if now > begun + PATIENCE:
            raise Refuse(f"The Prefect server has not answered for {PATIENCE:.0f} seconds; {_see_log(home)}")
        if now > said + SAID_EVERY:
            said = now
            say(f"Waiting for the Prefect server, which lives and does not answer yet ({now - begun:.0f} seconds).")
        time.sleep(0.1)
    raise Refuse(f"The Prefect server ended before it answered (exit code {server.returncode}); {_see_log(home)}")


def _see_log(home: Path) -> str:
    return f"see {child.log_of(home, 'server')}."


def _retire(api: Api) -> None:
    for name in RETIRED:
        if found := api.ask("GET", f"deployments/name/{name}"):
            api.ask("DELETE", f"deployments/{found['id']}")


def _port_of(api_url: str) -> int:
    return int(api_url.rpartition(":")[2].partition("/")[0])


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def outlive(work: Callable[[], None], say: Callable[[str], None]) -> None:
    """Do work at Prefect's server that may be repeated, again after each of three pauses while the server fails at it.

    Raises what the last try raised: OSError, CalledProcessError or Refuse.
    """
    for pause in _PAUSES:
        try:
            return work()
        except (OSError, subprocess.CalledProcessError, Refuse) as error:
            why = str(error) if isinstance(error, Refuse) else type(error).__name__
            say(f"Prefect's server failed ({why}); it is asked again in {pause:.0f} seconds.")
            time.sleep(pause)
    return work()
