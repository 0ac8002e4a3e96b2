"""A day of the policy or the panels more than 90 days ahead is a fault: until then something would be silent."""

from datetime import timedelta

import pytest
import yaml

from config import far_days, panels, policy
from config.panels import load_panels
from config.policy import load_policy
from config.strict_yaml import Faults
from tests.worlds.days import day

TODAY = day("Mon 30 Nov 2026")
LAST = TODAY + timedelta(days=90)
PANEL = {
    "force_code": "45", "cps_area": "South East", "rrule": "FREQ=WEEKLY;BYDAY=TU", "starts": "10:00", "cases": 2,
    "minutes_per_case": 10, "chair": "SP1", "place": "Room 2",
}  # fmt: skip


def policy_with(on):
    values = yaml.safe_load(policy.SHIPPED.read_text("utf-8"))
    values["starts"] = {"45": str(on)}
    values["rules"]["order-told"]["since"] = str(on)
    values["overrides"] = {"46": {"plea": {"since": str(on)}, "action": {"within": "10d"}}}
    return values


@pytest.fixture
def refuse(tmp_path):
    def refused(policy_values, panel_values, today=TODAY):
        files = tmp_path / "policy.yaml", tmp_path / "panels.yaml"
        for file, values in zip(files, (policy_values, {"panels": panel_values}), strict=True):
            file.write_text(yaml.safe_dump(values), "utf-8")
        far_days.refuse((files[0], load_policy(files[0])), (files[1], load_panels(files[1])), today)

    return refused


def test_days_up_to_ninety_days_ahead_are_taken(refuse):
    refuse(policy_with(LAST), [PANEL | {"from": str(LAST)}])
    shipped = (policy.SHIPPED, load_policy()), (panels.SHIPPED, load_panels())
    far_days.refuse(*shipped, TODAY)


def test_each_later_day_of_the_policy_is_named_with_its_place_and_the_last_day_that_is_taken(refuse):
    with pytest.raises(Faults) as refused:
        refuse(policy_with(LAST + timedelta(days=1)), [])
    assert str(refused.value).splitlines()[1:] == [
        f"  {place}   2027-03-01 is more than 90 days ahead: until then {silent}. Write a day up to 2027-02-28."
        for place, silent in (
            ("starts.45", "nobody of the force would be written to"),
            ("rules.order-told.since", "nothing would be owed under the rule"),
            ("overrides.46.plea.since", "nothing would be owed under the rule"),
        )
    ]


def test_a_panel_that_begins_later_is_named_by_its_place_in_its_file(refuse):
    with pytest.raises(Faults, match=r"panels\[2\].from   2062-01-01 is more than 90 days ahead: until then the panel"):
        refuse(policy_with(TODAY), [PANEL | {"from": str(TODAY)}, PANEL | {"from": "2062-01-01"}])
