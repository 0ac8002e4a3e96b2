"""The demo's three weeks without Prefect: every rule owes, every kind of mail is sent, sittings are held."""

import re
from pathlib import Path

import pytest

from config.message_kinds import MessageKind
from config.sittings import ConveningEnd, ConveningReason
from flows.demo import START
from models.rules.obligations.rulebook import RULES
from tasks.demo.lookups import reply_effects
from tasks.demo.mails import write_pages
from tasks.servers import database
from tests.support import promtool
from tests.support.promtool import needs_promtool

pytestmark = pytest.mark.timeout(900)  # three weeks of a whole force, on a busy machine
ALERTS = Path(__file__).parents[3] / "packaging" / "alerts.yaml"
NOT_MAILED = {
    MessageKind.THREAD,
    MessageKind.POST,
    MessageKind.CORRECTION,  # after a round of a day that had not come
    MessageKind.HELD_EXTRACT,  # none is unlike its source
}  # Slack's two kinds


def test_no_round_is_degraded(weeks):
    assert [made.verdict.trouble for made in weeks.rounds if made.state != "Completed"] == []


def test_the_auditor_finds_nothing_after_a_round_and_no_extract_is_held(weeks):
    assert weeks.found == []
    assert weeks.ask("select distinct state from extracts") == [("loaded",)]
    assert weeks.ask("select key from messages where kind = 'operations' and starts_with(key, 'undelivered:')") == []


@needs_promtool
def test_no_alert_fires(weeks, tmp_path):
    assert promtool.run(ALERTS, [promtool.silence(weeks.looks, len(weeks.looks) * 1440)], tmp_path) == ""


def test_every_rule_owes_something_to_somebody(weeks):
    assert {rule for (rule,) in weeks.ask("select distinct rule from obligations")} == set(RULES)


def test_every_kind_of_mail_is_sent(weeks):
    sent = {kind for (kind,) in weeks.ask("select distinct kind from messages where state = 'sent'")}
    assert sent == {kind.value for kind in MessageKind} - NOT_MAILED


def test_what_comes_of_a_sitting_is_told_both_ways_and_comes_in_every_shape(weeks):
    found = set(weeks.ask("select by_ref is null, held, held and police_attended and cps_attended from outcomes"))
    assert found >= {(True, True, True), (True, True, False), (False, True, True), (False, False, False)}
    ends = {end for (end,) in weeks.ask("""select distinct "end" from convenings where "end" is not null""")}
    assert ends >= {ConveningEnd.HELD, ConveningEnd.NOT_HELD, ConveningEnd.UNRECORDED, ConveningEnd.MOVED}


def test_cases_are_convened_for_every_reason_that_people_and_incidents_give(weeks):
    found = {because for (because,) in weeks.ask("select distinct because from convenings")}
    assert found >= {
        ConveningReason.DUE,
        ConveningReason.NEW_INCIDENT,
        ConveningReason.CHOSEN,
        ConveningReason.NOT_HELD,
        ConveningReason.UNRECORDED,
    }


def test_actions_of_reviews_are_chased_and_end_as_done(weeks):
    found = weeks.ask(
        """select count(*) > 0 from obligations
           where subject like 'action:JR-%' and end_reason = 'met' and last_step > 0"""
    )
    assert found == [(True,)]


def test_the_next_area_has_too_few_places_and_its_spocs_are_told_on_the_first_day(weeks):
    told = weeks.ask("select min(day) from messages where kind = 'capacity' and about = '45/London South'")
    assert told == [(START,)]
    more = weeks.ask("select count(*) from sittings where cps_area = 'London South' and day = '2026-04-08'")
    assert more == [(1,)]


def test_people_answer_by_mail_in_every_way_and_each_answer_reaches_them(weeks):
    answered = dict(weeks.ask("select answered, count(*) from replies group by answered"))
    assert set(answered) >= {"promised", "completed", "passed on", "shown", "recorded"}
    assert sum(answered.values()) == len(weeks.book.exchanges)
    assert weeks.ask(
        "select count(*) from replies r join messages m on m.id = r.message_id where m.state = 'sent'"
    ) == [(len(weeks.book.exchanges),)]
    assert list((weeks.home / "replies" / "new").iterdir()) == []


def test_the_index_shows_each_letter_with_its_reply_its_answer_and_what_the_book_says_since(weeks, monkeypatch):
    monkeypatch.setenv("CASEBEAT_DATABASE_URL", weeks.url)
    effects = reply_effects()
    database.close()
    roles = {contact.email: contact.roles[0] for contact in weeks.book.people.contacts}
    index = write_pages(weeks.home / "mail", weeks.home / "pages", roles, weeks.book.exchanges, effects)
    (table,) = re.findall("<tbody>(.*?)</tbody>", index.read_text("utf-8"), re.DOTALL)
    rows = [re.findall("<td>(.*?)</td>", row, re.DOTALL) for row in re.findall("<tr>(.*?)</tr>", table, re.DOTALL)]
    assert len(rows) == len(weeks.book.exchanges)
    for _, _, letter, said, answer, since in rows:
        assert "<a href=" in letter
        assert "<a href=" in answer
        assert said.startswith("<q>")
        assert since
    met = [row for row in rows if re.search(r"45/\d+: (?:held|not reached), ", row[3])]
    assert met
    assert all(re.fullmatch(r"\d+ outcomes? recorded", row[5]) for row in met)
    done = next(row for row in rows if row[3] == "<q>done</q>")
    assert done[5].startswith("ended ")
