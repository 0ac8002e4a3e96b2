"""docs/microsoft365.md names every refusal that has a sentence of its own."""

import re

import pytest

from tasks.carriers.mail import submission
from tasks.network.oauth import refusals
from tests.house.source import ROOT

PAGE = (ROOT / "docs" / "microsoft365.md").read_text("utf-8")


@pytest.mark.parametrize(("code", "enhanced"), [*submission.ANYONE, *submission.OWN_MAILBOX])
def test_each_refusal_of_exchange_is_on_the_page(code, enhanced):
    assert re.search(rf"^\|[^|]*`{code} {re.escape(enhanced)}`[^|]*\|", PAGE, re.MULTILINE)


@pytest.mark.parametrize("number", refusals.BY_NUMBER)
def test_each_refusal_of_a_token_is_on_the_page(number):
    assert re.search(rf"\bAADSTS{number}\b", PAGE)
