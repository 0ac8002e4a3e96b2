"""Recording the outcome of a case at its sitting, and its consequences."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from config.days.london import at_london
from config.doors import Door
from config.sittings import ReviewDecision
from flows.configured import configured
from models.rules.people.act import Act
from models.rules.references import CaseReference, SittingCaseReference
from models.rules.reviews.record_review import ReviewReport
from tasks.reviews.record_review import record_review
from tests.worlds.days import day, row
from tests.worlds.one_case import CASE, OneCase
from tests.worlds.panels import TUESDAYS, PanelWorld
from tests.worlds.sittings import ALONE, HELD, NOT_REACHED, convene, owed, record, sits, sitting

TUESDAY = "Tue 17 Mar 2026"
REF = "45-south-east-2026-03-17"
REVIEW = "JR-45-south-east-2026-03-17-45/1234"


@pytest.fixture
def virtual(monkeypatch: pytest.MonkeyPatch, database):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    return database


@pytest.fixture
def book(virtual, run_cli) -> OneCase:
    """The case sits on Tuesday 17 March; the round of that day has run."""
    one = OneCase(virtual, run_cli)
    sits(one, TUESDAY)
    one.round(TUESDAY)
    return one


def reviews(book):
    return book.ask(
        """select r.review_ref, s.name, r.kind, r.held_on, r.police_attended, r.cps_attended, r.withdrawn_on is null
           from reviews r join sources s on s.id = r.source_id order by 1"""
    )


def actions(book):
    return book.ask(
        """select a.action_ref, a.kind, a.owner_agency, a.owner_ref, a.raised_on, a.due_on, a.withdrawn_on is null
           from actions a join sources s on s.id = a.source_id where s.name = 'casebeat' order by 1"""
    )


def convening(book):
    return book.ask('select "end", ended_on from convenings order by id')


def outcomes(book):
    return book.ask("select held, police_attended, cps_attended, decisions, by_ref, stands from outcomes order by id")


def why_not(book):
    return book.ask("select why_not_stalking_on, as_sent from cases")[0]


def test_what_was_held_quorate_counts_from_the_sittings_day(book):
    ran = record(book, REF, *HELD, as_of="Wed 18 Mar 2026")
    assert ran.code == 0, ran.err
    assert ran.out == f"The joint review of {CASE} on {TUESDAY} is recorded as held, with police and CPS.\n"
    assert reviews(book) == [(REVIEW, "casebeat", "joint", day(TUESDAY), True, True, True)]
    assert convening(book) == [("held", day("Wed 18 Mar 2026"))]
    assert owed(book) == [(day("Tue 31 Mar 2026"), 2)]
    assert owed(book, "outcome-unrecorded") == []
    assert book.ask("select end_reason from obligations where rule = 'outcome-unrecorded'") == ["met"]
    assert book.ask("select verb, by, ref, reason, detail->>'decisions' from audit where about = 'outcome'") == [
        ("alteration", "SP1", f"{REF}/45/1234:1", "record-review", '["continue"]')
    ]


def test_the_outcome_is_owed_by_the_chairs_agency_until_it_is_recorded(book):
    assert book.ask(
        "select subject, owed_by, due_on from obligations where rule = 'outcome-unrecorded' and ended_on is null"
    ) == [(f"sitting:{REF}", "police", day("Wed 18 Mar 2026"))]
    book.rounds("Wed 18 Mar 2026", "Fri 20 Mar 2026")
    assert [step[1] for step in book.steps("outcome-unrecorded")] == ["reminder", "overdue", "critical"]


def test_the_outcome_is_owed_no_more_where_the_case_was_moved_to_another_sitting(book):
    later = sitting(book, "Tue 24 Mar 2026")
    book.say("update convenings set ended_on = '2026-03-16', \"end\" = 'moved'")
    convene(book, later)
    assert book.cli("obligations", "--as-of", "2026-03-17").code == 0
    assert book.ask(
        "select subject, end_reason from obligations where rule = 'outcome-unrecorded' order by subject"
    ) == [(f"sitting:{REF}", "withdrawn"), (f"sitting:{later}", None)]


def test_what_one_side_held_alone_is_kept_and_does_not_count(book):
    ran = record(book, REF, *ALONE, as_of="Wed 18 Mar 2026")
    assert ran.out == (
        f"The joint review of {CASE} on {TUESDAY} is recorded as held, with police alone. "
        "It does not count: the review is still owed.\n"
    )
    assert reviews(book) == [(REVIEW, "casebeat", "joint", day(TUESDAY), True, False, True)]
    assert convening(book) == [("not_held", day("Wed 18 Mar 2026"))]
    assert owed(book) == [(day("Mon 16 Mar 2026"), 1)]
    assert owed(book, "outcome-unrecorded") == []


def test_what_was_not_reached_leaves_no_review(book):
    ran = record(book, REF, *NOT_REACHED, as_of=TUESDAY)
    assert "is recorded as not reached. It does not count" in ran.out
    assert reviews(book) == []
    assert convening(book) == [("not_held", day(TUESDAY))]


def test_what_it_asks_for_becomes_actions_of_its_owners_agencies_and_submitting_adds_a_referral(book):
    ran = record(
        book, REF, "--held", "--police", "--cps", "--decision", "further_actions", "--decision", "submit_to_cps",
        "--action", "cell_site,P1,2026-04-14", "--action", "DISCLOSURE_SCHEDULE,C1,31/03/2026", as_of=TUESDAY,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert ran.out.endswith(f"Raised: {REVIEW}-1, {REVIEW}-2, {REVIEW}-3.\n")
    assert actions(book) == [
        (f"{REVIEW}-1", "DISCLOSURE_SCHEDULE", "cps", "C1", day(TUESDAY), day("Tue 31 Mar 2026"), True),
        (f"{REVIEW}-2", "CELL_SITE", "police", "P1", day(TUESDAY), day("Tue 14 Apr 2026"), True),
        (f"{REVIEW}-3", "REFERRAL", "police", None, day(TUESDAY), day("Tue 24 Mar 2026"), True),
    ]
    live = book.ask(
        "select subject, owed_by, due_on from obligations where rule = 'action' and ended_on is null order by subject"
    )
    assert [one[1:] for one in live if one[0].startswith("action:JR")] == [
        ("cps", day("Tue 31 Mar 2026")),
        ("police", day("Tue 14 Apr 2026")),
        ("police", day("Tue 24 Mar 2026")),
    ]


def test_such_an_action_is_reported_as_done_as_any_other_is(book):
    record(book, REF, "--held", "--police", "--cps", "--decision", "submit_to_cps", as_of=TUESDAY)
    ran = book.cli("complete-action", CASE, f"{REVIEW}-1", "--by", "P1", "--as-of", "2026-03-19")
    assert ran.code == 0, ran.err
    assert ran.out == f"{REVIEW}-1 of {CASE} is recorded as done on Thu 19 Mar 2026. It was raised here at a review.\n"
    assert book.ask(f"select end_reason from obligations where rule = 'action' and subject = 'action:{REVIEW}-1'") == [
        "met"
    ]
    told = book.explain("Thu 19 Mar 2026").out
    assert f"P1 said that action {REVIEW}-1 was done on Thu 19 Mar 2026. It stands.\n" in told


def test_a_rationale_is_the_cases_own_from_the_sittings_day_and_what_its_source_sent_is_still_known(book):
    record(book, REF, *HELD, "--pattern", "harassment_with_rationale", as_of="Wed 18 Mar 2026")
    assert why_not(book) == (day(TUESDAY), {"why_not_stalking_on": None})
    record(book, REF, *HELD, "--pattern", "stalking", as_of="Thu 19 Mar 2026")
    assert why_not(book) == (None, None)


def test_a_later_rationale_of_the_source_wins(book):
    book.say("update cases set why_not_stalking_on = '2026-03-18'")
    record(book, REF, *HELD, "--pattern", "harassment_with_rationale", as_of="Wed 18 Mar 2026")
    assert why_not(book) == (day("Wed 18 Mar 2026"), None)


def test_proposing_to_end_it_changes_no_fact_and_is_shown(book):
    before = book.ask("select finalised_on, classification, why_not_stalking_on from cases")
    record(book, REF, "--held", "--police", "--cps", "--decision", "nfa_proposed", "--decision", "close", as_of=TUESDAY)
    assert book.ask("select finalised_on, classification, why_not_stalking_on from cases") == before
    assert actions(book) == []
    assert (
        f"* {TUESDAY}: SP1 said that the joint review of {TUESDAY} (meeting {REF}) was held, with police and CPS; "
        "decided: no further action proposed, close. It stands. What is proposed takes effect once the source "
        "finalises the case.\n"
    ) in book.explain(TUESDAY).out


def test_what_was_seen_of_the_lines_of_enquiry_is_kept_shown_and_audited(book):
    ran = record(book, REF, *HELD, "--enquiries", "gaps_found", as_of=TUESDAY)
    assert ran.code == 0, ran.err
    assert book.ask("select enquiries from outcomes") == ["gaps_found"]
    assert book.ask("select detail->>'enquiries' from audit where about = 'outcome'") == ["gaps_found"]
    assert "; decided: continue; the lines of enquiry: gaps were found. It stands.\n" in book.explain(TUESDAY).out
    record(book, REF, *HELD, "--enquiries", "all_pursued", as_of="Wed 18 Mar 2026")
    assert book.ask("select enquiries, stands from outcomes order by id") == [
        ("gaps_found", False), ("all_pursued", True),
    ]  # fmt: skip
    refused = record(book, REF, "--not-held", "--enquiries", "not_looked_at", as_of="Wed 18 Mar 2026")
    assert (refused.code, "leave out the lines of enquiry" in refused.err) == (2, True)


def test_the_same_record_again_changes_nothing_whoever_makes_it_and_whenever(book):
    said = ("--held", "--police", "--cps", "--decision", "further_actions", "--action", "CCTV,P1,2026-03-18")
    record(book, REF, *said, as_of=TUESDAY)
    before = outcomes(book), actions(book), book.ask("select count(*) from audit where about = 'outcome'")
    ran = record(book, REF, *said, by="CS1", as_of="Mon 23 Mar 2026")
    assert ran.code == 0, ran.err
    assert ran.out == (
        f"The joint review of {CASE} on {TUESDAY} is recorded as held, with police and CPS already. "
        "Nothing was changed.\n"
    )
    assert (outcomes(book), actions(book), book.ask("select count(*) from audit where about = 'outcome'")) == before


def test_a_correction_takes_its_place_and_its_effects_follow(book):
    said = ("--held", "--police", "--cps", "--decision", "further_actions", "--decision", "submit_to_cps")
    record(book, REF, *said, "--action", "CCTV,P1,2026-03-24", "--action", "CELL_SITE,P1,2026-04-14", as_of=TUESDAY)
    book.cli("complete-action", CASE, f"{REVIEW}-1", "--by", "P1", "--as-of", "2026-03-18")
    ran = record(
        book, REF, *said[:5], "--action", "CCTV,P1,2026-03-24", "--action", "BANK_RECORDS,P1,2026-04-14",
        as_of="Wed 25 Mar 2026",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert [(one[0][-1], one[1], one[-1]) for one in actions(book)] == [
        ("1", "CCTV", True),
        ("2", "CELL_SITE", False),
        ("3", "REFERRAL", False),
        ("4", "BANK_RECORDS", True),
    ]
    assert book.ask(f"select status from actions where action_ref = '{REVIEW}-1'") == ["done"]
    assert [one[3:] for one in outcomes(book)] == [
        (["submit_to_cps", "further_actions"], "SP1", False),
        (["further_actions"], "SP1", True),
    ]


def test_what_turns_out_not_to_have_been_held_is_owed_again(book):
    record(book, REF, *HELD, "--pattern", "harassment_with_rationale", as_of=TUESDAY)
    assert owed(book) == [(day("Tue 31 Mar 2026"), 2)]
    record(book, REF, "--not-held", as_of="Wed 18 Mar 2026")
    assert reviews(book)[0][-1] is False
    assert convening(book) == [("not_held", day(TUESDAY))]
    assert owed(book) == [(day("Mon 16 Mar 2026"), 3)]
    assert why_not(book) == (None, None)


def test_what_was_thought_not_held_and_was_counts_after_all(book):
    record(book, REF, "--not-held", as_of=TUESDAY)
    record(book, REF, *HELD, as_of="Wed 18 Mar 2026")
    assert convening(book) == [("held", day(TUESDAY))]
    assert owed(book) == [(day("Tue 31 Mar 2026"), 2)]


def test_one_that_was_given_up_as_unrecorded_may_still_be_recorded(book):
    book.say("update convenings set ended_on = '2026-03-19', \"end\" = 'unrecorded'")
    assert record(book, REF, *HELD, as_of="Fri 20 Mar 2026").code == 0
    assert convening(book) == [("held", day("Thu 19 Mar 2026"))]


@pytest.mark.parametrize("by", ["SP1", "P1", "S1", "L1", "CS1", "M1"])
def test_whoever_answers_for_the_case_on_either_side_may_record_it(book, by):
    assert record(book, REF, *HELD, by=by, as_of=TUESDAY).code == 0


@pytest.mark.parametrize(
    ("said", "more", "says"),
    [
        row("a stranger", HELD, {"by": "P9"}, "P9 is not a known contact who is active on Tue 17 Mar 2026."),
        row("no such case", HELD, {"case": "45/none"}, "There is no case 45/none in the book."),
        row("no such sitting", HELD, {"ref": "45-x"}, f"{CASE} is not before the sitting 45-x. It was convened to"),
        row("an owner nobody knows", (*HELD, "--decision", "further_actions", "--action", "CCTV,P9,2026-03-24"), {},
            "P9, the owner of CCTV, is not a known contact"),
        row("no action at all", (*HELD, "--action", "CCTV"), {}, '"CCTV" is no action. Write KIND,OWNER_REF,DAY'),
        row("no such day", (*HELD, "--action", "CCTV,P1,soon"), {}, '"soon" is not a day.'),
        row("before the last round", HELD, {"as_of": "Mon 16 Mar 2026"}, "last round (Tue 17 Mar 2026)"),
    ],
)  # fmt: skip
def test_what_cannot_be_so_is_refused_and_nothing_is_done(book, said, more, says):
    given = {"as_of": TUESDAY, "ref": REF} | more
    ran = record(book, given.pop("ref"), *said, **given)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert outcomes(book) == reviews(book) == actions(book) == []
    assert book.ask("select count(*) from sources") == [1]


def test_every_reason_is_given_at_once(book):
    err = record(book, REF, "--held", "--police", "--decision", "not_reached", as_of=TUESDAY).err
    assert "whether it attended" in err
    assert "not reached was not held" in err
    assert err.strip().endswith("Nothing was done.")


def test_a_case_that_was_moved_away_did_not_sit_there(book):
    book.say("update convenings set ended_on = '2026-03-16', \"end\" = 'moved'")
    assert "is not before the sitting" in record(book, REF, *HELD, as_of=TUESDAY).err


def recording(decision, by="SP1"):
    word, act = ReviewReport(by, True, True, True, frozenset({decision})), Act(by, Door.COMMAND, "someone")
    return record_review(
        configured(),
        SittingCaseReference(REF, CaseReference("45", "45/1234")),
        word,
        act,
        day(TUESDAY),
        at_london(day(TUESDAY)),
    ).new


def test_two_who_record_it_at_once_record_it_once(book):
    with ThreadPoolExecutor(3) as at_once:
        made = at_once.map(lambda by: recording(ReviewDecision.CONTINUE, by), ["SP1", "CS1", "P1"])
        assert sorted(made) == [False, False, True]
    assert len(outcomes(book)) == 1


def test_of_two_different_records_at_once_the_later_holds(book):
    with ThreadPoolExecutor(2) as at_once:
        assert list(at_once.map(recording, [ReviewDecision.CONTINUE, ReviewDecision.SUBMIT_TO_CPS])) == [True, True]
    assert sorted(one[-1] for one in outcomes(book)) == [False, True]
    stands = next(one[3] for one in outcomes(book) if one[-1])
    assert [one[-1] for one in actions(book)] == ["submit_to_cps" in stands]  # the referral is withdrawn with its word


def test_what_is_killed_in_between_leaves_nothing(book, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("tasks.reviews.record_review.notify_leads", killed)
    with pytest.raises(KeyboardInterrupt):
        recording(ReviewDecision.SUBMIT_TO_CPS)
    assert outcomes(book) == reviews(book) == actions(book) == []
    assert convening(book) == [(None, None)]
    assert book.ask("select projection from cases") == ["evaluated"]


def test_what_was_not_held_is_convened_again_at_once(virtual, run_cli, tmp_path, monkeypatch):
    world = PanelWorld(virtual, run_cli, tmp_path, monkeypatch)
    world.panels(TUESDAYS)
    world.rounds("Mon 9 Mar 2026", "Tue 10 Mar 2026")
    assert world.history("45/1234") == [("03-10", "due", None)]
    ref = "45-south-east-2026-03-10"
    assert record(world, ref, "--not-held", as_of="Tue 10 Mar 2026").code == 0
    assert world.history("45/1234") == [("03-10", "due", "not_held"), ("03-17", "not_held", None)]
    assert owed(world, "outcome-unrecorded") == [(day("Wed 18 Mar 2026"), 1)]
    assert record(world, ref, *HELD, as_of="Wed 11 Mar 2026").code == 0
    assert world.history("45/1234")[0] == ("03-10", "due", "held")
    assert owed(world) == [(day("Tue 24 Mar 2026"), 2)]
