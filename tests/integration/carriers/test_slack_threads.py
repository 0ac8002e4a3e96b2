"""A case's thread in a place's Slack channel: one thread, a post for each step, its first message kept up to date."""

import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from config.days.london import at_london
from config.terms import State
from flows.configured import configured
from models.queries.outbox import case_threads
from tasks.carriers.slack.api import SlackApi
from tasks.carriers.slack.client import LIMITS
from tasks.outbox import digests
from tasks.outbox.delivery import deliver
from tasks.platform import tokens
from tasks.platform.tokens import Purpose
from tests.faults.process import Call, Process, settings_here
from tests.support.slack_stand_in import Fault, SlackStandIn
from tests.worlds.days import day
from tests.worlds.messages import tell_operations
from tests.worlds.one_case import OneCase
from tests.worlds.slack import CRITICAL, HERE, THERE, Book, Clock, buttons, in_slack, put_slack, words

LEAD = "Fri 27 Mar 2026"


@pytest.fixture
def book(database: Engine, run_cli: Any, slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Book]:
    """Only the action A1 matters here: all other duties are done."""
    put_slack(monkeypatch, slack)
    case = OneCase(database, run_cli)
    with in_slack(database, slack, "P1", "SP1"):
        made = Book(case, slack)
        made.live("Mon 2 Mar 2026")
        made.live("Tue 17 Mar 2026")
        yield made


def test_each_step_to_a_spoc_is_a_post_beneath_the_state_of_the_case(book: Book) -> None:
    book.live(CRITICAL)
    assert "45/45/1234: Outstanding action (A1): notice to the SPOC" in book.steps()
    shown = words(book.parent())
    assert shown.startswith("45/45/1234: ")
    assert "Outstanding action (A1), owed by police: critically overdue since Thu 19 Mar 2026" in shown
    assert "Outstanding action (A1)" not in "".join(book.steps(THERE)), "the Area was not told of it"
    book.live(LEAD)
    assert "45/45/1234: Outstanding action (A1): notice to the lead" in book.steps()
    assert "45/45/1234: Outstanding action (A1): notice to the lead" in book.steps(THERE)


def test_a_promise_and_an_end_change_the_first_message_in_its_place(book: Book) -> None:
    book.live(CRITICAL)
    before, posts = book.parent()["ts"], len(book.slack.posts(HERE))
    assert book.case.acknowledge(CRITICAL, "Wed 25 Mar 2026").code == 0
    book.deliver(CRITICAL)
    assert "an officer has taken this on until Wed 25 Mar 2026" in words(book.parent())
    assert len(book.slack.posts(HERE)) == posts, "a promise is no post"
    book.done()
    book.live("Mon 30 Mar 2026")
    assert "Outstanding action (A1), owed by police: ended: the action was done (" in words(book.parent())
    assert "45/45/1234: Outstanding action (A1): ended: the action was done (Mon 30 Mar)" in book.steps()
    assert book.parent()["ts"] == before


def test_a_sitting_that_is_found_changes_the_first_message(book: Book) -> None:
    book.live(CRITICAL)
    assert "for no meeting: no panel of its force and CPS Area meets." in words(book.parent())
    book.case.say(
        """insert into sittings (ref, force_code, cps_area, day, starts_at, places, minutes_per_case, chair_ref, place)
           values ('45-south-east', '45', 'South East', '2026-03-24', '2026-03-24 10:00Z', 12, 10, 'SP1', 'Room 2')"""
    )
    book.case.say(
        """insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, convened_on)
           select c.id, s.id, 0, '2026-03-16', '2026-03-24', 'due', '2026-03-19' from cases c, sittings s"""
    )
    book.deliver(CRITICAL, later=60)
    assert "for the joint review meeting on Tue 24 Mar 2026 at 10:00 GMT (45-south-east)." in words(book.parent())


def test_the_thread_shows_when_all_obligations_have_ended(book: Book) -> None:
    book.live(CRITICAL)
    book.case.say("update cases set finalised_on = '2026-03-24', finalised_reason = 'charged_and_disposed'")
    book.case.changed()
    book.live("Tue 24 Mar 2026")
    assert words(book.parent()).startswith("Resolved: 45/45/1234")
    assert buttons(book.parent()) == []


def test_a_delivery_with_nothing_new_touches_nothing(book: Book) -> None:
    book.live(CRITICAL)
    book.slack.calls.clear()
    for later in (300, 600):
        book.deliver(CRITICAL, later)
    assert {method for method, _ in book.slack.calls} <= {"auth.test"}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("how", ["rst", "http500", "hang", "partial"])
def test_a_parent_whose_answer_was_lost_is_found_or_made_and_never_made_twice(
    book: Book, how: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = partial(SlackApi, limits=LIMITS._replace(exchange=0.5))
    monkeypatch.setattr("tasks.carriers.slack.carrier.SlackApi", soon)
    book.case.round(CRITICAL)
    digests.group(configured(), day(CRITICAL), at_london(day(CRITICAL)))
    book.case.say("update messages set due_at = '2999-01-01Z' where kind not in ('thread', 'post')")
    book.slack.plan.append(Fault(how, when, "chat.postMessage"))
    book.deliver(CRITICAL)
    for later in (120, 300, 3600, 7200):
        book.deliver(CRITICAL, later)
    assert len([post for post in book.slack.posts(HERE) if "thread_ts" not in post]) == 1
    assert len([post for post in book.slack.posts(THERE) if "thread_ts" not in post]) == 1
    assert len(book.steps()) == len(set(book.steps())) > 0
    assert book.case.ask("select distinct state from messages where kind in ('thread', 'post')") == ["sent"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_run_that_is_killed_while_it_posts_makes_no_second_thread_and_no_second_post(
    book: Book, when: str, nth: int, tmp_path: Path
) -> None:
    book.begin_anew()
    book.case.round(CRITICAL)
    digests.group(configured(), day(CRITICAL), at_london(day(CRITICAL)))
    book.case.say("update messages set due_at = '2999-01-01Z' where kind not in ('thread', 'post')")
    before = len(book.slack.asked("chat.postMessage"))
    passing = [Fault("none", when, "chat.postMessage")] * (nth - 1)
    book.slack.plan.extend([*passing, Fault("hang", when, "chat.postMessage")])
    at = at_london(day(CRITICAL))
    Clock.at = at.timestamp()
    killed = Process(Call(tmp_path, settings_here(), deliver=at, watched=False))
    end = time.monotonic() + 300
    while book.slack.plan and time.monotonic() < end:
        time.sleep(0.02)
    killed.kill()
    assert killed.join() == -signal.SIGKILL
    assert len(book.slack.asked("chat.postMessage")) == before + nth - (when == "before")
    for later in (300, 600, 900):
        book.deliver(CRITICAL, later)
    for place in (HERE, THERE):
        parents = [post["ts"] for post in book.slack.posts(place) if "thread_ts" not in post]
        said = [words(post).splitlines()[0] for post in book.slack.posts(place) if post.get("thread_ts") == parents[-1]]
        assert len(said) == len(set(said)) > 0
    assert len([post for post in book.slack.posts(HERE) if "thread_ts" not in post]) == 2, "one of before, one now"
    assert len([post for post in book.slack.posts(THERE) if "thread_ts" not in post]) == 1
    assert book.case.ask(
        "select distinct state from messages where kind in ('thread', 'post') and day = '2026-03-19'"
    ) == ["sent"]


def test_where_a_thread_cannot_be_begun_its_posts_fall_silent_and_operations_are_told(book: Book) -> None:
    book.slack.conversations[THERE].member = False
    delivered = book.live(CRITICAL)
    assert book.slack.posts(THERE) == []
    assert any("not_in_channel" in reason for _, reason in delivered.dead)
    book.deliver(CRITICAL, 300)
    assert book.case.ask(
        """select distinct m.state, m.reason from messages m join thread_posts p on p.message_id = m.id
           join threads t on t.message_id = p.thread_id where t.place = 'South East'"""
    ) == [("silent", "its thread could not be begun")]
    assert len(book.steps(HERE)) > 1, "the other place has its own"


@pytest.mark.parametrize("by_link", [False, True])
def test_a_case_that_becomes_restricted_is_hidden_and_gets_no_more_posts(book: Book, by_link: bool) -> None:
    book.live(CRITICAL)
    posts = len(book.slack.posts(HERE))
    book.case.restrict(by_link=by_link)
    book.case.changed()
    book.live(LEAD)
    assert len(book.slack.posts(HERE)) == posts
    shown = words(book.parent())
    assert shown.startswith("A case that is no longer shown here")
    assert "1234" not in shown
    assert buttons(book.parent()) == []


@pytest.mark.parametrize("by_link", [False, True])
def test_of_a_restricted_case_no_thread_is_begun_and_no_post_is_written(book: Book, by_link: bool) -> None:
    book.begin_anew()
    before = book.case.ask("select count(*) from messages where kind in ('thread', 'post')")
    book.case.restrict(by_link=by_link)
    book.live(CRITICAL)
    assert book.case.ask("select step_name from notifications where step_name = 'critical'") != []
    assert book.case.ask("select count(*) from messages where kind in ('thread', 'post')") == before


def test_a_first_message_that_slack_did_not_let_change_is_changed_the_next_time(book: Book) -> None:
    book.live(CRITICAL)
    assert book.case.acknowledge(CRITICAL, "Wed 25 Mar 2026").code == 0
    book.slack.plan.extend([Fault("http500", "before", "chat.update")] * 2)
    book.deliver(CRITICAL, 300)
    assert "taken this on" not in words(book.parent())
    book.deliver(CRITICAL, 600)
    assert "taken this on" in words(book.parent())


def test_a_thread_that_names_a_restricted_case_is_looked_at_before_any_other(book: Book) -> None:
    for number in range(12):
        book.case.case(f"45/20{number:02}", restricted=number == 11)
    book.case.round(CRITICAL)
    book.case.say(
        """with made as (
             insert into messages (key, kind, channel, day, due_at, state, remote_ref)
             select 'thread:' || c.id, kind, channel, day, due_at, state, m.remote_ref || c.id
             from (select * from messages where kind = 'thread' order by id limit 1) m, cases c returning id, key)
           insert into threads (message_id, case_id, place, shown)
           select id, split_part(key, ':', 2)::bigint, 'C' || id, 'nothing' from made"""
    )
    with book.case.engine.begin() as connection:
        first, *others = case_threads.stale(connection, day(CRITICAL))
    (restricted,) = book.case.ask(
        "select t.message_id from threads t join cases c on c.id = t.case_id where restricted"
    )
    assert (first.message_id, len(others) >= 12) == (restricted, True)


def test_a_slack_channel_that_is_gone_is_asked_once_and_the_others_are_kept_true(book: Book) -> None:
    book.live(CRITICAL)
    book.case.say(
        """with made as (
             insert into messages (key, kind, channel, day, due_at, state, remote_ref)
             select m.key || ':' || n, kind, channel, day, due_at, state, m.remote_ref || n
             from messages m, generate_series(1, 5) n where m.kind = 'thread' and m.key ~ '45$' returning id, key)
           insert into threads (message_id, case_id, place)
           select made.id, t.case_id, t.place from made join threads t on t.place = '45'"""
    )
    book.slack.conversations[HERE].archived = True
    assert book.case.acknowledge(CRITICAL, "Wed 25 Mar 2026").code == 0
    book.case.say("update threads set shown = ''")
    book.slack.calls.clear()
    book.deliver(CRITICAL, 300)
    assert len([1 for method, _ in book.slack.calls if method == "chat.update"]) == 2, "once for each channel"
    assert "Joint review by police and CPS" in words(book.parent(THERE))


def test_the_buttons_of_a_thread_stay_good_while_something_is_owed(book: Book) -> None:
    book.live(LEAD)
    for later in range(1, 40):
        on = day(LEAD) + timedelta(days=later)
        deliver(configured(), at_london(on))
        for key in buttons(book.parent()):
            assert tokens.read(key, Purpose.BUTTON, on).expires_on >= on + timedelta(days=13)


def test_a_slack_that_is_asked_to_change_too_much_is_left_in_peace_until_the_next_time(book: Book) -> None:
    book.live(CRITICAL)
    book.case.say("update threads set shown = ''")
    book.slack.calls.clear()
    book.slack.plan.append(Fault("429", "before", "chat.update"))
    book.deliver(CRITICAL, 300)
    assert book.slack.asked("chat.update") == []
    book.deliver(CRITICAL, 600)
    assert len(book.slack.asked("chat.update")) == 2


def test_people_are_told_the_same_in_slack_as_by_mail_each_once(book: Book) -> None:
    book.live(CRITICAL)
    told = [words(post) for post in book.slack.direct("U0SP1")]
    assert sum("(A1): critically overdue" in each for each in told) == 1
    assert book.case.ask(
        """select n.channel, n.state from notifications n join obligations o on o.id = n.obligation_id
           where n.contact_ref = 'SP1' and o.rule = 'action' order by 1"""
    ) == [("email", State.SHOWN.value), ("slack", State.SENT.value)]


def test_no_name_address_or_free_text_reaches_slack(book: Book) -> None:
    assert book.case.acknowledge("Tue 17 Mar 2026", "Thu 19 Mar 2026").code == 0
    book.live(CRITICAL)
    book.live(LEAD)
    everything = str(book.slack.calls) + str(book.slack.posts())
    assert "45/45/1234" in everything
    for secret in ("Robin", "robin@", "Secret Words", "CCTV", "at_once:", "letter:", "SP1", '"P1"'):
        assert secret not in everything.replace("U0SP1", "").replace("D0SP1", ""), secret


def test_what_ends_before_it_was_posted_is_not_posted_and_begins_no_thread(book: Book) -> None:
    book.begin_anew()
    book.case.round(CRITICAL)
    digests.group(configured(), day(CRITICAL), at_london(day(CRITICAL)))
    finished = "finalised_on = '2026-03-19', finalised_reason = 'charged_and_disposed'"
    book.case.say(f"update cases set {finished}, projection = 'changed'")
    book.case.round(CRITICAL)
    before = len(book.slack.posts(HERE) + book.slack.posts(THERE))
    book.deliver(CRITICAL)
    book.deliver(CRITICAL, 300)
    assert len(book.slack.posts(HERE) + book.slack.posts(THERE)) == before
    told = book.case.ask(
        "select distinct kind, state, reason from messages where kind in ('thread', 'post') and day = '2026-03-19'"
    )
    assert ("thread", "silent", "all of it has ended") in told
    assert {state for _, state, _ in told} == {"silent"}


@pytest.mark.parametrize(
    ("reason", "ended", "looked_at"),
    [
        ("administrative", "2026-03-20", True),
        ("charged_and_disposed", "2026-03-20", True),
        ("charged_and_disposed", "2026-02-02", False),
    ],
    ids=["it owes something", "it did until today", "it did long ago"],
)
def test_a_thread_of_a_case_finalised_long_ago_is_looked_at_while_it_owes_something(
    book: Book, reason: str, ended: str, looked_at: bool
) -> None:
    book.live(CRITICAL)
    finished = f"finalised_on = '2026-02-02', finalised_reason = '{reason}'"
    book.case.say(f"update cases set {finished}, projection = 'changed'")
    book.case.round("Fri 20 Mar 2026")
    book.case.say(f"update obligations set ended_on = '{ended}' where ended_on is not null")
    with book.case.engine.begin() as connection:
        assert bool(case_threads.stale(connection, day("Fri 20 Mar 2026"))) is looked_at


def test_a_thread_that_fell_silent_is_begun_by_what_is_escalated_later(book: Book) -> None:
    book.begin_anew()
    book.case.round(CRITICAL)
    digests.group(configured(), day(CRITICAL), at_london(day(CRITICAL)))
    book.case.say("update cases set restricted = true")
    book.deliver(CRITICAL)
    book.deliver(CRITICAL, 300)
    book.case.say("update cases set restricted = false")
    assert len([post for post in book.slack.posts(HERE) if "thread_ts" not in post]) == 1, "the one of before"
    book.live(LEAD)
    begun = [post for post in book.slack.posts(HERE) if "thread_ts" not in post]
    assert len(begun) == 2
    assert book.case.ask("select key from messages where key like 'thread:%:45:1'") != []


def test_a_step_that_was_taken_on_before_it_was_posted_is_not_posted(book: Book) -> None:
    book.case.round(CRITICAL)
    digests.group(configured(), day(CRITICAL), at_london(day(CRITICAL)))
    assert book.case.acknowledge(CRITICAL, "Wed 25 Mar 2026").code == 0
    book.deliver(CRITICAL)
    assert "Outstanding action (A1)" not in "".join(book.steps())
    assert "taken this on until Wed 25 Mar 2026" in words(book.parent())


def test_a_lost_conversation_is_opened_again_when_its_message_is_revived(book: Book) -> None:
    before = len(book.slack.direct("U0SP1"))
    lost = book.slack.conversations.pop("D0SP1")
    delivered = book.live(CRITICAL)
    ((key, reason),) = [each for each in delivered.dead if "SP1" in each[0]]
    assert "channel_not_found" in reason
    assert book.case.cli("outbox", "--requeue", key).code == 0
    book.case.say("update messages set due_at = '2026-03-19T08:00Z' where state = 'queued'")
    book.deliver(CRITICAL, 300)
    assert len(book.slack.direct("U0SP1")) == 1
    assert len(lost.messages) == before


def test_operations_read_in_their_slack_channel_what_they_are_mailed(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_slack(monkeypatch, book.slack, OPERATIONS="C0OPERATE")
    book.slack.channel("C0OPERATE")
    tell_operations("daily:19", "412 of 412 open cases\nforce 45", day(CRITICAL))
    for later in (0, 300):
        book.deliver(CRITICAL, later)
    assert [words(post).splitlines()[:2] for post in book.slack.posts("C0OPERATE")] == [
        ["412 of 412 open cases", "force 45"]
    ]


def test_slack_that_is_down_stops_no_mail_and_what_waits_goes_out_when_it_is_back(book: Book) -> None:
    book.slack.plan.extend([Fault("ok:token_revoked")] * 20)
    delivered = book.live(CRITICAL)
    assert "token_revoked" in delivered.sentence
    assert delivered.counts.get(State.SHOWN)
    assert book.slack.posts() == before_the_day(book)
    book.slack.plan.clear()
    later = book.deliver(CRITICAL, 3600)
    assert later.counts.get(State.SENT)
    assert "45/45/1234: Outstanding action (A1): notice to the SPOC" in book.steps()


def before_the_day(book: Book) -> list[Any]:
    start = at_london(day(CRITICAL)).timestamp()
    return [post for post in book.slack.posts() if float(post["ts"]) < start]


def test_slack_that_is_switched_off_leaves_its_rows_silent_with_the_reason(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.case.round(CRITICAL)
    digests.group(configured(), day(CRITICAL), at_london(day(CRITICAL)))
    for name in ("TOKEN", "APP_TOKEN", "CHANNELS"):
        monkeypatch.delenv(f"CASEBEAT_SLACK__{name}")
    book.deliver(CRITICAL)
    assert book.case.ask(
        "select distinct state, reason from messages where channel = 'slack' and day = '2026-03-19'"
    ) == [("silent", "slack is not set up")]
