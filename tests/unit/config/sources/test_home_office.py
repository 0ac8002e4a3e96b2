"""Home Office classes as a code table: what they are made into counts as what they are."""

import pytest

from config.sources.home_office import home_office_classes, home_office_table, spellings_of
from models.rules.offences import BREACHES_OF_ORDERS, LISTED, classify


@pytest.mark.parametrize(
    ("written", "code"),
    [("8/65", "PH97010"), ("08/65", "PH97010"), ("008/65", "PH97010"), ("00865", "PH97010"), ("195/12", "PH97006"),
     ("19594", "PH97004"), ("066/38", "PH97012"), ("66/39", "FL96001"), ("068/19", "DA21001"), ("06820", "DA21002")],
)  # fmt: skip
def test_a_class_is_read_as_it_may_be_written(written: str, code: str) -> None:
    assert home_office_table()[written] == code


def test_each_code_is_in_a_list_and_counts_as_its_class_is_called() -> None:
    for one in home_office_classes().classes.values():
        assert one.code in LISTED
        assert ("breach" in one.title or "notification" in one.title) is (one.code in BREACHES_OF_ORDERS)


def test_a_class_of_stalking_and_harassment_is_made_into_neither() -> None:
    for name, one in home_office_classes().shared.items():
        assert len({classify([code]) for code in one.codes}) > 1
        assert not home_office_table().keys() & set(spellings_of(name))


def test_a_group_of_classes_is_made_into_no_code() -> None:
    assert not {name.lower() for name in home_office_classes().groups} & set(home_office_table())
