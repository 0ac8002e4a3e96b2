"""The statements of what a rehearsal foresees: what a day looks at again, and the numbers of a policy that is tried."""

from datetime import timedelta
from types import SimpleNamespace

from sqlalchemy import text

from models.queries.rehearsal import foreseen
from tests.worlds.rows import TUESDAY


def test_a_day_looks_at_todays_steps_and_at_what_began_since_with_a_step_by_then_in_the_forces_alone(rows):
    def owed(days: int, force_code: str = "45") -> int:
        when = {"next_step_on": TUESDAY + timedelta(days=days), "force_code": force_code}
        return rows.critical(1, rule=f"rule-{days}-{force_code}", **when)

    today, before, newest = owed(0), owed(-1), owed(-2)
    began, others = owed(-3), owed(-4, "46")
    owed(1)
    assert sorted(foreseen.woken(rows.connection, ["45"], TUESDAY, newest)) == [today, began]
    assert sorted(foreseen.woken(rows.connection, ["45", "46"], TUESDAY, before)) == [today, newest, began, others]


def test_a_policys_numbers_reach_the_live_obligations_of_their_rule_and_force_alone(rows):
    live = rows.critical(1, rule="bail-end")
    rows.critical(2, rule="bail-end", force_code="46")
    rows.critical(3, rule="action")
    rows.critical(4, rule="bail-end", ended_on=TUESDAY, end_reason="met")
    foreseen.renumber(rows.connection, "45", {"bail-end": SimpleNamespace(hard=True, stalls=True)})
    changed = rows.connection.scalars(text("select id from obligations where hard and stalls")).all()
    assert changed == [live]
