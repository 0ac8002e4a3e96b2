"""Cases that may not sit under every chair: the sittings that are left to them, and the word to operations."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import Connection

from config.settings import settings
from models.queries.outbox import digests
from models.queries.reviews.convenings import DueReview
from models.queries.reviews.sittings import OpenSitting
from models.rules.outbox.letter_hour import letter_hour
from models.rules.reviews.convening import PanelSitting, Placement
from tasks.platform import configuration
from tasks.platform.templates import note
from tasks.reviews.free_places import sittings_with_places


def sits_anywhere(found: DueReview, theirs: Iterable[OpenSitting]) -> bool:
    """Return whether every chair of these sittings may hear of the case."""
    return not found.barred or all(each.chair_ref not in found.barred for each in theirs)


def taken_anew(found: Collection[DueReview], made: Iterable[Placement]) -> Counter[str]:
    """Count by sitting the places that these decisions take beyond those that their cases had."""
    taken = Counter(place.sitting for place in made if place.sitting)
    taken.subtract(each.due.held.sitting for each in found if each.due.held)
    return taken


def sittings_apart(
    found: DueReview, theirs: Sequence[OpenSitting], taken: Counter[str], today: date
) -> list[PanelSitting]:
    """Return the sittings whose chair may hear of the case, with the places that the decisions so far leave there."""
    allowed = [each for each in theirs if each.chair_ref not in found.barred]
    return [
        each._replace(places=max(0, each.places - taken[each.ref]))
        for each in sittings_with_places(allowed, [found], today)
    ]


def tell_operations(connection: Connection, chairless: Iterable[DueReview], today: date) -> None:
    """Tell operations, once for each due day, that a case has no sitting whose chair may hear of it."""
    for each in chairless:
        words = note("barred_chair.txt", {"force_code": each.force_code, "cps_area": each.cps_area})
        key = f"barred chair:{each.case_id}:{each.due.due_on}"
        due_at = letter_hour(today, configuration.policy().letter)
        digests.operations(connection, key, today, words, due_at, [settings().main])
