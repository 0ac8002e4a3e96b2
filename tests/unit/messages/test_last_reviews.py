"""The last review of a case on an agenda: which one it is, and what became of what it decided."""

from datetime import date, timedelta

import pytest

from config.sittings import Enquiries, ReviewDecision
from config.terms import ActionSource, ActionStatus
from models.queries.reviews.agenda import LastReviewRow
from models.rules.row_facts import ActionFact
from tasks.messages.agenda.last_reviews import last_review
from tests.worlds.facts import action, case, joint, referral

OPENED, HELD = date(2026, 2, 2), date(2026, 2, 17)
BEFORE, AFTER, LATER = (HELD + timedelta(days=number) for number in (-1, 1, 2))
RECORDED = LastReviewRow(HELD, True, True, (ReviewDecision.SUBMIT_TO_CPS,), None, None, "RV1")


def last_of(recorded: LastReviewRow | None = RECORDED, **facts: object):
    return last_review(case(opened_on=OPENED, **facts), recorded)


def raised(on: date, ref: str, **given: object) -> ActionFact:
    return action(raised_on=on, ref=ref, source=ActionSource.JOINT_REVIEW, **given)


def test_an_extracts_latest_review_is_the_last_one() -> None:
    reviews = [joint(held_on=day) for day in (AFTER, LATER, HELD)]
    assert last_of(None, reviews=reviews).on == LATER
    assert last_of(reviews=reviews).on == LATER


def test_a_review_that_did_not_count_is_none() -> None:
    without_cps, withdrawn = joint(held_on=LATER, quorate=False), joint(held_on=LATER, supplied=False)
    assert last_of(None, reviews=[without_cps, withdrawn]) is None
    assert last_of(None, reviews=[joint(held_on=AFTER), without_cps, withdrawn]).on == AFTER
    assert last_of(reviews=[without_cps]).decisions == RECORDED.decisions


def test_a_review_of_a_linked_case_is_one_of_this_case_too() -> None:
    assert last_of(None, linked_reviews=[joint(held_on=LATER)], reviews=[joint(held_on=AFTER)]).on == LATER


def test_an_extracts_review_has_no_decisions_and_the_actions_raised_since_its_day() -> None:
    found = last_of(
        None,
        reviews=[joint(held_on=HELD)],
        actions=[raised(BEFORE, "A0"), raised(HELD, "A1"), raised(AFTER, "A2")],
        referrals=[referral(submitted_on=LATER)],
    )
    assert (found.held, found.quorate, found.decisions, found.referred_on) == (True, True, (), None)
    assert [one.ref for one in found.actions] == ["A1", "A2"]


@pytest.mark.parametrize(
    ("submitted", "referred_on"),
    [((BEFORE,), None), ((HELD,), HELD), ((LATER, AFTER), AFTER), ((BEFORE, LATER), LATER)],
)
def test_the_first_referral_since_the_review_answers_its_decision(
    submitted: tuple[date, ...], referred_on: date | None
) -> None:
    referrals = [referral(submitted_on=day, ref=f"F{day}") for day in submitted]
    assert last_of(referrals=referrals).referred_on == referred_on


def test_a_referral_that_its_source_has_withdrawn_answers_nothing() -> None:
    assert last_of(referrals=[referral(submitted_on=AFTER, supplied=False)]).referred_on is None


def test_an_action_that_is_live_has_its_due_day_and_a_closed_one_the_day_on_which_it_closed() -> None:
    live = raised(HELD, "A1", due_on=LATER)
    done = raised(HELD, "A2", due_on=LATER, status=ActionStatus.DONE, closed_on=AFTER)
    assert [(one.ref, one.on) for one in last_of(actions=[live, done]).actions] == [("A1", LATER), ("A2", AFTER)]


def test_the_key_of_a_review_changes_with_its_day_and_with_all_that_it_decided() -> None:
    others = [
        RECORDED._replace(on=AFTER),
        RECORDED._replace(held=False),
        RECORDED._replace(decisions=()),
        RECORDED._replace(enquiries=Enquiries.GAPS_FOUND),
    ]
    assert len({last_of(one).key for one in (RECORDED, *others)}) == 5
