"""The fields of one obligation in a message: each from its version as it is on the message's day."""

from datetime import UTC, datetime, timedelta

import pytest

from config.terms import Addressee, Agency, EndReason, Happening, OwedBy, Risk, Severity
from flows.configured import configured
from models.queries.obligations.obligation_views import Reader
from models.rules.obligations.ending import Ending
from tasks.messages.contexts import ItemPromise, ItemSitting, Ower, TriedStep
from tasks.messages.itemising import item, reference, stands
from tasks.messages.offers import NO_OFFER, Offer
from tests.worlds.days import day, row
from tests.worlds.messages import ENDED, TODAY, view

READER = Reader(
    "P1", Agency.POLICE, "NAME", "p1@surrey.police.uk", frozenset({"officer"}), ("45",), (), restricted_access=False
)


OFFER = Offer(day("Thu 19 Mar 2026"), done=True, not_mine=True, show=True)


def shown(one=None, reader=READER, offer=OFFER, *, news=True, **changed):
    return item(configured(), one or view(**changed), reader, TODAY, offer, news=news)


NO_CASE = {"rule": "spoc-vacancy", "with_case_ref": None, "with_force_code": "45", "with_subject": "police:45"}


def test_a_reference_is_force_and_case_or_the_first_two_parts_of_a_subject():
    assert reference(view().matter) == "45/45/1"
    assert reference(view(**NO_CASE).matter) == "police 45"
    assert reference(view(**{**NO_CASE, "with_subject": "feed:cms:se"}).matter) == "feed cms:se"


def test_what_a_case_owes_has_its_risk_and_version_and_what_no_case_owes_has_neither():
    of_case, other = shown(), shown(**NO_CASE)
    assert (of_case.risk, of_case.of_case, of_case.obligation_id) == (Risk.HIGH, True, 1)
    assert (other.risk, other.of_case, other.obligation_id, other.owers) == (None, False, 0, ())
    assert (of_case.subject, other.subject) == ("", "")
    assert shown(with_subject="action:A:1").subject == "A:1"


@pytest.mark.parametrize(
    ("due", "late", "since"),
    [
        row("long before", 9, Severity.NOT_DUE_YET, TODAY + timedelta(days=9)),
        row("before its first step", 3, Severity.DUE_SOON, TODAY + timedelta(days=3)),
        row("on its day", 0, Severity.DUE_SOON, TODAY),
        row("the day after", -1, Severity.OVERDUE, TODAY),
        row("before its escalation", -2, Severity.OVERDUE, TODAY - timedelta(days=1)),
        row("escalated", -3, Severity.CRITICALLY_OVERDUE, TODAY),
        row("long escalated", -9, Severity.CRITICALLY_OVERDUE, TODAY - timedelta(days=6)),
    ],
)
def test_how_late_it_is_and_since_when(due, late, since):
    made = shown(due=due)
    assert (made.severity, made.since, made.days) == (late, since, -due)


def test_what_escalates_on_its_due_day_is_critically_overdue_from_the_day_after():
    made = shown(due=-2, with_escalate_on=TODAY - timedelta(days=2))
    assert (made.severity, made.since) == (Severity.CRITICALLY_OVERDUE, TODAY - timedelta(days=1))


def test_days_to_do_it_in_are_working_days_up_to_the_last_one_not_after_its_day():
    on_sunday = shown(due=3)  # a Thursday's message; Sunday
    assert (on_sunday.due_on, on_sunday.do_by, on_sunday.working_days) == (
        day("Sun 15 Mar 2026"), day("Fri 13 Mar 2026"), 1,
    )  # fmt: skip


OWERS = {"with_oic_ref": "O1", "with_supervisor_ref": "S1", "with_prosecutor_ref": "C1"}


@pytest.mark.parametrize(
    ("changed", "owers"),
    [
        row("police", {"owed_by": OwedBy.POLICE}, [("officer", "O1")]),
        row("CPS", {"rule": "charging-decision", "owed_by": OwedBy.CPS}, [("prosecutor", "C1")]),
        row("both", {"rule": "joint-review", "owed_by": OwedBy.BOTH}, [("officer", "O1"), ("prosecutor", "C1")]),
        row("a supervisor", {"rule": "supervisor-review", "owed_by": OwedBy.POLICE}, [("supervisor", "S1")]),
        row("nobody recorded", {"with_oic_ref": None}, [("officer", "")]),
        row("an action's owner", {"with_owner_ref": "P9"}, [("action", "P9")]),
        row("a sitting's chair", {"with_chair_ref": "K1", "with_owner_ref": "P9"}, [("chair", "K1")]),
    ],
)
def test_who_owes_it(changed, owers):
    people = {ref: ("", f"{ref}@surrey.police.uk", None) for _, ref in owers}
    found = shown(**{**OWERS, **changed}, with_people=people).owers
    assert [(ower.role, ower.ref, ower.unreached) for ower in found] == [(*each, "") for each in owers]


def test_who_owes_it_and_is_no_contact_has_no_address():
    (ower,) = shown(**OWERS, with_people={"S1": ("Another", "s1@surrey.police.uk", None)}).owers
    assert (ower.ref, ower.unreached) == ("O1", "no_address")


def test_who_owes_it_has_the_name_of_their_contact():
    people = {"O1": ("Jo  Smith", "jo@surrey.police.uk", None), "S1": ("Another", "", None)}
    assert shown(**OWERS, with_people=people).owers == (
        Ower(role="officer", ref="O1", name="Jo Smith", email="jo@surrey.police.uk"),
    )


@pytest.mark.parametrize(("days", "unreached"), [(-1, "left"), (0, ""), (1, "")])
def test_who_owes_it_has_left_after_their_last_day(days, unreached):
    last = (TODAY + timedelta(days=days)).isoformat()
    (ower,) = shown(**OWERS, with_people={"O1": ("Jo Smith", "jo@surrey.police.uk", last)}).owers
    assert ower.unreached == unreached


@pytest.mark.parametrize(
    ("step", "risk", "name", "at_once"),
    [
        row("none", 0, Risk.HIGH, "", False),
        row("the first", 1, Risk.HIGH, "reminder", False),
        row("the last, at once for high risk", 4, Risk.HIGH, "unresolved", True),
        row("the last, with the others for medium", 4, Risk.MEDIUM, "unresolved", False),
        row("beyond the ladder", 5, Risk.HIGH, "", False),
    ],
)
def test_the_step_that_is_news_and_whether_it_is_told_at_once(step, risk, name, at_once):
    made = shown(step=step, with_risk=risk)
    assert (made.step, made.at_once, made.news) == (name, at_once, True)


def test_what_is_only_part_of_a_standing_has_no_step_and_no_note():
    made = shown(step=4, note="no officer is recorded", news=False)
    assert (made.step, made.at_once, made.note, made.news) == ("", False, "", False)
    assert shown(note="promise lapsed; no officer is recorded; ").note == "no officer is recorded"


def test_steps_before_this_one_were_tried_and_this_one_too_if_it_is_repeated():
    days = (TODAY - timedelta(days=5), None, TODAY - timedelta(days=1), TODAY)
    tried = [TriedStep(step="reminder", on=days[0]), TriedStep(step="critical", on=days[2])]
    assert shown(step=4, with_taken_on=days).tried == tuple(tried)
    assert shown(step=3, with_taken_on=days).tried == tuple(tried)
    assert shown(step=1, with_taken_on=(TODAY,)).tried == ()
    assert shown(step=2, with_taken_on=(TODAY, TODAY)).tried == (TriedStep(step="reminder", on=TODAY),)


def test_what_has_ended_shows_its_end_and_nothing_of_what_would_follow():
    made = shown(**ENDED, with_sits_at=datetime(2026, 3, 17, 10, tzinfo=UTC))
    ending = Ending(reason=EndReason.MET, ended_on=TODAY, fact="the action was done", fact_on=TODAY - timedelta(days=1))
    assert (made.ended, made.told_on) == (ending, TODAY - timedelta(days=9))
    assert (made.following, made.command, made.reply, made.sits) == (None, "", None, None)
    assert shown(with_end_reason=EndReason.MET).ended is None


@pytest.mark.parametrize(
    ("changed", "sits"),
    [
        row("without a sitting", {}, ItemSitting(ref="", at=None, full_to=None)),
        row(
            "at a sitting",
            {"with_sitting_ref": "45-1", "with_sits_at": datetime(2026, 3, 17, 10, tzinfo=UTC)},
            ItemSitting(ref="45-1", at=datetime(2026, 3, 17, 10, tzinfo=UTC), full_to=None),
        ),
        row("up to today", {"with_last_sitting_on": TODAY}, ItemSitting(ref="", at=None, full_to=None)),
        row(
            "all full", {"with_last_sitting_on": TODAY + timedelta(days=1)},
            ItemSitting(ref="", at=None, full_to=TODAY + timedelta(days=1)),
        ),
    ],
)  # fmt: skip
def test_a_joint_review_names_its_sitting_or_how_far_the_planned_ones_are_full(changed, sits):
    assert shown(rule="joint-review", owed_by=OwedBy.BOTH, **changed).sits == sits
    assert shown(**changed).sits is None
    assert shown(rule="joint-review", owed_by=OwedBy.BOTH, **changed, **ENDED).sits is None


SUM = [["raised", "2026-03-01", "14d", "2026-03-15", ""]]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        row("not hard", {}, ""),
        row("hard", {"hard": True}, "raised Sun 1 Mar 2026 + 14 days = Sun 15 Mar 2026"),
        row(
            "hard, with a note", {"hard": True, "with_note": "sent late"},
            "raised Sun 1 Mar 2026 + 14 days = Sun 15 Mar 2026; sent late",
        ),
        row("of no case", NO_CASE, "raised Sun 1 Mar 2026 + 14 days = Sun 15 Mar 2026"),
    ],
)  # fmt: skip
def test_the_sum_of_a_hard_day_and_of_what_no_case_owes_is_shown(changed, sentence):
    assert shown(**changed, with_because=SUM).calculated_from == sentence


PROMISED = {"with_promised_until": TODAY + timedelta(days=1), "with_promised_role": "officer"}


def test_a_promise_is_shown_until_it_is_renewed():
    until = TODAY + timedelta(days=1)
    assert shown().promise is None
    assert shown(**PROMISED).promise == ItemPromise(until_on=until, role="officer", end=None)
    assert shown(**PROMISED, with_promise_end="lapsed").promise == ItemPromise(
        until_on=until, role="officer", end="lapsed"
    )
    assert shown(**PROMISED, with_promise_end="renewed").promise is None


def test_the_command_names_case_rule_reader_and_day():
    assert shown(due=-1).command == 'casebeat acknowledge 45/45/1 action --by P1 --until 2026-03-19 --reason "..."'
    assert " 45/45/1 'action/action:A 1' --by" in shown(with_subject="action:A 1").command


def test_there_is_no_command_for_what_no_case_owes_nor_without_a_reader_nor_while_a_promise_runs():
    assert shown(**NO_CASE).command == ""
    assert shown(reader=None).command == ""
    assert shown(offer=NO_OFFER).command == ""
    assert shown(**PROMISED).command == ""
    assert shown(**PROMISED, with_promise_end="lapsed").command != ""


def test_how_it_is_today_decides_whether_an_earlier_message_still_matters():
    matter = view(**PROMISED, hard=True, with_last_step=2).matter
    found = stands(configured(), matter, EndReason.MET, TODAY)
    assert (found.ended, found.hard, found.last_step) == (EndReason.MET, True, 2)
    assert found.acknowledged_until == TODAY + timedelta(days=1)


def test_an_actions_kind_is_on_one_line_and_other_duties_have_none():
    assert shown(with_kind="WITNESS\nSTATEMENT").kind == "WITNESS STATEMENT"
    assert shown().kind == ""


def test_a_first_step_that_is_told_at_once_is_so():
    assert shown(rule="feed-stale", step=1, with_case_ref=None, with_subject="feed:x").at_once


def test_the_next_step_is_told_to_those_of_its_own_and_after_the_last_none_follows():
    critical = shown(due=-3, with_last_step=2, with_taken_on=(TODAY - timedelta(days=6), TODAY - timedelta(days=2)))
    assert critical.following is not None
    assert (critical.following.step, critical.following.to) == (
        "critical", (Addressee.OWNER, Addressee.SUPERVISOR, Addressee.SPOC),
    )  # fmt: skip
    assert shown(due=-30, with_last_step=4, with_taken_on=(TODAY - timedelta(days=20),) * 4).following is None


@pytest.fixture
def replies(monkeypatch, tmp_path):
    """A reply mailbox, and the secret of its keys."""
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path))
    monkeypatch.setenv("CASEBEAT_REPLIES__HOST", "imap.surrey.police.uk")
    monkeypatch.setenv("CASEBEAT_REPLIES__USER", "replies")
    monkeypatch.setenv("CASEBEAT_REPLIES__PASSWORD", "secret")
    monkeypatch.setenv("CASEBEAT_REPLIES__ADDRESS", "replies@surrey.police.uk")


@pytest.mark.usefixtures("replies")
def test_with_replies_on_an_obligation_has_links_until_it_has_ended():
    links = shown(due=-1).reply
    assert links is not None
    assert (links.have_it_until, bool(links.done)) == (day("Thu 19 Mar 2026"), True)
    assert shown(**{**ENDED, "with_ended_on": None}).reply is None
    assert shown(with_ended_on=TODAY).reply is None
    assert shown(**NO_CASE).reply is None
    assert shown(reader=None).reply is None


@pytest.mark.parametrize(
    ("told", "news", "happening"),
    [
        row("told for the first time", TODAY, True, Happening.HANDED_OVER),
        row("told before: it was theirs", TODAY - timedelta(days=9), True, Happening.STEP),
        row("part of a standing", TODAY, False, Happening.STEP),
    ],
)
def test_what_is_handed_over_has_come_only_to_whom_it_was_not_already(told, news, happening):
    handed = {"happening": Happening.HANDED_OVER, "first_told_on": told}
    assert shown(**handed, news=news).happening is happening


@pytest.mark.parametrize(("news", "happening"), [(True, Happening.OPENED), (False, Happening.STEP)])
def test_that_a_case_has_opened_is_news_once_though_its_count_was_told_before(news, happening):
    opened = {"happening": Happening.OPENED, "first_told_on": TODAY - timedelta(days=9)}
    assert shown(**opened, news=news).happening is happening
