"""Safe text for headers, cells and plain text, and formats of days and moments."""

from datetime import UTC, date, datetime

import pytest

from tasks.platform.text import brief, brief_days, clock, moment, number_of, one_line, plain, safe_cell, sheet

SUMMER, WINTER = datetime(2026, 7, 1, 9, 5, tzinfo=UTC), datetime(2026, 3, 16, 8, 0, tzinfo=UTC)


def test_moments_are_londons():
    assert moment(WINTER) == "Mon 16 Mar 2026 at 08:00 GMT"
    assert moment(SUMMER) == "Wed 1 Jul 2026 at 10:05 BST"
    assert clock(SUMMER) == "10:05"


def test_a_day_of_the_same_year_is_without_its_year():
    assert brief(date(2026, 3, 16), date(2026, 1, 1)) == "Mon 16 Mar"
    assert brief(date(2026, 3, 16), date(2025, 1, 1)) == "Mon 16 Mar 2026"


@pytest.mark.parametrize(
    ("count", "plural", "text"),
    [(0, None, "0 cases"), (1, None, "1 case"), (2, None, "2 cases"), (2000, None, "2,000 cases"),
     (1, "kases", "1 case"), (2, "kases", "2 kases")],
)  # fmt: skip
def test_a_count_has_its_noun(count, plural, text):
    assert number_of(count, "case", plural) == text


def test_days_in_a_sentence_have_no_year_if_it_is_this_one():
    said = "opened on Mon 20 May 2024 and finalised on Fri 1 Jan 2027"
    assert brief_days(said, date(2027, 3, 2)) == "opened on Mon 20 May 2024 and finalised on Fri 1 Jan"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a b", "a b"), (" a\n\tb  c ", "a b c"), ("a\x00b", "ab"), ("a\u200bb", "ab"), ("a\ud800b", "ab"),
        ("a\u2028b", "a b"), ("a\u2029b", "a b"), ("a\ue000b\x01", "a\ue000b"), ("é\x01", "é"),
    ],
)  # fmt: skip
def test_one_line_has_no_control_or_format_character(text, line):
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("a", "a"), ("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("%a", "'%a"), ("|a", "'|a"),
        ("\uff1d1", "'\uff1d1"), (" =1", "'=1"), ("a=1", "a=1"), ("", ""), (7, "7"), (None, "None"),
        (date(2026, 4, 16), "Thu 16 Apr 2026"), (datetime(2026, 4, 16, 9, tzinfo=UTC), "Thu 16 Apr 2026 at 10:00 BST"),
    ],
)  # fmt: skip
def test_a_cell_is_no_formula(value, cell):
    assert safe_cell(value) == cell


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a", "a\n"), ("a\n", "a\n"), ("\n\na\n\n\nb\n\n", "a\n\nb\n"), ("a  \nb\t", "a\nb\n"), ("a\x00\x07b", "ab\n"),
        ("a\r\nb", "a\nb\n"), ("a\n-- \nb", "a\n-- \nb\n"), ("a\n--  \nb", "a\n--\nb\n"), ("", "\n"), ("\n \n", "\n"),
    ],
)  # fmt: skip
def test_plain_text_has_no_trailing_spaces_and_no_repeated_empty_lines(text, kept):
    assert plain(text) == kept


def test_a_sheet_quotes_every_cell():
    assert sheet(("a", "b"), [("1", '=x"y'), (2, "z\nw")]) == '"a","b"\r\n"1","\'=x""y"\r\n"2","z w"\r\n'
