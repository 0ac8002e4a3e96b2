"""Whoever may not know of a case gets the same at every door, whether the book has it or not."""

import os
from collections.abc import Callable
from itertools import count
from typing import Any, NamedTuple

import pytest

from tests.worlds.slack import PLACES
from tests.worlds.twin_acts import attempts
from tests.worlds.twin_books import DrawnBook, drawn
from tests.worlds.twin_lives import STRANGER, Seen, live, lived_in, unlike
from tests.worlds.twin_people import KINDS, contacts, unknowing

pytestmark = pytest.mark.timeout(600)
SEEDS = int(os.environ.get("TWIN_SEEDS", "3"))
_numbers = count(1)


class Pair(NamedTuple):
    """What was seen in a drawn book, and in its twin."""

    book: DrawnBook
    with_it: Seen | None = None
    twin: Seen | None = None

    @property
    def unknowing(self) -> list[str]:
        return unknowing(self.book.hidden[0].circle, self.book.guard, str(self.book.panel["chair"]))


@pytest.fixture(scope="module")
def pairs(server, copies, tmp_path_factory):
    """Let a drawn book and its twin live the same days, once for all tests of a seed."""
    lived: dict[int, Pair] = {}

    def both(seed, run_cli):
        if seed not in lived:
            book = drawn(seed)
            lived[seed] = Pair(book, *(one(book, side, run_cli) for side in (book, book.without())))
        return lived[seed]

    def one(book, side, run_cli):
        number = next(_numbers)
        folder = tmp_path_factory.mktemp("twins") / str(number)
        known, keeps_out = [case.name for case in book.others][:-1], Pair(book).unknowing
        near = [book.name[:-1], book.name.lower(), f"45/{book.name}"]
        own = side.hidden[0].name if side.hidden else book.name
        tries = attempts(book.name, own, keeps_out, known[0], book.seed)
        with lived_in(server, copies, f"twins_{number}", folder, side, run_cli) as life:
            return live(life, tries, known, near, *(ref for ref in keeps_out if ref in KINDS))

    return both


def differences(pair: Pair, part: str, of: Callable[[Any], bool] = bool) -> str:
    """Where a part of what was seen differs."""
    one, other = (getattr(side, part) for side in (pair.with_it, pair.twin))
    assert one
    return unlike({key: one[key] for key in one if of(key)}, {key: other[key] for key in other if of(key)})


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_command_answers_the_same(pairs, run_cli, seed):
    pair = pairs(seed, run_cli)
    assert not differences(pair, "answers", lambda key: key[2] in pair.unknowing)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_same_mails_and_answers_to_replies_are_sent(pairs, run_cli, seed):
    pair = pairs(seed, run_cli)
    rows = {row["contact_ref"]: row["email"].lower() for row in contacts(pair.book.guard)}
    addresses = {rows[ref] for ref in pair.unknowing if ref in rows} | {STRANGER}
    assert not differences(pair, "mails", addresses.__contains__)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_slack_says_the_same(pairs, run_cli, seed):
    pair = pairs(seed, run_cli)
    rows = {row["contact_ref"]: row["slack_user_id"] for row in contacts(pair.book.guard)}
    places = {rows[ref] for ref in pair.unknowing if rows.get(ref)} | {*PLACES.values()}
    assert not differences(pair, "posts", places.__contains__)
    assert not differences(pair, "said")


@pytest.mark.parametrize("seed", range(SEEDS))
def test_lists_and_pages_of_what_everybody_may_know_are_the_same(pairs, run_cli, seed):
    pair = pairs(seed, run_cli)
    others = {f"access {ref}" for ref in KINDS} - {f"access {ref}" for ref in pair.unknowing}
    assert not differences(pair, "lists", lambda key: key not in others)
    assert not differences(pair, "pages", lambda key: key != "daily-round")
    assert pair.book.name not in pair.with_it.pages["daily-round"]
