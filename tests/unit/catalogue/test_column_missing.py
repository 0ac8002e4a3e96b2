"""The rule `column-missing`: a source sends the columns that duties need, or somebody decides to do without."""

from config.terms import EndReason, OwedBy
from models.rules import arithmetic
from models.rules.obligations.rulebook import evaluate_without_case
from models.rules.organisation_facts import ColumnsFact
from models.rules.sight import SentColumn
from tests.worlds.days import day
from tests.worlds.facts import CALENDAR, POLICY

TOLD = SentColumn("orders.csv", "victim_told_on")


def asked(*lacking, first=None):
    fact = ColumnsFact("niche-45", lacking, first)
    ((rule, found),) = evaluate_without_case("column-missing", fact, POLICY.rules, CALENDAR)
    assert (rule, found.subject) == ("column-missing", "source:niche-45")
    return found


def test_it_is_due_twenty_working_days_after_the_first_column_was_first_lacking():
    found = asked(TOLD, first=day("Mon 2 Mar 2026"))
    assert (found.owed_by, found.due_on) == (OwedBy.OPERATIONS, day("Mon 30 Mar 2026"))
    assert (found.remind_on, found.escalate_on) == (day("Mon 16 Mar 2026"), day("Wed 15 Apr 2026"))
    assert "victim_told_on of orders.csv" in arithmetic.sentence(found.because, CALENDAR)


def test_where_no_column_is_lacking_nothing_is_owed():
    assert asked().end is EndReason.MET
