"""The panels: whether each pair with cases has one, with people who are there and places enough."""

from collections.abc import Iterator
from datetime import datetime
from itertools import starmap

from config.days.london import london_day
from config.forces import pair_name
from models.queries.reviews import capacity
from models.queries.rounds import doctor
from tasks.platform.configuration import Configuration
from tasks.reviews.horizons import horizons
from tasks.reviews.shortfall import without_panel
from tasks.rounds.cover_gaps import cannot_lead
from tasks.rounds.doctor.check import Inspection, Verdict, some, warn
from tasks.servers.database import transaction


def _panels(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    """Name the pairs of force and Area that have cases and no panel."""
    del at
    with transaction() as connection:
        pairs = without_panel(configuration, connection)
    if pairs:
        yield warn(
            f"No panel reviews the cases of {some(starmap(pair_name, pairs), 3)}: add one to "
            f"{configuration.settings.panels}; until then their SPOCs convene each case by hand."
        )


def _named(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    """Name the chairs and SPOCs of panels who are no active contacts, or cannot lead there."""
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


def _places(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    """Count the joint reviews that no sitting can take in time."""
    today = london_day(at)
    with transaction() as connection:
        late = capacity.late_by_pair(connection, horizons(configuration, today), today)
    for pair, cases in late.items():
        yield warn(
            f"Joint reviews of {pair_name(*pair)} without a place in time: {cases}. Let its panel sit more often, or "
            f"take more cases, in {configuration.settings.panels}."
        )


CHECKS = (
    Inspection(
        "panels", "Every force and Area with open cases have a panel.", _panels, ("database", "files"), of_book=True
    ),
    Inspection(
        "panel-people",
        "Chairs and SPOCs of panels are there, and may lead.",
        _named,
        ("database", "files"),
        of_book=True,
    ),
    Inspection("places", "Every joint review has a place in time.", _places, ("database", "files"), of_book=True),
)
