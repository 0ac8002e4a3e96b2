"""Each notification by e-mail has its own row for Slack, where the person uses it and the case is not restricted."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from config.days.london import at_london
from flows.configured import configured
from models.queries.outbox import case_threads
from models.queries.outbox import digests as queries
from tasks.outbox import digests
from tasks.outbox.readdressing import readdress
from tests.support.slack_stand_in import SlackStandIn
from tests.worlds.days import day
from tests.worlds.messages import tell_operations
from tests.worlds.one_case import OneCase
from tests.worlds.slack import in_slack, put_slack

CRITICAL = "Thu 19 Mar 2026"  # the third step of the action A1: to its owner, supervisor and SPOC


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn() as running:
        yield running


@pytest.fixture
def case(database: Engine, run_cli: Any, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch) -> OneCase:
    put_slack(monkeypatch, slack)
    return OneCase(database, run_cli)


def heard(case: OneCase, channel: str = "slack") -> list[Any]:
    return case.ask(f"select distinct n.contact_ref from notifications n where n.channel = '{channel}' order by 1")


def posted(case: OneCase, rule: str) -> list[Any]:
    """The places at which a step of this rule is posted, and the step."""
    return case.ask(
        f"""select t.place, n.step_name from thread_posts p join threads t on t.message_id = p.thread_id
            join notifications n on n.id = p.notification_id join obligations o on o.id = n.obligation_id
            where o.rule = '{rule}' order by p.message_id"""
    )


def days(case: OneCase) -> None:
    for each in ("Mon 2 Mar 2026", "Tue 17 Mar 2026", CRITICAL):
        case.round(each)


def test_who_is_in_slack_has_each_notification_twice_and_who_is_not_has_it_once(
    case: OneCase, database: Engine, slack: SlackStandIn
) -> None:
    with in_slack(database, slack, "P1", "SP1"):
        days(case)
    assert {"P1", "SP1", "S1"} <= set(heard(case, "email"))
    assert heard(case) == ["P1", "SP1"]
    twins = """select contact_ref, obligation_id, happening, step, occasion, day, duty, manner, addressee, note
               from notifications where channel = '{}' and contact_ref in ('P1', 'SP1') order by 1, 2, 4, 5"""
    assert case.ask(twins.format("slack")) == case.ask(twins.format("email"))


def test_nothing_is_written_for_slack_where_it_is_not_set_up(
    case: OneCase, database: Engine, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TOKEN", "APP_TOKEN", "CHANNELS"):
        monkeypatch.delenv(f"CASEBEAT_SLACK__{name}")
    with in_slack(database, slack, "P1", "SP1"):
        days(case)
        digests.group(configured(), day(CRITICAL), at_london(day(CRITICAL)))
    assert case.ask("select count(*) from notifications where channel = 'slack'") == [0]
    assert case.ask("select count(*) from messages where channel = 'slack'") == [0]


@pytest.mark.parametrize("by_link", [False, True])
def test_a_restricted_case_has_no_row_for_slack(
    case: OneCase, database: Engine, slack: SlackStandIn, by_link: bool
) -> None:
    case.restrict(by_link=by_link)
    case.say("update contacts set restricted_access = true")
    with in_slack(database, slack, "P1", "SP1"):
        days(case)
        digests.group(configured(), day(CRITICAL), at_london(day(CRITICAL)))
    assert {"P1", "SP1"} <= set(heard(case, "email"))
    assert heard(case) == []
    assert case.ask("select count(*) from threads") == [0]


def test_an_end_is_told_where_its_step_was(case: OneCase, database: Engine, slack: SlackStandIn) -> None:
    with in_slack(database, slack, "P1", "SP1"):
        days(case)
        case.say("update actions set status = 'done', closed_on = '2026-03-20'")
        case.changed()
        case.say("update notifications set state = 'sent'")
        case.round("Fri 20 Mar 2026")
    ended = case.ask(
        """select n.channel, n.contact_ref from notifications n join obligations o on o.id = n.obligation_id
           where n.happening = 'resolved' and o.rule = 'action' order by 1, 2"""
    )
    assert [ref for channel, ref in ended if channel == "slack"] == ["P1", "SP1"]
    assert {"P1", "SP1", "S1"} <= {ref for channel, ref in ended if channel == "email"}


def test_the_weeks_standing_goes_to_both(case: OneCase, database: Engine, slack: SlackStandIn) -> None:
    with in_slack(database, slack, "SP1"):
        digests.group(configured(), day("Mon 16 Mar 2026"), at_london(day("Mon 16 Mar 2026")))
    told = case.ask("select contact_ref, channel from messages where standing order by 1, 2")
    assert ("SP1", "email") in told
    assert [ref for ref, channel in told if channel == "slack"] == ["SP1"]


def test_operations_read_the_same_in_their_slack_channel(case: OneCase, database: Engine) -> None:
    tell_operations("daily:1", "412 of 412\nforce 45", day(CRITICAL))
    with database.begin() as connection:
        assert [queries.copy_to_operations(connection, "email", "slack", day(CRITICAL)) for _ in range(2)] == [1, 0]
    assert case.ask("select key, channel, text from messages order by id") == [
        ("daily:1", "email", "412 of 412\nforce 45"), ("daily:1:slack", "slack", "412 of 412\nforce 45"),
    ]  # fmt: skip


def test_operations_own_steps_are_written_to_their_channel(
    case: OneCase, database: Engine, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_slack(monkeypatch, slack, OPERATIONS="C0OPERATE")
    case.say("update contacts set active_to = '2026-03-01'")
    days(case)
    assert heard(case) == [None]


def test_a_case_that_bars_somebody_is_in_no_channel_that_several_people_read(
    case: OneCase, database: Engine, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_slack(monkeypatch, slack, OPERATIONS="C0OPERATE")
    case.say("update contacts set email = contact_ref || '@surrey.police.uk', active_to = '2026-03-01'")
    case.say("update cases set barred_refs = '{X9}'")
    days(case)
    digests.group(configured(), day(CRITICAL), at_london(day(CRITICAL)))
    assert heard(case) == []
    assert case.ask("select count(*) from threads") == [0]
    assert case.ask("select distinct contact_ref, channel from notifications") == [(None, "email")]


def test_a_step_to_a_spoc_begins_the_cases_thread_in_the_place_of_each_who_was_told(
    case: OneCase, database: Engine
) -> None:
    days(case)
    assert case.ask("select count(*) from threads") == [0], "grouping begins them"
    for _ in range(2):
        digests.group(configured(), day(CRITICAL), at_london(day(CRITICAL)))
    assert posted(case, "action") == [("45", "critical")], "the Area's SPOC is not told of this step"
    assert set(posted(case, "joint-review")) == {("45", "critical"), ("South East", "critical")}
    assert case.ask("select place from threads order by 1") == ["45", "South East"]
    parents = case.ask("select key, kind, channel, contact_ref from messages where kind = 'thread'")
    assert [(kind, channel, ref) for _, kind, channel, ref in parents] == [("thread", "slack", None)] * 2


def test_what_is_older_than_three_days_is_history(case: OneCase, database: Engine) -> None:
    days(case)
    late = day("Mon 23 Mar 2026")
    with database.begin() as connection:
        assert case_threads.begin(connection, "slack", ["45", "South East"], late, at_london(late)) == 0


def test_an_end_begins_no_thread(case: OneCase, database: Engine) -> None:
    days(case)
    case.say("update notifications set state = 'sent', day = '2026-01-05'")
    case.say("update actions set status = 'done', closed_on = '2026-03-24'")
    case.changed()
    case.round("Tue 24 Mar 2026")
    case.say("update notifications set day = '2026-01-05' where happening <> 'resolved'")
    digests.group(configured(), day("Tue 24 Mar 2026"), at_london(day("Tue 24 Mar 2026")))
    assert case.ask("select count(*) from notifications where happening = 'resolved'") != [0]
    assert case.ask("select count(*) from threads") == [0]


def test_what_is_turned_to_another_reaches_them_in_slack_too_and_the_thread_once(
    case: OneCase, database: Engine, slack: SlackStandIn
) -> None:
    case.say(
        """insert into contacts (contact_ref, source_id, agency, name, email, roles, force_codes, cps_areas,
                                 first_seen_on)
           select 'SP2', id, 'police', 'Sam Example', 'sp2@surrey.police.uk', '{officer}', '{45}', '{}', '2026-03-02'
           from sources"""
    )
    with in_slack(database, slack, "SP1", "SP2"):
        days(case)
        digests.group(configured(), day(CRITICAL), at_london(day(CRITICAL)))
        case.say("update contacts set roles = case contact_ref when 'SP2' then '{spoc}' else '{officer}' end::text[] "
                 "where contact_ref in ('SP1', 'SP2')")  # fmt: skip
        assert readdress(configured(), at_london(day(CRITICAL)), day(CRITICAL)) > 0
        assert readdress(configured(), at_london(day(CRITICAL)), day(CRITICAL)) == 0
        digests.group(configured(), day(CRITICAL), at_london(day(CRITICAL)))
    said = """select distinct n.contact_ref, n.channel from notifications n join obligations o on o.id = n.obligation_id
              where o.rule = 'action' and n.step_name = 'critical' and n.state <> 'silent' order by 1, 2"""
    assert case.ask(said) == [("P1", "email"), ("S1", "email"), ("SP2", "email"), ("SP2", "slack")]
    assert posted(case, "action") == [("45", "critical")]
