"""The daily message to operations: it covers all forces, whatever part ran before, and every failure."""

from config.days.london import at_london
from flows.configured import configured
from flows.round_steps import whole_round
from tasks.outbox.handling import hold
from tasks.rounds import summary
from tests.support.verdicts import faults
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

TODAY = day("Tue 17 Mar 2026")


def fed(database, run_cli):
    """One case, whose source has sent this night."""
    book = OneCase(database, run_cli)
    book.say("update sources set last_extracted_at = '2026-03-17T05:00Z'")
    return book


def words(book):
    return book.ask("select text from messages where kind = 'operations' and key like 'daily:%' order by id")


def test_a_round_of_one_force_does_not_stand_for_the_whole(database, run_cli):
    book = fed(database, run_cli)
    whole_round(configured(), TODAY, at_london(TODAY), only="45")
    book.say("update sources set covers = '{44,45}'")
    for _ in range(2):
        whole_round(configured(), TODAY, at_london(TODAY))
    part, whole = words(book)
    assert "Force 44" not in part
    assert "Force 44" in whole


def test_a_unit_of_no_force_that_fails_is_named(database, run_cli, monkeypatch):
    book = fed(database, run_cli)
    whole_round(configured(), TODAY, at_london(TODAY))

    def fails(*_):
        raise ValueError("Secret Words of hers")

    monkeypatch.setattr("flows.round_steps.organisation.project", fails)
    assert faults(whole_round(configured(), TODAY, at_london(TODAY)))
    well, badly = words(book)
    assert "failed (" not in well
    assert "\nThe book as a whole failed (ValueError, fault " in badly
    assert "\nTo do: Its page names why. Mend that, then casebeat run.\nMore: " in badly


def page(made):
    return summary.page(configured(), made.content, TODAY)


def test_the_rounds_page_says_first_what_failed_whichever_unit_it_was(database, run_cli, monkeypatch):
    book = fed(database, run_cli)
    well = whole_round(configured(), TODAY, at_london(TODAY))
    assert page(well).splitlines()[2] == (
        "**In order.** Every open case was looked at: 1 case of 1 force, with every feed in."
    )
    assert "\nDelivery: 8 shown.\n" in page(well)
    hold("P1", at_london(TODAY))
    book.say("update cases set opened_on = '9999-12-31', projection = 'changed'")
    monkeypatch.setattr("flows.round_steps.organisation.project", lambda *_: 1 / 0)
    badly = whole_round(configured(), TODAY, at_london(TODAY))
    assert faults(badly)
    said = page(badly).splitlines()
    assert said[2].startswith("**Failed.**")
    assert [line.partition(", fault")[0] for line in said[4:8]] == [
        "- No case of force 45 could be evaluated (1 to look at).",
        "- The book as a whole failed (ZeroDivisionError",
        "- 1 case could not be evaluated.",
        "- Delivery: the outbox is held: 1 message waits for casebeat outbox --release.",
    ]


def test_the_subject_of_the_daily_message_is_the_result_of_the_day(database, run_cli):
    book = fed(database, run_cli)
    whole_round(configured(), TODAY, at_london(TODAY))
    (said,) = words(book)
    headline, _, counts = said.splitlines()[:3]
    assert headline == "Round done, 1 open case, 7 steps"
    assert counts == "1 of 1 case evaluated (1 open), 0 failed, 7 steps due."
