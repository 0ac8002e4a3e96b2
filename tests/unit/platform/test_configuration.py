"""What a door reads: the files that the settings name, or others; and a case's sitting as ladders read it."""

from datetime import date

import pytest

from config.strict_yaml import Faults
from flows.configured import configured


@pytest.fixture
def policy(tmp_path, monkeypatch):
    """A policy of its own, as shipped."""
    path = tmp_path / "policy.yaml"
    path.write_text(configured().settings.policy.read_text("utf-8"))
    monkeypatch.setenv("CASEBEAT_POLICY", str(path))
    return path


def test_a_value_keeps_the_numbers_that_it_read_and_the_next_one_has_those_of_the_changed_file(policy):
    before = configured()
    assert before.policy.delivery.most_per_run == 5000
    policy.write_text(policy.read_text("utf-8").replace("most_per_run: 5000", "most_per_run: 4711"))
    assert before.policy.delivery.most_per_run == 5000
    assert configured().policy.delivery.most_per_run == 4711


def test_a_rehearsal_has_other_files_beside_those_of_the_settings(policy):
    todays = configured()
    other = policy.with_name("other.yaml")
    other.write_text(policy.read_text("utf-8").replace("most_per_run: 5000", "most_per_run: 4711"))
    assert todays.with_files(other, todays.settings.panels).policy.delivery.most_per_run == 4711
    assert todays.policy.delivery.most_per_run == 5000


def test_a_faulty_file_stops_only_what_needs_it_and_a_reading_of_all(policy):
    policy.write_text("no_such_part: 1")
    faulty = configured()
    assert not faulty.panels.panels
    assert faulty.calendar.is_working(date(2026, 3, 17))
    with pytest.raises(Faults, match=r"policy\.yaml"):
        faulty.read(date(2026, 3, 17))


def test_a_sitting_ends_a_pause_once_its_outcome_should_be_recorded_and_without_one_there_is_none():
    configuration = configured()
    assert configuration.convened(None, "45") is None
    sitting = date(2026, 3, 17)
    within = configuration.outcome_within("45")
    assert configuration.convened(sitting, "45") == (sitting, configuration.calendar.plus(sitting, within))
