"""One delivery in its own process: prints "ready", waits for a line, delivers, and prints its figures as JSON."""

import json
import resource
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.configured import configured
from tasks.carriers.slack import api
from tasks.outbox import delivery, preparing
from tasks.servers import database

api.PACE_SECONDS = 0.0
composing = 0.0
memory: list[int] = []
prepare = preparing.prepare
STATM = Path("/proc/self/statm")  # current memory: a peak would include the parent's


def timed(*given: Any) -> Any:
    """Compose as usual, and record the time taken and the memory held by the process."""
    global composing  # noqa: PLW0603
    began = time.perf_counter()
    try:
        return prepare(*given)
    finally:
        composing += time.perf_counter() - began
        memory.append(int(STATM.read_text().split()[1]) * resource.getpagesize() >> 20)


setattr(delivery, "prepare", timed)  # noqa: B010  the name that delivery has for it
database.engine()
print("ready", flush=True)
sys.stdin.readline()
began = time.perf_counter()
delivered = delivery.deliver(configured(), datetime.fromisoformat(sys.argv[1]))
print(
    json.dumps({
        "seconds": time.perf_counter() - began, "composing": composing, "memory": [memory[0], memory[-1]],
        "counts": delivered.counts,
    })
)  # fmt: skip
