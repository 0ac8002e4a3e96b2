"""One case, day by day, as its readers see it: from the night's extract to the mails in the Maildir."""

import json
import mailbox
from email import message_from_bytes, policy

import pytest

from config.days.london import LONDON
from config.settings import settings
from tests.support.verdicts import went_well
from tests.worlds.days import day
from tests.worlds.extracts import a_case, a_contact, an_action, write

PEOPLE = [
    a_contact("P1"),
    a_contact("S1", roles="supervisor"),
    a_contact("SP1", roles="spoc"),
    a_contact("L1", roles="lead"),
]
LAWYERS = [
    {"contact_ref": ref, "agency": "cps", "name": "Pat Example", "email": f"{ref.lower()}@cps.gov.uk", "roles": roles,
     "cps_area": "South East"}
    for ref, roles in (("C1", "prosecutor"), ("M1", "legal_manager"), ("CS1", "spoc"), ("CL1", "lead"))
]  # fmt: skip


class Story:
    """A force's nights and days: extracts arrive, the round runs, people open their mails."""

    def __init__(self, tmp_path, run_cli):
        self.folder, self.cli, self.number = tmp_path, run_cli, 0
        self.case = a_case("C1", opened_on="2026-03-02", supervisor_ref="S1", risk="high", offence_codes="PH97010",
                           victim_contacted_on="2026-03-02")  # fmt: skip
        self.action = an_action("A1", "C1", raised_on="2026-03-02", due_on="2026-03-13")

    def night(self, on, *, actions, reviews=(), people=PEOPLE, training=()):
        self.number += 1
        sent = f"{day(on)}T05:10:00+00:00"
        files = {"contacts.csv": people, "cases.csv": [self.case], "actions.csv": actions}
        if reviews:
            files["reviews.csv"] = list(reviews)
        if training:
            files["training.csv"] = list(training)
        write(self.folder / f"police{self.number}", files, number=self.number, extracted_at=sent)
        write(self.folder / f"cps{self.number}", {"contacts.csv": LAWYERS}, number=self.number, extracted_at=sent,
              agency="cps", source="cms-se", extract_id=f"cms-{self.number}")  # fmt: skip
        ran = self.cli("intake", str(self.folder / f"police{self.number}"), str(self.folder / f"cps{self.number}"))
        assert ran.code == 0, ran.out + ran.err

    def round(self, on):
        ran = self.cli("run", "--as-of", day(on).isoformat())
        assert went_well(ran.code, ran.err), ran.out + ran.err
        return ran.out

    def told(self, on, step=None):
        ran = self.cli("notifications", "--json", "--day", day(on).isoformat())
        rows = [json.loads(line) for line in ran.out.splitlines()]
        return {(row["rule"], row["contact_ref"]) for row in rows if step in {None, row["step"]}}

    def listed(self, command, on):
        """The lines that a command lists on a day."""
        ran = self.cli(command, "--json", "--as-of", day(on).isoformat())
        assert ran.code == 0, ran.err
        return [json.loads(line) for line in ran.out.splitlines()]

    def mails(self, to, on):
        """The plain text of one person's mails of a day."""
        box = mailbox.Maildir(settings().home / "mail", create=False)
        found = [message_from_bytes(each.as_bytes(), policy=policy.default) for each in box]
        box.close()
        return [
            mail.get_body(("plain",)).get_content()
            for mail in found
            if [each.addr_spec for each in mail["To"].addresses] == [to]
            and mail["Date"].datetime.astimezone(LONDON).date() == day(on)
        ]


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


def test_no_mail_tells_a_name_or_an_allegation(story):
    story.night("Mon 2 Mar 2026", actions=[{**story.action, "kind": "CCTV"}])
    story.round("Wed 18 Mar 2026")
    (mail,) = story.mails("p1@surrey.police.uk", "Wed 18 Mar 2026")
    assert "45/C1" in mail
    assert "Pat Example" not in mail
    assert "PH97010" not in mail
