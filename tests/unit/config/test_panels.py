"""The panels file: its refusals, all at once, and that an emptied file is refused."""

from pathlib import Path

import pytest

from config.panels import SHIPPED, load_panels
from config.strict_yaml import Faults
from config.terms import Agency
from tests.worlds.days import row

PANEL = {
    "force_code": '"45"', "cps_area": "South East", "from": "2026-01-06", "rrule": '"FREQ=WEEKLY;BYDAY=TU"',
    "starts": '"10:00"', "cases": "12", "minutes_per_case": "10", "chair": "P45sp0", "place": "Room 2",
}  # fmt: skip


def written(folder: Path, *panels: dict[str, str]) -> Path:
    lines = ["{" + ", ".join(f"{key}: {value}" for key, value in panel.items()) + "}" for panel in panels]
    file = folder / "panels.yaml"
    file.write_text("panels:\n" + "".join(f"  - {line}\n" for line in lines), "utf-8")
    return file


def faults(file: Path) -> list[str]:
    with pytest.raises(Faults) as refused:
        load_panels(file)
    return str(refused.value).splitlines()


def test_the_shipped_file_has_no_panel_and_one_that_is_right_is_read(tmp_path):
    assert load_panels(SHIPPED).panels == ()
    assert load_panels(written(tmp_path, PANEL)).of("45")[0].place == "Room 2"


def test_every_fault_is_told_at_once_with_its_path(tmp_path):
    found = faults(
        written(tmp_path, {**PANEL, "rrule": "SOMETIMES", "cases": "0", "starts": '"10:00Z"'}, PANEL | {"chair": '""'})
    )
    assert found[0].endswith("panels.yaml: 4 faults, nothing was changed.")
    assert [line.split()[0] for line in found[1:]] == [
        "panels[1].rrule", "panels[1].starts", "panels[1].cases", "panels[2].chair",
    ]  # fmt: skip
    assert 'in quotes, without a zone, as "10:00"' in found[2]


@pytest.mark.parametrize(
    "rrule",
    [
        row("every no week", "FREQ=WEEKLY;BYDAY=TU;INTERVAL=0"),
        row("backwards", "FREQ=WEEKLY;INTERVAL=-1"),
        row("by the hour", "FREQ=HOURLY"),
        row("a start of its own", "DTSTART:20260101T100000\\nRRULE:FREQ=DAILY"),
        row("no rule", "every Tuesday"),
        row("never", "FREQ=DAILY;UNTIL=20250101"),
    ],
)
def test_a_rule_that_names_no_days_is_refused(tmp_path, rrule):
    assert "rrule" in "".join(faults(written(tmp_path, {**PANEL, "rrule": f'"{rrule}"'})))


def test_every_second_week_is_a_rule(tmp_path):
    assert load_panels(written(tmp_path, {**PANEL, "rrule": '"FREQ=WEEKLY;INTERVAL=02;BYDAY=TU"'})).panels


def test_a_file_that_was_emptied_is_refused_and_takes_no_sitting_away(tmp_path):
    file = tmp_path / "panels.yaml"
    file.write_text("", "utf-8")
    assert faults(file)[1:] == ["  panels   is missing."]


def test_the_spocs_of_a_pair_are_named_once_for_all_its_panels(tmp_path):
    later = PANEL | {"starts": '"14:00"'}
    found = load_panels(written(tmp_path, PANEL | {"spocs": "{police: P45sp0, cps: CSoutsp0}"}, later))
    assert found.spocs == {
        ("45", "South East", Agency.POLICE): "P45sp0", ("45", "South East", Agency.CPS): "CSoutsp0",
    }  # fmt: skip
    assert load_panels(written(tmp_path, PANEL | {"spocs": "{cps: CSoutsp0}"})).spocs == {
        ("45", "South East", Agency.CPS): "CSoutsp0"
    }
    assert load_panels(written(tmp_path, PANEL)).spocs == {}


def test_panels_of_one_pair_that_name_different_spocs_are_refused(tmp_path):
    one, other = (PANEL | {"spocs": f"{{police: P{ref}}}", "starts": f'"1{ref}:00"'} for ref in "01")
    assert "the panels of 45 and South East name different SPOCs" in "".join(faults(written(tmp_path, one, other)))


@pytest.mark.parametrize("spocs", ["P45sp0", "{polis: P45sp0}", '{police: ""}', "[P45sp0]"])
def test_spocs_name_a_contact_for_each_agency(tmp_path, spocs):
    assert "panels[1].spocs" in "".join(faults(written(tmp_path, PANEL | {"spocs": spocs})))
