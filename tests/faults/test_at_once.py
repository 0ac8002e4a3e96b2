"""Two rounds and four delivery workers at once send nothing twice."""

import pytest

from tests.faults.checker import check
from tests.faults.ground import EIGHT
from tests.faults.size import LONGEST, STRIKES

pytestmark = pytest.mark.timeout(LONGEST)


@pytest.mark.parametrize("time", range(STRIKES))
def test_two_rounds_and_four_workers_at_once_say_each_thing_once(field, undisturbed, time):
    told = undisturbed().story
    with field.ground() as ground:
        begun = [ground.round(watched=False) for _ in range(2)]
        begun += [ground.begin(deliver=EIGHT, watched=False) for _ in range(4)]
        for process in begun:
            assert process.join() == 0, process.said
        found = check(ground, told)
        assert found.unknown == 0
        ground.heal()
        check(ground, told)
