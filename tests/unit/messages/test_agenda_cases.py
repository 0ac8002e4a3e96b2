"""One case on an agenda: each obligation once, under its heading; new lines; the outcome of the last review."""

import csv
import io
from dataclasses import replace

import pytest

from config.message_kinds import MessageKind
from config.sittings import Enquiries, ReviewDecision
from config.terms import ActionSource, ActionStatus, OrderKind, OwedBy
from flows.configured import configured
from models.queries.reviews.agenda import LastAgenda, LastReviewRow
from models.rules.reviews.agenda_question import Ask
from models.rules.reviews.stage import Stage
from tasks.messages.agenda.attached import COLUMNS
from tasks.messages.agenda.cases import keys, on_agenda
from tasks.messages.rendering import render
from tasks.platform.text import brief
from tests.worlds.days import day, row
from tests.worlds.facts import action, joint, order, referral
from tests.worlds.messages import HELD, OPENED, SITTING, TODAY, known, owed, shown
from tests.worlds.samples import AGENDA, BUSY, CALM


@pytest.mark.parametrize(
    ("told", "heading"),
    [
        row("a hard clock far off", owed("bail-end", 90, hard=True), "clocks"),
        row("a hard clock run out", owed("summary-time-limit", -1, hard=True, owed_by=OwedBy.BOTH), "clocks"),
        row("what police owe", owed("action", -1), "police"),
        row("what CPS owes", owed("charging-decision", 1, owed_by=OwedBy.CPS), "cps"),
        row("what both owe", owed("joint-review", 0, owed_by=OwedBy.BOTH), "both"),
        row("not due yet", owed("action", 9), "later"),
        row("the first day on which it is due soon", owed("action", 3), "police"),
        row("the protocol's, a recurring duty not due yet", owed("risk-assessment", 9), "later"),
        row("the protocol's, a recurring duty due soon", owed("risk-assessment", 3), "gaps"),
        row("the protocol's, what happens once", owed("plea", 9), "gaps"),
        row("an order that expires far off stands by itself", owed("order-expiry", 200, hard=True), None),
        row("an order that expires soon", owed("order-expiry", 3, hard=True), "gaps"),
        row("the outcome of another sitting", owed("outcome-unrecorded", -1, subject="sitting:other"), "police"),
        row("the outcome of this one", owed("outcome-unrecorded", 3, subject=f"sitting:{SITTING.ref}"), None),
    ],
)
def test_each_obligation_is_listed_once_under_its_heading(told, heading):
    found = shown(known(told))
    headings = ("clocks", "both", "police", "cps", "gaps", "later")
    assert {name for name in headings if getattr(found, name)} == ({heading} if heading else set())
    assert len(found.lines) == (heading is not None)


def test_what_is_latest_comes_first():
    told = [owed("action", due, subject=f"action:A{due}") for due in (1, -1, -9, 0, -5)]
    assert [line.item.subject for line in shown(known(*told)).police] == ["A-9", "A-5", "A-1", "A0", "A1"]


@pytest.mark.parametrize(
    ("due", "too_late"),
    [
        row("ran out", -1, False),
        row("today", 0, True),
        row("the day before the sitting", 4, True),
        row("its day", 5, False),
    ],
)
def test_a_clock_that_ends_before_the_sitting_is_said_to(due, too_late):
    (line,) = shown(known(owed("bail-end", due, hard=True))).clocks
    assert line.too_late is too_late


def test_days_that_pass_change_no_key_and_another_due_day_does():
    assert keys(shown(known(owed("action", -1)))) == keys(
        on_agenda(configured(), known(owed("action", -1)), 2, SITTING, HELD)
    )
    assert keys(shown(known(owed("action", -1)))) != keys(shown(known(owed("action", -2))))


def test_lines_that_the_last_agenda_did_not_have_are_new_and_its_other_lines_are_gone():
    before = shown(known(owed("action", -1, subject="action:A|1"), owed("joint-review", 5, owed_by=OwedBy.BOTH)))
    now = known(owed("joint-review", 5, owed_by=OwedBy.BOTH), owed("action", 4, subject="action:A2"),
                stood=LastAgenda(True, frozenset(keys(before))))  # fmt: skip
    found = shown(now)
    assert (found.first, found.came) == (False, False)
    assert {key.split("|")[-1] for key in found.news} == {"action:A2"}
    assert [(one.title, one.subject) for one in found.gone] == [("Outstanding action", "A|1")]


def test_a_duty_that_was_done_and_is_owed_again_some_day_is_no_news():
    before = shown(known(owed("victim-contact", -1)))
    again = known(owed("victim-contact", 27), owed("action", 20), stood=LastAgenda(True, frozenset(keys(before))))
    assert {key.split("|")[1] for key in shown(again).news} == {"action"}


def test_a_case_that_was_on_no_agenda_is_marked_and_none_of_its_lines():
    found = shown(known(owed("action", -1)))
    assert (found.first, found.news) == (True, frozenset())
    later = SITTING._replace(earlier_on=HELD)
    assert shown(known(), later).came
    assert shown(known(stood=LastAgenda(False, frozenset())), later).came
    assert not shown(known(stood=LastAgenda(True, frozenset())), later).came


@pytest.mark.parametrize(
    ("expires", "made", "days"),
    [
        row("without an end", None, OPENED, [None]),
        row("today is its last day", TODAY, OPENED, [0]),
        row("it ended yesterday", day("Wed 11 Mar 2026"), OPENED, []),
        row("it was not made", None, None, []),
        row("it is made today", None, TODAY, [None]),
        row("it is made tomorrow", None, day("Fri 13 Mar 2026"), []),
    ],
)
def test_the_orders_in_force_are_shown_with_the_days_left(expires, made, days):
    found = shown(known(orders=[order(made_on=made, expires_on=expires, kind=OrderKind.SPO)]))
    assert [one.days for one in found.orders] == days


def test_an_order_that_its_source_has_withdrawn_is_not_shown_as_in_force():
    withdrawn = order(made_on=OPENED, kind=OrderKind.SPO, supplied=False)
    assert shown(known(orders=[withdrawn])).orders == ()


def test_an_order_is_expiring_in_its_last_four_weeks():
    ends = [day("Thu 9 Apr 2026"), day("Fri 10 Apr 2026")]
    found = shown(known(orders=[order(made_on=OPENED, expires_on=on) for on in ends]))
    assert [(one.days, one.expiring) for one in found.orders] == [(28, True), (29, False)]


def review_of(recorded=None, **facts):
    return shown(known(recorded=recorded, **facts)).last


DECIDED = LastReviewRow(HELD, True, True, (ReviewDecision.SUBMIT_TO_CPS,), None, Enquiries.GAPS_FOUND, "RV1")


def test_the_last_review_is_the_latest_and_an_extracts_of_a_later_day_decided_nothing_that_is_known():
    assert review_of() is None
    last = review_of(DECIDED)
    assert (last.on, last.decisions, last.referred_on) == (HELD, (ReviewDecision.SUBMIT_TO_CPS,), None)
    same = joint(held_on=day("Wed 18 Feb 2026"))._replace(ref="RV1")
    assert review_of(DECIDED, reviews=[same]).decisions == (ReviewDecision.SUBMIT_TO_CPS,)
    later = review_of(DECIDED, reviews=[joint(held_on=day("Wed 18 Feb 2026"))])
    assert (later.on, later.quorate, later.decisions) == (day("Wed 18 Feb 2026"), True, ())
    assert review_of(DECIDED, reviews=[joint(held_on=HELD)]).decisions == (ReviewDecision.SUBMIT_TO_CPS,)


def test_whether_what_was_decided_was_done_is_told():
    source = ActionSource.JOINT_REVIEW
    last = review_of(
        DECIDED,
        referrals=[referral(submitted_on=OPENED), referral(submitted_on=day("Mon 2 Mar 2026"), ref="F2")],
        actions=[
            action(raised_on=HELD, ref="A1", source=source, due_on=TODAY),
            action(raised_on=HELD, ref="A2", source=source, status=ActionStatus.DONE, closed_on=TODAY, due_on=OPENED),
            action(raised_on=OPENED, ref="A3", source=source),
            action(raised_on=HELD, ref="A4"),
            action(raised_on=HELD, ref="A5", source=source, supplied=False),
        ],
    )
    assert last.referred_on == day("Mon 2 Mar 2026")
    assert [(one.ref, one.status, one.on) for one in last.actions] == [("A1", "pending", TODAY), ("A2", "done", TODAY)]


def test_a_case_has_the_minutes_of_its_slot():
    found = on_agenda(configured(), known(slot=3), 4, SITTING, TODAY)
    assert (f"{found.starts_at:%H:%M}", f"{found.ends_at:%H:%M}") == ("10:30", "10:40")


@pytest.mark.parametrize(
    ("since", "settled", "after"),
    [
        row("it was there when the minutes were given", OPENED, OPENED, False),
        row("it came the day after", HELD, OPENED, True),
        row("the minutes are not given yet", HELD, None, False),
    ],
)
def test_a_case_that_came_after_the_minutes_were_given_is_marked(since, settled, after):
    assert shown(known(since=since), SITTING._replace(settled_on=settled)).after is after


def test_the_joint_review_itself_is_no_question_and_what_is_owed_the_longest_is():
    found = shown(known(owed("joint-review", -9, owed_by=OwedBy.BOTH), owed("action", -5, subject="action:A1")))
    assert (found.ask, found.asked.item.subject) == (Ask.OWED, "A1")
    assert (shown(known()).ask, shown(known()).asked) == (Ask.STAGE, None)
    assert shown(known(recorded=DECIDED)).ask is Ask.SUBMISSION


def test_the_bars_of_all_cases_have_one_scale():
    assert "".join(BUSY.bars) == "▁▁▁▁▁▂▁▂▂▁▃▃"
    assert set(CALM.bars) == {"▁"}
    months = [(first, number) for (first, _), number in zip(BUSY.pattern.months, (0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32,
              99), strict=True)]  # fmt: skip
    busy = replace(BUSY, pattern=BUSY.pattern._replace(months=tuple(months)))
    assert busy.steps == (0, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6)


def test_each_side_reads_what_to_have_to_hand():
    assert BUSY.police_hand == ("safety", "enquiries", "actions", "orders", "referral")
    assert CALM.police_hand == ("safety", "enquiries")
    assert BUSY.cps_hand == ("decision", "limits")
    stages = {Stage.INVESTIGATION: "advice", Stage.AWAITING_CHARGE: "charge", Stage.CHARGED: "trial"}
    assert {stage: replace(CALM, stage=stage).cps_hand for stage in stages} == {
        stage: (key,) for stage, key in stages.items()
    }


def test_a_day_goes_without_its_year_where_that_is_the_agendas():
    assert (brief(TODAY, OPENED), brief(day("Wed 31 Dec 2025"), TODAY)) == ("Thu 12 Mar", "Wed 31 Dec 2025")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "%", "|"])
def test_no_cell_of_the_list_is_run_as_a_formula_and_each_row_has_every_column(start):
    spoilt = replace(BUSY, reference=f"{start}cmd\r\n=cmd")
    rows = list(csv.reader(io.StringIO(render(MessageKind.AGENDA, replace(AGENDA, cases=(spoilt, CALM))).csv or "")))
    assert rows[0] == list(COLUMNS)
    assert {len(one) for one in rows} == {len(COLUMNS)}
    assert len(rows) == 1 + len(BUSY.lines) + 1
    assert all(one[3].startswith("'") and "\n" not in one[3] for one in rows[1:-1])


def test_hostile_references_add_no_tag():
    spoilt = replace(BUSY, reference="<b>x</b>{{7*7}}", urn="<i>", orders=(replace(BUSY.orders[0], ref="<script>"),))
    html = render(MessageKind.AGENDA, replace(AGENDA, cases=(spoilt,), place="<u>")).html
    for tag in ("<b>x", "<i>", "<script", "<u>", "49"):
        assert tag not in html.split("</style>")[1].replace("#46535f", "")
