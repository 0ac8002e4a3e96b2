"""People answer in a rehearsal as in the weeks before it: at the same pace, by facts, and nothing else is made up."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from config.days.london import at_london
from config.rehearsal import Answers
from config.settings import settings
from flows.configured import configured
from flows.rehearsal import Trial, rehearse
from flows.rehearsed_days import WhatHappens, nothing, run_days
from flows.round_steps import whole_round
from models.queries.rehearsal.answers import PastSittings
from models.rules.rehearsal import AnswerPace
from tasks.intake.load import load_folders
from tasks.rehearsal.answering import chance, on_evenings
from tasks.rehearsal.assumption import NOBODY_ANSWERS, Assumption, RuleAnswers, as_before
from tasks.rehearsal.copied_book import copied, one_snapshot
from tasks.servers.database import transaction
from tests.support.every_table import every_table
from tests.worlds.extracts import a_case, a_contact, an_action, write

MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)
NEXT = date(2026, 3, 9)
OWED = "select count(*) from obligations where rule = 'action' and ended_on is null"


def actions(done: int, closed_on: str):
    """Twenty actions that are due on Friday, of which the first are done."""
    closed = {"status": "done", "closed_on": closed_on}
    return [
        an_action(f"A{n}", "C1", raised_on="2026-02-20", due_on="2026-03-06", **(closed if n < done else {}))
        for n in range(20)
    ] + [an_action(f"B{n}", "C1", raised_on="2026-03-02", due_on="2026-03-13") for n in range(40)]  # fmt: skip


@pytest.fixture
def book(database, tmp_path: Path, monkeypatch):
    """A case of which half of twenty actions were done on Thursday, the day before theirs; forty are due in a week."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    people = [a_contact("P1"), a_contact("SP1", roles="spoc")]
    for number, (day, done) in enumerate(((MONDAY, 0), (FRIDAY, 10), (NEXT, 10)), 1):
        rows = {"contacts.csv": people, "cases.csv": [a_case(opened_on="2026-03-02")]}
        extract = write(
            tmp_path / day.isoformat(), rows | {"actions.csv": actions(done, "2026-03-05")}, number=number,
            extracted_at=f"{day}T05:10:00+00:00",
        )  # fmt: skip
        (loaded,) = load_folders(configured(), [extract], at_london(day))
        assert (loaded.sentence, loaded.rejected) == ("", 0)
        whole_round(configured(), day, at_london(day))
    return database


def tried(answers: Answers, weeks: int = 1):
    return rehearse(
        configured(), Trial(settings().policy, None, NEXT + timedelta(days=1), weeks, answers), lambda *_: None
    )


def test_half_of_what_falls_due_is_answered_where_half_was_before(book):
    before = every_table(book)
    nobody, made = tried(Answers.NOBODY), tried(Answers.AS_BEFORE)
    assert every_table(book) == before
    assert made.today == made.other
    (action,) = [one for one in made.people.rules if one.rule == "action"]
    assert (action.pace, action.own) == (AnswerPace(((-1, 0.5),), 20), True)
    assert nobody.people == NOBODY_ANSWERS


def test_what_is_answered_is_owed_no_more_after_the_next_round(book):
    first = NEXT + timedelta(days=1)
    with one_snapshot() as whole, copied(whole.id) as connection:
        people = as_before(configured(), whole.connection, first)
        before = on_evenings(configured(), people, first + timedelta(days=6))
        run_days(configured(), first, 7, WhatHappens(before=before), nothing)
        left = connection.scalar(text(OWED))
    assert 10 + 8 < left < 10 + 32  # of sixty; the ten that nobody did for their day stay, and half of the forty


def test_a_chance_is_made_of_what_is_owed_and_is_the_same_the_next_time():
    found = [chance("45", "C1", "action", f"action:{n}", None) for n in range(400)]
    assert 0 <= min(found) < max(found) < 1
    assert 160 < sum(one < 0.5 for one in found) < 240
    assert found[0] == chance("45", "C1", "action", "action:0", None)


def test_a_fact_is_written_on_the_evening_of_its_day_and_none_on_a_day_off(book):
    pace = RuleAnswers("action", "Outstanding action", AnswerPace(((-1, 1.0),), 20), own=True)
    first = NEXT + timedelta(days=1)
    with one_snapshot() as whole, copied(whole.id) as connection:
        before = on_evenings(configured(), Assumption(Answers.AS_BEFORE, (pace,)), first + timedelta(days=6))
        left = []
        for day in (first + timedelta(days=number) for number in range(5)):
            before(day)
            with transaction():
                left.append(connection.scalar(text("select count(*) from actions where status = 'pending'")))
        closed = connection.execute(text("select distinct closed_on from actions where action_ref like 'B%'")).all()
    assert left == [50, 50, 50, 10, 10]  # of Thursday evening, before Friday's round; what is past its pace stays
    assert closed == [(date(2026, 3, 12),)]


def test_a_rule_with_too_few_answers_takes_its_ladders_pace_and_the_law_clocks_stay_unanswered(book):
    with one_snapshot() as whole:
        found = as_before(configured(), whole.connection, NEXT + timedelta(days=1))
    borrowed = {one.rule: one for one in found.rules if not one.own}
    assert borrowed["plea"].pace.seen == borrowed["victim-told"].pace.seen > 20
    assert {"bail-end", "summary-time-limit", "feed-stale", "order-expiry"} <= set(found.never)
    assert found.sittings == PastSittings(0, 0)
    assert found.sittings_held == 0
    assert {one.rule for one in found.rules}.isdisjoint(found.never)


def test_the_command_names_who_answers(book, run_cli):
    asked = ("--weeks", "1", "--answers", "as-before", "--json", "--as-of", "2026-03-09")
    ran = run_cli("rehearse", str(settings().policy), *asked)
    made = json.loads(ran.out)
    assert made["answers"] == "as the last 8 weeks"
    (action,) = [one for one in made["answered"] if one["rule"] == "action"]
    assert action == {
        "rule": "action", "fell_due": 20, "own_pace": True, "by_its_day": 0.5, "10_working_days_later": 0.5,
    }  # fmt: skip
    assert "bail-end" in made["unanswered"]
    assert made["sittings"] == {"listed": 0, "held": 0}
    assert run_cli("rehearse", "x.yaml", "--answers", "everybody").code == 2


def test_of_the_cases_at_a_sitting_as_many_are_reviewed_as_were_before():
    assert Assumption(Answers.AS_BEFORE, sittings=PastSittings(5, 4)).sittings_held == 0.8
    assert Assumption(Answers.AS_BEFORE, sittings=PastSittings(4, 4)).sittings_held == 0.0
