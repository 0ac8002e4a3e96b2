"""The weekly letters of both agencies' leads name the head of the audit log, so that a cut of its end shows there."""

from email import message_from_bytes, policy
from typing import Any

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from flows.round_steps import whole_round
from models.queries.audit_log import seals
from tasks.audit_log import sealing
from tasks.carriers.mail.maildir import file_name
from tests.support.verdicts import faults
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

WEEK = ("Mon 16 Mar 2026", "Tue 17 Mar 2026", "Mon 23 Mar 2026")


def said(ref: str, on: str, kind: str = "plain") -> str:
    """The letter of a person on a day; nothing where they got none."""
    found = settings().home / "mail" / "new" / file_name(f"letter:{ref}:email:{day(on).isoformat()}")
    if not found.exists():
        return ""
    mail = message_from_bytes(found.read_bytes(), policy=policy.default).get_body((kind,))
    assert mail is not None
    return str(mail.get_content())


def test_the_weekly_letters_of_both_agencies_leads_name_the_head(database: Any, run_cli: Any) -> None:
    book = OneCase(database, run_cli)
    book.say("""insert into contacts (contact_ref, source_id, agency, name, email, roles, force_codes, cps_areas,
                                      first_seen_on)
                select 'CL1', id, 'cps', 'Kim Example', 'kim@cps.gov.uk', '{lead}', '{}', '{South East}', '2026-03-02'
                from sources where agency is not null limit 1""")
    for on in WEEK:
        assert not faults(whole_round(configured(), day(on), at_london(day(on))))
    with book.engine.begin() as connection:
        head = seals.head(connection)
    assert head
    sentence = f"no entry of the audit log was changed (sealed up to {sealing.written(head)})."
    for ref in ("L1", "CL1"):
        assert sentence in said(ref, WEEK[-1]), ref
        assert sentence in said(ref, WEEK[-1], "html"), ref
        assert "The audit log" not in said(ref, WEEK[1])
    for ref in ("SP1", "CS1", "P1"):
        assert "The audit log" not in said(ref, WEEK[-1])
