"""The SPOC who leads, as tables: by the case's row, else by the panel, and who is told where they cannot."""

import pytest

from config.leading import LeadNamed
from config.terms import Addressee, Agency, OwedBy
from models.rules.people.addressing import Recipient, address, through
from models.rules.people.directory import Directory, Person, panel_of, role_of
from models.rules.people.leading import LeadingSpoc, leads
from models.rules.people.parties import Parties
from tests.worlds.days import row

OWNER, SPOC, LEAD, COUNTERPART = Addressee.OWNER, Addressee.SPOC, Addressee.LEAD, Addressee.COUNTERPART
PAIR = ("45", "South East")
PANEL = {(*PAIR, Agency.POLICE): "SP2", (*PAIR, Agency.CPS): "CS2"}


def person(ref: str, role: str, **more: object) -> Person:
    agency = Agency.CPS if ref.startswith("C") else Agency.POLICE
    forces, areas = (frozenset(), frozenset({PAIR[1]})) if agency is Agency.CPS else (frozenset({PAIR[0]}), frozenset())
    made = Person(
        ref, agency, frozenset({role}), forces, areas, None, active=True, absent=False, restricted_access=True
    )
    return made._replace(**more)


PEOPLE = [
    person("P1", "officer"), person("SP1", "spoc"), person("SP2", "spoc"), person("SP3", "spoc"), person("L1", "lead"),
    person("CS1", "spoc"), person("CS2", "spoc"), person("CL1", "lead"),
]  # fmt: skip


def with_(*changed: Person, without: str = "") -> list[Person]:
    instead = {one.ref: one for one in changed}
    return [*instead.values(), *(one for one in PEOPLE if one.ref not in instead and one.ref not in without.split())]


def matter(owed_by: OwedBy = OwedBy.POLICE, **more: object) -> Parties:
    return Parties(owed_by, (PAIR[0],), (PAIR[1],), "P1", "S1", "C1")._replace(**more)


def told(to, one, people=PEOPLE, panel=PANEL, *, all_spocs=False):
    found = address(to, one, Directory(people, panel), all_spocs=all_spocs)
    return {each.contact_ref: each.note for each in found}


@pytest.mark.parametrize(
    ("one", "people", "panel", "expected"),
    [
        row("the row comes first", matter(police_spoc_ref="SP1"), PEOPLE, PANEL, LeadingSpoc("SP1", LeadNamed.CASE)),
        row("then the panel", matter(), PEOPLE, PANEL, LeadingSpoc("SP2", LeadNamed.PANEL)),
        row("else nobody", matter(), PEOPLE, {}, None),
        row("nobody knows the row's", matter(police_spoc_ref="X9"), PEOPLE, PANEL, LeadingSpoc("SP2", LeadNamed.PANEL)),
        row("the row's has left", matter(police_spoc_ref="SP1"), with_(person("SP1", "spoc", active=False)), PANEL,
            LeadingSpoc("SP2", LeadNamed.PANEL)),
        row("it is no SPOC", matter(police_spoc_ref="P1"), PEOPLE, PANEL, LeadingSpoc("SP2", LeadNamed.PANEL)),
        row("it is one elsewhere", matter(police_spoc_ref="SP1"),
            with_(person("SP1", "spoc", force_codes=frozenset({"46"}))), {}, None),
        row("it is of the other agency", matter(police_spoc_ref="CS1"), PEOPLE, {}, None),
        row("it is barred", matter(police_spoc_ref="SP1", barred=frozenset({"SP1"})), PEOPLE, PANEL,
            LeadingSpoc("SP2", LeadNamed.PANEL)),
        row("it may not see the case", matter(police_spoc_ref="SP1", restricted=True),
            with_(person("SP1", "spoc", restricted_access=False)), PANEL, LeadingSpoc("SP2", LeadNamed.PANEL)),
        row("that counts for restricted cases alone", matter(police_spoc_ref="SP1"),
            with_(person("SP1", "spoc", restricted_access=False)), PANEL, LeadingSpoc("SP1", LeadNamed.CASE)),
        row("the panel's has left", matter(), with_(person("SP2", "spoc", active=False)), PANEL, None),
        row("the panel's is barred", matter(barred=frozenset({"SP2"})), PEOPLE, PANEL, None),
        row("another pair's panel", matter(cps_areas=("Wessex",)), PEOPLE, PANEL, None),
        row("no pair at all", matter(cps_areas=()), PEOPLE, PANEL, None),
        row("who is away leads on", matter(), with_(person("SP2", "spoc", absent=True)), PANEL,
            LeadingSpoc("SP2", LeadNamed.PANEL)),
    ],
)  # fmt: skip
def test_the_spoc_of_the_row_leads_else_the_panels(one, people, panel, expected):
    assert leads(Agency.POLICE, one, Directory(people, panel)) == expected


UNNAMED = "no police SPOC is named to lead"
ALONE = "the police SPOC who leads is away and has no deputy"


@pytest.mark.parametrize(
    ("people", "panel", "expected"),
    [
        row("the one who leads", PEOPLE, PANEL, {"SP2": ""}),
        row("their deputy", with_(person("SP2", "spoc", absent=True, deputy_ref="P1")), PANEL,
            {"P1": "standing in for the police SPOC"}),
        row("they and the others", with_(person("SP2", "spoc", absent=True)), PANEL,
            {"SP2": "", "SP1": ALONE, "SP3": ALONE}),
        row("they and the lead, where there is no other", with_(person("SP2", "spoc", absent=True), without="SP1 SP3"),
            PANEL, {"SP2": "", "L1": ALONE}),
        row("the next too, where another is away as well",
            with_(person("SP2", "spoc", absent=True), person("SP1", "spoc", absent=True)), PANEL,
            {"SP2": "", "SP1": ALONE, "SP3": ALONE, "L1": f"{ALONE}; the police SPOC is away and has no deputy"}),
        row("all, where nobody leads", PEOPLE, {}, {"SP1": UNNAMED, "SP2": UNNAMED, "SP3": UNNAMED}),
        row("the only one", with_(without="SP1 SP3"), {}, {"SP2": ""}),
        row("the lead, where there is none", with_(without="SP1 SP2 SP3"), PANEL,
            {"L1": "no police SPOC is recorded"}),
    ],
)  # fmt: skip
def test_whom_the_word_spoc_leads_to(people, panel, expected):
    assert told([SPOC], matter(), people, panel) == expected
    assert told([COUNTERPART], matter(OwedBy.CPS), people, panel) == expected


def test_of_both_each_agency_has_its_own():
    assert told([SPOC], matter(OwedBy.BOTH, cps_spoc_ref="CS1")) == {"SP2": "", "CS1": ""}


def test_from_a_step_that_says_so_every_spoc_is_told_and_no_note_says_that_nobody_leads():
    assert told([SPOC, COUNTERPART], matter(), all_spocs=True) == dict.fromkeys(("SP1", "SP2", "SP3", "CS1", "CS2"), "")
    assert told([SPOC], matter(), panel={}, all_spocs=True) == dict.fromkeys(("SP1", "SP2", "SP3"), "")


def test_an_owner_who_is_not_there_leads_to_the_spoc_who_leads():
    one = matter(oic_ref=None, supervisor_ref=None)
    why = "no officer in the case is recorded; no supervisor is recorded"
    assert told([OWNER], one) == {"SP2": why}
    assert told([OWNER], one, all_spocs=True) == {"SP1": why, "SP2": why, "SP3": why}


def test_without_a_case_nobody_leads_and_no_note_misses_anyone():
    assert told([SPOC], Parties(OwedBy.POLICE, ("45",))) == dict.fromkeys(("SP1", "SP2", "SP3"), "")


def test_the_first_word_that_led_to_a_person_is_kept():
    assert address([OWNER, SPOC], matter(oic_ref="SP2"), Directory(PEOPLE, PANEL)) == [Recipient(OWNER, "SP2")]


@pytest.mark.parametrize(
    ("to", "one", "people", "all_spocs", "expected"),
    [
        row("a person who is there", OWNER, matter(), PEOPLE, False, {"P1"}),
        row("one who is not known yet", OWNER, matter(oic_ref="X9", supervisor_ref="P1"), PEOPLE, False, {"X9", "P1"}),
        row("the deputies on the way", OWNER, matter(),
            with_(person("P1", "officer", absent=True, deputy_ref="SP1"), person("SP1", "spoc", absent=True,
                  deputy_ref="L1")), False, {"P1", "SP1", "L1"}),
        row("the row's SPOC alone", SPOC, matter(police_spoc_ref="SP1"), PEOPLE, False, {"SP1"}),
        row("the panel and its SPOC", SPOC, matter(), PEOPLE, False, {"SP2", panel_of(*PAIR)}),
        row("the row's too, who cannot lead", SPOC, matter(police_spoc_ref="X9"), PEOPLE, False,
            {"X9", "SP2", panel_of(*PAIR)}),
        row("everyone of a role, and who joins", LEAD, matter(), PEOPLE, False,
            {"L1", role_of(Agency.POLICE, "lead", "45")}),
        row("every SPOC, and who joins", SPOC, matter(), PEOPLE, True,
            {"SP1", "SP2", "SP3", role_of(Agency.POLICE, "spoc", "45")}),
        row("operations on nobody", Addressee.OPERATIONS, matter(), PEOPLE, False, set()),
    ],
)  # fmt: skip
def test_all_on_whom_it_depends_who_is_told(to, one, people, all_spocs, expected):
    assert through([to], one, Directory(people, PANEL), all_spocs=all_spocs) == expected
