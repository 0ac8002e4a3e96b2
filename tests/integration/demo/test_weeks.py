"""The demo's three weeks without Prefect: every rule owes, every kind of mail is sent, sittings are held."""

import pytest
from sqlalchemy import text

from config.london import at_london
from config.settings import settings
from config.sittings import ConveningEnd, ConveningReason
from config.terms import MessageKind
from flows.command_line.demo import THREE_WEEKS
from flows.demo import START, live
from flows.round_steps import whole_round
from models.rules.obligations.rulebook import RULES
from tasks.demo.mail_sink import mail_sink
from tasks.demo.sittings import PANELS
from tasks.platform import database, postgres

pytestmark = pytest.mark.timeout(900)  # three weeks of a whole force, on a busy machine
NOT_MAILED = {
    MessageKind.THREAD,
    MessageKind.POST,
    MessageKind.ANSWER,
    MessageKind.CORRECTION,  # after a round of a day that had not come
}  # Slack's two kinds, and answers: the demo has no mailbox


@pytest.fixture(scope="module")
def weeks(server, copies, tmp_path_factory):
    """Run the whole demo without Prefect; return a query function for its database."""
    home = tmp_path_factory.mktemp("weeks")
    with pytest.MonkeyPatch.context() as patch, mail_sink(home / "mail") as port:
        copies.give("demo_weeks")
        (home / "panels.yaml").write_text(PANELS, encoding="utf-8")
        for name, value in {
            "HOME": home, "DATABASE_URL": postgres.url(server, database="demo_weeks"), "DROP": home / "drop",
            "CLOCK": "virtual", "PANELS": home / "panels.yaml", "MAIL__HOST": "127.0.0.1", "MAIL__PORT": port,
            "MAIL__OPERATIONS": "casebeat-operations@demo.police.uk",
        }.items():  # fmt: skip
            patch.setenv(f"CASEBEAT_{name}", str(value))
        (home / "extracts").mkdir()
        settings.cache_clear()
        rounds = []
        live(home, THREE_WEEKS, 7, lambda day: rounds.append(whole_round(day, at_london(day))))

        def ask(statement):
            with database.transaction() as connection:
                return [tuple(row) for row in connection.execute(text(statement))]

        yield rounds, ask
        database.close()
        settings.cache_clear()
        copies.take_back("demo_weeks")


def test_no_round_is_degraded(weeks):
    rounds, _ = weeks
    assert [made.trouble for made in rounds if made.degraded] == []


def test_every_rule_owes_something_to_somebody(weeks):
    _, ask = weeks
    assert {rule for (rule,) in ask("select distinct rule from obligations")} == set(RULES)


def test_every_kind_of_mail_is_sent(weeks):
    _, ask = weeks
    sent = {kind for (kind,) in ask("select distinct kind from messages where state = 'sent'")}
    assert sent == {kind.value for kind in MessageKind} - NOT_MAILED


def test_what_comes_of_a_sitting_is_told_both_ways_and_comes_in_every_shape(weeks):
    _, ask = weeks
    found = set(ask("select by_ref is null, held, held and police_attended and cps_attended from outcomes"))
    assert found >= {(True, True, True), (True, True, False), (False, True, True), (False, False, False)}
    ends = {end for (end,) in ask("""select distinct "end" from convenings where "end" is not null""")}
    assert ends >= {ConveningEnd.HELD, ConveningEnd.NOT_HELD, ConveningEnd.UNRECORDED, ConveningEnd.MOVED}


def test_cases_are_convened_for_every_reason_that_people_and_incidents_give(weeks):
    _, ask = weeks
    found = {because for (because,) in ask("select distinct because from convenings")}
    assert found >= {
        ConveningReason.DUE,
        ConveningReason.NEW_INCIDENT,
        ConveningReason.CHOSEN,
        ConveningReason.NOT_HELD,
        ConveningReason.UNRECORDED,
    }


def test_actions_of_reviews_are_chased_and_end_as_done(weeks):
    _, ask = weeks
    raised = "subject like 'action:JR-%'"
    assert ask(f"select count(*) > 0 from obligations where {raised} and end_reason = 'met' and last_step > 0") == [
        (True,)
    ]


def test_the_next_area_has_too_few_places_and_its_spocs_are_told_on_the_first_day(weeks):
    _, ask = weeks
    assert ask("select min(day) from messages where kind = 'convening' and about = '45/London South'") == [(START,)]
    assert ask("select count(*) > 0 from sittings where cps_area = 'London South' and day = '2026-04-08'") == [(True,)]
