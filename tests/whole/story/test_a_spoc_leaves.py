"""A force's only SPOC leaves, day by day, as the lead reads it: the vacant post, the successor, and their training."""

import re

import pytest

from tests.worlds.days import day
from tests.worlds.extracts import a_contact
from tests.worlds.story import PEOPLE, Story

LEAD, OPERATIONS = "l1@surrey.police.uk", "casebeat@casebeat.invalid"
LEAVING = [*(one for one in PEOPLE if one["contact_ref"] != "SP1"),
           a_contact("SP1", roles="spoc", active_to="2026-04-10")]  # fmt: skip
SUCCEEDED = [*LEAVING, a_contact("SP2", roles="spoc")]
TRAINED = [{"contact_ref": "SP1", "course": "spoc_role", "completed_on": "2025-01-10"}]


@pytest.fixture
def story(database, tmp_path, run_cli, monkeypatch):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    return Story(tmp_path, run_cli)


def lines(story, to, on, about):
    """The lines about one subject in somebody's mails of a day."""
    items = re.split(r"\n\n|\n(?=\* )", "\n\n".join(story.mails(to, on)))
    return [line.strip() for item in items if re.match(rf"\* (.*: )?{about}\b", item) for line in item.splitlines()]


def test_the_lead_hears_before_the_post_is_vacant_and_again_until_it_is_filled_and_its_holder_trained(story):
    def night_and_round(on, people=LEAVING, training=TRAINED):
        story.night(on, actions=[story.action], people=people, training=training)
        story.round(on)

    night_and_round("Mon 2 Mar 2026")
    assert "force 45" not in "".join(story.mails(LEAD, "Mon 2 Mar 2026"))

    night_and_round("Wed 11 Mar 2026")
    assert lines(story, LEAD, "Wed 11 Mar 2026", "force 45")[1:] == [
        "SPOC to be named: due Sat 11 Apr, do by Fri 10 Apr, 20 working days left. Owed by police.",
        "Ends with a SPOC, recorded.",
    ]
    assert lines(story, OPERATIONS, "Wed 11 Mar 2026", "force 45") == []

    night_and_round("Mon 13 Apr 2026")
    for reader in (LEAD, OPERATIONS):
        assert "critically overdue, was due Sat 11 Apr" in lines(story, reader, "Mon 13 Apr 2026", "force 45")[1]

    night_and_round("Mon 20 Apr 2026")
    assert (
        "Tried: reminder Wed 11 Mar, overdue notice Mon 13 Apr." in lines(story, LEAD, "Mon 20 Apr 2026", "force 45")[2]
    )

    night_and_round("Tue 21 Apr 2026", people=SUCCEEDED)
    assert story.mails(LEAD, "Tue 21 Apr 2026") == [], "what has ended waits for a letter that says more"
    night_and_round("Mon 27 Apr 2026", people=SUCCEEDED)
    assert lines(story, LEAD, "Mon 27 Apr 2026", "force 45") == [
        "* force 45: SPOC to be named: a SPOC without a last day was recorded, by the extract of Tue 21 Apr."
    ]

    night_and_round("Thu 14 May 2026", people=SUCCEEDED)
    told = lines(story, LEAD, "Thu 14 May 2026", "contact SP2")
    assert told[1] == "Training of a SPOC for the role: do by Thu 21 May, 5 working days left. Owed by police."

    learnt = {"contact_ref": "SP2", "course": "spoc_role", "completed_on": "2026-05-14"}
    night_and_round("Fri 15 May 2026", people=SUCCEEDED, training=[*TRAINED, learnt])
    assert lines(story, LEAD, "Fri 15 May 2026", "contact SP2") == []
    owed = story.cli("obligations", "--json", "--as-of", day("Fri 15 May 2026").isoformat()).out
    assert "SP2" not in owed
    assert "force:45" not in owed
