"""What operations read of a fault: every kind has its words, and every runbook is a heading of the guide."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import settings
from config.strict_yaml import Faults
from models.rules.rounds.telling import Finding
from tasks.platform.templates import LONGEST_SUBJECT, note
from tasks.rounds.assurance import faults

AT = datetime(2026, 3, 17, 9, tzinfo=UTC)
ROOT = Path(__file__).parents[4]
HEADINGS = re.findall(r"^#+ (.+)$", (ROOT / "docs/operate.md").read_text("utf-8"), re.MULTILINE)
KINDS = {
    kind
    for module in (ROOT / "tasks/rounds/assurance").glob("*.py")
    for kind in re.findall(r"""Finding\(\s*f?"([a-z]+)""", module.read_text("utf-8"))
}


def test_every_kind_of_finding_has_its_words():
    assert KINDS - faults.catalogue().keys() == set()


@pytest.mark.parametrize("kind", faults.catalogue())
def test_a_kind_names_a_heading_of_the_guide_and_fits_into_a_subject(kind):
    fault = faults.catalogue()[kind]
    assert fault.see in HEADINGS
    assert len(f"Casebeat: Ended: {fault.title}") <= LONGEST_SUBJECT
    assert fault.urgency


def test_a_runbook_is_a_link_where_the_guide_has_an_address_and_a_heading_otherwise(monkeypatch):
    backup = Finding("backup", "old")
    assert faults.alarm(settings(), backup).runbook == 'docs/operate.md, "No fresh backup"'
    monkeypatch.setenv("CASEBEAT_SERVER__GUIDE_URL", "https://guide.example/casebeat/")
    assert faults.alarm(settings(), backup).runbook == "https://guide.example/casebeat/operate.html#no-fresh-backup"


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://localhost/guide", "guide.example"])
def test_an_address_that_people_cannot_open_is_refused(monkeypatch, address):
    monkeypatch.setenv("CASEBEAT_SERVER__GUIDE_URL", address)
    with pytest.raises(Faults, match="CASEBEAT_SERVER__GUIDE_URL: is not an address that people can open"):
        settings()


def test_one_mail_has_the_new_the_old_and_the_ended_by_number():
    alarm = faults.alarm(settings(), Finding("backup", "the book has no backup"))
    words = {"well": "", "at": None, "most": 9}
    headlines = [
        note("assurance.txt", {**words, "new": [], "still": [], "ended": [], name: [alarm], "at": AT}).splitlines()[0]
        for name in ("new", "still", "ended")
    ]
    title = "there is no fresh backup"
    assert headlines == [title.capitalize(), f"Still: {title}", f"Ended: {title}"]
    many = note("assurance.txt", {**words, "at": AT, "new": [alarm] * 2, "still": [alarm], "ended": [alarm]})
    assert many.splitlines()[0] == "2 new faults, 1 still there, 1 ended"
