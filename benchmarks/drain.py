"""One delivery as a process of its own: prints "ready", waits for a line, delivers, prints what it took as JSON."""

import json
import resource
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from tasks.carriers.slack import carrier as slack
from tasks.outbox import delivery
from tasks.platform import database

slack.PACE_SECONDS = 0.0
composing = 0.0
memory: list[int] = []
speak = delivery.speak
STATM = Path("/proc/self/statm")  # what is held now: a peak would be the parent's too


def timed(*given: Any) -> Any:
    """Compose as ever, keeping how long it took and how much memory the process holds then."""
    global composing  # noqa: PLW0603
    began = time.perf_counter()
    try:
        return speak(*given)
    finally:
        composing += time.perf_counter() - began
        memory.append(int(STATM.read_text().split()[1]) * resource.getpagesize() >> 20)


delivery.speak = timed
database.engine()
print("ready", flush=True)
sys.stdin.readline()
began = time.perf_counter()
delivered = delivery.deliver(datetime.fromisoformat(sys.argv[1]))
print(
    json.dumps({
        "seconds": time.perf_counter() - began, "composing": composing, "memory": [memory[0], memory[-1]],
        "counts": delivered.counts,
    })
)  # fmt: skip
