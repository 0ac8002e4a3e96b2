"""Who leads on a case for each agency, and whom to ask about its checklist."""

import pytest

from config.terms import OwedBy
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from tasks.obligations.leading_spocs import who_leads
from tests.worlds.directory import police

MATTER = Parties(OwedBy.BOTH, ("45",), ("South East",), "P1")


@pytest.mark.parametrize("absent", [False, True])
def test_the_spoc_whom_the_case_names_leads_also_while_they_are_away_and_otherwise_nobody(absent):
    people = Directory([police("P1", "officer"), police("P-SPOC", "spoc", absent=absent)])
    first, second = who_leads(MATTER._replace(police_spoc_ref="P-SPOC"), people)
    assert (first.agency, first.contact_ref, first.away) == ("police", "P-SPOC", absent)
    assert first.named
    assert (second.agency, second.contact_ref, second.named, second.away) == ("cps", None, "", False)
