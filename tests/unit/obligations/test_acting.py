"""Who is notified of an act: in whose name it was done, where anyone may give it, and whose act it undoes."""

from datetime import UTC, date, datetime

import pytest

from models.errors import Refuse
from models.rules.people.directory import Directory
from tasks.obligations.acting import check_undoer
from tests.worlds.directory import police

TODAY, AT = date(2026, 3, 17), datetime(2026, 3, 17, 9, tzinfo=UTC)


def test_only_who_did_it_or_may_do_it_takes_it_back():
    people = Directory([police("P1", "officer"), police("P2", "officer"), police("P3", "officer")])
    for by in ("P1", "P2"):
        check_undoer(by, "P1", frozenset({"P2"}), people, TODAY)
    with pytest.raises(Refuse, match="P3 is not one of those who may take it back"):
        check_undoer("P3", "P1", frozenset({"P2"}), people, TODAY)
