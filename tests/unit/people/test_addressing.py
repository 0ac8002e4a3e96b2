"""The addressees of a step, as tables: fallbacks, deputies and absences, and each person once."""

import pytest

from config.leading import OwnerKind
from config.terms import Addressee, Agency, OwedBy
from models.rules.people.addressing import Recipient, address, owners
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from tests.worlds.directory import EVERYONE, contact, police

OWNER, SUPERVISOR, SPOC = Addressee.OWNER, Addressee.SUPERVISOR, Addressee.SPOC
LEAD, COUNTERPART, OPERATIONS = Addressee.LEAD, Addressee.COUNTERPART, Addressee.OPERATIONS


def told(
    to,
    people,
    *,
    owed_by=OwedBy.POLICE,
    oic="P-OIC",
    supervisor="P-SUP",
    prosecutor="C-PRO",
    named=None,
    owner=OwnerKind.CASE,
):
    matter = Parties(owed_by, ("45",), ("South East",), oic, supervisor, prosecutor, named, owner=owner)
    return [(one.addressee, one.contact_ref) for one in address(to, matter, Directory(people))]


def notes(people, *, barred=(), **given):
    matter = Parties(OwedBy.POLICE, ("45",), ("South East",), "P-OIC", "P-SUP", "C-PRO", barred=frozenset(barred))
    return address([OWNER], matter._replace(**given), Directory(people))[0].note


@pytest.mark.parametrize(
    ("people", "given", "note"),
    [
        ([police("P-OIC", "officer", active=False)], {}, "the officer in the case has left"),
        ([police("P-OIC", active=False)._replace(coming=True)], {}, "the officer in the case is not here yet"),
        ([], {}, "the officer in the case has no address here"),
        ([], {"oic_ref": ""}, "no officer in the case is recorded"),
        ([], {"barred": {"P-OIC"}}, "no officer in the case is recorded"),
        ([police("P-SUP", active=False)], {"owner": OwnerKind.SUPERVISOR}, "the supervisor has left"),
    ],
)
def test_why_whom_the_records_name_is_not_addressed(people, given, note):
    everyone = [*people, *without("P-OIC", "P-SUP")]
    assert notes(everyone, **given).partition(";")[0] == note


def without(*refs):
    return [person for person in EVERYONE if person.ref not in refs]


@pytest.mark.parametrize(
    ("owed_by", "to", "expected"),
    [
        (OwedBy.POLICE, [OWNER], [(OWNER, "P-OIC")]),
        (OwedBy.CPS, [OWNER], [(OWNER, "C-PRO")]),
        (OwedBy.BOTH, [OWNER], [(OWNER, "P-OIC"), (OWNER, "C-PRO")]),
        (OwedBy.CPS, [SUPERVISOR], [(SUPERVISOR, "C-DCP")]),
        (OwedBy.BOTH, [SPOC], [(SPOC, "P-SPOC"), (SPOC, "C-SPOC")]),
        (OwedBy.POLICE, [COUNTERPART], [(COUNTERPART, "C-SPOC")]),
        (OwedBy.CPS, [COUNTERPART], [(COUNTERPART, "P-SPOC")]),
        (OwedBy.BOTH, [COUNTERPART], []),
        (OwedBy.OPERATIONS, [OPERATIONS, SPOC], [(OPERATIONS, None), (SPOC, "P-SPOC")]),
        (OwedBy.OPERATIONS, [LEAD], [(LEAD, "P-LEAD")]),
    ],
)
def test_each_addressee_leads_to_the_people_of_the_owing_side(owed_by, to, expected):
    assert told(to, EVERYONE, owed_by=owed_by) == expected


@pytest.mark.parametrize(
    ("owed_by", "missing", "expected"),
    [
        (OwedBy.POLICE, ["P-OIC"], [(OWNER, "P-SUP")]),
        (OwedBy.POLICE, ["P-OIC", "P-SUP"], [(OWNER, "P-SPOC")]),
        (OwedBy.POLICE, ["P-OIC", "P-SUP", "P-SPOC"], [(OWNER, "P-LEAD")]),
        (OwedBy.POLICE, ["P-OIC", "P-SUP", "P-SPOC", "P-LEAD"], [(OWNER, None)]),
        (OwedBy.CPS, ["C-PRO"], [(OWNER, "C-SPOC")]),
        (OwedBy.CPS, ["C-PRO", "C-SPOC"], [(OWNER, "C-LEAD")]),
        (OwedBy.CPS, ["C-PRO", "C-SPOC", "C-LEAD"], [(OWNER, None)]),
        (OwedBy.BOTH, ["C-PRO"], [(OWNER, "P-OIC"), (OWNER, "C-SPOC")]),
    ],
)
def test_an_owner_nobody_knows_passes_to_the_next_of_the_table(owed_by, missing, expected):
    assert told([OWNER], without(*missing), owed_by=owed_by) == expected


def test_a_counterpart_nobody_holds_passes_to_that_agencys_lead_then_operations():
    assert told([COUNTERPART], without("C-SPOC")) == [(COUNTERPART, "C-LEAD")]
    assert told([COUNTERPART], without("C-SPOC", "C-LEAD")) == [(COUNTERPART, None)]


def test_an_actions_owner_comes_before_the_officer_in_the_case():
    other = police("P-2", "officer")
    assert told([OWNER], [*EVERYONE, other], named="P-2") == [(OWNER, "P-2")]
    assert told([OWNER], [*EVERYONE, other._replace(active=False)], named="P-2") == [(OWNER, "P-OIC")]
    assert told([OWNER], EVERYONE, named="unknown") == [(OWNER, "P-OIC")]


def test_the_absent_are_replaced_by_their_deputy():
    people = [*without("P-OIC"), police("P-OIC", absent=True, deputy="P-2"), police("P-2")]
    assert told([OWNER], people) == [(OWNER, "P-2")]


@pytest.mark.parametrize(("hops", "expected"), [(3, [(OWNER, "P-3")]), (4, [(OWNER, "P-OIC"), (OWNER, "P-SUP")])])
def test_deputies_are_followed_up_to_three_times(hops, expected):
    chain = [police("P-OIC", absent=True, deputy="P-1")]
    chain += [police(f"P-{at}", absent=at < hops, deputy=f"P-{at + 1}") for at in range(1, hops + 1)]
    assert told([OWNER], [*without("P-OIC"), *chain]) == expected


def test_deputies_in_a_circle_fail_and_the_next_is_told_too():
    circle = [police("P-OIC", absent=True, deputy="P-2"), police("P-2", absent=True, deputy="P-OIC")]
    assert told([OWNER], [*without("P-OIC"), *circle]) == [(OWNER, "P-OIC"), (OWNER, "P-SUP")]


def test_one_person_is_notified_once_by_the_first_addressee_that_leads_there():
    people = [*without("P-SUP", "P-SPOC"), police("P-SUP", "supervisor", "spoc")]
    assert told([OWNER, SUPERVISOR, SPOC], people, oic="P-SUP") == [(OWNER, "P-SUP")]


def test_it_is_said_in_roles_why_someone_was_told_in_anothers_place():
    matter = Parties(OwedBy.CPS, ("45",), ("South East",), "P-OIC", "P-SUP", None)
    assert address([OWNER], matter, Directory(without("C-SPOC"))) == [
        Recipient(OWNER, "C-LEAD", "no prosecutor is recorded; no CPS SPOC is recorded")
    ]


@pytest.mark.parametrize(
    ("owner", "named", "missing", "expected"),
    [
        (OwnerKind.SUPERVISOR, None, [], "P-SUP"),
        (OwnerKind.SUPERVISOR, None, ["P-SUP"], "P-SPOC"),
        (OwnerKind.SUPERVISOR, None, ["P-SUP", "P-SPOC"], "P-LEAD"),
        (OwnerKind.CHAIR, "P-LEAD", [], "P-LEAD"),
        (OwnerKind.CHAIR, "unknown", [], "P-SUP"),
        (OwnerKind.CHAIR, None, ["P-SUP"], "P-SPOC"),
    ],
)
def test_a_supervisors_review_is_the_supervisors_and_a_sittings_outcome_its_chairs(owner, named, missing, expected):
    assert told([OWNER], without(*missing), named=named, owner=owner) == [(OWNER, expected)]


def test_of_both_agencies_the_chair_is_told_once_and_each_half_falls_back_on_its_own():
    both = {"owed_by": OwedBy.BOTH, "owner": OwnerKind.CHAIR}
    assert told([OWNER], EVERYONE, named="P-LEAD", **both) == [(OWNER, "P-LEAD")]
    assert told([OWNER], EVERYONE, named="unknown", **both) == [(OWNER, "P-SUP"), (OWNER, "C-SPOC")]


@pytest.mark.parametrize(
    ("owner", "named", "note"),
    [
        (OwnerKind.SUPERVISOR, None, "the supervisor has no address here"),
        (OwnerKind.CHAIR, None, "no chair of the meeting is recorded; the supervisor has no address here"),
    ],
)
def test_the_note_names_the_role_that_owes_it(owner, named, note):
    matter = Parties(OwedBy.POLICE, ("45",), ("South East",), "P-OIC", "P-SUP", None, named, owner=owner)
    assert owners(matter, Directory(without("P-SUP"))) == [Recipient(OWNER, "P-SPOC", note)]


def test_who_stands_in_for_an_actions_owner_reads_whose_it_is():
    people = [*EVERYONE, police("P-2", absent=True, deputy="P-3"), police("P-3")]
    matter = Parties(OwedBy.POLICE, ("45",), ("South East",), "P-OIC", "P-SUP", None, "P-2")
    assert owners(matter, Directory(people)) == [Recipient(OWNER, "P-3", "standing in for the action's owner")]


def test_a_silent_source_is_told_to_the_deputy_of_an_absent_spoc():
    people = [police("P-SPOC", "spoc", absent=True, deputy="P-2"), police("P-2", "officer")]
    assert told([OPERATIONS, SPOC], people, owed_by=OwedBy.OPERATIONS) == [(OPERATIONS, None), (SPOC, "P-2")]


def test_each_force_of_a_silent_source_has_its_own_spoc_or_falls_back_to_its_own_lead():
    kent = frozenset({"46"})
    people = [police("P-SPOC", "spoc"), contact("K-LEAD", Agency.POLICE, ["lead"], force_codes=kent)]
    matter = Parties(OwedBy.OPERATIONS, ("45", "46"))
    assert [one.contact_ref for one in address([OPERATIONS, SPOC], matter, Directory(people))] == [
        None,
        "P-SPOC",
        "K-LEAD",
    ]


def test_who_has_a_role_in_several_places_is_told_once_and_in_the_order_of_references():
    both = [
        contact("P-B", Agency.POLICE, ["lead"], force_codes=frozenset({"45", "46"})),
        contact("P-A", Agency.POLICE, ["lead"], force_codes=frozenset({"46"})),
    ]
    matter = Parties(OwedBy.POLICE, ("45", "46"), (), None, None, None, None)
    assert [one.contact_ref for one in address([LEAD], matter, Directory(both))] == ["P-A", "P-B"]
