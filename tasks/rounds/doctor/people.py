"""The people: SPOCs, leads and deputies, where mail may go; and the panels: who is named there, and their places."""

from collections.abc import Iterator
from datetime import datetime
from itertools import starmap

from config import mailbox
from config.days.london import london_day
from config.forces import force_name, pair_name
from config.terms import OwedBy
from models.queries.intake import guards
from models.queries.people import contacts, cover_gaps
from models.queries.reviews import capacity
from models.queries.rounds import doctor
from models.rules.arithmetic import format_day
from models.rules.people.directory import stand_ins
from models.rules.people.parties import Parties
from tasks.platform.configuration import Configuration
from tasks.reviews.horizons import horizons
from tasks.reviews.shortfall import without_panel
from tasks.rounds import expected
from tasks.rounds.cover_gaps import cannot_lead, place_name
from tasks.rounds.doctor.check import Verdict, inspection, some, warn
from tasks.rounds.waiting_limits import waiting_limits
from tasks.servers.database import transaction

_AT_SOURCE = "have it recorded in contacts.csv at its source"


@inspection("spocs", "Every force and Area with open cases has a SPOC.", "database", "files", of_book=True)
def _spocs(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    with transaction() as connection:
        vacant = cover_gaps.vacant(connection, london_day(at), configuration.policy.harassment_in)
    if vacant:
        places = some(place_name(post.agency, post.place) for post in vacant)
        yield warn(f"No SPOC is recorded for {places}, with open cases in scope: name one, and {_AT_SOURCE}.")


@inspection("restricted", "Somebody may read of each restricted case.", "database", of_book=True)
def _restricted(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    with transaction() as connection:
        closed = cover_gaps.closed_to_all(connection, london_day(at), configuration.policy.harassment_in)
    if closed:
        places = some(f"{force_name(place.force_code)}: {place.cases}" for place in closed)
        yield warn(
            f"Open restricted cases that no SPOC or lead may read: {places}. Whoever is told of them reads "
            f"only how many they are: choose who may, and {_AT_SOURCE} (restricted_access)."
        )


@inspection("leads", "Every expected force has a lead.", "database", of_book=True)
def _leads(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    """Name the forces without a lead, to whom ladders lead at last."""
    with transaction() as connection:
        without = doctor.forces_without_lead(
            connection, expected.expected_forces(configuration, connection), london_day(at)
        )
    if without:
        yield warn(f"No lead is recorded for force {some(without)}: name one, and {_AT_SOURCE}.")


@inspection("deputies", "Somebody stands in for each SPOC and lead who is away.", "database", of_book=True)
def _deputies(_configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    today = london_day(at)
    with transaction() as connection:
        away = doctor.absent_leaders(connection, today)
        asked = [
            Parties(OwedBy.POLICE, (), oic_ref=leader.contact_ref) for leader in away
        ]  # loads each person and deputy
        covered = stand_ins(contacts.on_duty(connection, today, asked)) if away else {}
    alone = [leader.contact_ref for leader in away if leader.contact_ref not in covered]
    if alone:
        yield warn(f"Away today, without a deputy who is there: {some(alone)}. Name one for each, and {_AT_SOURCE}.")


@inspection("mail-domains", "Mail may go to the domains of all contacts.", "database", of_book=True)
def _domains(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    with transaction() as connection:
        found = doctor.mail_domains(connection, london_day(at))
    shut = {
        name: n
        for name, n in found.items()
        if not mailbox.allowed(f"a@{name}", configuration.settings.mail.allowed_domains)
    }
    if shut:
        yield warn(
            f"Contacts to whom no mail leaves, since no allowed domain is theirs: {sum(shut.values())} "
            f"({some(shut)}). Have their addresses corrected, or add the domain to CASEBEAT_MAIL__ALLOWED_DOMAINS."
        )


@inspection("barred", "Each reference that a case bars is a contact's.", "database", of_book=True)
def _barred(_configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    with transaction() as connection:
        unknown = guards.unknown_barred(connection)
    if unknown:
        refs = some(f"{bar.ref} (force {bar.force_code}, {bar.source})" for bar in unknown)
        yield warn(
            f"Under barred_refs, and no contact's: {refs}. They bar nobody: have them corrected in cases.csv at the "
            "source, or have the contact recorded."
        )


@inspection("waiting", "Each custody limit of a CPS case has a police case.", "database", "files", of_book=True)
def _waiting(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    with transaction() as connection:
        limits = waiting_limits(configuration, connection, london_day(at))
    if limits:
        urns = some(f"{one.urn} ({format_day(one.ends_on)})" for one in limits)
        yield warn(
            "Custody time limits that end soon or passed of late, of CPS cases that no police source has sent: "
            f"{urns}. Nobody else is told of them: ask whether police send the case under another URN, or not at all."
        )


@inspection("panels", "Every force and Area with open cases have a panel.", "database", "files", of_book=True)
def _panels(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    with transaction() as connection:
        pairs = without_panel(configuration, connection)
    if pairs:
        yield warn(
            f"No panel reviews the cases of {some(starmap(pair_name, pairs), 3)}: add one to "
            f"{configuration.settings.panels}; until then their SPOCs convene each case by hand."
        )


@inspection("panel-people", "Chairs and SPOCs of panels are there, and may lead.", "database", "files", of_book=True)
def _named(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    panels, today = configuration.panels, london_day(at)
    refs = [*(panel.chair for panel in panels.panels), *panels.spocs.values()]
    with transaction() as connection:
        unknown = doctor.inactive(connection, refs, today)
        unfit = [spoc for spoc in cannot_lead(configuration, connection, today) if spoc.contact_ref not in unknown]
    if unknown:
        yield warn(
            f"{configuration.settings.panels} names {some(unknown)}, no active contact: correct the reference, or have "
            "it recorded in contacts.csv at its source."
        )
    if unfit:
        names = some(f"{one.contact_ref} for {pair_name(*one.pair)}" for one in unfit)
        yield warn(f"{configuration.settings.panels} names {names}, no SPOC of that agency there: name another who is.")


@inspection("places", "Every joint review has a place in time.", "database", "files", of_book=True)
def _places(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    today = london_day(at)
    with transaction() as connection:
        late = capacity.late_by_pair(connection, horizons(configuration, today), today)
    for pair, cases in late.items():
        yield warn(
            f"Joint reviews of {pair_name(*pair)} without a place in time: {cases}. Let its panel sit more often, or "
            f"take more cases, in {configuration.settings.panels}."
        )


CHECKS = (_spocs, _restricted, _leads, _deputies, _barred, _waiting, _domains, _panels, _named, _places)
