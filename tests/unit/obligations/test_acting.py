"""Who is notified of an act: in whose name it was done, where anyone may give it, and whose act it undoes."""

from datetime import UTC, date, datetime

import pytest

from config.doors import ActKind
from config.terms import OwedBy
from models.errors import Refuse
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from tasks.obligations.acting import check_may
from tests.worlds.directory import police

TODAY, AT = date(2026, 3, 17), datetime(2026, 3, 17, 9, tzinfo=UTC)


def test_only_who_did_it_or_may_do_it_takes_it_back():
    people = Directory([police("P1", "officer"), police("P2", "officer"), police("P3", "officer")])
    case = Parties(OwedBy.POLICE, ("45",), oic_ref="P2")
    for by in ("P1", "P2"):
        check_may(ActKind.MOVE, case, by, people, TODAY, done_by="P1")
    with pytest.raises(Refuse, match="P3 is not one of those who may take it back"):
        check_may(ActKind.MOVE, case, "P3", people, TODAY, done_by="P1")
