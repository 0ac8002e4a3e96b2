"""Ladders of a policy that has changed: what climbs them keeps its steps by their names, not by their numbers."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection

from models.queries.obligations import changed_ladders
from models.queries.obligations.changed_ladders import ClimbedName
from models.rules.obligations.changed_ladder import carried
from models.rules.obligations.ladder_before import LadderPlace
from tasks.platform.configuration import Configuration


def carry(configuration: Configuration, connection: Connection, force_code: str | None, rules: Iterable[str]) -> None:
    """Give what a force owes under these rules (None: what belongs to no case) its place on the ladders as they are."""
    policy = configuration.policy
    ladders = {rule: [step.step for step in policy.ladder_of(rule, force_code)] for rule in rules}
    climbed: dict[int, list[ClimbedName]] = defaultdict(list)
    for step in changed_ladders.climbed(connection, force_code, ladders):
        climbed[step.obligation_id].append(step)
    places = {}
    for id_, steps in climbed.items():
        place = LadderPlace(steps[0].last_step, steps[0].taken_on)
        places[id_] = carried(place, {step.step: step.name for step in steps}, ladders[steps[0].rule])
    if places:
        changed_ladders.move(connection, places, ladders)
