"""The trail of three cases through every channel: a restricted one, one that bars its supervisor, and an open one."""

from collections import defaultdict
from typing import Any

import pytest

from tests.support.slack_stand_in import SlackStandIn
from tests.worlds.days import day
from tests.worlds.linked import AGENDA_ON, READERS, Book, DrawnBook, DrawnCase
from tests.worlds.panels import TUESDAYS
from tests.worlds.replies import switch_on
from tests.worlds.slack import PLACES, in_slack, put_slack, words

NAMES = ("RESTRICTED", "BARRED", "OPEN")
MAY_READ, BARRED = ("L1", "P1", "SP1"), "S1"
CASES = tuple(DrawnCase(None, marked=name != "OPEN", action_by_urn=False, owner="P1") for name in NAMES)
# A command takes the name of those alone whom the case concerns and who may hear of it.
TRAIL = """\
RESTRICTED  answer          P1 SP1
RESTRICTED  command         L1 P1 SP1
RESTRICTED  invitation      P1
RESTRICTED  letter          L1 P1 SP1
BARRED      answer          C1 P1 SP1
BARRED      command         C1 CL1 CS1 L1 M1 P1 SP1
BARRED      invitation      C1 P1
BARRED      letter          C1 CL1 CS1 L1 M1 P1 SP1
BARRED      slack message   C1 CL1 CS1 L1 M1 P1 SP1
OPEN        answer          C1 P1 S1 SP1
OPEN        artifact        operations
OPEN        command         C1 CL1 CS1 L1 M1 P1 S1 SP1
OPEN        invitation      C1 P1 S1
OPEN        letter          C1 CL1 CS1 L1 M1 P1 S1 SP1
OPEN        operations      operations
OPEN        page            operations
OPEN        pattern         operations
OPEN        printed agenda  operations
OPEN        printed list    operations
OPEN        printed page    operations
OPEN        slack channel   channel
OPEN        slack message   C1 CL1 CS1 L1 M1 P1 S1 SP1"""


class Guarded(Book):
    """RESTRICTED may be read by three people; of BARRED, its supervisor S1 must hear nothing."""

    def __init__(self, *given: Any) -> None:
        super().__init__(DrawnBook(CASES, frozenset(MAY_READ), late=True), *given)

    def name(self, number: int) -> str:
        return NAMES[number]

    def mark(self, number: int, *, marked: bool) -> dict[str, Any]:
        if NAMES[number] == "RESTRICTED":
            return {"restricted": marked}
        return {"barred_refs": [BARRED] if marked else []}

    def drawn_panels(self) -> list[dict[str, Any]]:
        """One sitting takes all three: it is settled, and their people are invited."""
        return [{**TUESDAYS, "cases": 3}]

    def known_to(self, name: str) -> set[str]:
        """Whose name a command about the case takes, as far as the case goes."""
        asked = ("acknowledge", f"45/{name}", "joint-review", "--until", "2026-03-20", "--reason", "mine")
        ran = {ref: self.cli(*asked, "--by", ref, "--as-of", day(AGENDA_ON).isoformat()) for ref in READERS}
        return {ref for ref, one in ran.items() if "There is no case" not in " ".join(one.err.split())}


@pytest.fixture
def trail(database: Any, run_cli: Any, tmp_path: Any, monkeypatch: Any) -> str:
    """For each case and channel, a line of the people whose text there names the case."""
    found: dict[str, dict[str, set[str]]] = {name: defaultdict(set) for name in NAMES}
    with SlackStandIn() as slack:
        put_slack(monkeypatch, slack)
        switch_on(monkeypatch)
        book = Guarded(database, run_cli, tmp_path, monkeypatch)
        with in_slack(database, slack, *READERS):
            book.lives()
        heard = [*book.reached()]
        heard += [(ref, "slack message", words(post)) for ref in READERS for post in slack.direct(f"U0{ref}")]
        heard += [("channel", "slack channel", words(post)) for place in PLACES.values() for post in slack.posts(place)]
    for reader, sink, text in heard:
        for name in NAMES:
            if f"45/{name}" in text:
                found[name][sink].add(reader)
    for name in NAMES:
        found[name]["command"] = book.known_to(name)
    return "\n".join(
        f"{name:<11} {sink:<15} {' '.join(sorted(readers))}"
        for name, sinks in found.items()
        for sink, readers in sorted(sinks.items())
    )


def test_each_case_goes_to_those_who_may_hear_of_it_by_every_channel_and_to_nobody_else(trail):
    assert trail == TRAIL
