"""Rules without a case, in rounds: training of prosecutors and SPOCs, and the posts of SPOCs."""

import json

import pytest
import yaml

from config.days.london import at_london
from config.policy import SHIPPED
from flows.configured import configured
from tasks.obligations import chasing, organisation
from tasks.outbox import delivery, digests
from tests.support.verdicts import faults
from tests.worlds.days import day
from tests.worlds.one_case import WholeBook

TRAINING, ROLE, VACANCY = "prosecutor-training", "spoc-role", "spoc-vacancy"
DUE = day("Thu 2 Jul 2026")  # four months after the case was opened


@pytest.fixture
def book(database, run_cli):
    return WholeBook(database, run_cli)


@pytest.fixture
def holders(monkeypatch, tmp_path):
    """A policy that asks training of the holders of an open stalking case alone."""
    shipped = SHIPPED.read_text("utf-8")
    assert "who: all " in shipped
    (tmp_path / "policy.yaml").write_text(shipped.replace("who: all ", "who: holders "), "utf-8")
    monkeypatch.setenv("CASEBEAT_POLICY", str(tmp_path / "policy.yaml"))


def live(book):
    return [one[:2] for one in book.lives() if one[4] is None]


# Obligations


def test_a_prosecutor_by_the_cases_own_reference_and_each_place_with_a_spoc(book):
    book.whole_round("Wed 4 Mar 2026")
    assert book.lives() == [(TRAINING, "contact:C1", 1, DUE, None)]


def test_a_row_given_by_urn_holds_for_every_linked_case(book):
    book.say("insert into case_keys (urn_root) values ('45AA1234526')")
    for ref, classification in (("45/1", "harassment"), ("45/2", "stalking")):
        book.case(ref, opened_on=f"2026-01-0{ref[-1]}", classification=classification)
    book.say(
        """update cases set urn_key_id = (select id from case_keys where urn_root is not null)
           where case_ref in ('45/1', '45/2')"""
    )
    book.contact("C2", "cps", ["prosecutor"], ["South East"])
    book.say(
        """insert into cps_cases (key_id, source_id, prosecutor_ref)
           select k.id, s.id, 'C2' from case_keys k, sources s where k.urn_root is not null"""
    )
    book.whole_round("Wed 4 Mar 2026")
    assert book.lives()[1] == (TRAINING, "contact:C2", 1, day("Sat 2 May 2026"), None)
    book.belongs("cps_cases", "45/2", prosecutor_ref="C1")  # the case's own row comes before that of its URN
    book.whole_round("Thu 5 Mar 2026")
    assert [one[1:] for one in book.lives()] == [
        ("contact:C1", 1, DUE, "moved"),
        ("contact:C1", 2, day("Sat 2 May 2026"), None),
        ("contact:C2", 1, day("Sat 2 May 2026"), "moved"),
        ("contact:C2", 2, DUE, None),  # without a case they count from the day first seen
    ]


@pytest.mark.parametrize(
    "change",
    [
        "update cases set finalised_on = '2026-03-03', projection = 'changed'",
        "update cases set classification = 'harassment', projection = 'changed'",
        "update cps_cases set withdrawn_on = '2026-03-03'",
        "update cps_cases set prosecutor_ref = 'NOBODY'",
        "update contacts set active_to = '2026-03-03' where contact_ref = 'C1'",
    ],
)
@pytest.mark.usefixtures("holders")
def test_asked_of_holders_alone_who_has_no_open_stalking_case_owes_no_training(book, change):
    book.say(change)
    book.whole_round("Wed 4 Mar 2026")
    assert TRAINING not in dict(live(book))


@pytest.mark.usefixtures("holders")
def test_asked_of_holders_alone_one_whose_first_day_is_known_owes_it_while_they_have_an_open_stalking_case(book):
    book.say("update contacts set active_from = '2026-01-05' where contact_ref = 'C1'")
    book.whole_round("Wed 4 Mar 2026")
    assert TRAINING in dict(live(book))
    book.say("update cases set classification = 'harassment', projection = 'changed'")
    book.whole_round("Thu 5 Mar 2026")
    assert TRAINING not in dict(live(book))


def test_every_prosecutor_owes_it_and_one_without_a_case_from_the_day_they_began_or_were_first_seen(book):
    book.contact("C2", "cps", ["prosecutor"], ["South East"], first_seen_on="2026-03-03")
    book.contact("C3", "cps", ["prosecutor"], ["South East"], active_from="2026-01-05")
    book.contact("C4", "cps", ["legal_manager"], ["South East"])
    book.contact("C5", "cps", ["prosecutor"], ["South East"], active_to="2026-03-03")
    book.whole_round("Wed 4 Mar 2026")
    assert [one[1:4] for one in book.lives() if one[0] == TRAINING] == [
        ("contact:C1", 1, DUE),
        ("contact:C2", 1, day("Fri 3 Jul 2026")),
        ("contact:C3", 1, day("Tue 5 May 2026")),
    ]


def test_training_that_no_source_sends_cannot_be_seen_and_ends_so(book):
    book.whole_round("Wed 4 Mar 2026")
    assert (TRAINING, "contact:C1") in live(book)
    book.say("update source_columns set state = 'lacking' where file = 'training.csv'")
    book.whole_round("Thu 5 Mar 2026")
    assert [one[4] for one in book.lives() if one[0] == TRAINING] == ["unseen"]


def test_withdrawn_training_and_that_of_another_course_do_not_count(book):
    book.trained("C1", "spoc_role")
    book.trained("C1", "stalking_prosecutor", withdrawn_on="2026-03-03")
    book.trained("C1", "stalking_prosecutor", completed_on="2025-03-02", expires_on="2026-05-01")
    book.trained("C1", "stalking_prosecutor", completed_on="2024-03-02", expires_on="2026-04-01")
    book.whole_round("Wed 4 Mar 2026")
    assert book.lives() == [(TRAINING, "contact:C1", 1, day("Fri 1 May 2026"), None)]


def test_the_post_of_a_force_and_that_of_an_area_are_two_and_only_their_own_agencys_spoc_fills_them(book):
    book.say("update contacts set roles = '{officer}' where contact_ref in ('SP1', 'CS1')")
    book.contact("SP2", "police", ["spoc"], ["44"], cps_areas=["South East"], active_from="2026-03-01")
    book.whole_round("Wed 4 Mar 2026")
    opened = day("Mon 2 Mar 2026")
    assert [one for one in book.lives() if one[0] == VACANCY] == [
        (VACANCY, "area:South East", 1, opened, None),
        (VACANCY, "force:45", 1, opened, None),
    ]


def test_a_spoc_who_leaves_or_is_no_longer_named_leaves_the_post_from_the_day_after(book):
    book.say("update contacts set active_to = '2026-03-31' where contact_ref = 'SP1'")
    book.say("update contacts set active_to = '2026-03-31', withdrawn_on = '2026-03-03' where contact_ref = 'CS1'")
    book.whole_round("Wed 4 Mar 2026")
    assert [one[1::2] for one in book.lives() if one[0] == VACANCY] == [
        ("area:South East", day("Tue 3 Mar 2026")),
        ("force:45", day("Wed 1 Apr 2026")),
    ]
    book.contact("SP2", "police", ["spoc"], ["45"], active_from="2026-06-01")
    book.whole_round("Thu 5 Mar 2026")
    assert ("force:45", "met") in [(one[1], one[4]) for one in book.lives()]


# Ends


def ended(book, on="Fri 3 Jul 2026"):
    """Run the round of that day; return how each version of a training duty ended."""
    book.whole_round(on)
    return [(one[1], one[2], one[4]) for one in book.lives() if one[0] == TRAINING]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("update contacts set active_to = '2026-07-01' where contact_ref = 'C1'", "out_of_scope"),
        ("update contacts set withdrawn_on = '2026-07-02' where contact_ref = 'C1'", "withdrawn"),
    ],
)
def test_it_ends_as_the_contact_does(book, change, reason):
    book.whole_round("Thu 2 Jul 2026")
    book.say(change)
    assert ended(book) == [("contact:C1", 1, reason)]


@pytest.mark.parametrize(
    "change",
    [
        "update cps_cases set prosecutor_ref = 'C9'",
        "update cases set finalised_on = '2026-07-02', projection = 'changed'",
    ],
)
@pytest.mark.usefixtures("holders")
def test_asked_of_holders_alone_it_ends_with_the_case(book, change):
    book.whole_round("Thu 2 Jul 2026")
    book.say(change)
    assert ended(book) == [("contact:C1", 1, "out_of_scope")]


def test_training_recorded_meets_it_and_who_was_told_is_told(book):
    book.whole_round("Fri 3 Jul 2026")
    book.trained("C1", "stalking_prosecutor")
    assert ended(book, "Mon 6 Jul 2026") == [("contact:C1", 1, "met")]
    assert book.heard(TRAINING)[-1] == (day("Mon 6 Jul 2026"), "contact:C1", "resolved", "lead", None, "")


def test_a_later_expiry_moves_it_and_says_nothing_by_itself(book):
    book.trained("C1", "stalking_prosecutor", expires_on="2026-07-01")
    book.whole_round("Fri 3 Jul 2026")
    before = book.heard(TRAINING)
    book.trained("C1", "stalking_prosecutor", completed_on="2026-07-02", expires_on="2027-07-01")
    assert ended(book, "Mon 6 Jul 2026") == [("contact:C1", 1, "moved"), ("contact:C1", 2, None)]
    assert book.heard(TRAINING) == before


# Addressees


def test_with_no_lead_it_goes_to_operations_who_read_why(book):
    book.whole_round("Tue 2 Jun 2026")
    assert book.heard(TRAINING) == [
        (day("Tue 2 Jun 2026"), "contact:C1", "reminder", "lead", None, "no CPS lead is recorded")
    ]


def test_a_deputy_replaces_an_absent_lead_and_without_one_operations_hear_too(book):
    book.contact("CL1", "cps", ["lead"], ["South East"], deputy_ref="CL2")
    book.contact("CL2", "cps", ["lead"], ["London North"])
    book.say(
        """insert into absences (contact_ref, from_on, to_on, source_id)
           select 'CL1', '2026-06-01', '2026-06-05', id from sources"""
    )
    book.say("update training set withdrawn_on = '2026-03-03' where contact_ref = 'SP1'")
    book.say(
        """insert into absences (contact_ref, from_on, to_on, source_id)
           select 'L1', '2026-03-20', '2026-03-30', id from sources"""
    )
    book.whole_round("Thu 26 Mar 2026")
    assert [one[3:] for one in book.heard(ROLE)] == [
        ("lead", "L1", ""),
        ("lead", None, "the police lead is away and has no deputy"),
    ]
    book.whole_round("Tue 2 Jun 2026")
    assert [one[3:] for one in book.heard(TRAINING)] == [("lead", "CL2", "standing in for the CPS lead")]


def test_of_a_contact_of_two_forces_both_leads_are_told_each_once(book):
    book.contact("L2", "police", ["lead"], ["44"])
    book.contact("L3", "police", ["lead"], ["44", "45"])
    book.contact("SP2", "police", ["spoc"], ["44", "45"])
    book.whole_round("Thu 26 Mar 2026")
    assert [one[1:5] for one in book.heard(ROLE)] == [
        ("contact:SP2", "reminder", "lead", ref) for ref in ("L1", "L2", "L3")
    ]


def test_the_posts_vacancy_goes_to_the_lead_of_that_force_or_area(book):
    book.contact("CL1", "cps", ["lead"], ["South East"])
    book.contact("CL2", "cps", ["lead"], ["Wessex"])
    book.say("update contacts set roles = '{officer}' where contact_ref in ('SP1', 'CS1')")
    book.whole_round("Mon 2 Mar 2026")
    assert sorted(one[1:5] for one in book.heard(VACANCY)) == [
        ("area:South East", "reminder", "lead", "CL1"),
        ("force:45", "reminder", "lead", "L1"),
    ]


def test_a_lead_who_leaves_before_it_is_said_is_not_written_to_and_the_next_one_is(book):
    book.say("update training set withdrawn_on = '2026-03-03' where contact_ref = 'SP1'")
    today, at = day("Thu 26 Mar 2026"), at_london(day("Thu 26 Mar 2026"))
    assert organisation.project(configured(), today, at) == (3, ())
    chasing.chase(configured(), None, today)
    digests.group(configured(), today, at)
    book.say("update contacts set active_to = '2026-03-25' where contact_ref = 'L1'")
    book.contact("L2", "police", ["lead"], ["45"])
    delivery.deliver(configured(), at)
    assert [one[4] for one in book.heard(ROLE)] == ["L1", "L2"]
    assert book.ask(
        "select n.state, n.reason from notifications n join obligations o on o.id = n.obligation_id "
        "where o.rule = 'spoc-role' order by n.id"
    ) == [("silent", "its reader has left"), ("shown", "no mail.host: written to the Maildir")]


# Lists, a round of one force, and repeated rounds


def test_the_lists_print_it_last_with_nulls(book):
    book.whole_round("Fri 3 Jul 2026")
    printed = [json.loads(line) for line in book.cli("obligations", "--json", "--as-of", "2026-07-03").out.splitlines()]
    assert printed[-1] == {
        "force_code": None, "case_ref": None, "urn": None, "rule": TRAINING, "subject": "contact:C1", "owed_by": "cps",
        "due_on": "2026-07-02", "remind_on": "2026-06-02", "escalate_on": "2026-07-16", "severity": "overdue",
        "hard": False, "version": 1,
    }  # fmt: skip
    said = [json.loads(line) for line in book.cli("notifications", "--json", "--day", "2026-07-03").out.splitlines()]
    assert said[-1] == {
        "day": "2026-07-03", "force_code": None, "case_ref": None, "rule": TRAINING, "subject": "contact:C1",
        "version": 1, "step": "overdue", "duty": "escalate", "manner": "digest", "addressee": "lead",
        "contact_ref": None, "channel": "email", "state": "shown",
        "reason": "no mail.host: written to the Maildir",
    }  # fmt: skip


def test_a_round_of_one_force_leaves_it_out(book):
    book.whole_round("Fri 3 Jul 2026", only="45")
    assert book.lives() == []
    assert "contact:" not in book.cli("obligations", "--json", "--as-of", "2026-07-03", "--force", "45").out


def test_a_rerun_changes_nothing_and_says_nothing_again(book):
    book.say("update contacts set roles = '{officer}' where contact_ref = 'SP1'")
    book.whole_round("Fri 3 Jul 2026")
    before = book.lives(), book.heard(TRAINING), book.heard(VACANCY), book.ask("select count(*) from messages")
    assert not faults(book.whole_round("Fri 3 Jul 2026"))
    assert before == (
        book.lives(), book.heard(TRAINING), book.heard(VACANCY), book.ask("select count(*) from messages"),
    )  # fmt: skip


# Sources


def test_of_the_files_that_a_source_leaves_out_those_alone_are_owed_that_the_policy_names(book, monkeypatch, tmp_path):
    policy = yaml.safe_load(SHIPPED.read_text("utf-8"))
    policy["feeds"]["niche-45"] = {"files": ["cases.csv"]}
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump(policy), "utf-8")
    monkeypatch.setenv("CASEBEAT_POLICY", str(tmp_path / "policy.yaml"))
    for file in ("cases.csv", "orders.csv"):
        book.say(
            """insert into source_files (source_id, file, sent_at, left_out_at)
               select id, :file, '2026-03-02T05:00Z', '2026-03-03T05:00Z' from sources""",
            file=file,
        )
    book.whole_round("Wed 4 Mar 2026")
    assert book.ask("select subject from obligations where subject like 'source:%/%'") == ["source:niche-45/cases.csv"]


# Faults, and other numbers


def test_one_bad_subject_is_reported_and_stays_unchanged_while_the_rest_continue(book):
    book.say("update training set withdrawn_on = '2026-03-03'")
    book.whole_round("Wed 4 Mar 2026")
    book.say("update contacts set active_from = '2099-12-15' where contact_ref = 'SP1'")
    book.say("update contacts set active_from = '2026-04-01' where contact_ref = 'CS1'")
    made = book.whole_round("Thu 5 Mar 2026")
    assert faults(made) == ["the book as a whole: subjects that could not be evaluated, all others were: contact:SP1"]
    assert [(one[1], one[4]) for one in book.lives() if one[0] == ROLE] == [
        ("contact:CS1", "moved"), ("contact:CS1", None), ("contact:SP1", None),
    ]  # fmt: skip


def test_a_forces_own_numbers_count_for_its_post_and_for_who_belongs_to_it_alone(book, monkeypatch, tmp_path):
    book.say("update training set withdrawn_on = '2026-03-03'")
    book.contact("SP2", "police", ["spoc"], ["44", "45"], active_to="2026-12-31")
    book.say("update contacts set active_to = '2026-05-31' where contact_ref in ('SP1')")
    book.whole_round("Wed 4 Mar 2026")
    assert {one[:2] for one in book.lives()} >= {(ROLE, "contact:SP1"), (VACANCY, "force:45")}
    own = 'overrides: {"45": {spoc-role: {enabled: false}, spoc-vacancy: {after_last: 3d}}}'
    (tmp_path / "policy.yaml").write_text(SHIPPED.read_text("utf-8").replace("overrides: {}", own), "utf-8")
    monkeypatch.setenv("CASEBEAT_POLICY", str(tmp_path / "policy.yaml"))
    book.whole_round("Thu 5 Mar 2026")
    assert [(one[1], one[3], one[4]) for one in book.lives() if one[0] == ROLE] == [
        ("contact:CS1", day("Thu 2 Apr 2026"), None),
        ("contact:SP1", day("Thu 2 Apr 2026"), "policy"),
        ("contact:SP2", day("Thu 2 Apr 2026"), None),
    ]
    assert book.lives()[-1] == (VACANCY, "force:45", 2, day("Sun 3 Jan 2027"), None)
