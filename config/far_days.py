"""Days of the policy and the panels that lie too far ahead: until then a force, a rule or a panel would be silent."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from config import strict_yaml
from config.panels import Panels
from config.plain_yaml import path
from config.policy import Policy
from config.rules import Rules

AHEAD = timedelta(days=90)
_Place = tuple[str | int, ...]


def refuse(policy: tuple[Path, Policy], panels: tuple[Path, Panels], today: date) -> None:
    """Raise Faults if a file has a day more than 90 days after today, with every such day and its path in the file."""
    for file, days in ((policy[0], _of_policy(policy[1])), (panels[0], _of_panels(panels[1]))):
        if far := [(path(place), _sentence(day, why, today)) for place, day, why in days if day > today + AHEAD]:
            raise strict_yaml.refusal(file, far)


def _of_policy(policy: Policy) -> Iterator[tuple[_Place, date, str]]:
    for code, day in policy.starts.items():
        yield ("starts", code), day, "nobody of the force would be written to"
    silent = "nothing would be owed under the rule"
    for rule in Rules.names():
        if since := policy.rules.of(rule).since:
            yield ("rules", rule, "since"), since, silent
    for code, changes in policy.overrides.items():
        for rule, numbers in changes.numbers.items():
            if "since" in numbers and (since := policy.for_force(code).of(rule).since):
                yield ("overrides", code, rule, "since"), since, silent


def _of_panels(panels: Panels) -> Iterator[tuple[_Place, date, str]]:
    for number, panel in enumerate(panels.panels):
        yield ("panels", number, "from"), panel.from_, "the panel would not sit"


def _sentence(day: date, why: str, today: date) -> str:
    return f"{day} is more than {AHEAD.days} days ahead: until then {why}. Write a day up to {today + AHEAD}."
