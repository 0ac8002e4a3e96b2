"""The people: SPOCs and leads of each place, deputies of the absent, and domains that mail may go to."""

from collections.abc import Iterator
from datetime import datetime

from config import mailbox
from config.days.london import london_day
from config.terms import OwedBy
from models.queries.people import contacts, cover_gaps
from models.queries.rounds import doctor
from models.rules.people.directory import stand_ins
from models.rules.people.parties import Parties
from tasks.platform.configuration import Configuration
from tasks.rounds import expected
from tasks.rounds.cover_gaps import place_name
from tasks.rounds.doctor.check import Inspection, Verdict, some, warn
from tasks.servers.database import transaction

_AT_SOURCE = "have it recorded in contacts.csv at its source"


def _spocs(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    """Name the places with cases and no SPOC."""
    with transaction() as connection:
        vacant = cover_gaps.vacant(connection, london_day(at), configuration.policy.harassment_in)
    if vacant:
        places = some(place_name(post.agency, post.place) for post in vacant)
        yield warn(f"No SPOC is recorded for {places}, with open cases in scope: name one, and {_AT_SOURCE}.")


def _leads(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    """Name the forces without a lead, to whom ladders lead at last."""
    with transaction() as connection:
        without = doctor.forces_without_lead(
            connection, expected.expected_forces(configuration, connection), london_day(at)
        )
    if without:
        yield warn(f"No lead is recorded for force {some(without)}: name one, and {_AT_SOURCE}.")


def _deputies(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    """Name the SPOCs and leads who are away today and have no deputy who is there."""
    del configuration
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


def _domains(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    """Count the contacts whose mail address is in no allowed domain: no mail leaves for them."""
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


CHECKS = (
    Inspection(
        "spocs", "Every force and Area with open cases has a SPOC.", _spocs, ("database", "files"), of_book=True
    ),
    Inspection("leads", "Every expected force has a lead.", _leads, ("database",), of_book=True),
    Inspection(
        "deputies", "Somebody stands in for each SPOC and lead who is away.", _deputies, ("database",), of_book=True
    ),
    Inspection("mail-domains", "Mail may go to the domains of all contacts.", _domains, ("database",), of_book=True),
)
