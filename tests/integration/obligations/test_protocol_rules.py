"""The protocol's rules on real rows: the obligations of a case follow from its extracts."""

import json

from models.queries.obligations import stalled_obligations
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

PROTOCOL = {
    "why-not-stalking", "referral-checklist", "pin-issued", "risk-assessment", "victim-contact", "plea",
    "restraining-order", "spo-considered", "order-expiry", "order-told", "spo-notification", "breach-unanswered",
    "bail-views", "release-review", "victim-told", "nfa-review", "closed-silently", "charge-not-stalking",
}  # fmt: skip


def owed(run_cli, on):
    ran = run_cli("obligations", "--json", "--as-of", day(on).isoformat())
    found = [json.loads(line) for line in ran.out.splitlines()]
    return {(one["rule"], one["subject"]): one for one in found if one["rule"] in PROTOCOL}


def test_every_rule_reads_its_own_rows(database, run_cli):
    book = OneCase(
        database, run_cli, pin_issued_on="2026-03-04", risk_assessed_on="2026-03-03", victim_contacted_on="2026-03-03",
        victim_contact_days=7,
    )  # fmt: skip
    book.belongs(
        "cps_cases", charged_on="2026-03-04", charged_codes=["PH97004"], next_hearing_on="2026-03-30",
        prosecutor_ref="C1",
    )  # fmt: skip
    book.belongs("incidents", incident_ref="I1", occurred_on="2026-03-05", reported_on="2026-03-05", breach=True)
    book.belongs("referrals", referral_ref="F1", submitted_on="2026-03-04", checklist_missing=["C03"])
    book.belongs("orders", order_ref="O1", kind="non_molestation", made_on="2026-03-04", expires_on="2026-05-31")
    book.belongs("orders", order_ref="O2", kind="restraining_order", victim_views_on="2026-03-04")
    book.belongs(
        "pleas", plea_ref="L1", offered_on="2026-03-05", charged_code="PH97011", plea_code="PH97004",
        victim_consulted_on="2026-03-05", rationale_recorded_on="2026-03-05",
    )  # fmt: skip
    found = owed(run_cli, "Fri 6 Mar 2026")
    assert {what: one["due_on"] for what, one in found.items()} == {
        ("charge-not-stalking", "case"): "2026-03-05",
        ("referral-checklist", "referral:F1"): "2026-03-04",
        ("pin-issued", "case"): "2026-03-04",
        ("risk-assessment", "case"): "2026-03-09",
        ("victim-contact", "case"): "2026-03-10",
        ("plea", "plea:L1"): "2026-03-06",
        ("restraining-order", "case"): "2026-03-16",
        ("spo-considered", "case"): "2026-03-04",
        ("order-expiry", "order:O1"): "2026-05-31",
        ("order-told", "order:O1"): "2026-03-05",
        ("breach-unanswered", "incident:I1"): "2026-03-09",
        ("victim-told", "case"): "2026-03-05",
    }
    assert {what[0] for what, one in found.items() if one["hard"]} == {"order-expiry"}
    told = book.explain("Fri 6 Mar 2026").out
    assert "next hearing Mon 30 Mar 2026 - 10 working days = Mon 16 Mar 2026" in told
    assert "of the checklist C03 missing" in told
    assert "Runs from: order expires, Sun 31 May 2026." in told

    book.say(
        """update orders set renewal_decided_on = '2026-03-06', decided_on = '2026-03-06',
                             victim_told_on = '2026-03-06';
           update incidents set breach_decided_on = '2026-03-06';
           update cps_cases set not_stalking_reason_on = '2026-03-06';
           update referrals set checklist_missing = '{}'; update pleas set spoc_reviewed_on = '2026-03-06';
           update cases set pin_withdrawn_on = '2026-03-06', spo_considered_on = '2026-03-06',
                            risk_assessed_on = '2026-03-06', victim_told_on = '2026-03-06'"""
    )
    book.changed()
    assert {(what, one["due_on"], one["version"]) for what, one in owed(run_cli, "Fri 6 Mar 2026").items()} == {
        (("risk-assessment", "case"), "2026-04-03", 2),
        (("victim-contact", "case"), "2026-03-10", 1),
    }


def test_an_interim_order_is_first_said_a_fortnight_before_it_expires(database, run_cli):
    book = OneCase(database, run_cli)
    book.belongs("orders", order_ref="O1", kind="interim_spo", made_on="2026-03-02", expires_on="2026-03-31")
    book.round("Mon 16 Mar 2026")
    assert book.steps("order-expiry") == []
    book.round("Tue 17 Mar 2026")
    assert book.steps("order-expiry") == [(day("Tue 17 Mar 2026"), "two-weeks", "taken", "")]
    book.belongs("orders", order_ref="O2", kind="spo", made_on="2026-03-18", expires_on="2028-03-18")
    book.round("Thu 19 Mar 2026")
    assert book.ask("select subject, end_reason from obligations where rule = 'order-expiry' order by 1") == [
        ("order:O1", "met"),
        ("order:O2", None),
    ]


def test_a_case_that_stops_being_stalking_needs_a_reason(database, run_cli):
    book = OneCase(database, run_cli, why_not_stalking_on="2026-03-03")
    book.round("Tue 10 Mar 2026")
    book.say("update cases set classification = 'other', declassified_on = '2026-03-11'")
    book.changed()
    due = {one["rule"]: one["due_on"] for one in owed(run_cli, "Wed 11 Mar 2026").values()}
    assert due["why-not-stalking"] == "2026-03-13"
    assert "risk-assessment" in due, "until then it is presumed stalking, and watched for safety"
    book.say("update cases set why_not_stalking_on = '2026-03-11'")
    book.changed()
    assert owed(run_cli, "Wed 11 Mar 2026") == {}


def test_an_order_that_runs_out_is_a_hard_clock_to_those_who_lead_and_stalls_no_case(database, run_cli):
    book = OneCase(database, run_cli)
    book.say("delete from actions")
    book.belongs("orders", order_ref="O1", kind="spo", made_on="2025-03-09", expires_on="2026-03-09")
    book.belongs("orders", order_ref="O2", kind="non_molestation", made_on="2025-03-09", expires_on="2026-03-17")
    book.round("Mon 9 Mar 2026")
    found = []
    with database.begin() as connection:
        for on in ("Mon 9 Mar 2026", "Tue 10 Mar 2026"):
            whole = stalled_obligations.totals(connection, day(on), ["45"], [], access=True)
            found.append((whole.stalled, whole.passed, whole.within_7_days))
    assert found == [(0, 0, 1), (0, 1, 1)]
