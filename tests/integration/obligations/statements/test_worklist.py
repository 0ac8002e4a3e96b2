"""The statements of the work list: the cases of a force that wait, stay evaluated or have failed."""

from datetime import date, timedelta

from sqlalchemy import select

from config.policy import load_policy
from models.cases import Case
from models.obligations import Obligation
from models.queries.obligations import worklist
from models.queries.obligations.worklist import SecondWorkList, WorkList
from tests.worlds.rows import AT_NINE, TUESDAY

DONE = {"projection": "evaluated"}
CLOSED = {"finalised_on": TUESDAY, "finalised_reason": "nfa_police"}
MOVED_ON = {"finalised_on": TUESDAY, "finalised_reason": "transferred"}
OTHER = {"classification": "other"}


def test_a_case_is_projected_while_it_is_open_or_watched_on_and_waits_until_it_is_evaluated(rows):
    shared = [rows.urn(f"45ZZ000{number}126") for number in range(3)]
    cases = {
        ref: rows.case_of(ref, **given)
        for ref, given in (
            ("waits", {}), ("failed", {"projection": "failed"}), ("done", DONE), ("kept", CLOSED | DONE),
            ("kept-too", CLOSED | DONE), ("moved-other", MOVED_ON | OTHER | DONE),
            ("over", CLOSED | DONE | OTHER), ("was-stalking", CLOSED | OTHER | {"declassified_on": TUESDAY}),
            ("moved", MOVED_ON | {"urn_key_id": shared[0]}),
            ("moved-alone", MOVED_ON | DONE | {"urn_key_id": shared[2]}),
            ("beside", DONE | {"urn_key_id": shared[2]}),
            ("moved-in-vain", MOVED_ON | {"urn_key_id": shared[1]}),
        )
    }  # fmt: skip
    rows.move_back(Case, cases["waits"])
    for urn, given in ((shared[0], {}), (shared[1], OTHER), (shared[1], MOVED_ON)):
        rows.case_of(f"there-{urn}-{len(given)}", "46", urn_key_id=urn, **DONE | given)
    listed = [cases[ref] for ref in ("waits", "failed", "was-stalking", "moved", "moved-in-vain")]
    found = worklist.book(rows.connection, "45", everything=False)
    assert found == WorkList(to_project=9, open_cases=4, unchanged=5, work=listed)
    every = worklist.book(rows.connection, "45", everything=True)
    neither = {"over", "moved-other"}
    assert every == WorkList(9, 4, 0, [case_id for ref, case_id in cases.items() if ref not in neither])
    assert worklist.any_changed(rows.connection, "45")
    assert not worklist.any_changed(rows.connection, "46")
    counted = {ref for ref, case_id in cases.items() if worklist.fail(rows.connection, [(case_id, "x1")], AT_NINE)}
    assert counted == set(cases) - neither - {"moved"}


def test_before_the_second_projection_only_what_the_first_did_not_evaluate_counts(rows):
    for ref, given in (
        ("waits", {}), ("waits-again", {"projected_at": AT_NINE - timedelta(hours=1)}),
        ("failed", {"projection": "failed"}),
        ("failed-too", {"projection": "failed"}), ("before", DONE), ("now", DONE | {"projected_at": AT_NINE}),
        ("now-changed", {"projected_at": AT_NINE}),
    ):  # fmt: skip
        rows.case_of(ref, **given)
    assert worklist.before_second(rows.connection, "45", AT_NINE, everything=False) == SecondWorkList(2, 1)
    assert worklist.before_second(rows.connection, "45", AT_NINE, everything=True) == SecondWorkList(0, 0)


def test_a_chunk_takes_its_own_waiting_cases_and_a_failure_counts_where_the_case_is_to_be_projected(rows):
    waits, done, other = rows.case_of("waits"), rows.case_of("done", **DONE), rows.case_of("other")
    there = rows.case_of("there", "46")
    assert worklist.take(rows.connection, "45", [waits, done, there], AT_NINE) == {waits}
    assert worklist.waiting(rows.connection) == [other, there]
    assert worklist.take(rows.connection, None, [done, other, there], AT_NINE) == {other, there}
    assert worklist.waiting(rows.connection) == []
    over = rows.case_of("over", **CLOSED | OTHER)
    moved = rows.case_of("moved", **MOVED_ON)
    assert worklist.fail(rows.connection, [(waits, "f1"), (over, "f2"), (moved, "f3")], AT_NINE) == 2
    failed = select(Case.case_ref, Case.failure).where(Case.projection == "failed")
    assert dict(rows.found(failed)) == {"waits": "f1", "over": "f2", "moved": "f3"}


def test_after_a_change_of_numbers_live_obligations_of_the_force_or_of_no_case_are_looked_at_again(rows):
    rules = {"joint-review": load_policy().rules.of("joint-review").model_copy(update={"hard": True, "stalls": False})}
    given = {
        "live": {}, "waits": {"next_step_on": date(2026, 4, 1)}, "other-rule": {"rule": "no-progress"},
        "over": {"ended_on": TUESDAY, "end_reason": "met"}, "there": {"force": "46"}, "of-none": {"force": None},
    }  # fmt: skip
    ids = {}
    for number, (name, columns) in enumerate(given.items()):
        ids[name] = rows.owes(None if name == "of-none" else number, TUESDAY, **columns)

    def renumbered(force: str | None) -> dict[str, date | None]:
        worklist.renumber(rows.connection, force, rules, TUESDAY)
        found = rows.found(select(Obligation.id, Obligation.next_step_on).where(Obligation.hard, ~Obligation.stalls))
        names = {id_: name for name, id_ in ids.items()}
        return {names[id_]: day for id_, day in found}

    assert renumbered("45") == {"live": TUESDAY, "waits": TUESDAY}
    assert set(renumbered(None)) == {"live", "waits", "of-none"}
