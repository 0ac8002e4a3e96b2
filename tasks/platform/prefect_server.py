"""A Prefect server of our own: on loopback, on the embedded PostgreSQL, and never left behind.

The server and the worker are sessions of their own that hold none of the caller's pipes. They are told to end when
whoever started them ends, and the server refuses to outlive its database: stop it before `postgres.stop`.
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

from models.errors import Refuse
from tasks.platform import postgres

POOL = "casebeat"
_PATIENCE = 120.0  # seconds; on an idle machine five, on a loaded one half a minute
_GRACE = 15.0  # seconds between a polite end and an impolite one
_CHILD = """\
import ctypes, os, signal, sys
parent = int(sys.argv[1])
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
if os.getppid() != parent:
    sys.exit(1)
signal.signal(signal.SIGINT, signal.default_int_handler)
os.execv(sys.executable, [sys.executable, "-m", "prefect", *sys.argv[2:]])
"""  # PR_SET_PDEATHSIG is 1; a worker with SIGINT ignored would outlive SIGTERM


def environment(home: Path, port: int) -> dict[str, str]:
    """What every Prefect process of `home` is told: server, worker, `prefect deploy` and flow runs alike.

    The URL of the database is the server's only: see `prefect_server`.
    """
    prefect_home = home.expanduser().resolve() / "prefect"
    return {
        "PREFECT_HOME": str(prefect_home),
        "PREFECT_PROFILES_PATH": str(prefect_home / "profiles.toml"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "casebeat",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_CLI_PROMPT": "false",
    }


@contextmanager
def prefect_server(home: Path, port: int = 0) -> Iterator[str]:
    """Run a server on `home`'s database for as long as the block runs; yields the URL of its API.

    `port` 0 takes a free one. Raises Refuse if it does not become healthy; its log is under `home`.
    """
    postgres.start(home)
    port = port or _free_port()
    server_only = {
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": postgres.prefect_url(home),
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(port),
    }
    said = environment(home, port)
    with _child(home, "server", ["server", "start"], {**said, **server_only}) as server:
        _wait_for_health(server, home, said["PREFECT_API_URL"])
        yield said["PREFECT_API_URL"]


@contextmanager
def worker(home: Path, api_url: str) -> Iterator[None]:
    """Run a process worker on the pool; at the end the pool is paused, running flows end, and the worker goes."""
    said = environment(home, _port_of(api_url))
    with _child(home, "worker", ["worker", "start", "--pool", POOL, "--type", "process"], said):
        prefect(home, api_url, "work-pool", "resume", POOL)
        try:
            yield
        finally:
            prefect(home, api_url, "work-pool", "pause", POOL)
            _wait_for_runs(api_url)


def deploy(home: Path, api_url: str, root: Path) -> None:
    """Make the work pool and put every deployment of `root`'s prefect.yaml on the server; repeatable."""
    prefect(home, api_url, "work-pool", "create", POOL, "--type", "process", "--overwrite")
    prefect(home, api_url, "deploy", "--all", folder=root)


def prefect(home: Path, api_url: str, *words: str, folder: Path | None = None) -> None:
    """Run one `prefect` command against the server. Raises Refuse with its last line if it fails."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-m", "prefect", "--no-prompt", *words],
        cwd=folder,
        env=_whole(environment(home, _port_of(api_url))),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "nothing was said").splitlines()[-1]
        raise Refuse(f"prefect {' '.join(words[:2])} failed: {last}")


@contextmanager
def _child(home: Path, name: str, words: Sequence[str], said: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    folder = home.expanduser().resolve() / "prefect"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and words
            [sys.executable, "-c", _CHILD, str(os.getpid()), *words],
            cwd=folder,
            env=_whole(said),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the process to end, then its whole session; its children are in it."""
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
    deadline = time.monotonic() + _PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{api_url}/health", timeout=5) as answer:  # noqa: S310 - our own loopback URL
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise Refuse(f"The Prefect server did not become healthy; {home / 'prefect' / 'server.log'} says why.")


def _wait_for_runs(api_url: str) -> None:
    """Wait until no flow run is running, at most as long as a start may take."""
    body = b'{"flow_runs": {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}}'
    asked = urllib.request.Request(  # noqa: S310 - our own loopback URL
        f"{api_url}/flow_runs/count", data=body, headers={"Content-Type": "application/json"}
    )
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
            if int(answer.read()) == 0:
                return
        time.sleep(0.5)


def _whole(said: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without its Prefect settings, plus ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return {**kept, **said}


def _port_of(api_url: str) -> int:
    return int(api_url.rpartition(":")[2].partition("/")[0])


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
