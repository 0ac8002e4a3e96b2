"""`casebeat serve` as a process of a test, and what it shows of itself."""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from tasks.servers.prefect_api import Api
from tests.faults.waiting import eventually
from tests.support.post import free_port
from tests.support.processes import processes_that_name

PROGRAM = "from flows.command_line.main import main; main()"
COMMAND = [sys.executable, "-c", PROGRAM]


class Served:
    """`casebeat serve` on a data directory, begun and ended by a test; its process runs `before` first."""

    def __init__(self, home: Path | None = None) -> None:
        self.more: dict[str, str] = {}
        self.before = ""
        self.ending = ExitStack()
        self.home = home or Path(tempfile.mkdtemp(prefix="casebeat served "))
        self.port, self.health_port = free_port(), free_port()
        self.output = self.home / "said"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        ports = {"PORT": self.port, "HEALTH_PORT": self.health_port}
        told = {f"CASEBEAT_SERVER__{name}": str(port) for name, port in ports.items()}
        told["CASEBEAT_HOME"] = str(self.home)
        return {**os.environ, **told, **self.more}

    @property
    def api(self) -> Api:
        return Api(f"http://127.0.0.1:{self.port}/api", (self.home / "prefect-sign-in").read_text().strip())

    @property
    def said(self) -> str:
        return self.output.read_text()

    def begin(self, *, wait: bool = True) -> None:
        program = f"{self.before}\n{PROGRAM}"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", program, "serve"],
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        if wait:
            self.says("Casebeat runs until Ctrl-C")

    def says(self, sentence: str, within: float = 400) -> None:
        try:
            eventually(lambda: sentence in self.said, while_true=lambda: self.process.poll() is None, within=within)
        except AssertionError as missing:
            raise AssertionError(f"{missing}\n{self.said}") from None

    def end(self, number: int = signal.SIGINT, within: float = 150) -> int:
        self.process.send_signal(number)
        return self.process.wait(within)

    def ran(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments], env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )

    def pid(self, program: str) -> int | None:
        """The process of a program, found by its command line; None while there is none."""
        words = {"server": "prefect_pages", "worker": "--pool", "listener": "\0listen"}[program].encode()
        for line in processes_that_name(self.home):
            with suppress(OSError):
                if words in Path(f"/proc/{line.split()[0]}/cmdline").read_bytes():
                    return int(line.split()[0])
        return None

    def is_healthy(self) -> bool:
        return self.api.answers()

    def answers(self) -> bool:
        """Return whether the server reaches its database."""
        with suppress(OSError):
            return bool(self.api.ask("POST", "deployments/filter", {}))
        return False

    def looks(self, path: str) -> int | None:
        """Ask the health door, and return the status of its answer; None where it does not answer."""
        try:
            with urlopen(f"http://127.0.0.1:{self.health_port}{path}", timeout=20) as answer:
                return answer.status
        except HTTPError as error:
            error.close()
            return error.code
        except OSError:
            return None

    def worker_started(self, since: int) -> bool:
        """Return whether a worker has started since its log had this size."""
        return b"started!" in (self.home / "prefect" / "worker.log").read_bytes()[since:]
