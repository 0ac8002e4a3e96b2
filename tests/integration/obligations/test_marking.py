"""A change that arrives while a projection works on its case is not lost: the next projection sees it."""

from threading import Thread

import pytest
from sqlalchemy import text

from flows.configured import configured
from models.queries.obligations import worklist
from tasks.intake.load import load_folders
from tests.worlds.extracts import AS_OF, a_case, an_action, write


@pytest.fixture
def taken(database, tmp_path):
    """A waiting case, taken by a projection that has not committed: its connection, and the case's id."""
    load_folders(
        configured(), [write(tmp_path / "first", {"cases.csv": [a_case()], "actions.csv": [an_action()]})], AS_OF
    )
    with database.connect() as projecting:
        (case_id,) = projecting.scalars(text("select id from cases")).all()
        assert worklist.take(projecting, "45", [case_id], AS_OF) == {case_id}
        yield projecting, case_id


def _meanwhile(database, projecting, change):
    changing = Thread(target=change)
    changing.start()
    changing.join(1)
    assert changing.is_alive(), "it waits for the projection"
    projecting.commit()
    changing.join(20)
    with database.connect() as looking:
        return looking.scalars(text("select projection from cases")).all()


def test_of_an_extract(database, tmp_path, taken):
    later = write(tmp_path / "later", {"actions.csv": [an_action(due_on="2026-12-01")]}, number=2)
    assert _meanwhile(database, taken[0], lambda: load_folders(configured(), [later], AS_OF)) == ["changed"]


def test_a_report_by_a_person_is_not_lost(database, taken):
    def say():
        with database.begin() as connection:
            worklist.mark_changed(connection, [taken[1]])

    assert _meanwhile(database, taken[0], say) == ["changed"]


def test_a_persons_report_marks_the_cases_that_share_the_urn(database, tmp_path):
    cases = [a_case(urn="45AB1234526"), a_case("C2", urn="45AB1234526"), a_case("C3")]
    load_folders(configured(), [write(tmp_path / "first", {"cases.csv": cases})], AS_OF)
    with database.begin() as connection:
        connection.execute(text("update cases set projection = 'evaluated'"))
        worklist.mark_changed(connection, [connection.scalar(text("select id from cases where case_ref = 'C2'"))])
        marked = connection.scalars(text("select case_ref from cases where projection = 'changed' order by 1")).all()
    assert marked == ["C1", "C2"]
