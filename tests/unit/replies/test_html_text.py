"""Text of an HTML mail: blocks become lines, comments and mute parts vanish, and the quoted original is left out."""

import pytest

from tasks.replies.html_text import LONGEST, LONGEST_TAG, html_text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("done", "done"),
        ("until<br>Friday", "until\nFriday"),
        ("<div>until</div><div>Friday</div>", "\nuntil\n\nFriday\n"),
        ("<p>until</p>Friday", "\n\nuntil\n\nFriday"),
        ("<b>un</b>til <i>Friday</i>", "until Friday"),
        ("<LI>done</LI>", "\ndone\n"),
        ("un<!-- a > b -->til", "until"),
        ("un<!-- <br> -->til", "until"),
        ("until\nFriday", "until Friday"),
        ("A &amp; B &#233; &#x41;", "A & B é A"),
        ("a &#12345678; &#x12345678 b", "a \ufffd \ufffd b"),
        ("<style>p {}</style>done<script>x</script>", "done"),
        ("<head><title>x</title>y</head>done", "done"),
        ("<style><script>x</script>y</style>done", "done"),
        ("<style>x</script>y</style>done", "done"),
        ("<style>x<style>y</style>done", "done"),
        ("<script>x<p>y</p></script>done", "\n\n\n\ndone"),
        ("</style>done", "done"),
        ("done<3 more", "done"),
        ("done <3> more", "done  more"),
        ("done<!-- unclosed", "done"),
        ("done<b", "done"),
        ("<>done", "done"),
    ],
)
def test_html_becomes_text(source, text):
    assert html_text(source) == text


@pytest.mark.parametrize(
    "original",
    [
        "<blockquote>", "<BLOCKQUOTE type=cite>", "<hr>", '<div class="gmail_quote">', "<div class=gmail_attr>",
        "<div id='divRplyFwdMsg'>", '<div id="appendonsend">', '<div class="moz-cite-prefix">',
        '<div class="x yahoo_quoted">', '<div id="mail-editor-reference-message-container">',
    ],
)  # fmt: skip
def test_what_a_mail_program_quotes_is_left_out(original):
    assert html_text(f"done{original}until Friday") == "done"


@pytest.mark.parametrize("ordinary", ["</blockquote>", "</hr>", '<div class="quote">', "<span title=gmail_quote>"])
def test_what_only_resembles_a_quotation_is_read(ordinary):
    assert html_text(f"done{ordinary}until Friday").replace("\n", "") == "doneuntil Friday"


def test_no_more_is_read_than_the_first_half_million_characters_and_of_a_tag_its_beginning():
    assert (LONGEST, LONGEST_TAG) == (500_000, 10_000)
    assert html_text("a" * LONGEST + "b") == "a" * LONGEST
    assert html_text("a" * (LONGEST - 1) + "<br>b") == "a" * (LONGEST - 1)
    far = '<div class="' + " " * 10 + 'gmail_quote">'
    assert html_text(f"done{far}more") == "done"
    late = "<div " + "x" * LONGEST_TAG + ' class="gmail_quote">'
    assert html_text(f"done{late}more") == "done\nmore"
