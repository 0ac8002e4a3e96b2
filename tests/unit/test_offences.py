"""Offence codes and the conduct that they stand for."""

import pytest

from config.terms import Classification
from models.rules.offences import CHARGED_IN_TIME, classify


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["PH97006"], Classification.STALKING),
        (["ph97011b"], Classification.STALKING),
        (["ST19006"], Classification.STALKING),
        (["PH97004", "CD98079"], Classification.STALKING),
        (["PH97004"], Classification.HARASSMENT),
        (["FL96001", "TH68010"], Classification.HARASSMENT),
        (["CD98067"], Classification.OTHER),
        (["PH97501"], Classification.OTHER),
        (["ST19007"], Classification.OTHER),
        ([], Classification.OTHER),
    ],
)
def test_the_gravest_code_names_the_conduct(codes: list[str], said: Classification) -> None:
    assert classify(codes) is said


def test_breaches_of_orders_alone_begin_no_proceedings_for_the_conduct() -> None:
    begin = {"PH97006", "PH97010", "PH97011", "PH97007", "PH97008", "CD98077", "CD98078", "CD98079"}
    begin |= {"PH97004", "PH97009", "PH97002", "CD98069", "CD98076"}
    assert begin == CHARGED_IN_TIME
