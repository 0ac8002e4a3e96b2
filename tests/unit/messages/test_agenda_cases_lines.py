"""The lines of a case on an agenda: what they miss, their order, their keys, and what each side has to have to hand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from config.message_kinds import MessageKind
from config.sittings import ReviewDecision
from config.terms import ActionSource, ActionStatus, Agency, OwedBy, SuspectStatus
from flows.configured import configured
from models.queries.reviews.agenda import LastAgenda, LastReviewRow
from models.rules.reviews.agenda_order import Urgency
from models.rules.reviews.stage import Stage
from models.rules.sight import Sight
from tasks.messages.agenda.cases import keys, on_agenda, place
from tasks.messages.rendering import render
from tasks.platform.text import brief
from tests.worlds.days import row
from tests.worlds.facts import action, defendant, incident, joint, order, plea, referral, suspect
from tests.worlds.messages import HELD, OPENED, SITTING, TODAY, known, owed, shown
from tests.worlds.samples import AGENDA, BUSY, CALM

RECORDED = LastReviewRow(HELD, True, True, (ReviewDecision.SUBMIT_TO_CPS,), None, None, "RV1")


def asked(**changed: object):
    return action(raised_on=HELD, ref="A1", source=ActionSource.JOINT_REVIEW, **changed)


def test_orders_are_listed_by_the_day_on_which_they_expire_and_one_without_an_end_comes_last() -> None:
    ends = {"O4": None, "O3": 9, "O5": 3, "O2": 9}
    orders = [
        order(made_on=OPENED, ref=ref, expires_on=None if days is None else TODAY + timedelta(days=days))
        for ref, days in ends.items()
    ]
    assert [one.ref for one in shown(known(orders=orders)).orders] == ["O5", "O2", "O3", "O4"]


def said_of(**facts: object) -> str:
    return render(MessageKind.AGENDA, replace(AGENDA, cases=(shown(known(**facts)),))).text


def test_each_suspect_has_a_place_a_day_and_an_end_of_bail_and_each_defendant_what_cps_says_of_custody() -> None:
    on, ends = brief(OPENED, TODAY), brief(TODAY, TODAY)
    suspects = [
        suspect(ref="S1", status=SuspectStatus.CUSTODY, status_on=OPENED, bail_ends_on=TODAY),
        suspect(ref="S2", status=SuspectStatus.BAIL, status_on=OPENED, bail_ends_on=TODAY),
        suspect(ref="S3", status=None),
        suspect(ref="S4", status=SuspectStatus.WANTED, status_on=OPENED, supplied=False),
    ]
    defendants = [
        defendant(ref="D1", in_custody=True, ctl_expires_on=TODAY),
        defendant(ref="D2", in_custody=True),
        defendant(ref="D3", in_custody=False),
        defendant(ref="D4", in_custody=None),
    ]
    said = said_of(suspect_rows=suspects, defendant_rows=defendants)
    assert f"\nSuspects: S1 in custody since {on}; S2 on bail since {on}, to {ends}; S3 no status recorded." in said
    assert f"\nDefendants, by CPS: D1 in custody, time limit ends {ends}; D2 in custody, no time limit" in said
    assert "D3 not in custody.\n" in said


def test_a_suspect_of_the_case_itself_has_a_line_without_a_reference_and_cps_has_none_where_it_says_nothing() -> None:
    assert "\nSuspect: no status recorded.\n" in said_of()
    assert "Suspect" not in said_of(finalised_on=TODAY)
    said = said_of(suspect_status=SuspectStatus.RUI, status_on=OPENED, in_custody=True)
    assert f"\nSuspect: released under investigation since {brief(OPENED, TODAY)}.\nDefendant, by CPS: in cust" in said


def test_that_nobody_is_in_custody_is_said_of_a_case_with_a_charge() -> None:
    assert "Defendant" not in said_of(in_custody=False)
    assert "\nDefendant, by CPS: not in custody.\n" in said_of(in_custody=False, charged_on=OPENED)


def test_a_suspect_whose_status_no_source_sends_has_no_line() -> None:
    blind = known()._replace(facts=known().facts._replace(sight=Sight({}, {}, {})))
    assert "Suspect" not in render(MessageKind.AGENDA, replace(AGENDA, cases=(shown(blind),))).text


def test_a_suspect_who_is_somewhere_else_is_new() -> None:
    free = shown(known(suspect_status=SuspectStatus.BAIL, status_on=OPENED))
    stood = LastAgenda(True, frozenset(keys(free)))
    now = shown(known(stood=stood, suspect_status=SuspectStatus.AT_LARGE, status_on=HELD))
    said = render(MessageKind.AGENDA, replace(AGENDA, cases=(now,))).text
    assert f"\nSuspect: New: at large since {brief(HELD, TODAY)}.\n" in said


def missing(rule: str, subject: str, **facts: object) -> tuple[str, ...]:
    (line,) = shown(known(owed(rule, 1, subject=subject), **facts)).lines
    return line.missing


def test_a_referrals_line_has_the_missing_items_of_its_own_checklist() -> None:
    referrals = [
        referral(submitted_on=OPENED, ref="F1", missing=("C03", "C14")),
        referral(submitted_on=HELD, ref="F2", missing=("C05",)),
    ]
    assert missing("referral-checklist", "referral:F1", referrals=referrals) == ("C03", "C14")
    assert missing("charging-decision", "referral:F1", referrals=referrals) == ()


@pytest.mark.parametrize(
    ("done", "left"),
    [
        row("nothing", {}, ("victim_consulted", "rationale_recorded", "spoc_reviewed")),
        row("one", {"rationale_recorded_on": TODAY}, ("victim_consulted", "spoc_reviewed")),
        row("all", dict.fromkeys(("victim_consulted_on", "rationale_recorded_on", "spoc_reviewed_on"), TODAY), ()),
    ],
)
def test_a_pleas_line_has_its_own_missing_steps(done: dict[str, object], left: tuple[str, ...]) -> None:
    pleas = [plea(offered_on=OPENED, ref="L2"), plea(offered_on=OPENED, ref="L1", **done)]
    assert missing("plea", "plea:L1", pleas=pleas) == left
    assert missing("action", "action:L1", pleas=pleas) == ()


def test_what_is_as_late_as_another_comes_by_its_due_day_and_what_is_later_first() -> None:
    told = [owed("action", due, subject=f"action:{due}") for due in (2, -2, -8, 1, -1, -9)]
    assert [line.item.days for line in shown(known(*told)).police] == [9, 8, 2, 1, -1, -2]


def test_the_keys_of_a_case_tell_of_its_last_review_and_of_its_actions() -> None:
    plain, reviewed = (set(keys(shown(known(recorded=one)))) for one in (None, RECORDED))
    assert len(reviewed - plain) == 1
    acted, done = (
        set(keys(shown(known(recorded=RECORDED, actions=[asked(**given)]))))
        for given in ({}, {"status": ActionStatus.DONE, "closed_on": TODAY})
    )
    assert reviewed < acted
    assert acted != done


def test_keys_are_the_same_where_days_that_pass_change_the_order_of_lines() -> None:
    late, soon = (owed("action", due, subject=f"action:A{due}", escalate=by) for due, by in ((-4, 9), (-2, 0)))
    case = known(late, soon, orders=[order(made_on=OPENED)])
    days = [on_agenda(configured(), case, 1, SITTING, TODAY + timedelta(days=number)) for number in (0, 9)]
    assert [line.item.subject for line in days[0].lines] != [line.item.subject for line in days[1].lines]
    assert keys(days[0]) == keys(days[1])


def test_a_line_is_new_where_the_last_agenda_had_it_otherwise_unless_it_is_owed_some_day_again() -> None:
    stood = LastAgenda(True, frozenset(keys(shown(known(owed("action", 2, subject="action:A1"))))))
    moved = shown(known(owed("action", 1, subject="action:A1"), stood=stood))
    assert [key.split("|")[0] for key in moved.news] == ["owed"]
    assert moved.gone == ()


def test_an_obligation_that_is_gone_and_whose_rule_is_unknown_is_named_by_it() -> None:
    stood = LastAgenda(True, frozenset({"owed|of-old|2026-03-01||case", "owed|action|2026-03-01||action:A1"}))
    assert [(one.title, one.subject) for one in shown(known(stood=stood)).gone] == [
        ("Outstanding action", "A1"),
        ("of-old", ""),
    ]


def test_days_are_counted_since_the_case_was_opened_where_nobody_has_reviewed_it() -> None:
    never, once = shown(known()), shown(known(reviews=[joint(held_on=HELD)]))
    assert (never.reviewed_on, never.reviewed, never.open_days) == (None, (TODAY - OPENED).days, (TODAY - OPENED).days)
    assert (once.reviewed_on, once.reviewed) == (HELD, (TODAY - HELD).days)
    assert never.moved == (TODAY - never.moved_on).days


def test_a_case_takes_its_place_by_what_it_owes_on_that_day() -> None:
    late = known(owed("bail-end", 3, hard=True))
    assert place(late, TODAY).urgency is not place(known(), TODAY).urgency
    assert place(late, TODAY) < place(known(), TODAY)
    assert isinstance(shown(late).urgency, Urgency)


@pytest.mark.parametrize(
    ("since", "settled", "after"), [(HELD, HELD, False), (HELD, OPENED, True), (OPENED, HELD, False)]
)
def test_only_what_came_on_a_later_day_than_the_minutes_came_after_them(since, settled, after) -> None:
    assert shown(known(since=since), SITTING._replace(settled_on=settled)).after is after


def hand(**changed: object) -> tuple[set[str], set[str]]:
    made = replace(CALM, **changed)
    return set(made.police_hand), set(made.cps_hand)


LINE = replace(BUSY.lines[0], missing=())


def of(rule: str, **changed: object):
    return replace(LINE, item=replace(LINE.item, rule=rule), **changed)


def test_the_officer_has_actions_to_hand_where_police_owe_something_or_the_last_review_raised_one() -> None:
    last = shown(known(recorded=RECORDED)).last
    acted = shown(known(recorded=RECORDED, actions=[asked()])).last
    assert "actions" not in hand(last=None)[0] | hand(last=last)[0]
    assert "actions" in hand(last=acted)[0] & hand(police=(LINE,))[0]


def test_the_officer_has_the_referral_to_hand_while_it_is_with_cps_or_misses_anything() -> None:
    assert "referral" not in hand(gaps=(of("referral-checklist"),))[0]
    assert "referral" in hand(gaps=(LINE, of("referral-checklist", missing=("C03",))))[0]
    assert "referral" in hand(stage=Stage.WITH_CPS)[0]


def test_the_prosecutor_has_limits_and_the_action_plan_to_hand_where_there_are_any() -> None:
    assert not {"limits", "plan"} & hand(both=(LINE,))[1]
    assert "limits" in hand(clocks=(LINE,))[1]
    assert "plan" in hand(cps=(LINE, of("action-plan")))[1]
    assert {name: next(iter(hand(stage=name)[1])) for name in Stage} == {
        Stage.INVESTIGATION: "advice", Stage.WITH_CPS: "decision", Stage.AWAITING_CHARGE: "charge",
        Stage.CHARGED: "trial",
    }  # fmt: skip


def test_what_both_owe_beside_the_review_is_listed_as_shared() -> None:
    both = shown(known(owed("joint-review", 1, owed_by=OwedBy.BOTH), owed("action", 1, owed_by=OwedBy.BOTH)))
    assert [line.item.rule for line in both.shared] == ["action"]


def test_what_is_late_is_counted_from_the_day_after_its_due_day() -> None:
    assert shown(known(*(owed("action", due, subject=f"action:{due}") for due in (-2, -1, 0, 1)))).late == 2


def test_the_busiest_month_is_that_with_the_most_incidents() -> None:
    found = shown(known(incidents=[incident(reported_on=day) for day in (OPENED, HELD, TODAY)]))
    assert found.most == 2
    assert found.turns.now is Agency.POLICE
