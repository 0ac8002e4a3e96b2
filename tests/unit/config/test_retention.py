"""How long each class is kept: spans that make sense together, and the sentences for those that do not."""

import pytest
from pydantic import ValidationError

from config.retention import RetentionPolicy

SHIPPED = {
    "after_finalised": "12m", "messages": "6m", "audit": "72m", "replies": "3m", "rejected": "1m", "extracts": "28d",
}  # fmt: skip


def test_the_shipped_spans_hold():
    assert str(RetentionPolicy(**SHIPPED).after_finalised) == "12m"


@pytest.mark.parametrize(
    ("other", "holds"),
    [
        ({"after_finalised": "84d", "messages": "53d"}, True),
        ({"after_finalised": "83d", "messages": "52d"}, False),
        ({"after_finalised": "84d", "messages": "54d"}, False),
        ({"after_finalised": "3m", "messages": "1m"}, True),
        ({"messages": "10m"}, False),
        ({"messages": "9m"}, True),
        ({"audit": "12m"}, True),
        ({"audit": "11m"}, False),
        ({"rejected": "0d"}, False),
        ({"extracts": "0d"}, False),
        ({"replies": "-3m"}, False),
    ],
)
def test_spans_that_do_not_go_together_are_refused(other, holds):
    if holds:
        RetentionPolicy(**SHIPPED | other)
        return
    with pytest.raises(ValidationError):
        RetentionPolicy(**SHIPPED | other)


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"rejected": "0d"}, "0d keeps nothing. Write 12m."),
        ({"after_finalised": "2m"}, "after_finalised 2m is less than three months. Write 3m or more."),
        ({"messages": "12m"}, "messages 12m has to end a month or more before after_finalised 12m, so that no message"),
        ({"audit": "6m"}, "audit 6m is shorter than after_finalised 12m."),
    ],
)
def test_a_refusal_says_what_is_wrong(other, sentence):
    with pytest.raises(ValidationError, match=sentence.replace(".", r"\.")):
        RetentionPolicy(**SHIPPED | other)
