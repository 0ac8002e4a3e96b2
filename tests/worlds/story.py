"""A story told from extract to mailbox, day by day."""

import json
import mailbox
from email import message_from_bytes, policy

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
