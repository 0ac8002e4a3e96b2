"""What a source sends of a case that was erased: it stays out, unless the case goes on."""

import pytest
from sqlalchemy import text

from flows.configured import configured
from models.queries.intake import erased_cases
from tasks.intake.load import load_folders
from tasks.platform.erased_digest import erased_digest
from tests.worlds.extracts import AS_OF, a_case, a_contact, an_action, write

OVER = {"finalised_on": "2026-03-02", "finalised_reason": "nfa_police", "opened_on": "2025-02-03"}
ERASED = "insert into erasures (digest, erased_on) values (:digest, '2026-06-01')"
URN = "45EX0000126"


def erase(connection):
    """Note the case C1 and its URN as erased."""
    digest = erased_digest(configured())
    for name in ("case 45/C1", f"urn {URN}"):
        connection.execute(text(ERASED), {"digest": digest(name)})


@pytest.fixture
def load(database, tmp_path):
    """Load an extract into a book of which the case C1 and its URN were erased, and return its files' counts."""
    with database.begin() as connection:
        erase(connection)

    def loaded(files, number=1, **manifest):
        folder = write(tmp_path / str(number), files, number=number, **manifest)
        (made,) = load_folders(configured(), [folder], AS_OF)
        assert not made.sentence, made.sentence
        return {file.name: file for file in made.files}

    return loaded


@pytest.fixture
def ask(database):
    def asked(statement):
        with database.connect() as connection:
            return list(connection.execute(text(statement)).scalars())

    return asked


def test_a_rejected_row_of_an_erased_case_leaves_no_mark(load, ask):
    counts = load({"contacts.csv": [a_contact()],
                   "cases.csv": [a_case(risk="V.High", restricted="yes", barred_refs="P1"), a_case("C2")]})  # fmt: skip
    assert counts["cases.csv"].rejected == 1
    assert ask("select case_ref from rejected_marks") == []


def test_a_case_that_was_erased_stays_out_with_all_its_rows(load, ask):
    counts = load({
        "contacts.csv": [a_contact()],
        "cases.csv": [a_case(urn=URN, **OVER), a_case("C2")],
        "actions.csv": [an_action(), an_action("A2", "C2"), {**an_action("A3", ""), "force_code": "", "urn": URN}],
    })  # fmt: skip
    assert ask("select case_ref from cases") == ["C2"]
    assert ask("select action_ref from actions") == ["A2"]
    assert ask("select coalesce(case_ref, urn_root) from case_keys") == ["C2"]
    assert counts["cases.csv"].notes == ["1 row is left out, because its case was erased"]
    assert counts["actions.csv"].notes == ["2 rows are left out, because their cases were erased"]
    assert (counts["actions.csv"].rejected, counts["actions.csv"].waiting) == (0, 0)


def test_a_row_of_another_source_does_not_wait_for_an_erased_case(load, ask):
    rows = [{"urn": URN, "prosecutor_ref": "C1"}, {"urn": "45EX0000226", "prosecutor_ref": "C1"}]
    counts = load({"cps_cases.csv": rows}, source="cms-se", agency="cps")
    assert ask("select urn_root from case_keys") == ["45EX0000226"]
    assert counts["cps_cases.csv"].waiting == 1


def test_the_next_snapshot_withdraws_nothing_for_what_it_left_out(load, ask):
    for number in (1, 2):
        counts = load({"contacts.csv": [a_contact()], "cases.csv": [a_case(**OVER), a_case("C2")]}, number)
    assert (counts["cases.csv"].withdrawn, counts["cases.csv"].changed) == (0, 0)
    assert ask("select case_ref from cases") == ["C2"]


@pytest.mark.parametrize(
    "again",
    [
        pytest.param({"finalised_on": "", "finalised_reason": ""}, id="reopened"),
        pytest.param({"finalised_on": "2026-06-02"}, id="finalised after it was erased"),
    ],
)
def test_a_case_that_goes_on_comes_back_as_new(load, ask, again):
    load({"cases.csv": [a_case(urn=URN, **OVER | again)], "actions.csv": [an_action()]})
    assert ask("select case_ref from cases") == ["C1"]
    assert ask("select action_ref from actions") == ["A1"]
    assert ask("select count(*) from erasures") == [0]


@pytest.mark.parametrize(("expires_on", "comes"), [("", True), ("2026-06-02", True), ("2026-06-01", False)])
def test_an_order_that_lasts_brings_its_case_back(load, ask, expires_on, comes):
    order = {"order_ref": "O1", "urn": URN, "kind": "restraining_order", "made_on": "2026-03-02",
             "expires_on": expires_on}  # fmt: skip
    load({"cases.csv": [a_case(urn=URN, **OVER)], "orders.csv": [order]})
    assert ask("select case_ref from cases") == ["C1"] * comes
    assert ask("select order_ref from orders") == ["O1"] * comes


def test_an_order_that_lasts_waits_until_its_case_is_sent(load, ask):
    order = {"order_ref": "O1", "force_code": "45", "case_ref": "C1", "kind": "restraining_order",
             "made_on": "2026-03-02", "expires_on": ""}  # fmt: skip
    counts = load({"orders.csv": [order]}, mode="delta")
    assert counts["orders.csv"].waiting == 1
    load({"cases.csv": [a_case(**OVER)]}, 2, mode="delta")
    assert ask("select case_ref from cases") == ["C1"]


def test_a_linked_case_that_is_new_takes_the_urn_back(load, ask):
    load({"cases.csv": [a_case(urn=URN, **OVER), a_case("C2", urn=URN)],
          "actions.csv": [{**an_action("A3", ""), "force_code": "", "urn": URN}]})  # fmt: skip
    assert ask("select case_ref from cases") == ["C2"]
    assert ask("select action_ref from actions") == ["A3"]
    assert ask("select count(*) from erasures") == [1]


def test_where_nothing_was_erased_no_row_is_looked_at(connection):
    assert not erased_cases.any_erased(connection)
    erase(connection)
    assert erased_cases.any_erased(connection)
