"""Cases that disappear from their source: their rows in the other files stay, and operations hear of their orders."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tasks.intake.files import FILES
from tests.worlds.extracts import a_case, an_action
from tests.worlds.intake import Intake

URN = "45AB1234526"
NO_ORDER = (",".join(column.name for column in FILES["orders.csv"].columns) + "\r\n").encode()


def an_order(order_ref: str = "O1", case_ref: str = "C2", **said: str) -> dict[str, str]:
    named = {} if "urn" in said else {"force_code": "45", "case_ref": case_ref}
    return {
        "order_ref": order_ref, "kind": "restraining_order", "made_on": "2026-11-03", "expires_on": "2027-11-03",
        **named, **said,
    }  # fmt: skip


def closed(case_ref: str = "C2", **said: str) -> dict[str, str]:
    return a_case(case_ref, finalised_on="2026-11-20", finalised_reason="charged_and_disposed", **said)


@pytest.fixture
def intake(database: Engine, tmp_path: Path) -> Intake:
    return Intake(database, tmp_path)


def withdrawn(intake: Intake, table: str = "orders", key: str = "order_ref") -> list[Any]:
    return intake.rows(f"select {key} from {table} where withdrawn_on is not null order by 1")


def told(intake: Intake) -> list[str]:
    return intake.rows("select text from messages where key like 'missing:%' order by id")


def test_a_source_that_exports_open_cases_alone_ends_no_watch_over_a_closed_cases_order(intake: Intake) -> None:
    full = {"actions.csv": [an_action(), an_action("A2", "C2")], "orders.csv": [an_order(), an_order("O2", "C1")]}
    intake.sends({"cases.csv": [a_case(), closed()], **full})
    intake.settle()
    result = intake.sends({"cases.csv": [a_case()], "actions.csv": [an_action()], "orders.csv": [an_order("O2", "C1")]})
    assert intake.rows("select case_ref from cases where withdrawn_on is not null") == ["C2"]
    assert (withdrawn(intake), withdrawn(intake, "actions", "action_ref"), intake.changed) == ([], [], [])
    assert [(count.name, count.withdrawn, count.notes) for count in result.files[1:]] == [
        (name, 0, ["1 row is left out and kept, because its case is missing from the source"])
        for name in ("actions.csv", "orders.csv")
    ]
    (words,) = told(intake)
    assert words.startswith(
        "Cases are missing from an extract, niche-45\n\n"
        "Extract niche-45-2 of source niche-45 no longer holds 1 case that the source supplied before"
    )
    assert "Among their rows: 1 order that has not expired, the first on Wed 3 Nov 2027. Each is still watched" in words


def test_operations_read_which_open_cases_are_missing_but_not_one_that_is_kept_apart(intake: Intake) -> None:
    kept = [a_case("C1"), a_case("C2"), closed("C3"), a_case("C4", restricted="yes"), a_case("C5", barred_refs="P1")]
    intake.sends({"cases.csv": kept})
    intake.sends({"cases.csv": [a_case("C1")]})
    (words,) = told(intake)
    assert "no longer holds 4 cases" in words
    assert "\nOpen: 45/C2, and 2 more. Where one was closed or cancelled, its row has to come with" in words


def test_the_next_snapshot_keeps_them_too_and_tells_nobody_again(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case(), closed()], "orders.csv": [an_order()]})
    for _ in range(2):
        result = intake.sends({"cases.csv": [a_case()], "orders.csv": NO_ORDER})
        assert (withdrawn(intake), len(told(intake))) == ([], 1)
        assert result.files[1].notes != []


def test_a_case_that_comes_back_without_them_withdraws_them(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case(), closed()], "orders.csv": [an_order()]})
    intake.sends({"cases.csv": [a_case()], "orders.csv": NO_ORDER})
    intake.sends({"cases.csv": [a_case(), closed()], "orders.csv": NO_ORDER})
    assert withdrawn(intake) == ["O1"]


def test_a_delta_that_names_one_withdraws_it(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case(), closed()], "orders.csv": [an_order()]})
    intake.sends({"cases.csv": [a_case()], "orders.csv": NO_ORDER})
    intake.sends({"orders.csv": [{**an_order(), "withdrawn": "yes"}]}, mode="delta")
    assert withdrawn(intake) == ["O1"]


def test_a_row_of_a_urn_is_the_other_cases_while_its_own_source_sends_that(intake: Intake) -> None:
    both = [a_case(urn=URN), closed(urn=URN)]
    intake.sends({"cases.csv": both, "orders.csv": [an_order(urn=URN)]})
    of_cps = {"source": "cms-se", "agency": "cps"}
    intake.sends({"orders.csv": [an_order("O9", urn=URN)]}, **of_cps)
    intake.sends({"cases.csv": both[:1], "orders.csv": NO_ORDER})
    intake.sends({"orders.csv": NO_ORDER}, **of_cps)
    assert withdrawn(intake) == ["O1"]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ({"expires_on": "2026-11-25"}, "1 order that has not expired, the first on Wed 25 Nov 2026"),
        ({"expires_on": "2026-11-24"}, ""),
        ({"expires_on": ""}, "1 order that has not expired. Each is still watched"),
        ({"expires_on": "", "made_on": ""}, ""),
    ],
)
def test_operations_hear_of_orders_that_have_not_expired(intake: Intake, order: dict[str, str], said: str) -> None:
    intake.sends({"cases.csv": [a_case(), closed()], "orders.csv": [an_order(**order)]})
    intake.sends({"cases.csv": [a_case()], "orders.csv": NO_ORDER})
    (words,) = told(intake)
    assert said in words
    assert ("Among their rows" in words) is bool(said)


def test_a_source_that_leaves_out_a_row_alone_withdraws_it_as_before(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case(), closed()], "orders.csv": [an_order()]})
    intake.sends({"cases.csv": [a_case(), closed()], "orders.csv": NO_ORDER})
    assert (withdrawn(intake), told(intake)) == (["O1"], [])


def test_a_row_of_a_case_whose_row_cannot_be_read_stays_too(intake: Intake) -> None:
    """Whether the case is missing is not known: its row may be the one that cannot be read."""
    intake.sends({"cases.csv": [a_case(), closed()], "orders.csv": [an_order()]})
    full = (intake.prepares({"cases.csv": [a_case(), closed()]}) / "cases.csv").read_bytes()
    cut = full[: full.rindex(b",")] + b"\r\n"
    result = intake.sends({"cases.csv": cut, "orders.csv": NO_ORDER})
    assert intake.rows("select count(*) from cases where withdrawn_on is not null") == [0]
    assert withdrawn(intake) == []
    assert result.files[1].notes == ["1 rows were not withdrawn, since 1 rows could not be read at all"]


def test_the_command_says_so(database: Engine, intake: Intake, run_cli: Any) -> None:
    intake.sends({"cases.csv": [a_case(), closed()], "orders.csv": [an_order()]})
    ran = run_cli("intake", str(intake.prepares({"cases.csv": [a_case()], "orders.csv": NO_ORDER})))
    assert ran.code == 0, ran.err
    assert "  1 case missing from the source, kept with 1 unexpired order; operations are told\n" in ran.out
