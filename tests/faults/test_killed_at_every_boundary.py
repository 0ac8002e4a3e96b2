"""SIGKILL at every boundary of a round and its delivery: the next ones make up for it, and send nothing twice."""

from collections import Counter
from datetime import timedelta

import pytest

from tests.faults.checker import Found, between_dot_and_commit, check
from tests.faults.ground import EIGHT
from tests.faults.size import LONGEST, chance, points

pytestmark = pytest.mark.timeout(LONGEST)


class Deaths:
    """The counts of many deaths."""

    def __init__(self):
        self.names, self.failed, self.found = Counter(), [], Counter()

    def die(self, ground, process):
        """Kill a process, and return the number of letters whose fate is then unknown."""
        code = process.join()
        ground.quiet()
        assert code in {-9, 0}, process.said
        self.names[process.crossed[-1]] += code == -9
        between = between_dot_and_commit(ground)
        assert between <= ground.mail.cut_short if ground.mail else between == 0
        self.found["killed" if code else "ended before"] += 1  # two runs rarely have exactly the same boundaries
        self.found["between the final dot and its commit"] += between
        return between

    def heal(self, ground, at, between, told):
        ended = ground.heal()
        try:
            found = check(ground, told)
            assert found.repeated_letters <= between, f"{found.repeated_letters} repeated, {between} unknown"
        except AssertionError as wrong:
            said = "\n".join(process.said for process in ended)
            self.failed.append(f"killed at {at}:\n{wrong}\n{said}")
            print(self.failed[-1], flush=True)  # noqa: T201  before the others have been tried
            found = Found()
        self.found["letters repeated"] += found.repeated_letters
        self.found["letters marked"] += found.marked_letters

    def tell(self, what):
        print(f"{what}: {len(+self.names)} kinds of boundary, {dict(self.found)}")  # noqa: T201
        assert self.found["ended before"] <= self.found["killed"] // 20
        assert not self.failed, f"{len(self.failed)} of {self.found['killed']}\n" + "\n\n".join(self.failed[:5])


def test_a_round_has_many_boundaries_of_every_kind(undisturbed):
    crossed = undisturbed().crossed
    assert len(set(crossed)) >= 40
    for kind in (
        "database: after commit", "smtp: the final dot sent, no answer yet", "file: before os.rename",
        "database: before insert into convenings", "database: before insert into agendas",
    ):  # fmt: skip
        assert any(name.startswith(kind) for name in crossed)
    assert any("mail" in name for name in undisturbed(mailed=False).crossed)


def test_killed_at_any_boundary_a_round_is_made_up_for(field, undisturbed):
    crossed, told = undisturbed()
    deaths = Deaths()
    for at in points(crossed, 1, chance("round")):
        with field.ground() as ground:
            deaths.heal(ground, at, deaths.die(ground, ground.round(kill_at=at)), told)
    deaths.tell(f"a round of {len(crossed)} boundaries")


def test_killed_while_it_writes_the_maildir_a_round_is_made_up_for(field, undisturbed):
    crossed, told = undisturbed(mailed=False)
    first = next(number for number, name in enumerate(crossed) if name.endswith("mail/tmp"))
    deaths = Deaths()
    for at in points(crossed[first:], 0.15, chance("maildir")):
        with field.ground(mailed=False, slack=False) as ground:
            deaths.heal(ground, at, deaths.die(ground, ground.round(kill_at=first + at)), told)
            shown = ground.ask("select count(*) from messages where state = 'shown' and letter_id is null")
            assert len(list((ground.home / "mail" / "new").iterdir())) == shown[0][0]
    deaths.tell(f"a delivery to the Maildir of {len(crossed) - first} boundaries")


@pytest.mark.parametrize(
    "name", ["smtp: the final dot sent, no answer yet", "http: chat.postMessage asked, no answer yet"]
)
def test_killed_a_second_time_while_it_recovers_a_delivery_is_made_up_for(field, undisturbed, name):
    crossed, told = undisturbed()
    first = [number for number, each in enumerate(crossed, 1) if each == name][-2]
    later = EIGHT + timedelta(minutes=5)
    with field.ground() as ground:
        Deaths().die(ground, ground.round(kill_at=first))
        ground.time_passes()
        recovering = ground.begin(deliver=later)
        assert recovering.join() == 0, recovering.said
        after = recovering.crossed
    deaths = Deaths()
    for at in points(after, 0.15, chance(f"recovery {name}")):
        with field.ground() as ground:
            between = deaths.die(ground, ground.round(kill_at=first))
            ground.time_passes()
            deaths.heal(ground, at, between + deaths.die(ground, ground.begin(deliver=later, kill_at=at)), told)
    deaths.tell(f"a recovery of {len(after)} boundaries")
