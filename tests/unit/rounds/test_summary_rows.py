"""A force's row on the round's page: the trend of its stalled cases against the day before."""

from models.queries.rounds.rounds import RoundAfter
from tasks.obligations.projection import ProjectionAccount
from tasks.rounds.summary import force_line
from tasks.rounds.verdict import ForceLine

LINE = ForceLine("45", None, chased=2, escalated=1, said=4, failure=None)


ACCOUNT = ProjectionAccount("45", to_project=7, open_cases=6, evaluated=4, unchanged=2, failed=1, changes=9)


def test_a_line_is_what_was_kept_of_a_round_with_or_without_its_account():
    kept = {**ACCOUNT._asdict(), "chased": 2, "escalated": 1, "said": 4, "passed_over": "x", "stalled": 3}
    assert force_line(RoundAfter("45", 8, True, kept, None)) == LINE._replace(account=ACCOUNT, passed_over="x")
    assert force_line(RoundAfter("45", 8, True, {}, "OSError")) == ForceLine("45", None, 0, 0, 0, "OSError")
    steps = {"chased": 2, "escalated": 1, "said": 4}
    assert force_line(RoundAfter("45", 8, True, steps, "OSError")) == LINE._replace(failure="OSError")
