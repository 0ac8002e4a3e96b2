"""Acknowledging, on a real book: silence until the day, one repeat after it, and no effect on a statutory clock."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from config.days.london import at_london
from config.doors import Door
from flows.configured import configured
from models.rules.obligations.acknowledgement import AcknowledgementRequest
from models.rules.people.act import Act
from models.rules.references import CaseReference, ObligationReference
from tasks.obligations.acknowledge import acknowledge
from tests.worlds.days import day, row
from tests.worlds.one_case import CASE, OneCase


@pytest.fixture
def virtual(monkeypatch: pytest.MonkeyPatch, database):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    return database


@pytest.fixture
def book(virtual, run_cli) -> OneCase:
    """The action's `overdue` notice was taken on Tue 17 Mar 2026; `critical` comes on Thu 19 Mar 2026."""
    one = OneCase(virtual, run_cli)
    one.round("Tue 17 Mar 2026")
    return one


def test_what_was_taken_on_is_silent_until_the_day_and_climbs_on_after_it(book):
    ran = book.acknowledge("Tue 17 Mar 2026", "Tue 24 Mar 2026")
    assert ran.code == 0, ran.err
    assert ran.out == (
        f"P1 has taken on action/action:A1 of {CASE} until Tue 24 Mar 2026. It stays due on Mon 16 Mar 2026. "
        "No further notice goes out until then; notices resume on Wed 25 Mar 2026.\n"
    )
    book.rounds("Wed 18 Mar 2026", "Tue 24 Mar 2026")
    silence = (day("Thu 19 Mar 2026"), "critical", "silent", "acknowledged until Tue 24 Mar 2026")
    assert book.steps()[1:] == [silence]
    assert book.told()[-1][0] == day("Tue 17 Mar 2026")
    book.round("Wed 25 Mar 2026")
    assert book.steps()[2:] == [(day("Wed 25 Mar 2026"), "critical", "taken", "promise lapsed")]
    assert book.told()[-1] == (day("Wed 25 Mar 2026"), "step", "critical")
    assert book.promises() == [("P1", day("Tue 24 Mar 2026"), 0, None, "lapsed", day("Wed 25 Mar 2026"))]


def test_a_promise_that_lapses_with_no_step_due_repeats_the_last_step_once(book):
    book.rounds("Wed 18 Mar 2026", "Thu 19 Mar 2026")
    assert book.acknowledge("Thu 19 Mar 2026", "Mon 23 Mar 2026").code == 0
    book.rounds("Fri 20 Mar 2026", "Wed 25 Mar 2026")
    after = [told for told in book.told() if told[0] > day("Thu 19 Mar 2026")]
    assert after == [(day("Tue 24 Mar 2026"), "lapsed", "critical")]
    notes = book.ask("select distinct note, occasion from notifications where happening = 'lapsed'")
    assert notes == [("promise lapsed", "promise:1")]
    book.round("Thu 26 Mar 2026")
    assert book.told()[-1] == (day("Thu 26 Mar 2026"), "step", "unresolved")


def test_the_promise_of_somebody_who_is_barred_since_holds_nothing_up(book):
    book.say("update contacts set email = contact_ref || '@surrey.police.uk'")
    assert book.acknowledge("Tue 17 Mar 2026", "Tue 24 Mar 2026").code == 0
    book.say("update cases set barred_refs = '{P1}'")
    book.changed()
    book.rounds("Wed 18 Mar 2026", "Thu 19 Mar 2026")
    assert book.promises() == [("P1", day("Tue 24 Mar 2026"), 0, None, "lapsed", day("Wed 18 Mar 2026"))]
    assert book.steps()[-1] == (day("Thu 19 Mar 2026"), "critical", "taken", "")
    told = book.ask("select distinct contact_ref from notifications where day >= '2026-03-18' order by 1")
    assert "S1" in told
    assert "P1" not in told


def test_the_same_promise_again_is_the_existing_one_and_renews_nothing(book):
    first = book.acknowledge("Tue 17 Mar 2026", "Tue 24 Mar 2026")
    again = book.acknowledge("Wed 18 Mar 2026", "Tue 24 Mar 2026")
    assert (again.code, again.out) == (0, first.out)
    assert book.promises() == [("P1", day("Tue 24 Mar 2026"), 0, None, None, None)]
    assert book.acknowledge("Wed 25 Mar 2026", "Tue 24 Mar 2026").code == 2, "a day that is over is none"


def test_a_promise_is_renewed_twice_and_then_only_by_a_lead_with_a_type(book):
    for on, until in (
        ("Tue 17 Mar 2026", "Tue 24 Mar 2026"),
        ("Tue 24 Mar 2026", "Tue 31 Mar 2026"),
        ("Tue 31 Mar 2026", "Thu 9 Apr 2026"),
    ):
        assert book.acknowledge(on, until).code == 0
    before = book.promises()
    assert [(line[2], line[4]) for line in before] == [(0, "renewed"), (1, "renewed"), (2, None)]
    refused = book.acknowledge("Thu 9 Apr 2026", "Fri 10 Apr 2026")
    assert refused.code == 2
    assert (
        "It has been renewed 2 times already, which is the most. A lead may promise longer, with a type" in refused.err
    )
    assert book.promises() == before
    lifted = book.acknowledge("Thu 9 Apr 2026", "Thu 7 May 2026", "--type", "victim_request", by="L1")
    assert lifted.code == 0, lifted.err
    assert book.promises()[-1] == ("L1", day("Thu 7 May 2026"), 3, "victim_request", None, None)


def test_a_hard_clock_is_not_put_to_sleep(virtual, run_cli):
    book = OneCase(virtual, run_cli, suspect_status="bail", bail_ends_on="2026-03-24")
    book.round("Tue 17 Mar 2026")
    ran = book.acknowledge("Tue 17 Mar 2026", "Mon 23 Mar 2026", what="bail-end")
    assert ran.code == 0
    assert "It is a time limit, which cannot be paused: its notices still go out." in ran.out
    book.rounds("Wed 18 Mar 2026", "Mon 23 Mar 2026")
    assert book.steps("bail-end") == [
        (day("Tue 17 Mar 2026"), "one-week", "taken", ""),
        (day("Mon 23 Mar 2026"), "last-day", "taken", ""),
    ]
    assert book.promises() == [("P1", day("Mon 23 Mar 2026"), 0, None, None, None)]


def test_a_promise_lives_on_in_a_version_that_is_due_later(book):
    book.acknowledge("Tue 17 Mar 2026", "Tue 24 Mar 2026")
    book.say("update actions set due_on = '2026-03-17'")
    book.changed()
    book.rounds("Wed 18 Mar 2026", "Tue 24 Mar 2026")
    standing = (
        "select version, due_on from promises p join obligations o on o.id = p.obligation_id where p.ended_on is null"
    )
    assert book.ask(standing) == [(2, day("Tue 17 Mar 2026"))]
    assert [step[:3] for step in book.steps()[1:]] == [(day("Fri 20 Mar 2026"), "critical", "silent")]


def test_a_promise_ends_with_a_version_that_is_due_earlier(book):
    book.acknowledge("Tue 17 Mar 2026", "Tue 24 Mar 2026")
    book.say("update actions set due_on = '2026-03-13'")
    book.changed()
    book.round("Wed 18 Mar 2026")
    assert book.promises() == [("P1", day("Tue 24 Mar 2026"), 0, None, "moved earlier", day("Wed 18 Mar 2026"))]
    assert book.told()[-1] == (day("Wed 18 Mar 2026"), "step", "critical")
    book.acknowledge("Wed 18 Mar 2026", "Wed 25 Mar 2026")
    assert book.promises()[-1][2] == 0


def test_what_changed_is_worked_out_before_it_is_promised(book):
    book.say("update actions set status = 'done', closed_on = '2026-03-17'")
    book.changed()
    refused = book.acknowledge("Tue 17 Mar 2026", "Tue 24 Mar 2026")
    assert refused.code == 2
    assert f"{CASE} owes nothing under action now. It owes something under advocate-referral, joint" in refused.err


def test_one_of_several_is_named(book):
    book.action("A2/b")
    ran = book.acknowledge("Tue 17 Mar 2026", "Tue 24 Mar 2026")
    assert ran.code == 2
    assert "Name one: action/action:A1, action/action:A2/b." in ran.err
    assert book.acknowledge("Tue 17 Mar 2026", "Tue 24 Mar 2026", what="action/action:A2/b").code == 0
    assert book.ask("select o.subject from promises p join obligations o on o.id = p.obligation_id") == ["action:A2/b"]


def test_the_reason_is_kept_and_goes_nowhere_else(book):
    book.acknowledge("Tue 17 Mar 2026", "Tue 24 Mar 2026")
    book.rounds("Wed 18 Mar 2026", "Wed 25 Mar 2026")
    assert book.ask("select reason from promises") == ["Secret Words of hers"]
    for table in ("audit", "notifications", "steps", "messages"):
        assert book.ask(f"select count(*) from {table} t where t::text like '%Secret%'") == [0]


def test_the_audit_log_says_who_promised_and_until_when(book):
    book.acknowledge("Tue 17 Mar 2026", "Tue 24 Mar 2026")
    logged = book.ask("select verb, by, reason, detail - 'through' from audit where about = 'promise'")
    detail = {"until": "2026-03-24", "renewals": 0, "type": None, "door": "command"}
    assert logged == [("alteration", "P1", "action", detail)]


def test_a_day_is_read_as_people_write_it(book):
    ran = book.cli(
        "acknowledge", CASE, "action", "--by", "P1", "--until", "24/03/2026", "--reason", "x", "--as-of", "17/03/2026"
    )
    assert "until Tue 24 Mar 2026" in ran.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        row("no such case", ["45/none", "action"], "There is no case 45/none in the book."),
        row("no case at all", ["45", "action"], '"45" does not name a case.'),
        row(
            "no such rule",
            [CASE, "actoin"],
            'There is no rule "actoin". Did you mean action? The rules are joint-review',
        ),
        row("no such subject", [CASE, "action/action:A9"], "It owes action/action:A1."),
        row("nothing owed under it", [CASE, "bail-end"], "owes nothing under bail-end now."),
        row("an empty reason", [CASE, "action", "--reason", " "], "A promise needs its reason"),
        row("a long reason", [CASE, "action", "--reason", "x" * 1001], "longer than 1000 characters"),
        row("no such type", [CASE, "action", "--type", "holiday"], 'There is no --type "holiday". Give one of'),
        row("no day", [CASE, "action", "--until", "soon"], '"soon" is not a day.'),
        row("a type that is a lead's", [CASE, "action", "--type", "victim_request"], "Only a lead may give --type"),
        row("someone else", [CASE, "action", "--by", "C1"], f"There is no case {CASE} in the book."),
        row("before the last round", [CASE, "action", "--as-of", "2026-03-16"], "last round (Tue 17 Mar 2026)"),
    ],
)
def test_what_cannot_be_promised_is_refused_and_nothing_is_done(book, arguments, says):
    given = ["--by", "P1", "--until", "2026-03-24", "--reason", "y", "--as-of", "2026-03-17"]
    ran = book.cli("acknowledge", *arguments[:2], *given, *arguments[2:])
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.strip().endswith("Nothing was done.") or "nothing was done" in ran.err
    assert book.promises() == []


def test_two_promises_at_once_are_one_after_the_other(book):
    book.explain("Tue 17 Mar 2026")
    asked = ObligationReference(CaseReference("45", "45/1234"), "action")
    today = day("Tue 17 Mar 2026")

    def promise(by: str) -> int:
        wish, act = AcknowledgementRequest(by, day("Tue 24 Mar 2026")), Act(by, Door.COMMAND, "someone")
        return acknowledge(configured(), asked, wish, act, "x", today, at_london(today)).renewals

    with ThreadPoolExecutor(3) as at_once:
        assert sorted(at_once.map(promise, ["P1", "S1", "SP1"])) == [0, 1, 2]
    assert [line[4] for line in book.promises()] == ["renewed", "renewed", None]
