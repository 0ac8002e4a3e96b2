"""Reading of what strangers send, in a child process: whatever it does to its reader, it does to this child alone.

The child is a Python of its own with one module of ours. It has limits of memory, of time and of what it may write, no
variable of the environment, so no secret, and no open file but those that it is given. It ends with its parent.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple, Self

_ROOT = Path(__file__).parents[2]
_LARGEST_ANSWER = 16 << 20  # bytes
_BLOCK = 1 << 16
_PROGRAM = """\
import ctypes, importlib, os, resource, signal, sys
parent, memory, seconds, written, root, module, *arguments = sys.argv[1:]
ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
if os.getppid() != int(parent):
    sys.exit(1)
for limit, most in (
    (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, written),
    (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NPROC, 0),
):
    resource.setrlimit(limit, (int(most), int(most)))
sys.path.insert(0, root)
importlib.import_module(module).main(*arguments)
"""


class ChildLimits(NamedTuple):
    """What a child may use."""

    memory: int  # bytes of addresses
    seconds: int  # of the processor, in its whole life
    patience: float  # seconds that are waited for its end, or for an answer
    written: int  # bytes of a file

    @property
    def said(self) -> str:
        """The limits that a reader of a refusal can do something about."""
        return f"{self.memory >> 20:,} MiB of memory or {self.patience:.0f} seconds"


class Ended(Exception):  # the caller knows whose fault it is
    """A child ran out of memory or time, or died of what it read."""


def run(module: str, arguments: Sequence[str], source: int, into: int, limits: ChildLimits) -> int:
    """Run a module's `main` with an open file as its input and another as its output, and return its exit code.

    Raises Ended. The thread that calls has to live on until it returns: the child ends with it.
    """
    with _begun(module, arguments, source, into, limits) as child:
        try:
            code = child.wait(limits.patience)
        except subprocess.TimeoutExpired:
            code = -1
        finally:
            child.kill()
    if code < 0:
        raise Ended
    return code


def _begun(
    module: str, arguments: Sequence[str], source: int, into: int, limits: ChildLimits
) -> subprocess.Popen[bytes]:
    given = [str(os.getpid()), str(limits.memory), str(limits.seconds), str(limits.written), str(_ROOT), module]
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-I", "-B", "-X", "utf8", "-c", _PROGRAM, *given, *arguments],
        stdin=source,
        stdout=into,
        stderr=subprocess.DEVNULL,  # a traceback may hold what it read
        env={},
    )


class AnsweringChild:
    """A child that answers questions, one line of JSON after the other. It is begun with the first of them."""

    def __init__(self, module: str, limits: ChildLimits) -> None:
        self._module, self._limits = module, limits
        self._child: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def __enter__(self) -> Self:
        """Return itself; the block's end ends the child."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the child."""
        self._end()

    def ask(self, question: Any) -> Any:
        """Return the answer. Raises Ended if the question ended a child that had answered no other."""
        fresh = self._child is None
        try:
            return self._asked(question)
        except Ended:
            if fresh:
                raise
        return self._asked(question)  # the child may have used its time up for the questions before

    def _asked(self, question: Any) -> Any:
        line, until = self._line or self._begin(), monotonic() + self._limits.patience
        try:
            line.settimeout(self._limits.patience)
            line.sendall(json.dumps(question).encode() + b"\n")
            return json.loads(_answer(line, until))
        except (OSError, ValueError):
            self._end()
            raise Ended from None

    def _begin(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with closing(theirs):
            self._child = _begun(self._module, (), theirs.fileno(), theirs.fileno(), self._limits)
        self._line = ours
        return ours

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self._child = self._line = None


def _answer(line: socket.socket, until: float) -> bytes:
    """Read a line. Raises OSError if it has no end in time, and ValueError if it has none at all."""
    answer = bytearray()
    while not answer.endswith(b"\n"):
        line.settimeout(max(until - monotonic(), 0.001))
        block = line.recv(_BLOCK)
        if not block or len(answer) > _LARGEST_ANSWER:
            raise ValueError
        answer += block
    return bytes(answer)
