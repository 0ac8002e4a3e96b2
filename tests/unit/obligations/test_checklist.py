"""Who leads on a case for each agency, and whom to ask about its checklist."""

from contextlib import nullcontext
from datetime import date
from types import SimpleNamespace

import pytest

from config.terms import Addressee, OwedBy
from models.errors import Refuse
from models.rules.people.addressing import Recipient
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from tasks.obligations import checklist
from tasks.obligations.checklist import _ask
from tasks.obligations.leading_spocs import who_leads
from tests.unit.people.test_addressing import police

TODAY = date(2026, 3, 17)
MATTER = Parties(OwedBy.BOTH, ("45",), ("South East",), "P1")
NAME = "tasks.obligations.checklist"


@pytest.mark.parametrize("absent", [False, True])
def test_the_spoc_whom_the_case_names_leads_also_while_they_are_away_and_otherwise_nobody(absent):
    people = Directory([police("P1", "officer"), police("P-SPOC", "spoc", absent=absent)])
    first, second = who_leads(MATTER._replace(police_spoc_ref="P-SPOC"), people)
    assert (first.agency, first.contact_ref, first.away) == ("police", "P-SPOC", absent)
    assert first.named
    assert (second.agency, second.contact_ref, second.named, second.away) == ("cps", None, "", False)


def test_a_person_to_ask_is_named_by_their_role_and_nobody_is_operations():
    asked = _ask(Recipient(Addressee.OWNER, "P1", "why"))
    assert (asked.contact_ref, asked.role, asked.note) == ("P1", "officer in the case", "why")
    assert _ask(Recipient(Addressee.OPERATIONS, None, "")).role == "operations"


@pytest.fixture
def book(monkeypatch):
    """A case, if it is there, with two referrals."""
    made = SimpleNamespace(head=SimpleNamespace(id=1, urn_key_id=None))
    rows = [SimpleNamespace(ref="R1", submitted_on=TODAY, decision_on=None, decision=None, missing=missing, source_id=1)
            for missing in (("C01",), ())]  # fmt: skip
    monkeypatch.setattr(checklist, "transaction", nullcontext)
    monkeypatch.setattr(f"{NAME}.explain.head", lambda *_: made.head)
    monkeypatch.setattr(checklist, "record_consultation", lambda *_: None)
    monkeypatch.setattr(checklist, "related_cases", lambda *_: {})
    monkeypatch.setattr(checklist, "record_related", lambda *_: None)
    monkeypatch.setattr(checklist, "case_parties", lambda *_: MATTER)
    monkeypatch.setattr(checklist, "directory_on", lambda *_: Directory([police("P1", "officer")]))
    monkeypatch.setattr(f"{NAME}.checklist.referrals", lambda *_: rows)
    sight = SimpleNamespace(blind=lambda *_: "no column")
    monkeypatch.setattr(f"{NAME}.source_columns.sights", lambda *_: {"45": sight})
    monkeypatch.setattr(checklist, "unknown_case", lambda *_: Refuse("there is no such case"))
    return made


def test_what_cannot_be_seen_of_a_referral_is_told_only_where_nothing_is_known_to_be_missing(book):
    found = checklist.of_case("45", "C1", TODAY)
    assert [(one.missing, one.unseen) for one in found.referrals] == [(("C01",), ""), ((), "no column")]
    assert [one.contact_ref for one in found.ask] == ["P1"]
    book.head = None
    with pytest.raises(Refuse, match="there is no such case"):
        checklist.of_case("45", "C1", TODAY)
