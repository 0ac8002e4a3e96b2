"""A list of one case, one force or all: who asked is audited, and a case that is not there is refused."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from models.errors import Refuse
from tasks.obligations import lists

NAME = "tasks.obligations.lists"


@pytest.fixture
def book(monkeypatch):
    """The obligations that are found, whether the case is known, and what is audited."""
    made = SimpleNamespace(found=[], known=False, audited=[], checked=[], meant=[])
    monkeypatch.setattr(lists, "transaction", nullcontext)
    monkeypatch.setattr(lists, "refuse_unknown", lambda _, force: made.checked.append(force))
    monkeypatch.setattr(lists, "record_consultation", lambda _, *given: made.audited.append(given))
    monkeypatch.setattr(f"{NAME}.queries.live", lambda *_: made.found)
    monkeypatch.setattr(f"{NAME}.queries.is_known", lambda *_: made.known)
    monkeypatch.setattr(lists, "similar", lambda _, case: made.meant.append(tuple(case)) or " Did you mean it?")
    return made


@pytest.mark.parametrize(
    ("force", "case", "found", "known"),
    [(None, None, [], False), ("45", None, [], False), ("45", "C1", ["one"], False), ("45", "C1", [], True)],
)
def test_a_case_that_owes_nothing_is_told_from_one_that_is_not_there(book, force, case, found, known):
    book.found, book.known = found, known
    assert lists.obligations(force, case) == found
    assert book.meant == []


@pytest.mark.parametrize(
    ("force", "case", "where", "meant"),
    [
        ("45", "C1", " of force 45", ("45", "C1")),
        (None, "45/C1", "", ("45", "C1")),
        ("45", "1/2", " of force 45", ("45", "1/2")),
    ],
)
def test_a_case_that_is_not_there_is_refused_with_what_was_meant(book, force, case, where, meant):
    with pytest.raises(Refuse) as refused:
        lists.obligations(force, case)
    assert str(refused.value) == (
        f"There is no case {case}{where} in the book. Did you mean it? Nothing was done."
    )  # fmt: skip
    assert book.meant == [meant]


def test_who_asks_for_a_list_is_audited_by_its_force_which_has_to_be_known(book):
    lists.consulted(None, "stalled", "45")
    lists.consulted(None, "stalled", None)
    assert book.audited == [("list", "45", "stalled"), ("list", "all forces", "stalled")]
    assert book.checked == ["45"]
