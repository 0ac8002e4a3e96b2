"""What stalls the cases of a place, in the order in which it is shown."""

from models.queries.obligations import stalled_obligations
from tests.worlds.days import day
from tests.worlds.one_case import OneCase


def test_the_case_that_has_been_stalled_longest_comes_first_with_all_that_stalls_it(database, run_cli):
    book = OneCase(database, run_cli)
    book.case("45/9999")
    book.round("Mon 2 Mar 2026")
    stalls = {("45/1234", "action"): "2026-03-19", ("45/1234", "joint-review"): "2026-03-27"}
    stalls |= {("45/9999", "joint-review"): "2026-03-24"}
    for (case_ref, rule), since in stalls.items():
        book.say(
            """update obligations o set due_on = '2026-03-10', escalate_on = :since from cases c
               where c.id = o.case_id and c.case_ref = :case_ref and o.rule = :rule""",
            case_ref=case_ref, rule=rule, since=since,
        )  # fmt: skip
    book.say("update obligations set stalls = false where escalate_on > '2026-03-30'")
    with database.begin() as connection:
        found = stalled_obligations.stalled(connection, day("Mon 30 Mar 2026"), ["45"], [])
    shown = [(one.matter.case_ref, one.matter.rule) for one in found if one.matter.rule in {"action", "joint-review"}]
    assert shown == [("45/1234", "action"), ("45/1234", "joint-review"), ("45/9999", "joint-review")]
