"""Outcomes from people and extracts: a source's review is recorded automatically, and replaces a person's record."""

from datetime import timedelta

import pytest

from config.days.london import at_london
from flows.configured import configured
from flows.round_steps import force_round
from tasks.intake.load import load_folders
from tests.worlds.days import day, row
from tests.worlds.extracts import a_case, a_contact, write
from tests.worlds.one_case import OneCase
from tests.worlds.sittings import ALONE, HELD, record, sits

TUESDAY = "Tue 24 Nov 2026"
WEDNESDAY = "Wed 25 Nov 2026"
REF = "45-south-east-2026-11-24"
OURS = f"JR-{REF}-C1"


class Nights(OneCase):
    """A source that sends cases and reviews night by night; C1 sat on Tuesday 24 November."""

    def __init__(self, engine, run_cli, folder):  # no case of its own: the extracts bring them
        self.engine, self.cli, self.folder, self.number = engine, run_cli, folder, 0
        self.more_cases, self.facts = [], {}
        self.send()
        sits(self, TUESDAY, chair="SP1", case_ref="C1")
        self.round(TUESDAY)

    def send(self, *reviews, **manifest):
        self.number += 1
        roles = {"P1": "officer", "SP1": "spoc"}
        files = {
            "contacts.csv": [a_contact(ref, roles=role) for ref, role in roles.items()],
            "cases.csv": [a_case("C1", **{"opened_on": "2026-11-02", "risk": "high"} | self.facts), *self.more_cases],
            "reviews.csv": [a_review("R0", "2026-11-05", kind="supervisor"), *reviews],
        }
        folder = write(self.folder / str(self.number), files, number=self.number, **manifest)
        (loaded,) = load_folders(configured(), [folder], at_london(day(WEDNESDAY) + timedelta(days=5)))
        return loaded

    def sent(self, *reviews, on=WEDNESDAY):
        """Load a night's extract, and run the round after it."""
        assert self.send(*reviews).fate == "loaded"
        self.round(on)

    def round(self, on):
        made = force_round(configured(), "45", day(on), at_london(day(on)))
        assert not made.degraded, made.failure

    def outcomes(self):
        return self.ask(
            "select held, police_attended, cps_attended, decisions, by_ref, review_ref from outcomes where stands"
        )

    def ends(self):
        return self.ask('select "end" from convenings order by id')

    def reviews(self):
        return self.ask("select review_ref, withdrawn_on is null from reviews where kind = 'joint' order by 1")

    def owed(self, rule="joint-review"):
        return self.ask(
            f"""select o.due_on from obligations o join cases c on c.id = o.case_id
                where o.rule = '{rule}' and o.ended_on is null and c.case_ref = 'C1' order by o.id"""
        )


def a_review(ref="R1", held_on="2026-11-24", police="yes", cps="yes", kind="joint", case="C1"):
    attended = {"police_attended": police, "cps_attended": cps} if kind == "joint" else {}
    return {"review_ref": ref, "force_code": "45", "case_ref": case, "kind": kind, "held_on": held_on, **attended}


@pytest.fixture
def nights(monkeypatch, database, run_cli, tmp_path):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    return Nights(database, run_cli, tmp_path)


HELD_ON_THE_DAY = day("Tue 24 Nov 2026")
DUE_AGAIN = [day("Tue 8 Dec 2026")]
DUE_STILL = [day("Mon 16 Nov 2026")]


def said(nights, *words, on=WEDNESDAY):
    ran = record(nights, REF, *words, as_of=on, case="45/C1")
    assert ran.code == 0, ran.err


def test_what_an_extract_tells_is_the_outcome_and_nobody_has_to_say_it(nights):
    assert nights.owed("outcome-unrecorded") == [day(WEDNESDAY)]
    nights.sent(a_review())
    assert nights.outcomes() == [(True, True, True, [], None, "R1")]
    assert nights.ends() == ["held"]
    assert nights.owed() == DUE_AGAIN
    assert nights.owed("outcome-unrecorded") == []
    assert "an extract said that the joint review of Tue 24 Nov 2026" in nights.cli("explain", "45/C1").out
    before = nights.ask("select count(*) from audit where about = 'outcome'")
    nights.sent(a_review(), on="Thu 26 Nov 2026")
    assert nights.ask("select count(*) from audit where about = 'outcome'") == before == [1]


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        row("a day later", a_review(held_on="2026-11-25"), [(True, True, True, [], None, "R1")]),
        row("before the sitting", a_review(held_on="2026-11-23"), []),
        row("a supervisor's", a_review(kind="supervisor"), []),
        row("by police alone", a_review(cps="no"), [(True, True, False, [], None, "R1")]),
        row("by whom is not said", a_review(police="", cps=""), [(True, False, False, [], None, "R1")]),
        row("another case's", a_review(case="C2"), []),
    ],
)
def test_which_row_is_an_outcome(nights, told, outcome):
    nights.more_cases = [a_case("C2", opened_on="2026-11-02")]
    nights.sent(told)
    assert nights.outcomes() == outcome
    assert nights.ends() == (["held" if outcome[0][2] else "not_held"] if outcome else [None])


def test_the_end_of_its_duty_has_the_day_on_which_it_was_held(nights):
    nights.sent(a_review(held_on="2026-11-25"), on="Fri 27 Nov 2026")
    ended = "select fact, fact_on from obligations where rule = 'outcome-unrecorded' and ended_on is not null"
    assert nights.ask(ended) == [("the outcome was recorded", day(WEDNESDAY))]


def test_a_linked_cases_review_is_its_outcome_too(nights):
    nights.facts = {"urn": "45AB1234567"}
    nights.more_cases = [a_case("C2", opened_on="2026-11-03", urn="45AB1234567")]
    nights.sent(a_review(case="C2"))
    assert nights.outcomes() == [(True, True, True, [], None, "R1")]
    assert nights.owed() == DUE_AGAIN


def test_of_two_rows_the_earliest_day_counts_and_of_one_day_the_one_that_both_attended(nights):
    nights.sent(
        a_review("R1", cps="no"), a_review("R2"), a_review("R3", police="no"), a_review("R4", held_on="2026-11-25")
    )
    assert nights.outcomes() == [(True, True, True, [], None, "R2")]


def test_a_correction_by_a_source_takes_effect(nights):
    nights.sent(a_review(cps="no"))
    assert (nights.ends(), nights.owed()) == (["not_held"], DUE_STILL)
    nights.sent(a_review(), on="Thu 26 Nov 2026")
    assert nights.outcomes() == [(True, True, True, [], None, "R1")]
    assert (nights.ends(), nights.owed()) == (["held"], DUE_AGAIN)


@pytest.mark.parametrize("spoken", [False, True])
def test_what_a_source_takes_back_is_not_recorded_any_more(nights, spoken):
    nights.sent(a_review())
    if spoken:
        said(nights, *HELD)
    nights.sent(on="Thu 26 Nov 2026")
    assert nights.outcomes() == []
    assert (nights.ends(), nights.owed()) == (["unrecorded"], DUE_STILL)
    assert nights.owed("outcome-unrecorded") == [day(WEDNESDAY)]


def test_a_snapshot_never_withdraws_what_people_recorded(nights):
    said(nights, *HELD)
    for on in ("Thu 26 Nov 2026", "Fri 27 Nov 2026"):
        nights.sent(on=on)
    assert nights.reviews() == [(OURS, True)]
    assert nights.outcomes() == [(True, True, True, ["continue"], "SP1", OURS)]
    assert nights.owed() == DUE_AGAIN


def test_a_source_that_comes_to_agree_takes_it_over_and_nothing_else_changes(nights):
    said(nights, *HELD)
    before = nights.ask("select id, version, due_on from obligations where ended_on is null order by id")
    nights.sent(a_review(), on="Thu 26 Nov 2026")
    assert nights.reviews() == [(OURS, False), ("R1", True)]
    assert nights.outcomes() == [(True, True, True, ["continue"], "SP1", "R1")]
    assert nights.ask("select id, version, due_on from obligations where ended_on is null order by id") == before


def test_a_linked_cases_row_of_the_same_day_takes_it_over(nights):
    nights.facts = {"urn": "45AB1234567"}
    nights.more_cases = [a_case("C2", opened_on="2026-11-03", urn="45AB1234567")]
    nights.sent()
    said(nights, *HELD)
    nights.sent(a_review(case="C2", cps="no"), on="Thu 26 Nov 2026")
    assert nights.reviews() == [(OURS, False), ("R1", True)]
    assert nights.owed() == DUE_STILL


@pytest.mark.parametrize("told", [a_review(held_on="2026-11-23"), a_review(kind="supervisor"), a_review(case="C2")])
def test_another_review_does_not_take_it_over(nights, told):
    nights.more_cases = [a_case("C2", opened_on="2026-11-02")]
    said(nights, *HELD)
    nights.sent(told, on="Thu 26 Nov 2026")
    assert (OURS, True) in nights.reviews()


def test_a_source_that_says_one_side_was_away_is_right_and_the_case_owes_again(nights):
    said(
        nights,
        "--held",
        "--police",
        "--cps",
        "--decision",
        "submit_to_cps",
        "--pattern",
        "stalking",
        "--enquiries",
        "gaps_found",
    )
    assert nights.owed() == DUE_AGAIN
    nights.sent(a_review(cps="no"), on="Thu 26 Nov 2026")
    assert nights.owed() == DUE_STILL
    assert nights.outcomes() == [(True, True, False, ["submit_to_cps"], None, "R1")]
    assert nights.ends() == ["not_held"]
    assert nights.ask("select pattern, enquiries, by_ref, stands from outcomes order by id") == [
        ("stalking", "gaps_found", "SP1", False),
        ("stalking", "gaps_found", None, True),
    ]
    assert nights.ask("select action_ref from actions where withdrawn_on is null") == [f"{OURS}-1"]


def test_a_source_that_says_it_was_held_though_nobody_thought_so_is_right(nights):
    said(nights, "--not-held")
    nights.sent(a_review(), on="Thu 26 Nov 2026")
    assert nights.outcomes() == [(True, True, True, [], None, "R1")]
    assert (nights.ends(), nights.owed()) == (["held"], DUE_AGAIN)


def test_a_review_of_a_later_day_keeps_the_recorded_outcome_of_the_sitting(nights):
    said(nights, "--not-held")
    nights.sent(a_review(held_on="2026-11-25"), on="Thu 26 Nov 2026")
    assert nights.outcomes() == [(False, False, False, [], "SP1", None)]
    assert nights.owed() == [day("Wed 9 Dec 2026")]


def test_a_person_does_not_overrule_the_source_and_may_add_what_was_decided(nights):
    nights.sent(a_review(cps="no"))
    refused = record(nights, REF, *HELD, as_of=WEDNESDAY, case="45/C1")
    assert refused.code == 2
    assert "niche-45 itself records the joint review of that day (R1) as held, with police alone." in refused.err
    said(nights, *ALONE)
    assert nights.outcomes() == [(True, True, False, ["continue"], "SP1", "R1")]
    assert nights.reviews() == [("R1", True)]


def test_the_reason_why_it_is_not_stalking_holds_until_the_sources_row_of_the_case_changes(nights):
    why = "select why_not_stalking_on from cases where case_ref = 'C1'"
    said(nights, *HELD, "--pattern", "harassment_with_rationale")
    for on in ("Thu 26 Nov 2026", "Fri 27 Nov 2026"):
        nights.sent(on=on)
        assert nights.ask(why) == [HELD_ON_THE_DAY]
    nights.facts = {"risk": "medium"}
    nights.sent(on="Sat 28 Nov 2026")
    assert nights.ask(why) == [None]


def test_an_extract_that_names_itself_casebeat_is_refused(nights):
    for name in ("casebeat", "Casebeat"):
        refused = nights.send(source=name, extract_id=f"{name}-1")
        assert refused.fate == "refused"
        assert "source is casebeat, which is what people record in Casebeat itself" in refused.sentence


def test_what_people_record_is_no_source_that_could_be_late(nights):
    said(nights, *HELD)
    ran = nights.cli("run", "--as-of", "2026-12-20")
    assert ran.code in {0, 1}, ran.err
    late = nights.ask("select distinct subject from obligations where rule = 'feed-stale'")
    assert late == ["source:niche-45"]
    assert "casebeat (" not in nights.cli("explain", "45/C1", "--as-of", "2026-12-20").out.rpartition("Facts come")[2]
