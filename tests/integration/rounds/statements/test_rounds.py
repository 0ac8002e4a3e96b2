"""The statements about rounds: the last one, those of a day, and whose lock is held."""

from datetime import timedelta

from sqlalchemy import create_engine, select, text

from models.queries.rounds import figures, rounds
from models.rounds import Round
from tasks.servers import postgres
from tests.worlds.rows import AT_NINE, TUESDAY

YESTERDAY, TOMORROW = TUESDAY - timedelta(days=1), TUESDAY + timedelta(days=1)


def ran(rows, force: str, day=TUESDAY, **given) -> None:
    rows.add(
        Round, **{"force_code": force, "day": day, "began_at": AT_NINE, "ended_at": AT_NINE, "account": {}} | given
    )


def test_the_last_round_is_of_the_latest_day_and_none_that_was_undone(rows):
    assert rounds.last(rows.connection, None) is None
    for force, day, given in (
        ("46", TUESDAY, {}), ("45", TUESDAY, {"failure": "x1"}), ("45", YESTERDAY, {}), ("46", YESTERDAY, {}),
        ("47", YESTERDAY, {"ended_at": None}),
        ("47", TOMORROW, {"undoing_id": rows.undoing()}), (rounds.BOOK, TOMORROW, {}),
    ):  # fmt: skip
        ran(rows, force, day, **given)
    found = [rounds.last(rows.connection, force) for force in (None, "46", "47", "48")]
    assert [one and tuple(one) for one in found] == [("45", TUESDAY), ("46", TUESDAY), ("47", YESTERDAY), None]
    days = [rounds.last_finished(rows.connection, force) for force in ("45", "46", "47")]
    assert days == [YESTERDAY, TUESDAY, None]
    before = [rounds.last_finished_before(rows.connection, day) for day in (TOMORROW, TUESDAY, YESTERDAY)]
    assert before == [TUESDAY, YESTERDAY, None]


def test_the_rounds_of_a_day_are_the_latest_of_each_force_with_whether_its_lock_is_held(rows):
    for force, given in (
        ("46", {"failure": "x1"}), (rounds.BOOK, {"account": {"state": "warned"}}), ("45", {"failure": "x2"}),
        ("45", {"ended_at": None}), ("45", {"failure": "x3", "undoing_id": rows.undoing()}), ("47", {"day": YESTERDAY}),
    ):  # fmt: skip
        ran(rows, force, **given)
    key = "select pg_advisory_xact_lock(hashtext('{}'), hashtext('{}'))"
    for first, second in (("casebeat round", "45"), ("another", "46")):
        rows.connection.execute(text(key.format(first, second)))
    found = rounds.of_day(rows.connection, TUESDAY)
    assert [(one.force_code, one.failure, one.attempts, one.running, one.state) for one in found] == [
        (rounds.BOOK, None, 1, False, "warned"), ("45", None, 2, True, None), ("46", "x1", 1, False, None),
    ]  # fmt: skip
    assert rounds.held(rows.connection, ["46", "45", rounds.BOOK]) == ["45"]
    rows.connection.execute(text(key.format("casebeat round", "whole")))
    assert set(rounds.held(rows.connection, ["46", "45", rounds.BOOK])) == {"45", rounds.BOOK}
    assert rounds.of_day(rows.connection, TUESDAY)[0].running


def test_a_lock_of_another_database_is_no_round_of_this_one(rows, server):
    ran(rows, "45", ended_at=None)
    other = create_engine(postgres.url(server, database="postgres"))
    with other.connect() as elsewhere:
        elsewhere.execute(text("select pg_advisory_lock(hashtext('casebeat round'), hashtext('45'))"))
        assert rounds.held(rows.connection, ["45"]) == []
        assert [one.running for one in rounds.of_day(rows.connection, TUESDAY)] == [False]
    other.dispose()


def test_a_round_ends_by_itself_with_its_account_and_why_it_failed(rows):
    first, second, third = (rounds.begin(rows.connection, force, TUESDAY, AT_NINE) for force in ("45", "46", "47"))
    later = AT_NINE + timedelta(hours=1)
    rounds.finish(rows.connection, second, later, {"stalled": 2})
    rounds.finish(rows.connection, third, later, {}, "x1")
    found = rows.found(select(Round.id, Round.ended_at, Round.account, Round.failure).order_by(Round.id))
    assert found == [(first, None, {}, None), (second, later, {"stalled": 2}, None), (third, later, {}, "x1")]


def test_the_open_cases_of_a_force_are_not_finalised_and_none_where_it_has_none(rows):
    for ref, force, given in (
        ("a", "45", {}), ("b", "45", {}), ("closed", "45", {"finalised_on": TUESDAY}), ("c", "46", {}), ("d", "48", {}),
    ):  # fmt: skip
        rows.case_of(ref, force, **given)
    assert rounds.open_cases(rows.connection, ["45", "46", "47"]) == {"45": 2, "46": 1, "47": 0}


def test_the_rounds_begun_after_one_are_the_latest_of_each_force(rows):
    ran(rows, "45", failure="before")
    first = rounds.begin(rows.connection, "46", TUESDAY, AT_NINE)
    for force, given in (
        ("45", {"failure": "x1"}), ("45", {"ended_at": None}), ("45", {"undoing_id": rows.undoing()}), ("47", {}),
        (rounds.BOOK, {}),
    ):  # fmt: skip
        ran(rows, force, **given)
    found = rounds.begun_after(rows.connection, first)
    assert {force: (one.ended, one.failure) for force, one in found.items()} == {
        "45": (False, None),
        "47": (True, None),
    }


def test_a_switch_has_its_own_value(rows):
    for value in ("one", "two"):
        rounds.set_switch(rows.connection, "policy", value, AT_NINE)
    rows.switch("calendar")
    assert [rounds.switch(rows.connection, name) for name in ("policy", "calendar", "held")] == ["two", "yes", None]


def test_the_figures_of_a_force_are_those_of_its_last_round_with_an_account(rows):
    for force, given in (
        ("46", {"account": {"stalled": 3, "chased": 4, "escalated": 5}}), ("45", {"account": {"stalled": 9}}),
        ("45", {"account": {"stalled": 1}}), ("45", {"account": {"state": "Failed"}}),
        ("45", {"account": {"stalled": 8}, "undoing_id": rows.undoing()}), (rounds.BOOK, {"account": {"stalled": 7}}),
    ):  # fmt: skip
        ran(rows, force, **given)
    assert list(map(tuple, figures.last_accounts(rows.connection))) == [("45", 0, 1), ("46", 9, 3)]
