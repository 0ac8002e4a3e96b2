"""The page of operations lists every check of the doctor, and the sentence that is true where nothing is wrong."""

import re

from tasks.rounds.doctor import slack
from tasks.rounds.doctor.examination import GROUPS
from tests.house.source import ROOT

PAGE = (ROOT / "docs" / "operate.md").read_text("utf-8").partition("## casebeat doctor\n")[2].partition("\n## ")[0]


def test_the_page_lists_every_check_in_order():
    rows = re.findall(r"^\| (.+?) \| `([a-z-]+)` \| (.+?) \|$", PAGE, re.MULTILINE)
    assert rows == [(group, check.name, check.fine) for group, checks in GROUPS.items() for check in checks]


def test_the_scopes_that_are_looked_for_are_those_of_the_manifest():
    manifest = (ROOT / "docs" / "slack.md").read_text("utf-8").partition("    bot:\n")[2].partition("settings:")[0]
    assert set(re.findall(r"^ +- ([a-z:]+)", manifest, re.MULTILINE)) == slack.SCOPES
