"""Offence codes and the conduct that they stand for."""

import pytest

from config.terms import Classification
from models.rules.catalogue.offences import classify


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
