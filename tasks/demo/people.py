"""The people of the demo, with birds as first names, trees as last names, and addresses that do not exist."""

import itertools
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from tasks.demo.people_rows import AbsenceCsvRow, ContactCsvRow, TrainingCsvRow
from tasks.demo.rows import AREA, FORCE, NEXT_AREA

_BIRDS = (
    "Avocet Bittern Brambling Bunting Bustard Chaffinch Chough Coot Corncrake Crossbill Curlew Dabchick Dipper "
    "Dotterel Dunlin Dunnock Fieldfare Firecrest Fulmar Gadwall Gannet Garganey Godwit Goldcrest Goldeneye "
    "Goosander Goshawk Grebe Greenfinch Greenshank Guillemot Harrier Hawfinch Hobby Hoopoe Kestrel Kittiwake Knot "
    "Lapwing Linnet"
)
_TREES = (
    "Alder Applewood Aspen Beechmast Blackthorn Bramblewood Cedarwood Cherrybark Cypress Dogwood Elderwood "
    "Elmbark Firwood Gingko Hawthorn Hazelrod Hollywood Hornbeam Juniper Laburnum Larchwood Limewood Maplewood "
    "Medlar Mulberry Oakapple Pearwood Pinewood Plumtree Poplar Quickbeam Rowanwood Sallow Sequoia Spindle "
    "Sycamore Tamarisk Whitebeam"
)
TEAMS, TEAM_SIZE = 12, 5
CATCHING_UP = (2, 6)  # teams that begin with a backlog and answer well
FALLING_BEHIND = (8, 10)  # teams that gradually lose their people to another operation
NEXT_DOOR = (10, 11)  # teams whose cases the next Area prosecutes
LED_BY_THE_SECOND = (5, 6, 7)  # teams on whose cases not the panel's SPOC leads, but the other
SECOND_SPOC = "P45-SPOC2"
BIRDS = _BIRDS.split()
TREES = _TREES.split()


@dataclass
class Cast:
    """Everyone in the book, with their absences, training and teams."""

    contacts: list[ContactCsvRow] = field(default_factory=list)
    absences: list[AbsenceCsvRow] = field(default_factory=list)
    training: list[TrainingCsvRow] = field(default_factory=list)
    teams: list[list[str]] = field(default_factory=list)
    supervisors: list[str] = field(default_factory=list)
    prosecutors: dict[str, list[str]] = field(default_factory=dict)  # by Area
    restricted_officers: list[str] = field(default_factory=list)


def diligence(team: int, days_in: int) -> float:
    """Return how likely a team keeps its diary and answers, from 0 to 1, after `days_in` days of the demo."""
    if team in FALLING_BEHIND:
        return max(0.15, 1.0 - 0.06 * days_in)
    return 1.0


def cast(rng: Random, start: date) -> Cast:
    """Create twelve teams of five with a sergeant each, the CPS units, and the SPOCs and leads of both agencies."""
    names = _names(rng)
    everyone = Cast()
    _police(everyone, names, start)
    _cps(everyone, names, start)
    _next_area(everyone, names, start)
    _absences(everyone, rng, start)
    for contact in everyone.contacts:
        _train(everyone, contact, rng, start)
    return everyone


def _names(rng: Random) -> itertools.chain[str]:
    first = rng.sample(BIRDS, len(BIRDS))
    rounds = []
    for shift in range(4):
        last = TREES[shift * 7 :] + TREES[: shift * 7]
        rounds.append([f"{bird} {tree}" for bird, tree in zip(first, last, strict=False)])
    return itertools.chain.from_iterable(rounds)


def _contact(name: str, ref: str, agency: str, *roles: str, area: str = AREA) -> ContactCsvRow:
    police = agency == "police"
    mailbox = name.lower().replace(" ", ".")
    return ContactCsvRow(
        contact_ref=ref,
        agency=agency,
        name=name,
        email=f"{mailbox}@{'demo.police.uk' if police else 'demo.cps.gov.uk'}",
        roles=roles,
        force_code=FORCE if police else "",
        cps_area="" if police else area,
    )


def _police(everyone: Cast, names: itertools.chain[str], start: date) -> None:
    for team in range(TEAMS):
        sergeant = _contact(next(names), f"P45-S{team + 1:02}", "police", "supervisor")
        sergeant.restricted_access = team < 3
        officers = [
            _contact(next(names), f"P45-{team * TEAM_SIZE + place + 1:03}", "police", "officer")
            for place in range(TEAM_SIZE)
        ]
        for officer, colleague in zip(officers, [*officers[1:], officers[0]], strict=True):
            officer.deputy_ref = colleague.contact_ref
        officers[0].restricted_access = team < 3
        if team < 3:
            everyone.restricted_officers.append(officers[0].contact_ref)
        everyone.contacts += [sergeant, *officers]
        everyone.supervisors.append(sergeant.contact_ref)
        everyone.teams.append([officer.contact_ref for officer in officers])
    everyone.contacts += _spocs(names, "P45", "police", start)


def _cps(everyone: Cast, names: itertools.chain[str], start: date) -> None:
    for number in range(8):
        prosecutor = _prosecutor(everyone, next(names), f"CSE-{number + 1:03}", AREA)
        prosecutor.restricted_access = number < 2
        prosecutor.deputy_ref = f"CSE-{(number + 1) % 8 + 1:03}"
    for number in range(2):
        manager = _contact(next(names), f"CSE-M{number + 1}", "cps", "legal_manager")
        manager.restricted_access = number == 0
        everyone.contacts.append(manager)
    everyone.contacts += _spocs(names, "CSE", "cps", start)
    everyone.contacts[-2].active_from = start - timedelta(days=24)  # the second SPOC is new and untrained
    everyone.contacts[-1].deputy_ref = "CSE-M1"  # the lead's deputy


def _next_area(everyone: Cast, names: itertools.chain[str], start: date) -> None:
    """Add the people of the next Area, whose SPOC leaves without a successor."""
    for number in range(2):
        _prosecutor(everyone, next(names), f"CLS-{number + 1:03}", NEXT_AREA).restricted_access = True
    for ref, role in (("CLS-M1", "legal_manager"), ("CLS-SPOC1", "spoc"), ("CLS-LEAD", "lead")):
        contact = _contact(next(names), ref, "cps", role, area=NEXT_AREA)
        contact.restricted_access, contact.deputy_ref = True, "" if role == "legal_manager" else "CLS-M1"
        contact.active_from = start - timedelta(days=400)
        contact.active_to = start + timedelta(days=15) if role == "spoc" else None
        everyone.contacts.append(contact)


def _prosecutor(everyone: Cast, name: str, ref: str, area: str) -> ContactCsvRow:
    contact = _contact(name, ref, "cps", "prosecutor", area=area)
    everyone.contacts.append(contact)
    everyone.prosecutors.setdefault(area, []).append(ref)
    return contact


def _spocs(names: itertools.chain[str], prefix: str, agency: str, start: date) -> list[ContactCsvRow]:
    first = _contact(next(names), f"{prefix}-SPOC1", agency, "spoc")
    second = _contact(next(names), f"{prefix}-SPOC2", agency, "spoc")
    lead = _contact(next(names), f"{prefix}-LEAD", agency, "lead")
    first.deputy_ref, second.deputy_ref = second.contact_ref, first.contact_ref
    first.restricted_access = lead.restricted_access = True
    for contact in (first, second, lead):
        contact.active_from = start - timedelta(days=400)
    return [first, second, lead]


def _absences(everyone: Cast, rng: Random, start: date) -> None:
    officers = [ref for team in everyone.teams for ref in team]
    for ref in rng.sample(officers, 7):
        begins = start + timedelta(days=rng.randint(-4, 14))
        everyone.absences.append(AbsenceCsvRow(ref, begins, begins + timedelta(days=rng.randint(2, 11))))
    easter = start + timedelta(days=10)
    everyone.absences += [
        AbsenceCsvRow(SECOND_SPOC, easter, easter + timedelta(days=9)),
        AbsenceCsvRow("CSE-LEAD", start + timedelta(days=7), start + timedelta(days=11)),
        AbsenceCsvRow(rng.choice(everyone.prosecutors[AREA]), easter - timedelta(days=1), easter + timedelta(days=8)),
        AbsenceCsvRow(everyone.supervisors[4], start + timedelta(days=7), start + timedelta(days=11)),
    ]


def _train(everyone: Cast, contact: ContactCsvRow, rng: Random, start: date) -> None:
    if "spoc" in contact.roles and (contact.active_from or start) < start - timedelta(days=200):
        everyone.training.append(TrainingCsvRow(contact.contact_ref, "spoc_role", start - timedelta(days=200)))
    if "prosecutor" in contact.roles and contact.contact_ref != everyone.prosecutors[AREA][-1]:
        done = start - timedelta(days=rng.randint(30, 900))
        everyone.training.append(TrainingCsvRow(contact.contact_ref, "stalking_prosecutor", done, None))
