"""A case that was transferred to another force: which of them watches its orders, as the linked cases say."""

from datetime import date

import pytest
from sqlalchemy import Engine, text

from models.queries.obligations.case_facts import case_facts
from tests.worlds.days import row
from tests.worlds.facts import POLICY
from tests.worlds.one_case import OneCase

URN = "45ZZ0000126"
TRANSFERRED = {"finalised_on": "2026-03-16", "finalised_reason": "transferred"}


@pytest.fixture
def book(database: Engine, run_cli) -> OneCase:
    """The case was transferred on Mon 16 Mar 2026."""
    made = OneCase(database, run_cli, **TRANSFERRED)
    made.say("insert into case_keys (urn_root) values (:urn)", urn=URN)
    return made


def linked(book: OneCase, force_code: str = "46", **facts: object) -> None:
    """Another case of the URN, of another force as a rule."""
    book.case("46/77", **facts)
    book.say("update case_keys set force_code = :force where case_ref = '46/77'", force=force_code)
    book.say("update cases set force_code = :force where case_ref = '46/77'", force=force_code)
    book.say("update cases set urn_key_id = (select id from case_keys where urn_root = :urn)", urn=URN)


def kept(book: OneCase) -> bool:
    with book.engine.connect() as connection:
        ids = connection.scalars(text("select id from cases where case_ref = '45/1234'")).all()
        (facts,) = case_facts(connection, ids, POLICY)
    return facts.kept


def test_nobody_has_it_yet(book):
    assert kept(book)


@pytest.mark.parametrize(
    ("force_code", "facts", "said"),
    [
        row("open there", "46", {}, False),
        row("finalised there", "46", {"finalised_on": "2026-03-20", "finalised_reason": "nfa_cps"}, False),
        row("recorded as harassment", "46", {"classification": "harassment"}, False),
        row("once stalking there", "46", {"classification": "other", "declassified_on": date(2026, 3, 20)}, False),
        row("recorded as neither: no order of it is watched there", "46", {"classification": "other"}, True),
        row("transferred on from there", "46", TRANSFERRED, True),
        row("another case of the same force", "45", {}, True),
    ],
)
def test_its_orders_stay_watched_until_another_force_keeps_it(book, force_code, facts, said):
    linked(book, force_code, **facts)
    assert kept(book) is said
