"""What operations read of a fault: every kind has its words, and every runbook is a heading of the guide."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.settings import settings
from config.strict_yaml import Faults
from models.rules.rounds.telling import Finding
from tasks.platform import faults
from tasks.platform.templates import LONGEST_SUBJECT, note, render_text
from tests.approved import pages

AT = datetime(2026, 3, 17, 9, tzinfo=UTC)
ROOT = Path(__file__).parents[3]
HEADINGS = re.findall(r"^#+ (.+)$", (ROOT / "docs/operate.md").read_text("utf-8"), re.MULTILINE)
OF_OPERATIONS = re.compile(r"operations/\w+\.txt")
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


NOTES = {
    name: note for name, note in pages.NOTES.items() if note[0].startswith("operations/") and note[0][-3:] == "txt"
}
OURS = {"name", "state"}  # of a deployment or a carrier, and of a run
LONG = "x" * 100  # as a source's name or a person's reference may be


def longest(value):
    """A value as long as it may plausibly be."""
    if isinstance(value, str):
        return LONG
    return 1_000_000 if isinstance(value, int) and not isinstance(value, bool) else value


@pytest.mark.parametrize("name", NOTES)
def test_no_subject_of_a_mail_to_operations_is_cut(name):
    template, words = NOTES[name]
    given = words | {key: longest(value) for key, value in words.items() if key not in OURS}
    for said in (words, given):
        headline = render_text(template, pages.of_its_kind(template) | said).splitlines()[0]
        assert 0 < len(f"Casebeat: {headline}") <= LONGEST_SUBJECT


@pytest.mark.parametrize("name", NOTES)
def test_a_mail_to_operations_says_how_soon_what_to_do_and_where_more_is(name):
    template, words = NOTES[name]
    text = render_text(template, pages.of_its_kind(template) | words)
    fine = "note-well-again", "note-daily-whole", "note-assurance-ended", "note-daily-corrected"
    parts = ("\nSeverity: ", "\nTo do: ", "\nMore: ")
    assert [part for part in parts if part not in text] == [] or name in fine
