"""The demo's book has a case for each matter that is easily missed, and Casebeat says there what is owed."""

from datetime import date

import pytest

from tasks.demo.examples.every import EXAMPLES

pytestmark = pytest.mark.timeout(900)  # the first test lives three weeks of a whole force


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


def test_every_example_is_a_case_of_its_own(weeks):
    assert set(weeks.book.examples) == set(EXAMPLES)
    assert len(set(weeks.book.examples.values())) == len(EXAMPLES)


def test_a_note_of_an_earlier_limit_silences_no_later_one(owed):
    found = owed("a note of an earlier time limit silences no later one", "summary-time-limit")
    assert date(2026, 6, 1) in found  # of the act on 1 December


def test_a_later_incident_moves_no_limit_from_a_recorded_last_act(owed):
    found = owed("a later incident does not move a time limit, and is named", "summary-time-limit")
    assert set(found) == {date(2026, 5, 28)}


def test_a_case_classified_as_other_has_the_clock_of_its_offence(owed):
    found = owed("a time limit goes by the offence code, not by the classification", "summary-time-limit")
    assert set(found) == {date(2026, 5, 23)}


def test_a_charge_of_assault_ends_no_six_months(owed):
    assert date(2026, 4, 24) in owed("a charge of another offence ends no time limit", "summary-time-limit")


def test_a_charge_without_a_code_is_asked_for(owed):
    assert date(2026, 3, 23) in owed("the offence of a charge is asked for", "charge-code-unknown")


def test_bail_that_ends_by_charge_ends_as_met(owed):
    found = owed("bail that ends by the charge is no alarm", "bail-end")
    assert set(found.values()) - {"moved"} == {"met"}


def test_bail_without_an_end_is_asked_for(owed):
    assert date(2026, 3, 24) in owed("the end of bail is asked for", "bail-end-unknown")


def test_custody_without_a_limit_is_asked_for(owed):
    assert date(2026, 3, 23) in owed("the custody time limit is asked for", "custody-limit-unknown")


def test_a_checklist_that_is_not_sent_owes_nothing_and_is_never_called_complete(owed, weeks):
    example = "what a referral's checklist lacks cannot be seen"
    assert owed(example, "referral-checklist") == {}
    assert owed(example, "charging-decision") != {}


def test_a_case_closed_administratively_owes_a_joint_review(owed):
    assert date(2026, 3, 23) in owed("a case is not closed in silence", "closed-silently")


def test_cctv_is_asked_for_in_five_days(owed):
    assert date(2026, 3, 24) in owed("CCTV is asked for within five days", "action")


def test_a_charge_is_made_within_a_week_at_high_risk(owed):
    assert date(2026, 3, 25) in owed("an authorised charge is made within days at high risk", "awaiting-charge")


def test_a_case_that_is_opened_again_owes_new_versions_beside_its_history(owed, weeks):
    (found,) = weeks.ask(
        """select count(*) filter (where o.end_reason = 'finalised') > 0, bool_or(o.version > 1 and o.ended_on is null)
           from obligations o join cases c on c.id = o.case_id where c.case_ref = :case and o.rule = 'joint-review'""",
        case=weeks.book.examples["a case that is opened again takes up what it owes"],
    )
    assert found == (True, True)


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
