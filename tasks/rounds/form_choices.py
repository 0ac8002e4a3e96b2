"""The choices that forms offer to people."""

from datetime import date
from typing import NamedTuple

from config.doors import ActKind
from models.queries.intake import extracts
from models.queries.rounds import form_choices
from tasks.servers.database import transaction


class FormChoices(NamedTuple):
    """What may be chosen now: rules under which a case owes something; sittings and contacts by their references."""

    rules_owed: list[str]
    sittings_with_room: list[str]
    sittings_held: list[str]
    may_act: list[str]  # contacts; none where they are too many
    may_report: list[str]  # these and the chairs of sittings
    held_extracts: list[str]  # that wait for a decision


def choices(today: date) -> FormChoices:
    """Return what may be chosen on a day."""
    with transaction() as connection:
        return FormChoices(
            form_choices.rules_owed(connection),
            form_choices.sittings_with_room(connection, today),
            form_choices.sittings_held(connection, today),
            form_choices.may_act(connection, today, ActKind.COMPLETION, ActKind.MOVE),
            form_choices.may_act(connection, today, ActKind.PROMISE, ActKind.OUTCOME),
            extracts.all_held(connection),
        )
