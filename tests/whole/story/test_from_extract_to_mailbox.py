"""One case, day by day, as its readers see it: from the night's extract to the mails in the Maildir."""

import pytest

from config.settings import settings
from tests.worlds.story import Story


@pytest.fixture
def story(database, tmp_path, run_cli, monkeypatch):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    return Story(tmp_path, run_cli)


def test_silence_climbs_and_an_answer_ends_it(story):
    story.night("Mon 2 Mar 2026", actions=[story.action])
    assert "Nobody was mailed: no mail.host" in story.round("Mon 2 Mar 2026")
    assert story.told("Mon 2 Mar 2026") == set()

    story.night("Wed 11 Mar 2026", actions=[story.action])
    story.round("Wed 11 Mar 2026")
    assert ("action", "P1") in story.told("Wed 11 Mar 2026", "reminder")
    (mail,) = story.mails("p1@surrey.police.uk", "Wed 11 Mar 2026")
    assert "45/C1" in mail
    assert "(A1): do by Fri 13 Mar, 2 working days left." in mail

    story.night("Mon 16 Mar 2026", actions=[story.action])
    story.round("Mon 16 Mar 2026")
    assert {("action", "P1"), ("action", "S1")} <= story.told("Mon 16 Mar 2026", "overdue")

    story.night("Wed 18 Mar 2026", actions=[story.action])
    story.round("Wed 18 Mar 2026")
    assert {("action", "P1"), ("action", "S1"), ("action", "SP1")} <= story.told("Wed 18 Mar 2026", "critical")
    assert "45/C1" in story.cli("stalled", "--as-of", "2026-03-18").out
    before = len(list((settings().home / "mail" / "new").iterdir()))
    story.round("Wed 18 Mar 2026")
    assert len(list((settings().home / "mail" / "new").iterdir())) == before, "a second round says nothing"

    done = {**story.action, "status": "done", "closed_on": "2026-03-18"}
    story.night("Thu 19 Mar 2026", actions=[done])
    story.round("Thu 19 Mar 2026")
    assert {("action", "P1"), ("action", "S1"), ("action", "SP1")} == {
        told for told in story.told("Thu 19 Mar 2026", "resolved") if told[0] == "action"
    }
    explained = story.cli("explain", "45/C1", "--as-of", "2026-03-19").out
    assert "Fri 13 Mar 2026" in explained


def test_three_missed_days_say_each_thing_once_at_its_present_step(story):
    story.night("Mon 2 Mar 2026", actions=[story.action])
    story.round("Mon 2 Mar 2026")
    story.round("Wed 18 Mar 2026")
    assert story.told("Wed 18 Mar 2026", "reminder") == {("column-missing", "L1")}, "this step alone is at its reminder"
    assert ("action", "SP1") in story.told("Wed 18 Mar 2026", "critical")
    assert len(story.mails("p1@surrey.police.uk", "Wed 18 Mar 2026")) == 1


def test_a_mail_names_the_officer_who_owes_it_and_no_allegation(story):
    story.night("Mon 2 Mar 2026", actions=[{**story.action, "kind": "CCTV"}])
    story.round("Wed 18 Mar 2026")
    (mail,) = story.mails("p1@surrey.police.uk", "Wed 18 Mar 2026")
    assert "45/C1" in mail
    assert "Owed by Pat Example (officer in the case)" in mail
    assert "PH97010" not in mail
