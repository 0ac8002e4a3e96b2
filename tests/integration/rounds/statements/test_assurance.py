"""The statements of the auditor, each with rows that only one of its conditions leaves out."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from models.intake import Extract, Source
from models.queries.rounds import assurance
from models.queries.rounds.assurance import Ladders, StuckLimits
from models.rounds import Round
from tests.worlds.rows import AT_NINE, TUESDAY

HOUR = timedelta(hours=1)
MONDAY, WEDNESDAY = TUESDAY - timedelta(days=1), TUESDAY + timedelta(days=1)
OVER = {"ended_on": TUESDAY, "end_reason": "met"}
FORCES = ("45", "46", "01", "02", "03", "04", "05", "06", "07", "08")
LADDERS = Ladders([*FORCES, "46"], ["joint-review"] * len(FORCES) + ["action"], [3] * len(FORCES) + [1])


def watch(rows, case_id: int, last_step: int = 0, again: date | None = TUESDAY, **given) -> None:
    rows.owes(case_id, TUESDAY, last_step=last_step, next_step_on=again, **given)


def test_a_case_is_unwatched_without_a_live_obligation_that_has_a_step_to_come_or_took_its_last(rows):
    case_of = {
        ref: rows.case_of(ref, projection=projection)
        for ref, projection in (
            ("to-come", "evaluated"), ("at-its-end", "evaluated"), ("without-a-ladder", "evaluated"),
            ("unwatched", "failed"), ("stuck", "evaluated"), ("other-ladder", "evaluated"), ("over", "evaluated"),
        )
    }  # fmt: skip
    watch(rows, case_of["to-come"])
    watch(rows, case_of["at-its-end"], 3, None)
    watch(rows, case_of["without-a-ladder"], rule="action")
    watch(rows, case_of["stuck"], 2, None)
    watch(rows, case_of["other-ladder"], 1, None, rule="action")
    watch(rows, case_of["over"], **OVER)
    watch(rows, rows.case_of("stuck-too", projection="failed"), 1, None)
    rows.case_of("there", "46", projection="evaluated")
    for ref, force, given in (
        ("closed", "45", {"finalised_on": MONDAY}), ("changed", "45", {"projection": "changed"}),
        ("again", "45", {"projection": "changed", "projected_at": AT_NINE}), ("not-asked", "47", {}),
        ("out", "45", {"classification": "harassment"}),
    ):  # fmt: skip
        rows.case_of(ref, force, **{"projection": "evaluated"} | given)
    found = assurance.unwatched(rows.connection, LADDERS, ["46"])
    assert list(found.items()) == [("45", 5), ("46", 1)]
    rows.case_of("in", "46", classification="harassment", projection="evaluated")
    assert assurance.unwatched(rows.connection, LADDERS, ["46"]) == {"45": 5, "46": 2}


def test_what_is_owed_on_a_linked_case_watches_a_case(rows):
    one, two, three = (rows.urn(f"45ZZ000012{number}") for number in range(3))
    for ref, urn, given in (("a", one, {}), ("b", two, {}), ("c", two, {}), ("e", three, {})):
        rows.case_of(ref, urn_key_id=urn, projection="evaluated", **given)
    rows.case_of("not-linked", projection="evaluated")
    watch(rows, rows.case_of("d", "46", urn_key_id=one, finalised_on=MONDAY))
    watch(rows, rows.case_of("f", "46", urn_key_id=three, finalised_on=MONDAY), **OVER)
    assert assurance.unwatched(rows.connection, LADDERS, []) == {"45": 4}


def test_a_case_that_waits_counts_where_a_round_ended_well_that_began_after_the_last_extract(rows):
    book: dict[str, tuple[list[tuple[int, dict[str, Any]]], list[tuple[int, str]]]] = {
        "01": ([(9, {})], [(8, "loaded"), (10, "refused")]),
        "02": ([(9, {"ended_at": None})], [(8, "loaded")]),
        "03": ([(9, {"failure": "x1"})], [(8, "loaded")]),
        "04": ([(9, {"undoing_id": rows.undoing()})], [(8, "loaded")]),
        "05": ([(7, {}), (9, {})], [(6, "loaded"), (8, "loaded")]),
        "06": ([(7, {})], [(6, "loaded"), (8, "loaded")]),
        "07": ([(9, {})], [(9, "loaded")]),
        "08": ([], [(8, "loaded")]),
    }
    for force, (rounds, extracts) in book.items():
        source = rows.put(Source, name=force, agency="police", covers=[force], first_loaded_at=AT_NINE,
                           last_extracted_at=AT_NINE)  # fmt: skip
        for hour, given in rounds:
            at = AT_NINE + (hour - 9) * HOUR
            rows.add(
                Round, **{"force_code": force, "day": TUESDAY, "began_at": at, "ended_at": at, "account": {}} | given
            )
        for hour, state in extracts:
            rows.add(Extract, extract_id=f"{force}-{hour}", content=f"{force}-{hour}", source_name=force, state=state,
                     judged_at=AT_NINE + (hour - 9) * HOUR, counts={})  # fmt: skip
        rows.case_of("waits", force, source_id=source)
        if force == "06":
            rows.case_of("of-another-source", "01", source_id=source)
    assert assurance.unwatched(rows.connection, LADDERS, []) == {"01": 1, "05": 1}


def test_an_obligation_was_not_climbed_where_its_step_fell_due_before_the_last_working_day(rows):
    for number, (force, again, given) in enumerate((
        ("46", MONDAY, {}), ("45", MONDAY, {}), ("45", MONDAY, {"began_on": TUESDAY}), ("47", MONDAY, {}),
        ("45", TUESDAY, {}), ("45", MONDAY, {"began_on": WEDNESDAY}), ("45", MONDAY, OVER), ("45", None, {}),
    )):  # fmt: skip
        rows.owes(number, TUESDAY, force, next_step_on=again, **given)
    found = assurance.unclimbed(rows.connection, ["46", "45"], TUESDAY)
    assert list(found.items()) == [("45", 2), ("46", 1)]


def test_a_message_that_a_worker_claimed_is_stuck_a_quarter_of_an_hour_after_its_lease(rows):
    for state, minutes in (("claimed", 16), ("sending", 16), ("claimed", 15), ("sent", 16), ("queued", 16)):
        rows.message("of1", state=state, due_at=AT_NINE, lease_until=text(f"now() - interval '{minutes} minutes'"))
    assert assurance.stuck(rows.connection, StuckLimits(AT_NINE, AT_NINE, TUESDAY))["claimed"] == 2


def test_what_waits_is_stuck_after_the_limit_of_its_kind(rows):
    early, late = AT_NINE - 2 * HOUR, AT_NINE - HOUR
    letter = rows.message("of1", state="sent")
    for ref, kind, due_at, given in (
        ("of1", "letter", early, {}), ("of1", "letter", early, {"state": "retry"}), ("of1", "letter", late, {}),
        ("of1", "letter", early, {"state": "sent"}), ("of1", "letter", early, {"letter_id": letter}),
        ("of1", "thread", late, {}), (None, "transfer", late, {}), (None, "operations", late, {}),
        ("of1", "thread", AT_NINE, {}), ("of1", "transfer", late, {"day": MONDAY}), ("of1", "transfer", late, {}),
        ("of1", "act", late, {"day": MONDAY}), ("of1", "act", AT_NINE, {"day": MONDAY}),
        ("of1", "thread", late, {"day": MONDAY}),
    ):  # fmt: skip
        rows.message(ref, kind=kind, **{"due_at": due_at} | given)
    owed = rows.critical(1)
    for ref, message_id, given in (
        ("a", None, {}), ("b", None, {"happening": "resolved"}), ("c", None, {"state": "silent"}),
        ("d", letter, {}), ("e", None, {"day": TUESDAY}), ("f", None, {}), ("g", None, {}), ("h", None, {}),
    ):  # fmt: skip
        rows.notification(owed, message_id, ref, **{"day": MONDAY} | given)
    found = assurance.stuck(rows.connection, StuckLimits(late, AT_NINE, TUESDAY))
    assert found == {"claimed": 0, "letter": 2, "message": 4, "enclosure": 2, "notification": 4}


def test_the_last_whole_account_of_a_day_tells_whether_it_adds_up_and_evaluated_any_case(rows):
    def ran(force: str, *numbers: int, **given) -> None:
        account = dict(zip(("to_project", "evaluated", "unchanged", "failed"), numbers, strict=False))
        ordinary = {"day": TUESDAY, "began_at": AT_NINE, "ended_at": AT_NINE, "account": account}
        rows.add(Round, force_code=force, **ordinary | given)

    for force, numbers, given in (
        ("49", (6, 3, 1, 1), {}),  # one is missing
        ("45", (6, 3, 1, 2), {}), ("45", (9, 1, 1, 1), {"day": MONDAY}), ("45", (9, 1, 1, 1), {"ended_at": None}),
        ("45", (9, 1, 1, 1), {"undoing_id": rows.undoing()}), ("45", (), {}),
        ("46", (9, 1, 1, 1), {}), ("46", (3, 1, 1, 1), {}),
        ("47", (3, 1, 1, 1), {}), ("47", (4, 1, 1, 1), {}),
        ("48", (2, 0, 0, 2), {}), ("44", (3, 0, 0, 3), {}), ("44", (3, 3, 0, 0), {"ended_at": None}),  # all failed
        ("43", (0, 0, 0, 0), {}), ("42", (2, 1, 0, 1), {}), ("41", (2, 0, 1, 1), {}),
    ):  # fmt: skip
        ran(force, *numbers, **given)
    assert assurance.unbalanced(rows.connection, TUESDAY) == ["47", "49"]
    assert list(assurance.unevaluated(rows.connection, TUESDAY).items()) == [("44", 3), ("48", 2)]
    ran("48", 3, 3, 0, 0)
    ran("42", 2, 0, 0, 2)
    assert assurance.unevaluated(rows.connection, TUESDAY) == {"42": 2, "44": 3}


def test_an_alarm_is_known_by_how_its_key_begins_on_its_channel_since_a_moment(rows):
    hour = timedelta(hours=1)
    beside: tuple[dict[str, Any], ...] = (
        {"due_at": AT_NINE - hour}, {"kind": "letter"}, {"channel": "slack"}, {"key": "word:alarm:late:1"},
    )  # fmt: skip

    def known(beginning="alarm:late:", since=AT_NINE - hour):
        return assurance.alarmed(rows.connection, beginning, since, "email")

    for number, given in enumerate(beside):
        rows.message(None, **{"key": f"alarm:late:{number}", "kind": "operations", "due_at": AT_NINE} | given)
    assert not known()
    assert known(since=AT_NINE - 2 * hour)
    rows.message(None, key="alarm:late:9", kind="operations", due_at=AT_NINE)
    assert known()
    assert not known("alarm:late:1")


def test_one_auditor_alone_decides_and_its_reading_writes_nothing(database):
    with database.connect() as first, database.connect() as second:
        assurance.alone(first)
        tried = "select pg_try_advisory_xact_lock(hashtext('casebeat assurance'), 0)"
        assert second.scalar(text(tried)) is False
        second.rollback()
        assurance.read_only(second)
        with pytest.raises(InternalError, match="ReadOnlySqlTransaction"):
            second.execute(text("update cases set failure = null"))
