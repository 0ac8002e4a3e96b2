"""A report that an action was done, by rows: recorded once, taken back once, unless its source has changed since."""

from typing import Any

import pytest
from sqlalchemy import text

from config.doors import Door
from flows.configured import configured
from models.errors import Refuse
from models.rules.obligations.completion import CompletionReport
from models.rules.people.act import Act
from models.rules.references import ActionReference, CaseReference
from tasks.obligations.complete_action import complete, take_back
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

CASE = CaseReference("45", "R1")


class Actions(ReviewRows):
    """A case of the officer of1 with the action A1."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        for ref in ("of1", "of9"):
            self.contact(ref)
        self.case_id = self.case_of("R1", projection="evaluated")
        self.action("A1", self.case_id)

    def completes(self, ref: str = "A1", by: str = "of1", door: Door = Door.COMMAND) -> Any:
        named, act = ActionReference(CASE, ref), Act(by, door, "root")
        return complete(configured(), self.connection, named, CompletionReport(by, None), act, TUESDAY, AT_NINE)

    def undoes(self, ref: str = "A1", by: str = "of1") -> Any:
        named = ActionReference(CASE, ref)
        return take_back(configured(), self.connection, named, Act(by, Door.COMMAND, "root"), TUESDAY, AT_NINE)

    def state(self) -> list[Any]:
        """The action's status, whether its case waits for projection, and the number of acts."""
        statement = "select (select status from actions), (select projection from cases), (select count(*) from acts)"
        return list(self.connection.execute(text(statement)).one())

    def settle(self) -> None:
        self.connection.execute(text("update cases set projection = 'evaluated'"))


@pytest.fixture
def rows(connection) -> Actions:
    return Actions(connection)


def test_an_action_is_reported_once_and_the_report_is_taken_back_once(rows):
    with pytest.raises(Refuse, match="Nobody has reported here that A1 was done"):
        rows.undoes()
    assert rows.completes().new
    assert rows.state() == ["done", "changed", 1]
    rows.settle()
    assert not rows.completes().new
    assert rows.state() == ["done", "evaluated", 1]
    assert rows.undoes().new
    assert rows.state() == ["pending", "changed", 2]
    rows.settle()
    assert not rows.undoes().new
    assert rows.state() == ["pending", "evaluated", 2]


def test_who_has_nothing_to_do_with_it_may_neither_report_it_nor_take_that_back(rows):
    unknown = r"There is no case 45/R1 in the book\."
    with pytest.raises(Refuse, match=unknown):
        rows.completes(by="of9")
    rows.completes()
    with pytest.raises(Refuse, match=unknown):
        rows.undoes(by="of9")
    rows.undoes()
    with pytest.raises(Refuse, match=unknown):
        rows.undoes(by="of9")


def test_a_report_stays_where_its_source_has_changed_the_row_since(rows):
    rows.completes()
    rows.connection.execute(text("update actions set as_sent = null"))
    with pytest.raises(Refuse, match="own row of A1 has changed since it was reported, and counts"):
        rows.undoes()


def test_an_action_that_is_not_the_cases_is_refused_with_those_that_it_has(rows):
    rows.action("A3", rows.case_id)
    with pytest.raises(Refuse, match=r"45/R1 has no action A2\. What it has to do is A1, A3\. Only an action"):
        rows.completes("A2")
    rows.connection.execute(text("update actions set status = 'done', closed_on = '2026-03-02'"))
    with pytest.raises(
        Refuse, match=r"45/R1 has no action A2\. It has no action left that of1 may report\. Only an action"
    ):
        rows.completes("A2")


@pytest.mark.parametrize(("door", "told"), [(Door.COMMAND, 1), (Door.FORM, 1), (Door.MAIL, 0), (Door.SLACK, 0)])
def test_a_person_is_told_of_what_is_done_in_their_name_where_anyone_may_give_it(rows, door, told):
    rows.completes(door=door)
    assert len(rows.found(text("select id from messages where kind = 'act'"))) == told
