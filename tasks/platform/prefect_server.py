"""A private Prefect server and worker, on loopback and the embedded PostgreSQL, that end with their caller.

Each runs in its own session without the caller's pipes, and gets SIGTERM when the calling process ends. Stop the
server before calling `postgres.stop`.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NoReturn

from models.errors import Refuse
from tasks.platform import postgres
from tasks.platform.home import keep_private

POOL = "casebeat"
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
ALONE = {
    "http_proxy": _NOWHERE, "https_proxy": _NOWHERE, "all_proxy": _NOWHERE, "no_proxy": "localhost,127.0.0.1,::1",
}  # fmt: skip
_START_TIMEOUT = 120.0  # seconds; a start takes 5 on an idle machine and 30 on a loaded one
_GRACE = 15.0  # seconds between SIGTERM and SIGKILL
_CHILD = """\
import ctypes, os, signal, sys
parent = int(sys.argv[1])
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
if os.getppid() != parent:
    sys.exit(1)
signal.signal(signal.SIGINT, signal.default_int_handler)
os.execv(sys.executable, [sys.executable, "-m", *sys.argv[2:]])
"""  # PR_SET_PDEATHSIG is 1; a worker that ignores SIGINT would survive SIGTERM


def environment(home: Path, port: int) -> dict[str, str]:
    """Return the environment of every Prefect process of `home`: server, worker, `prefect deploy` and flow runs.

    Only the server also gets the database URL: see `prefect_server`.
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
    }


@contextmanager
def prefect_server(home: Path, port: int = 0) -> Iterator[str]:
    """Run a server on `home`'s database inside the block, and yield the URL of its API.

    Port 0 picks a free port. Raises Refuse if the server does not become healthy; its log is under `home`.
    """
    postgres.start(home)
    port = port or _free_port()
    server_only = {
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": postgres.prefect_url(home),
        **ALONE,
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(port),
    }
    shared = environment(home, port)
    with _child(home, "server", ["server", "start"], {**shared, **server_only}) as server:
        _wait_for_health(server, home, shared["PREFECT_API_URL"])
        yield shared["PREFECT_API_URL"]


@contextmanager
def worker(home: Path, api_url: str) -> Iterator[None]:
    """Run a process worker on the pool inside the block. Then pause the pool, wait for running flows and stop it."""
    variables = environment(home, _port_of(api_url))
    with _child(home, "worker", ["worker", "start", "--pool", POOL, "--type", "process"], variables):
        prefect(home, api_url, "work-pool", "resume", POOL)
        try:
            yield
        finally:
            prefect(home, api_url, "work-pool", "pause", POOL)
            _wait_for_runs(api_url)


def become(arguments: Sequence[str]) -> NoReturn:
    """Become a `prefect` command that calls no other host. What the caller's environment sets for Prefect holds.

    Raises Refuse for a server in the background, which Prefect starts by a program that knows nothing of the pages.
    """
    if arguments[:1] == ["server"] and {"-b", "--background"} & set(arguments):
        raise Refuse(
            "casebeat prefect starts no server in the background: let a service manager start it without that."
        )
    environment = {**SILENT, **os.environ, **(ALONE if arguments[:1] == ["server"] else {})}
    os.execve(sys.executable, [sys.executable, "-m", *_module(arguments)], environment)  # noqa: S606


def deploy(home: Path, api_url: str, root: Path) -> None:
    """Create the work pool and deploy everything in `root`'s prefect.yaml. Safe to repeat."""
    prefect(home, api_url, "work-pool", "create", POOL, "--type", "process", "--overwrite")
    prefect(home, api_url, "deploy", "--all", folder=root)


def prefect(home: Path, api_url: str, *arguments: str, folder: Path | None = None) -> None:
    """Run one `prefect` command against the server. Raises Refuse with its last output line if it fails."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
        cwd=folder,
        env=_full_environment(environment(home, _port_of(api_url))),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()[-1]
        raise Refuse(f"prefect {' '.join(arguments[:2])} failed: {last}")


def _module(arguments: Sequence[str]) -> list[str]:
    """Return the module that runs a `prefect` command, and its arguments."""
    return ["tasks.platform.prefect_pages" if arguments[:1] == ["server"] else "prefect", *arguments]


@contextmanager
def _child(
    home: Path, name: str, arguments: Sequence[str], variables: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    folder = home.expanduser().resolve() / "prefect"
    keep_private(folder.parent)
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
            [sys.executable, "-c", _CHILD, str(os.getpid()), *_module(arguments)],
            cwd=folder,
            env=_full_environment(variables),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _terminate(process)


def _terminate(process: subprocess.Popen[bytes]) -> None:
    """Terminate the process, kill it after the grace period, then kill its session with all its children."""
    process.terminate()
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _wait_for_health(server: subprocess.Popen[bytes], home: Path, api_url: str) -> None:
    deadline = time.monotonic() + _START_TIMEOUT
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{api_url}/health", timeout=5) as response:  # noqa: S310 - our own loopback URL
                if response.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise Refuse(f"The Prefect server did not become healthy; see {home / 'prefect' / 'server.log'}.")


def _wait_for_runs(api_url: str) -> None:
    """Wait until no flow run is running, for at most the start timeout."""
    body = b'{"flow_runs": {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}}'
    request = urllib.request.Request(  # noqa: S310 - our own loopback URL
        f"{api_url}/flow_runs/count", data=body, headers={"Content-Type": "application/json"}
    )
    deadline = time.monotonic() + _START_TIMEOUT
    while time.monotonic() < deadline:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            if int(response.read()) == 0:
                return
        time.sleep(0.5)


def _full_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the caller's environment without its Prefect settings, plus `variables`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return {**kept, **variables}


def _port_of(api_url: str) -> int:
    return int(api_url.rpartition(":")[2].partition("/")[0])


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
