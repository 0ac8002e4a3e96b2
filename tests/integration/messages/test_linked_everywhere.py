"""Random books with links, marks and readers: whatever reaches a reader without access tells nothing of a hidden case.

The facts of hidden cases (marked, or linked with a marked one) lie in 2024, those of open ones in 2026. So their
references, counts and days show in any sink, whatever was worked out from them.
"""

import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.support.copies import Copies
from tests.support.slack_stand_in import SlackStandIn
from tests.worlds.linked import (
    CASES,
    COUNT,
    DAY,
    LINKED,
    READERS,
    REFERENCE,
    Book,
    DrawnBook,
    fresh,
    leaks,
)
from tests.worlds.replies import switch_on
from tests.worlds.slack import in_slack, put_slack, words

SEEN_WITH_ACCESS = {"letter", "invitation", "answer"}


BOOKS = st.builds(
    DrawnBook,
    st.lists(CASES, min_size=2, max_size=3).map(tuple),
    st.frozensets(st.sampled_from(READERS)),
    st.booleans(),
)


Reached = dict[str, list[tuple[str, str]]]  # by reader: each sink, and its text


@pytest.fixture(scope="module")
def tried(server: Path, copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Reached]:
    """Let a book live in a database of its own, with Slack, and return what reached whom."""
    numbers = count(1)

    def live(drawn: DrawnBook, run_cli: Any) -> Reached:
        name, found = f"linked_{next(numbers)}", Reached()
        with pytest.MonkeyPatch.context() as patch, SlackStandIn() as slack:
            put_slack(patch, slack)
            switch_on(patch)
            folder = tmp_path_factory.mktemp(name)
            with fresh(server, copies, name, patch, folder) as engine:
                book = Book(drawn, engine, run_cli, folder, patch)
                with in_slack(engine, slack, *READERS):
                    book.lives()
                for reader, sink, text in book.reached():
                    found.setdefault(reader, []).append((sink, text))
                waiting = book.ask("select key from messages where state not in ('shown', 'sent', 'silent')")
                assert waiting == []
            found["Slack"] = [("slack", words(post)) for post in slack.posts()]
        return found

    return live


@example(DrawnBook(LINKED, frozenset({"SP1", "P1", "CL1"}), late=False))
@example(DrawnBook(LINKED, frozenset({"CS1", "S1", "L1"}), late=True))
@given(BOOKS)
@hypothesis_settings(
    max_examples=3, derandomize=True, database=None, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_whatever_reaches_a_reader_without_access_tells_nothing_of_a_hidden_case(tried, run_cli, drawn):
    found = tried(drawn, run_cli)
    assert {"operations", "Slack"} <= set(found)
    closed = [(reader, *one) for reader, texts in found.items() if reader not in drawn.access for one in texts]
    assert [(reader, sink, leaks(text)[:2]) for reader, sink, text in closed if leaks(text)] == []


def test_a_reader_with_access_learns_of_the_same_cases_from_every_message(tried, run_cli):
    found = tried(DrawnBook(LINKED, frozenset(READERS), late=True), run_cli)
    seen = {sink for reader in READERS for sink, text in found.get(reader, []) if REFERENCE.search(text)}
    assert seen == SEEN_WITH_ACCESS
    letters = "\n".join(text for reader in READERS for sink, text in found[reader] if sink == "letter")
    for enclosed in (
        r"HID\d: the joint review failed twice",
        r"agenda[^\n]* is attached",
        r"The most urgent: [^.]*HID",
    ):
        assert re.search(enclosed, letters), enclosed
    told = "\n".join(text for reader in READERS for _, text in found[reader])
    assert DAY.search(told)
    assert COUNT.search(told)
    assert "OPEN2" in "".join(text for _, text in found["Slack"])
