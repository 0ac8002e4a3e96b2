"""The demo's book has a case for each matter that is easily missed, and Casebeat says there what is owed."""

import re
from datetime import date
from pathlib import Path

import pytest

from tasks.demo.examples import examples
from tasks.demo.rows import FORCE

pytestmark = pytest.mark.timeout(900)  # the first test lives three weeks of a whole force
LAST_DAY = "2026-04-12"
GUIDE = Path(__file__).parents[3] / "docs" / "operate.md"


@pytest.fixture
def owed(weeks):
    """Find what the case of an example owed under a rule, by its days: each version's due day and how it ended."""

    def find(example, rule):
        found = weeks.ask(
            """select o.due_on, o.end_reason from obligations o join cases c on c.id = o.case_id
               where c.case_ref = :case and o.rule = :rule order by o.subject, o.version""",
            case=weeks.book.examples[example],
            rule=rule,
        )
        return dict(found)

    return find


@pytest.fixture
def explained(weeks, at_the_end):
    """Explain the case of an example as of the last day, as the command does."""
    return lambda example: at_the_end("explain", f"{FORCE}/{weeks.book.examples[example]}", "--as-of", LAST_DAY)


def test_every_example_is_a_case_of_its_own(weeks):
    assert set(weeks.book.examples) == set(examples())
    assert len(set(weeks.book.examples.values())) == len(examples())


def test_a_breach_is_said_on_the_next_morning_and_while_nobody_confirms_the_grade(owed, explained):
    example = "a breach asks on the next morning whether the grade is right"
    assert owed(example, "danger") == {date(2026, 3, 23): None}
    said = explained(example)
    assert "A breach was reported on Sun 22 Mar. Graded standard" in said
    assert "confirmed Wed 18 Mar" in said


def test_harassment_by_a_former_partner_is_watched_for_safety(owed, explained):
    example = "harassment by a former partner is watched as stalking"
    assert date(2026, 3, 17) in owed(example, "risk-assessment")
    assert owed(example, "joint-review") == {}
    presumed = "Recorded as harassment, and watched as stalking until the reason why it is not"
    assert presumed in explained(example)


def test_a_wanted_suspect_is_looked_for(owed):
    assert None in owed("a wanted suspect is looked for", "suspect-wanted").values()


def test_a_note_of_an_earlier_limit_silences_no_later_one(owed):
    found = owed("a note of an earlier time limit silences no later one", "summary-time-limit")
    assert date(2026, 6, 1) in found  # of the act on 1 December


def test_a_later_incident_moves_no_limit_from_a_recorded_last_act(owed):
    found = owed("a later incident does not move a time limit, and is named", "summary-time-limit")
    assert next(iter(found)) == date(2026, 5, 28)


def test_a_later_incident_is_named_as_a_possibility(explained):
    said = explained("a later incident does not move a time limit, and is named")
    assert "if the incident of Tue 3 Mar 2026 belongs to the same course of conduct" in said


def test_a_case_classified_as_other_has_the_clock_of_its_offence(owed):
    found = owed("a time limit goes by the offence code, not by the classification", "summary-time-limit")
    assert set(found) == {date(2026, 5, 23)}


def test_a_charge_of_assault_ends_no_six_months(owed):
    assert date(2026, 4, 24) in owed("a charge of another offence ends no time limit", "summary-time-limit")


def test_a_charge_without_a_code_is_asked_for(owed):
    assert date(2026, 3, 23) in owed("the offence of a charge is asked for", "charge-code-unknown")


def test_where_the_code_of_a_charge_is_not_sent_the_limit_ends_as_unseen(owed):
    found = owed("the offence of a charge cannot be seen, and neither can the time limit", "summary-time-limit")
    assert found == {date(2026, 5, 13): "unseen"}


def test_bail_that_ends_by_charge_ends_as_met(owed):
    found = owed("bail that ends by the charge is no alarm", "bail-end")
    assert set(found.values()) - {"moved"} == {"met"}


def test_bail_without_an_end_is_asked_for(owed):
    assert date(2026, 3, 24) in owed("the end of bail is asked for", "bail-end-unknown")


def test_custody_without_a_limit_is_asked_for(owed):
    assert date(2026, 3, 23) in owed("the custody time limit is asked for", "custody-limit-unknown")


def test_an_order_of_a_closed_case_is_watched_until_it_ends(owed):
    assert owed("a restraining order outlives its case", "order-expiry") == {date(2026, 4, 17): None}


def test_a_closed_case_with_an_order_about_to_end_is_explained(explained):
    said = explained("a restraining order outlives its case")
    assert "\nFinalised " in said
    assert "\nOWED (1)\n\n* End of a protective order" in said
    assert "\n  Due:       Fri 17 Apr 2026: order expires Fri 17 Apr 2026." in said


def test_the_victim_of_a_closed_case_is_told_of_its_order(owed):
    assert date(2026, 3, 23) in owed("the victim is told of an order, though the case is closed", "order-told")


def test_an_order_is_served_within_two_working_days(owed):
    assert date(2026, 3, 24) in owed("a protection order is served on the suspect", "order-served")


def test_the_subject_of_a_closed_cases_order_has_three_days_for_the_notification(owed):
    example = "the notification after a protection order is watched, though the case is closed"
    assert date(2026, 3, 22) in owed(example, "spo-notification")


def test_an_order_of_an_earlier_case_does_not_satisfy_todays(owed):
    found = owed("a restraining order of an earlier case does not satisfy today's", "restraining-order")
    assert date(2026, 3, 31) in found  # ten working days before the hearing on 16 April


def test_a_checklist_that_is_not_sent_is_never_called_complete(owed, explained):
    example = "what a referral's checklist lacks cannot be seen"
    assert owed(example, "referral-checklist") == {}
    assert "cannot be seen: referrals.csv of cms-ls has no column checklist_missing" in explained(example)


def test_a_risk_assessment_alone_does_not_answer_a_breach(owed):
    assert date(2026, 3, 23) in owed("a risk assessment alone does not answer a breach", "breach-unanswered")


def test_a_protection_order_is_considered_again_at_the_next_incident(owed):
    found = owed("a protection order is considered again at the next incident", "spo-considered")
    assert date(2026, 3, 25) in found


def test_no_further_action_is_reviewed_and_told(owed):
    assert date(2026, 3, 23) in owed("no further action is reviewed, and the victim is told", "nfa-review")


def test_a_case_closed_administratively_owes_a_joint_review(owed):
    assert date(2026, 3, 23) in owed("a case is not closed in silence", "closed-silently")


def test_prosecutors_say_why_a_charge_is_not_stalking(owed):
    assert date(2026, 3, 23) in owed("prosecutors too say why a case is not stalking", "charge-not-stalking")


def test_any_referral_asks_why_a_case_is_not_stalking(owed):
    assert date(2026, 3, 24) in owed("a referral asks why the case is not stalking", "why-not-stalking")


def test_cctv_is_asked_for_in_five_days(owed):
    assert date(2026, 3, 24) in owed("CCTV is asked for within five days", "action")


def test_a_charge_is_made_within_a_week_at_high_risk(owed):
    assert date(2026, 3, 25) in owed("an authorised charge is made within days at high risk", "awaiting-charge")


def test_a_plea_to_a_lesser_stalking_offence_is_a_matter(owed):
    assert date(2026, 3, 23) in owed("a plea to a lesser stalking offence is a matter", "plea")


def test_the_victim_is_told_of_a_charge(owed):
    assert date(2026, 3, 23) in owed("the victim is told of a charge", "victim-told")


def test_the_victims_views_on_bail_are_asked(owed):
    assert date(2026, 3, 23) in owed("the victim's views on bail are asked", "bail-views")


def test_a_release_at_high_risk_is_reviewed(owed):
    assert date(2026, 3, 24) in owed("a release without bail at high risk is reviewed", "release-review")


def test_a_case_that_is_opened_again_owes_new_versions_beside_its_history(owed, weeks):
    (found,) = weeks.ask(
        """select count(*) filter (where o.end_reason = 'finalised') > 0, bool_or(o.version > 1 and o.ended_on is null)
           from obligations o join cases c on c.id = o.case_id where c.case_ref = :case and o.rule = 'joint-review'""",
        case=weeks.book.examples["a case that is opened again takes up what it owes"],
    )
    assert found == (True, True)


def test_an_order_of_a_transferred_case_stays_watched(owed):
    assert None in owed("an order of a transferred case stays watched", "order-expiry").values()


def test_a_barred_colleague_is_told_of_the_officers_other_cases_alone(weeks):
    book, ref = weeks.book, weeks.book.examples["a barred colleague hears nothing"]
    (barred,) = book.cases[ref].case.barred_refs
    told = dict(
        weeks.ask(
            """select c.case_ref, count(*) from notifications n join obligations o on o.id = n.obligation_id
               join cases c on c.id = o.case_id where n.contact_ref = :barred group by c.case_ref""",
            barred=barred,
        )
    )
    others = {one for one, file in book.cases.items() if file.case.oic_ref == book.cases[ref].case.oic_ref} - {ref}
    assert ref not in told
    assert others & set(told)


def test_harassment_that_may_be_stalking_is_listed_with_cases_of_the_same_suspect(weeks, at_the_end):
    told = at_the_end("pattern", "--as-of", LAST_DAY)
    assert re.search(rf"[2-9] incidents since .*; same suspect as {FORCE}/\d+", told)
    combined = (
        "select count(*) from audit where verb = 'combination' and reason = 'same_suspect' and to_ref is not null"
    )
    assert weeks.ask(combined) != [0]


def without_references(text):
    return re.sub(r"\b(?:45/|45EX|OR|IN|P45-|CSE-|CLS-)\w+", "REF", text)


def shown(after):
    """The block that the guide for operations shows after these words."""
    return GUIDE.read_text("utf-8").partition(after)[2].split("```\n")[1]


def test_the_guide_shows_the_coverage_of_the_demos_sources(at_the_end):
    assert shown("`casebeat coverage` shows what") == at_the_end("coverage")


def test_the_guide_shows_the_explanation_of_a_closed_case_with_an_order_about_to_end(explained):
    said = explained("a restraining order outlives its case").partition("\nOWES NOTHING")[0]
    assert without_references(shown("An order outlives its case.")) == without_references(said)
