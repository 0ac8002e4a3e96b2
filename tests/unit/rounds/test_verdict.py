"""The verdict on a round: what was not done, what was missing, what a person should look at, or that all was done."""

import pytest

from config.terms import State
from tasks.intake.drop import DropCounts
from tasks.obligations.projection import ProjectionAccount
from tasks.outbox.sending import DeliveryCounts
from tasks.rounds.expected import FeedTrouble
from tasks.rounds.verdict import ForceLine, RoundContent, verdict
from tests.worlds.days import row

ACCOUNT = ProjectionAccount("45", to_project=3, open_cases=2, evaluated=2, unchanged=1, failed=0, changes=1)
LINE = ForceLine("45", ACCOUNT, 0, 0, 0, None)
WELL = RoundContent((LINE,), expected=("45",))
LATE = FeedTrouble("niche-45", ("45",), "late", None, "source niche-45 is late")
LOADED = DropCounts(1, 0, 0, 0)


@pytest.fixture(autouse=True)
def no_drop(monkeypatch):
    monkeypatch.delenv("CASEBEAT_DROP", raising=False)


def account(**changed):
    return LINE._replace(account=ACCOUNT._replace(**changed))


def test_a_round_without_trouble_is_completed_and_counts_cases_and_forces():
    found = verdict(WELL)
    assert (found.state, found.trouble) == ("Completed", ())
    assert found.message == "Every open case was looked at: 2 cases of 1 force, with every feed in"
    two = WELL._replace(
        lines=(LINE, ForceLine("46", ACCOUNT._replace(open_cases=5), 0, 0, 0, None)), expected=("45",) * 2
    )
    assert verdict(two).message == "Every open case was looked at: 7 cases of 2 forces, with every feed in"
    assert verdict(WELL._replace(only="45")).message == (
        "Force 45 alone: every open case was looked at (2), with every feed in"
    )


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        row("failed", LINE._replace(failure="OSError"), ["force 45 failed (OSError)"]),
        row("failed without an account", ForceLine("45", None, 0, 0, 0, "OSError"), ["force 45 failed (OSError)"]),
        row(
            "no case evaluated", account(evaluated=0, unchanged=0, failed=3),
            ["no case of force 45 could be evaluated (3 to look at)"],
        ),
        row("does not balance", account(failed=1), ["the account of force 45 does not balance"]),
        row(
            "failed and does not balance", account(evaluated=0, unchanged=0)._replace(failure="x"),
            ["force 45 failed (x)", "the account of force 45 does not balance"],
        ),
    ],
)  # fmt: skip
def test_what_was_begun_and_not_done_of_a_force(line, sentences):
    found = verdict(WELL._replace(lines=(line,)))
    assert list(found.broken) == sentences
    assert found.state == "Failed"
    assert line.degraded
    assert not LINE.degraded


def test_what_failed_of_no_force_is_broken_too():
    assert verdict(WELL._replace(failures=(("letters", "OSError"),))).broken == ("letters failed (OSError)",)


def test_a_force_without_a_case_to_look_at_is_not_broken():
    assert verdict(WELL._replace(lines=(LINE, account(to_project=0, evaluated=0, unchanged=0)))).broken == ()


def test_an_expected_force_that_nothing_came_for_is_missing():
    found = verdict(WELL._replace(expected=("45", "46")))
    assert found.missing == ("force 46 is expected, and no source has sent anything for it",)
    assert found.state == "Failed"


EMPTY = account(to_project=0, evaluated=0, unchanged=0)
BY_HAND = "set CASEBEAT_DROP to the folder into which extracts come, or load one by casebeat intake FOLDER"


@pytest.mark.parametrize("lines", [(), (EMPTY,), (ForceLine("45", None, 0, 0, 0, None),)])
def test_a_book_without_a_case_is_missing_and_told_how_one_comes_in(lines):
    empty = WELL._replace(lines=lines, expected=())
    assert verdict(empty).missing == (f"the book has no case: {BY_HAND}",)
    assert verdict(empty._replace(only="45")).missing == (f"force 45 has no case: {BY_HAND}",)
    assert verdict(empty._replace(dropped=True)).missing == (
        "the book has no case: no extract with a case has come into the drop folder yet, so ask the sources",
    )


def test_a_book_in_which_one_force_failed_or_has_cases_is_not_without_a_case():
    assert verdict(WELL._replace(lines=(EMPTY, LINE))).missing == ()
    assert verdict(WELL._replace(lines=(EMPTY, EMPTY._replace(failure="x")))).missing == ()


def test_a_late_feed_is_missing():
    assert verdict(WELL._replace(feeds=(LATE,))).missing == ("source niche-45 is late",)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        row("the clock", {"asked": "the last round was long ago"}, "the last round was long ago"),
        row("one case", {"lines": (account(evaluated=1, failed=1),)}, "1 case could not be evaluated"),
        row(
            "cases of two forces", {"lines": (account(evaluated=1, failed=1), account(evaluated=1, failed=1))},
            "2 cases could not be evaluated",
        ),
        row("passed over", {"lines": (LINE._replace(passed_over="passed over 2"),)}, "force 45: passed over 2"),
        row("of no force", {"passed_over": (("reviews", "45-1"),)}, "reviews: 45-1"),
        row("unreadable", {"intake": LOADED._replace(unreadable=2)}, "2 extracts of unknown source could not be read"),
        row("delivery", {"delivered": DeliveryCounts(capped=2)}, "delivery: 2 kept back by caps"),
    ],
)  # fmt: skip
def test_what_a_person_should_look_at_only_degrades(changed, sentence):
    found = verdict(WELL._replace(**changed))
    assert (found.state, found.trouble) == ("Degraded", (sentence,))
    assert found.message == f"To look at: {sentence}"


def test_an_intake_and_a_delivery_without_trouble_are_not_looked_at():
    sent = DeliveryCounts(counts={State.SENT: 2})
    refused = LOADED._replace(refused=1, rejected=1)
    assert verdict(WELL._replace(intake=LOADED, delivered=sent)).trouble == ()
    assert verdict(WELL._replace(intake=refused)).trouble == (), "its source is in trouble, and named by its feed"


def test_the_worst_comes_first_and_a_message_lists_only_some():
    many = tuple(FeedTrouble(f"s{n}", (), "late", None, f"source s{n} is late") for n in range(10))
    found = verdict(WELL._replace(failures=(("letters", "x"),), feeds=many, asked="look"))
    assert (found.trouble[0], found.trouble[-1]) == ("letters failed (x)", "look")
    listed = found.message.removeprefix("Not done: ").removesuffix(". What was done is kept").split("; ")
    assert listed[:-1] == list(found.trouble[: len(listed) - 1])
    assert listed[-1] == f"and {len(found.trouble) - len(listed) + 1} more: see the round's page"
    assert len(listed) == 11


@pytest.mark.parametrize(("feeds", "end"), [(9, "source s8 is late"), (10, "and 1 more: see the round's page")])
def test_ten_sentences_are_listed_and_the_rest_is_counted(feeds, end):
    many = tuple(FeedTrouble(f"s{n}", (), "late", None, f"source s{n} is late") for n in range(feeds))
    found = verdict(WELL._replace(failures=(("letters", "x"),), feeds=many))
    assert found.message.endswith(f"; {end}. What was done is kept")
    assert found.message.count("; ") == feeds
