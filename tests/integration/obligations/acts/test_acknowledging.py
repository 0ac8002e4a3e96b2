"""A promise by rows: renewed, repeated, taken back, and found by the rule and the subject that a person names."""

from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from config.acknowledgement import PromiseType
from config.doors import Door
from flows.configured import configured
from models.errors import Refuse
from models.queries.obligations import acknowledgements
from models.rules.obligations.acknowledgement import AcknowledgementRequest
from models.rules.people.act import Act
from models.rules.references import CaseReference, ObligationReference
from tasks.obligations import acknowledge
from tasks.obligations.acknowledge import checked_reason, obligation_named, promise, take_back, type_named
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

WEDNESDAY, THURSDAY = TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=2)


class Promises(ReviewRows):
    """A case of the officer of1 and the supervisor su1, whose acts they do at a command line."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        for ref, role in (("of1", "officer"), ("su1", "supervisor"), ("of9", "officer")):
            self.contact(ref, roles=(role,))
        self.case_id = self.case_of("R1", supervisor_ref="su1")
        self.item = self.owed()

    def owed(self, rule: str = "action", subject: str = "action:A1") -> int:
        return self.owes(self.case_id, TUESDAY - timedelta(days=1), rule=rule, subject=subject, owed_by="police")

    def live(self) -> Any:
        return acknowledgements.live_version(self.connection, self.item)

    def promises(self, until: Any = THURSDAY, by: str = "of1") -> int:
        wish = AcknowledgementRequest(by, until)
        act = Act(by, Door.COMMAND, "root")
        return promise(configured(), self.connection, self.live(), wish, act, "why", TUESDAY, AT_NINE).renewals

    def withdraws(self, by: str = "of1") -> Any:
        found = take_back(configured(), self.connection, self.live(), Act(by, Door.COMMAND, "root"), TUESDAY, AT_NINE)
        return found and found.until_on

    def rows_of(self, statement: str) -> list[Any]:
        return [tuple(row) for row in self.connection.execute(text(statement))]

    def kept(self) -> list[Any]:
        return self.rows_of('select by_ref, until_on, renewals, "end" from promises order by id')

    def acts(self) -> list[Any]:
        return self.rows_of("select by_ref, undoes from acts order by id")

    def notified(self) -> list[Any]:
        return self.rows_of("select contact_ref from messages where kind = 'act' order by contact_ref")


@pytest.fixture
def rows(connection) -> Promises:
    return Promises(connection)


def test_the_same_promise_again_changes_nothing_and_another_day_or_person_renews_it(rows):
    assert [rows.promises(), rows.promises()] == [0, 0]
    assert rows.kept() == [("of1", THURSDAY, 0, None)]
    assert rows.promises(WEDNESDAY) == 1
    assert rows.promises(WEDNESDAY, "su1") == 2
    assert [(by, end) for by, _, _, end in rows.kept()] == [("of1", "renewed"), ("of1", "renewed"), ("su1", None)]
    assert rows.acts() == [("of1", False), ("of1", False), ("su1", False)]


def test_a_promise_until_today_is_refused_although_it_is_the_one_that_was_made(rows):
    rows.promise(rows.item, until_on=TUESDAY, by_ref="of1")
    with pytest.raises(Refuse, match="is not after today"):
        rows.promises(TUESDAY)


def test_a_promise_is_taken_back_once_and_only_by_who_may(rows):
    with pytest.raises(Refuse, match="Nobody has taken it on at present"):
        rows.withdraws()
    rows.promises()
    with pytest.raises(Refuse, match="of9 is not one of those who may take it back"):
        rows.withdraws("of9")
    assert rows.withdraws("su1") == THURSDAY
    assert rows.withdraws("su1") is None
    with pytest.raises(Refuse, match="of9 is not one of those who may take it back"):
        rows.withdraws("of9")
    assert rows.acts() == [("of1", False), ("su1", True)]
    assert rows.notified() == [("of1",), ("of1",), ("su1",)], "of what was done in their name, and taken back"


def test_a_promise_that_ended_by_itself_cannot_be_taken_back(rows):
    rows.promise(rows.item, until_on=TUESDAY, by_ref="of1", end="lapsed", ended_on=TUESDAY)
    with pytest.raises(Refuse, match="Nobody has taken it on at present"):
        rows.withdraws()


def named(rows: Promises, rule: str, subject: str | None = None, ref: str = "R1") -> Any:
    try:
        asked = ObligationReference(CaseReference("45", ref), rule, subject)
        return obligation_named(configured(), rows.connection, asked, Act("of1", Door.COMMAND, "root"), TUESDAY).id
    except Refuse as refused:
        return str(refused)


def test_an_obligation_is_found_by_its_rule_and_where_there_are_several_by_its_subject(rows):
    review = rows.owed("joint-review", "case")
    assert [named(rows, "action"), named(rows, "joint-review")] == [rows.item, review]
    second = rows.owed(subject="action:A2")
    assert [named(rows, "action", f"action:A{number}") for number in (1, 2)] == [rows.item, second]
    several = "45/R1 owes more than one thing under action. Name one: action/action:A1, action/action:A2. Nothing was"
    assert named(rows, "action").startswith(several)
    gone = "45/R1 owes nothing under action/action:A3 now. It owes action/action:A1, action/action:A2. Nothing was"
    assert named(rows, "action", "action:A3").startswith(gone)
    other = "45/R1 owes nothing under plea now. It owes something under action, joint-review. Nothing was done."
    assert named(rows, "plea") == other


def test_a_rule_or_a_case_that_is_not_known_is_refused_with_what_was_meant(rows):
    assert named(rows, "acton").startswith('There is no rule "acton". Did you mean action?')
    rows.case_of("45/R1")
    rows.case_of("R2")
    assert named(rows, "action", ref="R9") == (
        "There is no case 45/R9 in the book. Write FORCE/CASE_REF. Did you mean 45/45/R1 or 45/R1 or 45/R2? "
        "Nothing was done."
    )
    assert named(rows, "action", ref="R2") == (
        "45/R2 owes nothing under action now. It owes nothing that of1 may take on. Nothing was done."
    )
    assert named(rows, "action", ref="999").endswith("Write FORCE/CASE_REF. Nothing was done.")
    rows.say_of(rows.case_id, barred_refs=["of1"])
    assert named(rows, "action").startswith("There is no case 45/R1 in the book. Write FORCE/CASE_REF.")


def test_a_reason_is_one_line_of_a_thousand_characters_at_most():
    assert checked_reason("  a\n b ") == "a b"
    assert len(checked_reason("x" * 1_000)) == 1_000
    for reason, why in ((" \n ", "needs its reason"), ("x" * 1_001, "is longer than 1000 characters")):
        with pytest.raises(Refuse, match=why):
            checked_reason(reason)


def test_a_type_of_promise_is_one_of_those_that_there_are():
    first = next(iter(PromiseType))
    assert (type_named(None), type_named(first.value)) == (None, first)
    with pytest.raises(Refuse, match=r'There is no --type "x"\. Give one of '):
        type_named("x")


def test_who_takes_back_another_persons_promise_is_told_whose_it_was_and_until_when(rows, monkeypatch):
    monkeypatch.setattr(acknowledge, "transaction", lambda: nullcontext(rows.connection))
    review = rows.owed("joint-review", "case")
    rows.promise(review, until_on=THURSDAY, by_ref="of1")
    rows.promises()
    by = Act("su1", Door.COMMAND, "root")
    for rule, about in (("action", "action/action:A1 of 45/R1"), ("joint-review", "joint-review of 45/R1")):
        asked = ObligationReference(CaseReference("45", "R1"), rule, None)
        first, again = (acknowledge.withdraw(configured(), asked, by, TUESDAY, AT_NINE) for _ in range(2))
        assert first == (about, "of1", THURSDAY)
        assert again == (about, "su1", None)
