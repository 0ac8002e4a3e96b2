"""A force's only SPOC leaves, day by day, as the lead reads it: the vacant post, the successor, and their training."""

import pytest

from config.settings import settings
from tests.extracts import a_contact
from tests.story.test_from_extract_to_mailbox import PEOPLE, Story
from tests.unit.days import day

LEAD, OPERATIONS = "l1@surrey.police.uk", "casebeat@casebeat.invalid"
LEAVING = [*(one for one in PEOPLE if one["contact_ref"] != "SP1"),
           a_contact("SP1", roles="spoc", active_to="2026-04-10")]  # fmt: skip
SUCCEEDED = [*LEAVING, a_contact("SP2", roles="spoc")]
TRAINED = [{"contact_ref": "SP1", "course": "spoc_role", "completed_on": "2025-01-10"}]


@pytest.fixture
def story(database, tmp_path, run_cli, monkeypatch):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    settings.cache_clear()
    return Story(tmp_path, run_cli)


def lines(story, to, on, about):
    """The lines about one subject in somebody's mails of a day."""
    found = []
    for mail in story.mails(to, on):
        shown = mail.splitlines()
        at = next((n for n, line in enumerate(shown) if line.lstrip("* ").startswith(f"{about}: ")), None)
        if at is not None:
            found += [line.strip("* ").rstrip(".") for line in shown[at : at + 7]]
    return found


def test_the_lead_hears_before_the_post_is_vacant_and_again_until_it_is_filled_and_its_holder_trained(story):
    def night_and_round(on, people=LEAVING, training=TRAINED):
        story.night(on, actions=[story.action], people=people, training=training)
        story.round(on)

    night_and_round("Mon 2 Mar 2026")
    assert "force 45" not in "".join(story.mails(LEAD, "Mon 2 Mar 2026"))

    night_and_round("Wed 11 Mar 2026")
    told = lines(story, LEAD, "Wed 11 Mar 2026", "force 45")
    assert told[0] == "force 45: SPOC to be named: due in 31 days"
    assert told[1] == "Owed:       a single point of contact, by police"
    assert told[2] == (
        "Due:        Sat 11 Apr 2026, in 31 days. "
        "Calculated from: last day on which there is a SPOC Fri 10 Apr 2026 + 1 day = Sat 11 Apr 2026"
    )
    assert told[3:5] == [
        "Tried:      nothing before this message",
        "Next:       overdue notice on Sun 12 Apr 2026, to the lead and operations, unless this ends first",
    ]
    assert told[5].startswith("Ends when:  A SPOC without a last day is recorded (contacts.csv: roles spoc;")
    assert told[6].startswith(
        "You get this because you lead the side that owes it. Basis: the duty is published (protocol, code or "
        "guidance); the number of days is a local standard"
    )
    assert lines(story, OPERATIONS, "Wed 11 Mar 2026", "force 45") == []

    night_and_round("Mon 13 Apr 2026")
    for reader in (LEAD, OPERATIONS):
        assert lines(story, reader, "Mon 13 Apr 2026", "force 45")[0] == (
            "force 45: SPOC to be named: critically overdue since Sun 12 Apr 2026"
        )

    night_and_round("Mon 20 Apr 2026")
    for reader in (LEAD, OPERATIONS):
        assert "Tried:      reminder Wed 11 Mar 2026; overdue notice Mon 13 Apr 2026" in lines(
            story, reader, "Mon 20 Apr 2026", "force 45"
        )

    night_and_round("Tue 21 Apr 2026", people=SUCCEEDED)
    assert lines(story, LEAD, "Tue 21 Apr 2026", "force 45")[:2] == [
        "force 45: SPOC to be named: ended Tue 21 Apr 2026: a SPOC without a last day was recorded",
        "It was owed by police, due Sat 11 Apr 2026; you were first told on Wed 11 Mar 2026",
    ]

    night_and_round("Thu 14 May 2026", people=SUCCEEDED)
    told = lines(story, LEAD, "Thu 14 May 2026", "contact SP2")
    assert told[0] == "contact SP2: Training of a SPOC for the role: due in 7 days"
    assert "Pat Example" not in "".join(story.mails(LEAD, "Thu 14 May 2026"))

    learnt = {"contact_ref": "SP2", "course": "spoc_role", "completed_on": "2026-05-14"}
    night_and_round("Fri 15 May 2026", people=SUCCEEDED, training=[*TRAINED, learnt])
    assert lines(story, LEAD, "Fri 15 May 2026", "contact SP2") == []
    owed = story.cli("obligations", "--json", "--as-of", day("Fri 15 May 2026").isoformat()).out
    assert "SP2" not in owed
    assert "force:45" not in owed
