"""Files that a source leaves out: since when, and what they told once they stay out."""

from datetime import timedelta

import pytest

from tests.support.older_database import A_SOURCE, older_database
from tests.worlds.extracts import TAKEN, a_case, a_contact
from tests.worlds.intake import Intake

REFERRAL = {"referral_ref": "R1", "force_code": "45", "case_ref": "C1", "submitted_on": "2026-11-10"}
BOTH = {"cases.csv": [a_case()], "referrals.csv": [REFERRAL]}
STATES = "select distinct state from source_columns where file = '{}'"
FILES = "select file, sent_at, left_out_at from source_files order by file"


@pytest.fixture
def intake(database, tmp_path):
    return Intake(database, tmp_path)


def sends(intake, files, days, **said):
    result = intake.sends(files, extracted_at=(TAKEN - timedelta(days=9) + timedelta(days=days)).isoformat(), **said)
    assert result.sentence == "", result.sentence


def test_columns_of_a_file_that_stays_out_let_nothing_be_seen_until_it_comes_whole_again(intake):
    sends(intake, BOTH, 0)
    intake.settle()
    sends(intake, {"cases.csv": [a_case()]}, 1)
    assert intake.rows(STATES.format("referrals.csv")) == ["sent"]
    assert intake.changed == []
    sends(intake, {"cases.csv": [a_case()]}, 3)
    assert intake.rows(STATES.format("referrals.csv")) == ["left out"]
    assert intake.rows("select count(*) from referrals where withdrawn_on is null") == [1]
    assert intake.changed == ["C1"], "its rules see less"
    few = intake.sends(BOTH, lacking={"referrals.csv": ["decision_on"]})
    assert "referrals.csv has no column decision_on, which source niche-45 sent before" in few.sentence
    intake.settle()
    sends(intake, BOTH, 5)
    assert intake.rows(STATES.format("referrals.csv")) == ["sent"]
    assert intake.changed == ["C1"]
    assert [row[2] for row in intake.rows(FILES)] == [None, None]


def test_a_delta_leaves_no_file_out(intake):
    sends(intake, BOTH, 0)
    sends(intake, {"contacts.csv": [a_contact()]}, 3, mode="delta")
    assert [row[2] for row in intake.rows(FILES)] == [None, None, None]


def test_files_that_came_before_the_upgrade_are_known(server):
    rows = """insert into extracts (extract_id, content, source_name, state, extracted_at, judged_at, counts)
              values ('a', 'a', 'niche-45', 'loaded', '2026-03-01Z', '2026-03-01Z',
                      '{"cases.csv": {}, "orders.csv": {}}'),
                     ('b', 'b', 'niche-45', 'loaded', '2026-03-02Z', '2026-03-02Z', '{"cases.csv": {}}'),
                     ('c', 'c', 'niche-45', 'refused', '2026-03-03Z', '2026-03-03Z', '{}')"""
    with older_database(server, "1007", (A_SOURCE, rows)) as made:
        made.upgrade("head")
        assert made.ask("select file, sent_at::date::text, left_out_at from source_files order by file") == [
            ("cases.csv", "2026-03-02", None), ("orders.csv", "2026-03-01", None),
        ]  # fmt: skip
