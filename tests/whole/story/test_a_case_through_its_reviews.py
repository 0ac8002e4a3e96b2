"""A case through its joint reviews: held with actions; without CPS; not reached, so that leads are notified; held."""

import pytest
import yaml

from tests.worlds.days import day
from tests.worlds.panels import TUESDAYS
from tests.worlds.story import Story

CASE = "45/C1"


@pytest.fixture
def story(database, tmp_path, run_cli, monkeypatch):
    """A high-risk case of Mon 2 Mar 2026, and a panel on Tuesdays."""
    panels = tmp_path / "panels.yaml"
    panels.write_text(yaml.safe_dump({"panels": [TUESDAYS]}))
    monkeypatch.setenv("CASEBEAT_PANELS", str(panels))
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    told = Story(tmp_path, run_cli)
    told.night("Mon 2 Mar 2026", actions=[told.action])
    told.round("Wed 4 Mar 2026")
    return told


def sits(story, on):
    """The sitting to which the case is convened, from the list of a day."""
    line = next(each for each in story.listed("sittings", on) if each["case_ref"] == "C1")
    return line["sitting_ref"]


def record(story, ref, on, *said):
    ran = story.cli("record-review", ref, CASE, "--by", "SP1", *said, "--as-of", day(on).isoformat())
    assert ran.code == 0, ran.err
    return ran.out


def owed(story, on):
    return {(one["rule"], one["subject"]): one["due_on"] for one in story.listed("obligations", on)}


def test_three_reviews_and_a_fourth_that_counts(story):
    first = sits(story, "Wed 4 Mar 2026")
    assert first == "45-south-east-2026-03-10"
    assert owed(story, "Wed 4 Mar 2026")["outcome-unrecorded", f"sitting:{first}"] == "2026-03-11"
    story.round("Tue 10 Mar 2026")
    said = record(
        story, first, "Tue 10 Mar 2026", "--held", "--police", "--cps", "--decision", "further_actions",
        "--action", "CELL_SITE,P1,2026-03-17", "--pattern", "stalking",
    )  # fmt: skip
    raised = f"JR-{first}-C1-1"
    assert said.endswith(f"is recorded as held, with police and CPS. Raised: {raised}.\n")
    now = owed(story, "Tue 10 Mar 2026")
    assert now["joint-review", "case"] == "2026-03-24"
    assert now["action", f"action:{raised}"] == "2026-03-17"
    assert ("outcome-unrecorded", f"sitting:{first}") not in now

    story.round("Fri 13 Mar 2026")
    digest = "".join(story.mails("p1@surrey.police.uk", "Fri 13 Mar 2026"))
    assert f"({raised}): do by Tue 17 Mar, 2 working days left." in digest, "what was decided is chased like any other"
    done = story.cli("complete-action", CASE, raised, "--by", "P1", "--as-of", "2026-03-16")
    assert done.code == 0, done.err

    second = sits(story, "Mon 16 Mar 2026")
    assert second == "45-south-east-2026-03-24"
    story.round("Tue 24 Mar 2026")
    said = record(story, second, "Tue 24 Mar 2026", "--held", "--police", "--no-cps", "--decision", "continue")
    assert "is recorded as held, with police alone. It does not count: the review is still owed." in said
    third = sits(story, "Tue 24 Mar 2026")
    assert third == "45-south-east-2026-03-31", "convened again at once"
    assert owed(story, "Tue 24 Mar 2026")["joint-review", "case"] == "2026-03-24"

    story.round("Tue 31 Mar 2026")
    record(story, third, "Tue 31 Mar 2026", "--not-held", "--decision", "not_reached")
    fourth = sits(story, "Tue 31 Mar 2026")
    assert fourth == "45-south-east-2026-04-07"
    story.round("Wed 1 Apr 2026")
    for lead in ("l1@surrey.police.uk", "cl1@cps.gov.uk"):
        (told,) = story.mails(lead, "Wed 1 Apr 2026")
        assert (
            "* 45/C1: the joint review failed twice running (Tue 31 Mar 2026: the case was not reached; Tue 24 Mar "
            "2026: police attended, and nobody from CPS). Have somebody from CPS who can decide, beside police, at the "
            "meeting on Tue 7 Apr 2026, for which the case is listed, and have it taken first." in told
        )
        assert "Pat Example" not in told

    story.round("Tue 7 Apr 2026")
    record(story, fourth, "Tue 7 Apr 2026", "--held", "--police", "--cps", "--decision", "continue")
    assert owed(story, "Tue 7 Apr 2026")["joint-review", "case"] == "2026-04-21"
    explained = story.cli("explain", CASE, "--as-of", "2026-04-07").out
    assert "SAID OF ITS MEETINGS (4)" in explained
    assert (
        "(meeting 45-south-east-2026-03-10) was held, with police and CPS; decided: further actions; the " in explained
    )
    assert "(meeting 45-south-east-2026-03-31) was not reached. It stands." in explained
    assert "last joint review Tue 7 Apr 2026 + 10 working days = Tue 21 Apr 2026" in explained


def test_a_sitting_of_which_nobody_says_anything_is_asked_after_and_the_case_sits_again(story):
    first = sits(story, "Wed 4 Mar 2026")
    for on in ("Tue 10 Mar 2026", "Wed 11 Mar 2026", "Thu 12 Mar 2026"):
        story.round(on)
    assert ("outcome-unrecorded", "SP1") in story.told("Wed 11 Mar 2026", "reminder"), "it is asked of who chaired"
    assert {("outcome-unrecorded", "SP1"), ("outcome-unrecorded", "S1")} <= story.told("Thu 12 Mar 2026", "overdue")
    assert sits(story, "Thu 12 Mar 2026") == "45-south-east-2026-03-17"
    story.night("Fri 13 Mar 2026", actions=[story.action], reviews=[
        {"review_ref": "R1", "force_code": "45", "case_ref": "C1", "kind": "joint", "held_on": "2026-03-10",
         "police_attended": "yes", "cps_attended": "yes"}])  # fmt: skip
    story.round("Fri 13 Mar 2026")
    assert ("outcome-unrecorded", f"sitting:{first}") not in owed(story, "Fri 13 Mar 2026")
    assert sits(story, "Fri 13 Mar 2026") == "45-south-east-2026-03-17", "who has a sitting keeps it"
