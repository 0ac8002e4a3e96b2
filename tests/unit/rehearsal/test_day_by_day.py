"""The rules that a rehearsal projects again when a case has another sitting: no other rule reads the sittings."""

from typing import Any

import pytest

from config.terms import FinalisedReason, SuspectStatus
from models.rules.facts import CaseFacts
from models.rules.obligations.rulebook import RULES
from tasks.rehearsal.day_by_day import BY_SITTINGS
from tests.worlds.days import day
from tests.worlds.facts import action, answers, case, plea, referral


class SittingsReadError(Exception):
    """A rule has read the sittings."""


class WithoutSittings(CaseFacts):
    """Facts whose sittings nobody may read."""

    @property
    def sittings(self) -> Any:
        raise SittingsReadError


OPENED = day("Mon 2 Mar 2026")
ROWS = {
    "actions": [action(raised_on=OPENED)],
    "pleas": [plea(offered_on=OPENED)],
    "referrals": [referral(submitted_on=OPENED)],
}
BOOK = (
    case(opened_on=OPENED),
    case(opened_on=OPENED, suspect_status=SuspectStatus.BAIL, **ROWS),
    case(opened_on=OPENED, finalised_on=OPENED, finalised_reason=FinalisedReason.NFA_POLICE, **ROWS),
)


@pytest.mark.parametrize("rule", [name for name, rule in RULES.items() if rule.per_case])
def test_no_other_rule_reads_the_sittings(rule):
    read = []
    for facts in BOOK:
        try:
            answers(rule, WithoutSittings(*facts))
        except SittingsReadError:
            read.append(facts)
    assert bool(read) == (rule in BY_SITTINGS)
