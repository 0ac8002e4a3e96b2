"""References that are one slip of the pen away."""

import pytest

from models.rules.references import slips


@pytest.mark.parametrize("typed", ["45/124", "45/12334", "45/1243", "45/1235", "54/1234", "451234", "45/1234 "])
def test_one_slip_of_the_pen_is_recognised(typed: str) -> None:
    assert "45/1234" in slips(typed)


def test_small_letters_are_a_slip_too_and_two_slips_are_another_case() -> None:
    assert "R-77X" in slips("r-77x")
    assert "45/1234" not in slips("45/12")
    assert slips("") >= {"0", "Z"}
