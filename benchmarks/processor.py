"""Processor seconds of other processes: a server, its database, workers with all that they have begun."""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")


class _Process(NamedTuple):
    pid: int
    parent: int
    ticks: int  # its own
    ended: int  # of its children that have ended


def postmaster(home: Path) -> int:
    """Return the process of the PostgreSQL server under a data directory."""
    return int(next(home.rglob("postmaster.pid")).read_text(encoding="utf-8").split("\n", 1)[0])


def spent(pids: Iterable[int]) -> float:
    """Return the processor seconds so far of these processes and of all that descend from them."""
    found = {one.pid: one for one in _processes()}
    wanted = set(pids)
    grown = True
    while grown:
        more = {one.pid for one in found.values() if one.parent in wanted} - wanted
        wanted |= more
        grown = bool(more)
    return sum(found[pid].ticks + found[pid].ended for pid in wanted if pid in found) / _TICKS


def during(parts: Mapping[str, Iterable[int]], work: Callable[[], object]) -> dict[str, float]:
    """Return the processor seconds that each part spends while the work is done."""
    before = {name: spent(pids) for name, pids in parts.items()}
    work()
    return {name: spent(pids) - before[name] for name, pids in parts.items()}


def _processes() -> Iterable[_Process]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        own, children = (sum(map(int, fields[at : at + 2])) for at in (11, 13))
        yield _Process(int(stat.parent.name), int(fields[1]), own, children)
