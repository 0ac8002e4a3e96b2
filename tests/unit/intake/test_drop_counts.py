"""The counts of a drop folder: whether it degrades a round, and its sentence."""

import pytest

from tasks.intake.drop import DropCounts

WELL = DropCounts(loaded=2, already=1, refused=0, rejected=0)


@pytest.mark.parametrize(("changed", "degraded"), [({}, False), ({"refused": 1}, True), ({"rejected": 1}, True)])
def test_refused_extracts_or_rejected_rows_degrade_a_round(changed, degraded):
    assert WELL._replace(**changed).degraded is degraded


def test_the_sentence_names_at_most_five_of_the_refused_extracts():
    refused = tuple(f"E{number} of niche-45" for number in range(6))
    assert WELL.sentence == "extracts loaded 2, loaded before 1, refused 0; rows rejected 0"
    one = WELL._replace(refused=1, refused_ids=("E1 of niche-45",))
    assert one.sentence == "extracts loaded 2, loaded before 1, refused 1 (E1 of niche-45); rows rejected 0"
    assert WELL._replace(refused=6, rejected=3, refused_ids=refused).sentence == (
        "extracts loaded 2, loaded before 1, refused 6 (E0 of niche-45; E1 of niche-45; E2 of niche-45; "
        "E3 of niche-45; E4 of niche-45); rows rejected 3"
    )
