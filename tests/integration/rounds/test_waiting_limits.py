"""A custody time limit of a CPS case that no police source has sent: operations alone can be told of it."""

from datetime import timedelta

import pytest

from config.days.london import at_london
from flows.configured import configured
from flows.round_steps import whole_round
from tests.worlds.days import day
from tests.worlds.extracts import a_case
from tests.worlds.intake import Intake

TODAY = day("Thu 26 Nov 2026")
URN = "45AB0000126"
CPS = {"source": "cms", "agency": "cps"}


@pytest.fixture
def intake(database, tmp_path):
    made = Intake(database, tmp_path)
    made.sends({"cases.csv": [a_case("C1")]})
    return made


def cps_case(ends, urn=URN, **said):
    return {"urn": urn, "prosecutor_ref": "CS1", "in_custody": "yes", "ctl_expires_on": ends.isoformat(), **said}


def sent(intake, ends, **said):
    intake.sends({"cps_cases.csv": [cps_case(ends, **said)]}, **CPS)


def told(intake, on=TODAY):
    whole_round(configured(), on, at_london(on))
    *_, text = intake.rows("select text from messages where kind = 'operations' and key like 'daily:%' order by id")
    return "\n".join(line for line in text.splitlines() if "custody time limit" in line)


def test_operations_are_told_each_day_until_police_send_the_case(intake):
    sent(intake, TODAY + timedelta(days=5))
    line = told(intake)
    said = "1 custody time limit of a CPS case that no police source has sent ends soon on Tue 1 Dec 2026; nobody else"
    assert line.startswith(said)
    assert URN not in line
    assert told(intake, TODAY + timedelta(days=1)) == line
    intake.sends({"cases.csv": [a_case("C1"), a_case("C2", urn=URN)]})
    assert told(intake, TODAY + timedelta(days=4)) == ""


@pytest.mark.parametrize(
    ("days", "said"), [(43, {}), (-29, {}), (5, {"in_custody": "no"})], ids=["far away", "long ago", "not in custody"]
)
def test_what_would_not_be_told_of_a_known_case_either_is_no_line(intake, days, said):
    sent(intake, TODAY + timedelta(days=days), **said)
    assert told(intake) == ""


def test_one_that_passed_is_told_for_four_weeks(intake):
    ended, ending = (TODAY + timedelta(days=days) for days in (-1, 9))
    rows = [cps_case(ended, "45AB0000226"), cps_case(ending)]
    intake.sends({"cps_cases.csv": rows[:1]}, **CPS)
    assert "sent passed on Wed 25 Nov 2026; nobody else" in told(intake)
    intake.sends({"cps_cases.csv": rows}, **CPS)
    line = told(intake, TODAY + timedelta(days=1))
    assert line.startswith("2 custody time limits of CPS cases")
    assert "sent passed or end soon, the first on Wed 25 Nov 2026" in line


def test_a_defendants_limit_counts_in_the_place_of_the_cases(intake):
    row = {"urn": URN, "prosecutor_ref": "CS1", "ctl_expires_on": (TODAY + timedelta(days=60)).isoformat()}
    ends = (TODAY + timedelta(days=3)).isoformat()
    defendant = {"urn": URN, "defendant_ref": "D1", "in_custody": "yes", "ctl_expires_on": ends}
    intake.sends({"cps_cases.csv": [row], "defendants.csv": [defendant]}, **CPS)
    assert "ends soon on Sun 29 Nov 2026" in told(intake)
