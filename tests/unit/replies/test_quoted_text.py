"""The end of a reply's own text: the quoted original, however the mail program marks it."""

import pytest

from models.rules.replies.quoted_text import LONGEST_LINE, MOST_LINES, own_text, sentences

HEADER = ["From: Casebeat", "Sent: 16 March 2026 08:00", "To: P1"]


@pytest.mark.parametrize(
    "original",
    [
        ["> what was said"],
        ["-----Original Message-----"],
        ["-- Forwarded message --"],
        ["_____"],
        ["Begin forwarded message:"],
        ["--- please reply above this line"],
        ["## Reply above"],
        ["On 16 Mar 2026, Casebeat wrote:"],
        ["On 16 Mar 2026 at 08:00,", "Casebeat <c@surrey.police.uk>", "to P1", "wrote:"],
        HEADER,
        ["*From:* Casebeat", "", "*Date:* 16 March 2026", "", "*Subject:* 45/1"],
    ],
)
def test_the_original_begins_at_its_mark(original: list[str]) -> None:
    assert own_text("\n".join(["done", *original, "until friday"])) == [["done"]]


@pytest.mark.parametrize(
    "ordinary",
    [
        ["____"],
        ["On 16 Mar 2026,", "as", "the", "officer", "wrote:"],
        ["On a day he wrote: nothing"],
        ["From: me", "To: you"],
        ["From: me", "a", "b", "c", "To: you", "d", "Subject: this"],
    ],
)
def test_what_only_resembles_a_mark_is_the_writers_own(ordinary: list[str]) -> None:
    (found,) = own_text("\n".join([*ordinary, "until friday"]))
    assert found == [*(line.lower() for line in ordinary), "until friday"]


def test_a_header_needs_two_more_of_its_lines_among_the_next_five() -> None:
    assert own_text("\n".join([HEADER[0], "a", "b", "c", *HEADER[1:], "until friday"])) == []
    assert len(own_text("\n".join([HEADER[0], "a", "b", "c", "d", *HEADER[1:], "until friday"]))) == 1


def test_a_lines_sentences_lose_greeting_politeness_and_stops_and_a_question_keeps_its_mark() -> None:
    assert sentences("hi sam, done. is it thurs. 3.3.26, please? thanks") == ["done", "is it thurs 3.3.26?"]


def test_no_more_is_read_than_the_first_lines_and_of_each_no_more_than_its_beginning() -> None:
    (lines,) = own_text("\n".join(["done"] * (MOST_LINES + 1)))
    assert len(lines) == MOST_LINES == 200
    assert own_text("a" * (LONGEST_LINE + 1)) == [["a" * 500]]
    assert own_text("\n" * MOST_LINES * LONGEST_LINE + "done") == []
