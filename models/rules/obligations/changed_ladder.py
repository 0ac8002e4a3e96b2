"""The place of an obligation on a ladder whose steps have changed: each step keeps its day by its name."""

from collections.abc import Mapping, Sequence

from models.rules.obligations.ladder_before import LadderPlace


def carried(place: LadderPlace, before: Mapping[int, str], names: Sequence[str]) -> LadderPlace:
    """Return the place on the ladder of these names, of what climbed steps that were numbered otherwise.

    `before` names the steps that were taken or passed over, by number. Where the last step taken is none of the ladder
    any more, the highest one below it that still is counts as the last.
    """
    now = {name: number for number, name in enumerate(names, start=1)}
    left = [number for number, name in before.items() if number <= place.last_step and name in now]
    taken_on = dict(enumerate(place.taken_on, start=1))
    days = {now[name]: taken_on.get(number) for number, name in before.items() if name in now}
    last = max((number for number, day in days.items() if day is not None), default=0)
    return LadderPlace(now[before[max(left)]] if left else 0, tuple(days.get(number) for number in range(1, last + 1)))
