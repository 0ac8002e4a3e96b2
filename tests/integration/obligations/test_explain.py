"""Explaining a case, on a real book: all of its facts and obligations, as text and as JSON."""

import json

import pytest

from config.settings import settings
from tests.worlds.one_case import CASE, OneCase


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch, database, run_cli) -> OneCase:
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    return OneCase(database, run_cli, urn_key_id=None)


def told(book, on, *more):
    ran = book.explain(on, *more)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def owed(book, on, rule):
    found = json.loads(told(book, on, "--json"))
    (one,) = [each for each in found["owed"] if each["rule"] == rule]
    return one


def link(book, case_ref="44/1", **facts):
    """Give the case a URN, and link another with it."""
    book.say("insert into case_keys (urn_root) values ('45AB1234526')")
    book.case(case_ref, **facts)
    book.say("update cases set urn_key_id = (select id from case_keys where urn_root is not null)")
    book.changed()


def test_a_fresh_case_is_projected_first_and_its_sums_are_said(book):
    out = told(book, "Mon 2 Mar 2026")
    assert out.startswith(
        f"{CASE} on Mon 2 Mar 2026\nStalking, high risk, opened Mon 2 Mar 2026, CPS Area South East.\n"
        "Leading SPOCs: police nobody is named; CPS nobody is named.\nSuspect: no status recorded.\n\nOWED (8)\n"
    )
    assert "* Joint review by police and CPS: not due yet\n" in out
    assert "case opened Mon 2 Mar 2026 + 10 working days = Mon 16 Mar 2026; no incident since." in out
    assert "(protocol, code or guidance); the number of days is a local standard (rule joint-review" in out
    assert "Moved:     its day has never moved." in out
    assert "Notices:   none so far." in out
    assert out.endswith("\n\nFacts come from niche-45 (police), last extract Mon 2 Mar 2026 at 05:00 GMT.\n")


def test_the_last_extract_is_named(book):
    book.say(
        """insert into extracts (extract_id, content, source_name, state, extracted_at, judged_at, counts)
           values ('niche-45-0302', 'x', 'niche-45', 'loaded', '2026-03-02T05:00Z', '2026-03-02T05:01Z', '{}')"""
    )
    assert told(book, "Mon 2 Mar 2026").endswith("last extract Mon 2 Mar 2026 at 05:00 GMT (niche-45-0302).\n")


def test_a_file_that_a_source_of_the_case_leaves_out_is_named_with_the_day_of_its_facts(book):
    book.say(
        """insert into sources (name, agency, covers, first_loaded_at, last_extracted_at)
           values ('silent-45', 'police', '{45}', '2026-03-02T05:00Z', '2026-03-02T05:00Z')"""
    )
    book.say(
        """insert into source_files (source_id, file, sent_at, left_out_at)
           select id, 'actions.csv', '2026-02-27T05:00Z', '2026-03-02T05:00Z' from sources"""
    )
    told_of = told(book, "Mon 2 Mar 2026").rpartition(" at 05:00 GMT.\n")[2]
    assert told_of == "As of Fri 27 Feb 2026: actions.csv of niche-45, left out of its extracts since Mon 2 Mar 2026.\n"


def test_a_joint_review_held_and_an_incident_since_are_both_in_the_sum(book):
    book.belongs(
        "reviews", review_ref="R1", kind="joint", held_on="2026-03-02", police_attended=True, cps_attended=True
    )
    assert "last joint review Mon 2 Mar 2026 + 10 working days = Mon 16 Mar 2026; no incident since." in told(
        book, "Mon 2 Mar 2026"
    )
    book.belongs("incidents", incident_ref="I1", occurred_on="2026-03-02", reported_on="2026-03-03", breach=False)
    out = told(book, "Tue 3 Mar 2026")
    assert "first incident reported since Tue 3 Mar 2026 + 5 working days = Tue 10 Mar 2026" in out
    assert "its day has moved once." in out
    assert "Pattern: 1 incident.\n  Mon 2 Mar 2026: I1, reported Tue 3 Mar 2026\n" in out
    assert "* Joint review by police and CPS, version 1, due Mon 16 Mar 2026: its day moved (since Tue 3 Mar).\n" in out


def test_steps_taken_and_to_come_have_their_days(book):
    book.round("Tue 17 Mar 2026")
    action = owed(book, "Tue 17 Mar 2026", "action")
    assert action["severity"] == "overdue"
    assert [(step["step"], step["on"], step["outcome"]) for step in action["steps"]] == [
        ("reminder", "2026-03-17", "superseded"),
        ("overdue", "2026-03-17", "taken"),
    ]
    assert [(step["step"], step["on"]) for step in action["coming"]] == [
        ("critical", "2026-03-19"),
        ("unresolved", "2026-03-26"),
    ]
    out = told(book, "Tue 17 Mar 2026")
    assert "Notices:   Tue 17 Mar 2026: reminder superseded by overdue notice\n" in out
    assert (
        "To come:   Thu 19 Mar 2026: notice to the SPOC, told to whoever owes it, the supervisor and the SPOC\n" in out
    )


def test_what_is_said_to_come_is_what_rounds_then_do(book):
    book.round("Mon 2 Mar 2026")
    foretold = [(step["step"], step["on"]) for step in owed(book, "Mon 2 Mar 2026", "action")["coming"]]
    book.rounds("Tue 3 Mar 2026", "Thu 26 Mar 2026")
    assert [(name, on.isoformat()) for on, name, outcome, _ in book.steps()] == foretold


def test_after_the_last_step_it_says_where_the_obligation_stays(book):
    book.rounds("Tue 17 Mar 2026", "Thu 26 Mar 2026")
    assert "To come:   no further notice. It stays on each week's standing until it ends." in told(
        book, "Thu 26 Mar 2026"
    )


def test_a_promise_is_shown_with_its_reason_and_the_silence_it_made(book):
    book.round("Tue 17 Mar 2026")
    book.acknowledge("Tue 17 Mar 2026", "Tue 24 Mar 2026")
    book.rounds("Wed 18 Mar 2026", "Thu 19 Mar 2026")
    out = told(book, "Thu 19 Mar 2026")
    assert (
        "Promise:   P1 on Tue 17 Mar 2026, until Tue 24 Mar 2026; it stands. Reason given: Secret Words of hers\n"
        in out
    )
    assert "           Thu 19 Mar 2026: notice to the SPOC not said: acknowledged until Tue 24 Mar 2026\n" in out
    assert (
        "* Thu 19 Mar 2026: action (action:A1), notice to the SPOC: not said (acknowledged until Tue 24 Mar 2026)"
        in out
    )
    assert "To come:   Wed 25 Mar 2026: notice to the SPOC, told to" in out
    book.rounds("Fri 20 Mar 2026", "Wed 25 Mar 2026")
    assert "it ended on Wed 25 Mar 2026: the promised day passed and it is still owed." in told(book, "Wed 25 Mar 2026")


def test_a_lapse_to_come_is_foretold(book):
    book.rounds("Tue 17 Mar 2026", "Thu 19 Mar 2026")
    book.acknowledge("Thu 19 Mar 2026", "Mon 23 Mar 2026")
    assert "Tue 24 Mar 2026: notice to the SPOC once more, because a promise will have lapsed, told to" in told(
        book, "Thu 19 Mar 2026"
    )
    book.rounds("Fri 20 Mar 2026", "Tue 24 Mar 2026")
    said = "* Tue 24 Mar 2026: action (action:A1), notice to the SPOC once more, because a promise lapsed, to P1 as"
    assert said in told(book, "Tue 24 Mar 2026")


def test_everything_said_names_contacts_by_reference_and_never_by_name(book):
    book.round("Tue 17 Mar 2026")
    out = told(book, "Tue 17 Mar 2026")
    assert "* Tue 17 Mar 2026: action (action:A1), overdue notice, to S1 as the supervisor by email: waiting" in out
    assert "Robin" not in out
    assert "@" not in out


def test_the_next_hearing_is_named_until_it_is_over(book):
    assert "earing" not in told(book, "Mon 2 Mar 2026").partition("OWED")[0]
    book.belongs("cps_cases", next_hearing_on="2026-03-03")
    assert "\nNext hearing Tue 3 Mar 2026.\n" in told(book, "Tue 3 Mar 2026")
    assert "\nNo next hearing is recorded after that of Tue 3 Mar 2026.\n" in told(book, "Wed 4 Mar 2026")


def test_each_rule_that_owes_nothing_says_why(book):
    out = told(book, "Mon 2 Mar 2026")
    assert (
        "* Custody time limit (CTL): cannot be seen: cps_cases.csv, which no source sends, has no column in_custody.\n"
        in out
    )
    assert "* Action plan item for CPS: no action-plan action is recorded.\n" in out
    book.say("update actions set status = 'done', closed_on = '2026-03-03'")
    book.changed()
    out = told(book, "Tue 3 Mar 2026")
    assert "* Outstanding action (action:A1): " in out.partition("OWES NOTHING")[2].partition("ENDED")[0]
    assert "* Outstanding action (action:A1), version 1, due Mon 16 Mar 2026: the action was done (Tue 3 Mar).\n" in out


def test_a_rule_that_the_policy_turned_off_is_shown_as_off(book, monkeypatch, tmp_path):
    policy = (
        (settings().policy).read_text("utf-8").replace("overrides: {}", 'overrides: {"45": {action: {enabled: false}}}')
    )
    (tmp_path / "policy.yaml").write_text(policy, "utf-8")
    monkeypatch.setenv("CASEBEAT_POLICY", str(tmp_path / "policy.yaml"))
    assert "* Outstanding action: the policy has it turned off.\n" in told(book, "Mon 2 Mar 2026")


def test_a_finalised_case_owes_nothing_and_what_it_owed_is_told(book):
    told(book, "Mon 2 Mar 2026")
    book.say("update cases set finalised_on = '2026-03-05', finalised_reason = 'other'")
    book.changed()
    out = told(book, "Thu 5 Mar 2026")
    assert "Finalised Thu 5 Mar 2026.\n" in out
    assert "OWED (0)\nNothing.\n" in out
    assert "due Mon 16 Mar 2026: the case was finalised (Thu 5 Mar).\n" in out


def test_a_time_limit_says_which_act_it_runs_from_and_warns_of_a_breach(book):
    book.say("update cases set offence_codes = '{PH97006}'")
    book.belongs("incidents", incident_ref="I1", occurred_on="2026-03-03", reported_on="2026-03-03", breach=True)
    limit = owed(book, "Tue 3 Mar 2026", "summary-time-limit")
    assert (limit["runs_from"], limit["runs_from_on"], limit["due_on"]) == (
        "latest incident (a breach)",
        "2026-03-03",
        "2026-09-03",
    )
    out = told(book, "Tue 3 Mar 2026")
    assert "Runs from: latest incident (a breach), Tue 3 Mar 2026. Calculated; confirm with the case lawyer.\n" in out
    assert "Warning:   only a breach moved it; no other act is recorded.\n" in out
    assert out.index("Six-month time limit") < out.index("Joint review by police and CPS")


def test_a_time_limit_runs_from_the_recorded_last_act_and_names_a_later_incident_as_a_possibility(book):
    book.say("update cases set offence_codes = '{PH97006}', last_act_on = '2026-02-20'")
    book.belongs("incidents", incident_ref="I1", occurred_on="2026-03-03", reported_on="2026-03-03", breach=True)
    limit = owed(book, "Tue 3 Mar 2026", "summary-time-limit")
    assert (limit["runs_from"], limit["due_on"]) == ("last act recorded", "2026-08-20")
    assert (
        "Warning:   if the breach of Tue 3 Mar 2026 belongs to the same course of conduct, the day would be Thu 3 Sep "
        "2026.\n"
    ) in told(book, "Tue 3 Mar 2026")


def test_a_hard_clock_says_that_a_promise_does_not_put_it_to_sleep(book):
    book.say("update cases set suspect_status = 'bail', bail_ends_on = '2026-03-24'")
    book.changed()
    book.round("Tue 17 Mar 2026")
    assert "A time limit does not sleep" not in told(book, "Tue 17 Mar 2026")
    book.acknowledge("Tue 17 Mar 2026", "Mon 23 Mar 2026", what="bail-end")
    out = told(book, "Tue 17 Mar 2026")
    assert "             A time limit does not sleep: its notices go out all the same.\n" in out
    assert "To come:   Mon 23 Mar 2026: last-day notice, told to" in out


def test_suspects_are_said_to_be_recorded_one_by_one_now_only_where_they_were_not_before(book):
    book.belongs("suspects", suspect_ref="S1", suspect_status="bail", bail_ends_on="2026-03-24")
    assert "\n* End of pre-charge bail: asked of each of its suspects.\n" in told(book, "Tue 3 Mar 2026")
    assert "now recorded one by one" not in told(book, "Tue 3 Mar 2026")
    book.say("update suspects set withdrawn_on = '2026-03-04'")
    book.say("update cases set suspect_status = 'bail', bail_ends_on = '2026-03-24', projection = 'changed'")
    assert owed(book, "Wed 4 Mar 2026", "bail-end")["due_on"] == "2026-03-24"
    book.say("update suspects set withdrawn_on = null")
    book.changed()
    ended = told(book, "Thu 5 Mar 2026").partition("\nENDED")[2]
    assert "End of pre-charge bail, version 1, due Tue 24 Mar 2026: its suspects are now recorded one by one" in ended


def test_linked_cases_are_named_and_the_principal_owes_the_joint_review(book):
    link(book, opened_on="2026-02-02")
    book.belongs(
        "incidents", case_ref="44/1", incident_ref="I1", occurred_on="2026-02-03", reported_on="2026-02-03", breach=True
    )
    out = told(book, "Mon 2 Mar 2026")
    assert f"{CASE} (URN 45AB1234526) on Mon 2 Mar 2026\n" in out
    assert f"Linked by URN: 45/44/1 (the principal, which owes the joint review), {CASE} (this case).\n" in out
    assert "  Tue 3 Feb 2026: I1, reported Tue 3 Feb 2026, a breach, of a linked case\n" in out
    assert "a linked case is the principal and owes the joint review" in out
    other = book.cli("explain", "45/44/1", "--as-of", "2026-03-02").out
    assert f"Linked by URN: 45/44/1 (this case, the principal), {CASE}.\n" in other


def test_a_case_that_could_not_be_evaluated_is_shown_as_failed(book):
    book.say("update cases set opened_on = '1999-12-31'")
    book.changed()
    out = told(book, "Mon 2 Mar 2026")
    assert "It could not be evaluated (OutsideCalendar, fault " in out


def test_asking_is_a_consultation_in_the_audit_log(book):
    told(book, "Mon 2 Mar 2026")
    logged = book.ask("select verb, ref, reason from audit where about = 'case'")
    assert logged == [("consultation", CASE, "explain")]


def test_a_case_that_is_not_in_the_book_is_refused(book):
    ran = book.cli("explain", "45/none", "--as-of", "2026-03-02")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "casebeat: There is no case 45/none in the book. Write FORCE/CASE_REF. Nothing was done.\n"
    assert book.ask("select count(*) from audit where about = 'case'") == [0]


def test_a_case_reference_that_begins_with_the_forces_code_is_asked_back(book):
    ran = book.cli("explain", "45/1234", "--as-of", "2026-03-02")
    assert ran.code == 2
    assert "There is no case 45/1234 in the book. Write FORCE/CASE_REF. Did you mean 45/45/1234?" in ran.err


def test_the_present_owner_is_named_by_reference_with_the_reason_if_another_is_recorded(book):
    out = told(book, "Mon 2 Mar 2026")
    assert "  Today:     P1 and CS1 (no prosecutor is recorded)\n" in out
    assert owed(book, "Mon 2 Mar 2026", "action")["owners"] == [{"contact_ref": "P1", "note": ""}]


def test_a_promise_does_not_stand_once_what_was_promised_is_done(book):
    book.round("Tue 17 Mar 2026")
    book.acknowledge("Tue 17 Mar 2026", "Tue 24 Mar 2026")
    book.say("update actions set status = 'done', closed_on = '2026-03-18'")
    book.changed()
    ended = told(book, "Wed 18 Mar 2026").partition("\nENDED (")[2]
    assert (
        "the action was done (Wed 18 Mar).\n"
        "  Promise: P1 on Tue 17 Mar 2026, until Tue 24 Mar 2026; it ended on Wed 18 Mar" in ended
    )


def test_the_sources_of_a_case_are_named_police_first_each_in_the_order_of_its_name(book):
    for name, agency in (("zeta-45", "police"), ("cms-se", "cps"), ("alpha-45", "police"), ("silent-45", "police")):
        book.say(
            """insert into sources (name, agency, covers, first_loaded_at, last_extracted_at)
               values (:name, :agency, '{45}', '2026-03-02T05:00Z', '2026-03-02T05:00Z')""",
            name=name, agency=agency,
        )  # fmt: skip
    for number, name in enumerate(("zeta-45", "cms-se", "alpha-45")):
        book.say(
            """insert into actions (key_id, source_id, action_ref, kind, source, owner_agency, status, raised_on)
               select k.id, s.id, :ref, 'WITNESS_STATEMENT', 'investigation', 'police', 'pending', '2026-03-02'
               from case_keys k, sources s where k.case_ref = '45/1234' and s.name = :name""",
            ref=f"B{number}", name=name,
        )  # fmt: skip
    facts = told(book, "Mon 2 Mar 2026").rpartition("Facts come from ")[2]
    assert [part.split(" ")[0] for part in facts.split("; ")] == ["alpha-45", "niche-45", "zeta-45", "cms-se"]


def test_of_two_extracts_that_were_loaded_the_later_is_named(book):
    for name, state, hour in (
        ("first", "loaded", 3),
        ("last", "loaded", 5),
        ("mid", "loaded", 4),
        ("bad", "refused", 6),
    ):
        book.say(
            f"""insert into extracts (extract_id, content, source_name, state, extracted_at, judged_at, counts)
                values ('{name}', '{name}', 'niche-45', '{state}', '2026-03-02T0{hour}:00Z', '2026-03-02T07:00Z',
                        '{{}}')"""
        )
    assert told(book, "Mon 2 Mar 2026").endswith("last extract Mon 2 Mar 2026 at 05:00 GMT (last).\n")


def test_what_no_source_sends_is_not_said_to_be_nothing(book):
    unseen = ", and no source sends what would tell of it."
    before = told(book, "Mon 2 Mar 2026").partition("OWES NOTHING")[2]
    assert "no referral to CPS is recorded." in before
    book.say("delete from source_columns where file = 'referrals.csv'")
    said = told(book, "Mon 2 Mar 2026").partition("OWES NOTHING")[2].splitlines()
    assert [line for line in said if "no referral to CPS is recorded" in line and not line.endswith(unseen)] == []
    assert any(line.endswith(f"no referral to CPS is recorded{unseen}") for line in said)
