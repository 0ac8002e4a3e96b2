"""A rehearsal of the present policy agrees with the demo, letter by letter, where its extracts and answers come again.

Rehearsed is an empty book: the first extracts come on its first day.
"""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from config.days.london import at_london
from flows.configured import configured
from flows.demo import NOON, START, carry_out
from flows.refresh import refresh
from flows.rehearsed_days import WhatHappens, nothing, run_days
from tasks.demo.mail_sink import REPLIES
from tasks.intake.folders import WaitingFolder, in_order
from tasks.intake.load import load_folders
from tasks.platform import tokens
from tasks.rehearsal.copied_book import copied, one_snapshot
from tasks.replies.apply_reply import apply_reply
from tasks.replies.envelope import Own
from tasks.replies.incoming import parse_mail
from tasks.servers.database import transaction

pytestmark = pytest.mark.timeout(900)  # as of the weeks
DAYS = 10
LAST = START + timedelta(days=DAYS - 1)
OWN = Own(frozenset({REPLIES}), "casebeat.invalid")
IN_LETTERS = """
select m.day, m.kind, m.contact_ref, m.hard, c.case_ref, o.rule, o.subject, o.version, n.happening,
       n.step_name, n.occasion
from messages m join notifications n on n.message_id = m.id and n.state in ('sent', 'shown')
join obligations o on o.id = n.obligation_id left join cases c on c.id = o.case_id
where m.day <= :last and m.kind in ('letter', 'at_once') and m.state in ('sent', 'shown')"""
# What is answered on the last day leaves on the next, or with the next letter.
OTHERS = """
select day, kind, contact_ref, count(*) from messages
where day < :last and kind not in ('letter', 'at_once', 'operations') and state in ('sent', 'shown')
group by 1, 2, 3"""
SENT = {"in letters": IN_LETTERS, "others": OTHERS}
OWED = """select o.id, concat_ws('/', o.case_id, c.force_code, c.case_ref, o.rule, o.subject, o.version)
          from obligations o left join cases c on c.id = o.case_id"""


class Replay:
    """The demo's own extracts and answers, day by day, on the copied book."""

    def __init__(self, weeks) -> None:
        self._weeks = weeks
        self._named = {
            tokens.Purpose.REPLY: dict(weeks.ask(OWED)),
            tokens.Purpose.OUTCOME: dict(weeks.ask("select id, ref from sittings")),
        }

    def before(self, day: date) -> None:
        """Load the extracts of a day in turn."""
        for folder in self._extracts(day):
            (loaded,) = load_folders(configured(), [folder.folder], at_london(day))
            assert loaded.sentence == ""

    def _extracts(self, day: date) -> list[WaitingFolder]:
        return in_order(configured(), sorted((self._weeks.home / "extracts").glob(f"*-{day:%Y%m%d}")), at_london(day))

    def after(self, day: date) -> None:
        at = at_london(day, NOON)
        refresh(configured(), day, at)
        with transaction() as connection:
            numbers = {owed: number for number, owed in connection.execute(text(OWED))}
            numbers |= {ref: number for number, ref in connection.execute(text("select id, ref from sittings"))}
        for raw in self._weeks.replies.get(day, ()):
            mail = parse_mail(raw, day, OWN)
            apply_reply(
                configured(), mail._replace(keys=tuple(self._numbered(key, numbers, day) for key in mail.keys)), day, at
            )
        refresh(configured(), day, at)
        for report in self._weeks.reports[day]:
            carry_out(configured(), report, day)

    def _numbered(self, key: str, numbers: dict[str, int], day: date) -> str:
        """Return a mail's key with the number that what it answers has in the copied book."""
        found = tokens.read(key, tokens.Purpose.REPLY, day, tokens.Purpose.OUTCOME)
        named = self._named[found.purpose][found.row_id]
        return tokens.sign(found.person_ref, numbers[named], found.purpose, found.expires_on)


@pytest.fixture
def rehearsed(weeks, database, monkeypatch):
    """The settings of the demo with an empty database."""
    for name, value in {
        "HOME": weeks.home, "PANELS": weeks.home / "panels.yaml", "POLICY": weeks.home / "policy.yaml",
        "CLOCK": "virtual", "MAIL__HOST": "127.0.0.1", "MAIL__PORT": 2525,
        "MAIL__OPERATIONS": "casebeat-operations@demo.police.uk", "REPLIES__ADDRESS": REPLIES,
    }.items():  # fmt: skip
        monkeypatch.setenv(f"CASEBEAT_{name}", str(value))
    return database


def test_with_the_demos_extracts_and_answers_a_rehearsal_writes_the_demos_letters(weeks, rehearsed):
    with one_snapshot() as whole, copied(whole.id) as connection:
        replay = Replay(weeks)
        run_days(configured(), START, DAYS, WhatHappens(replay.before, replay.after), nothing)
        made = {name: rows(connection, statement) for name, statement in SENT.items()}
    with weeks.engine.connect() as connection:
        real = {name: rows(connection, statement) for name, statement in SENT.items()}
    for name, found in real.items():
        assert set(made[name]) ^ set(found) == set(), name
        assert made[name] == found, name
    assert len(real["in letters"]) > 1_000
    assert sum(map(len, weeks.replies.values())) > 50


def rows(connection, statement: str) -> list[str]:
    return sorted(map(repr, map(tuple, connection.execute(text(statement), {"last": LAST}))))
