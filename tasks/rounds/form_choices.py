"""The choices that forms offer to people."""

from datetime import date
from typing import NamedTuple

from models.queries.rounds import form_choices
from tasks.platform.database import transaction


class FormChoices(NamedTuple):
    """What may be chosen now: rules under which a case owes something, and sittings by their references."""

    rules_owed: list[str]
    sittings_with_room: list[str]
    sittings_held: list[str]


def choices(today: date) -> FormChoices:
    """Return what may be chosen on a day."""
    with transaction() as connection:
        return FormChoices(
            form_choices.rules_owed(connection),
            form_choices.sittings_with_room(connection, today),
            form_choices.sittings_held(connection, today),
        )
