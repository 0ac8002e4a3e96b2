"""The stage of a case."""

import pytest

from models.rules.reviews.stage import Stage, stage
from tests.worlds.days import day, row
from tests.worlds.facts import case, referral

OPENED = day("Mon 2 Mar 2026")
LATER = day("Wed 4 Mar 2026")
REFERRED = {"referrals": [referral(submitted_on=OPENED)]}


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        row("nothing recorded", {}, Stage.INVESTIGATION),
        row("referred", REFERRED, Stage.WITH_CPS),
        row("the referral withdrawn", {"referrals": [referral(submitted_on=OPENED, supplied=False)]}, "investigation"),
        row("decided", {"referrals": [referral(submitted_on=OPENED, decision_on=LATER)]}, Stage.INVESTIGATION),
        row("authorised", REFERRED | {"charge_authorised_on": LATER}, Stage.AWAITING_CHARGE),
        row("charged", {"charge_authorised_on": OPENED, "charged_on": LATER}, Stage.CHARGED),
        row("charged by police", {"charged_on": LATER}, Stage.CHARGED),
    ],
)
def test_a_case_is_at_the_furthest_stage_that_is_recorded(facts, word):
    assert stage(case(opened_on=OPENED, **facts)) == word
