"""The report of books of which anybody knows the answer: all done on its due day, nothing done, a column not sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.whole.recount.again import RULES
from tests.whole.recount.beside import Page, pages
from tests.whole.recount.book import Book
from tests.whole.recount.coming import BY_DUE_DAY
from tests.whole.recount.lived import lived
from tests.whole.recount.news import BY_EVENT

if TYPE_CHECKING:
    from collections.abc import Iterator

DUTIES = [*BY_EVENT, *BY_DUE_DAY, *RULES]
BASE = ("cases_assessed", "cases_order_considered", "cases_in_contact", "cases_reviewed")
UNSEEN = [f"{rule}.{column}" for rule in ("victim-told", "risk-assessment", "spo-considered")
          for column in ("due", "in_time")]  # fmt: skip
BY_A_COURT = {"spo-considered"}  # an order that a court makes is considered, whoever did nothing
OFTEN = 9  # days between extracts at most


def shares(page: Page) -> Iterator[tuple[str, int | None]]:
    """Yield the share of each duty of which anything fell due, as the product printed it."""
    for rule in DUTIES:
        if page.counted[f"{rule}.due"].number:
            yield rule, page.printed.get(f"{rule}.in_time", {}).get("share_percent")


@pytest.fixture(scope="module")
def punctual() -> list[Page]:
    """The pages of March and May of a book in which everything is done on its due day, and nothing sent in May."""
    return pages(lived(Book(1, "due", often=1), 16), ["2026-03", "2026-05"])


@pytest.mark.timeout(1200)
def test_where_everything_is_done_on_its_due_day_every_share_is_100_percent(punctual: list[Page]) -> None:
    told = [pair for page in punctual[1:3] for pair in shares(page)]
    assert [pair for pair in told if pair[1] != 100] == []
    assert {rule for rule, _ in told} == set(DUTIES)
    for page in punctual[1:3]:
        assert {key: page.printed[key]["share_percent"] for key in BASE} == dict.fromkeys(BASE, 100)


def test_a_month_without_an_extract_has_no_figures_and_says_so(punctual: list[Page]) -> None:
    for page in punctual[3:]:
        assert page.printed["extracts"]["reach_on"] is None
        figures = [row for key, row in page.printed.items() if key in page.counted]
        assert {(row["number"], row["seen"]) for row in figures} == {(None, "no extracts")}


@pytest.mark.timeout(1200)
def test_where_nothing_is_done_every_share_is_0_percent() -> None:
    told = [pair for page in pages(lived(Book(1, "never", often=OFTEN), 12), ["2026-03"])[1:] for pair in shares(page)]
    assert {share for rule, share in told if rule not in BY_A_COURT} == {0}
    assert len({rule for rule, _ in told}) > 15


@pytest.mark.timeout(1200)
def test_a_column_that_no_source_sends_reads_cannot_be_seen_and_one_that_one_lacks_partly() -> None:
    columns = {"cases.victim_told_on", "orders.renewal_decided_on", "cases.risk_assessed_on", "cases.spo_considered_on"}
    book = Book(1, lacks={"niche-45": columns | {"referrals.checklist_missing"}}, often=OFTEN)
    everywhere, without, elsewhere = pages(lived(book, 12), ["2026-03"])
    for key in (*UNSEEN, "orders_lapsed", "orders_decided", "cases_assessed", "cases_order_considered"):
        row = without.printed[key]
        assert (row["number"], row["share_percent"], row["seen"]) == (None, None, "cannot be seen"), key
        assert row["without"] == ["niche-45"]
        assert elsewhere.printed[key]["seen"] == "seen"
        assert (everywhere.printed[key]["seen"], everywhere.printed[key]["without"]) == ("partly", ["niche-45"])
    either = without.printed["referral-checklist.due"]
    assert (either["seen"], either["without"]) == ("partly", ["niche-45"]), "CPS send referrals too"
