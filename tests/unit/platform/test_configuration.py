"""The files of a process: the settings', or others inside a rehearsal; and a case's sitting as ladders read it."""

from datetime import date

from config.settings import settings
from tasks.platform import configuration


def test_inside_a_rehearsal_other_files_are_read_and_after_it_the_settings_own(tmp_path):
    before, policy = configuration.policy(), tmp_path / "policy.yaml"
    policy.write_text(settings().policy.read_text("utf-8").replace("most_per_run: 5000", "most_per_run: 4711"))
    with configuration.other_files(policy, settings().panels):
        assert configuration.policy().delivery.most_per_run == 4711
    assert configuration.policy() is before
    assert before.delivery.most_per_run != 4711


def test_a_sitting_ends_a_pause_once_its_outcome_should_be_recorded_and_without_one_there_is_none():
    assert configuration.convened(None, "45") is None
    sitting = date(2026, 3, 17)
    within = configuration.outcome_within("45")
    assert configuration.convened(sitting, "45") == (sitting, configuration.calendar().plus(sitting, within))
