"""The meaning of replies: realistic mails of Outlook, Gmail and phones; unclear ones are not guessed."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.replies.meaning import Intent, Meaning, meaning
from models.rules.replies.quoted_text import own_text
from models.rules.replies.written_day import Unclear, written_day
from tests.worlds.days import day, row

TUESDAY = day("Tue 17 Mar 2026")  # the day on which the replies are written
DONE, STATUS, NOT_MINE = Meaning(Intent.DONE, TUESDAY), Meaning(Intent.STATUS), Meaning(Intent.NOT_MINE)


def until(written: str) -> Meaning:
    return Meaning(Intent.UNTIL, day(written))


def unclear(why: Unclear) -> Meaning:
    return Meaning(Intent.UNCLEAR, unclear=why)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        row("a weekday to come", "until Thursday", "Thu 19 Mar 2026"),
        row("a weekday of next week", "until Monday", "Mon 23 Mar 2026"),
        row("shortened", "until thurs.", "Thu 19 Mar 2026"),
        row("a day and month", "until 24 March", "Tue 24 Mar 2026"),
        row("with an ending", "until 24th March", "Tue 24 Mar 2026"),
        row("the nth of a month", "until the 24th of March", "Tue 24 Mar 2026"),
        row("the nth alone", "until the 24th", "Tue 24 Mar 2026"),
        row("the nth of the coming month", "until the 3rd", "Fri 3 Apr 2026"),
        row("day before month", "until 3/4", "Fri 3 Apr 2026"),
        row("in full", "24/03/2026", "Tue 24 Mar 2026"),
        row("two digits of a year", "24/3/26", "Tue 24 Mar 2026"),
        row("with points", "till 24.3.2026", "Tue 24 Mar 2026"),
        row("as machines write", "until 2026-03-24", "Tue 24 Mar 2026"),
        row("with its weekday, as the link proposes", "until Tue 24 Mar 2026", "Tue 24 Mar 2026"),
        row("weekday, comma", "Until Tuesday, 24 March 2026.", "Tue 24 Mar 2026"),
        row("month first", "until March 24th, 2026", "Tue 24 Mar 2026"),
        row("a day alone", "Friday", "Fri 20 Mar 2026"),
        row("tomorrow", "tomorrow", "Wed 18 Mar 2026"),
        row("today, which the promise's own rules refuse", "until today", "Tue 17 Mar 2026"),
        row("a whole sentence", "I have it until Thursday", "Thu 19 Mar 2026"),
        row("short for it", "I've got it until Thursday.", "Thu 19 Mar 2026"),
        row("curly apostrophe", "I\u2019ll have it done by Friday", "Fri 20 Mar 2026"),
        row("will be done by is a promise", "It will be done by Friday", "Fri 20 Mar 2026"),
        row("we", "We have this until 24 March, thanks", "Tue 24 Mar 2026"),
        row("with me", "OK, it's with me until Friday", "Fri 20 Mar 2026"),
        row("asked for", "Can I have until Thursday please?", "Thu 19 Mar 2026"),
        row("a clock beside the day", "until Thursday 5pm", "Thu 19 Mar 2026"),
        row("close of business", "until COB Friday", "Fri 20 Mar 2026"),
        row("end of a day", "until the end of Friday", "Fri 20 Mar 2026"),
        row("greeted and thanked", "Hi Casebeat, until Thursday please. Many thanks", "Thu 19 Mar 2026"),
        row("with a reason", "Until Thursday. The lab is slow.", "Thu 19 Mar 2026"),
        row("with a reason before", "The lab is slow.\nUntil Thursday", "Thu 19 Mar 2026"),
        row("wrapped", "I will have it done by\nThursday 26\nMarch 2026", "Thu 26 Mar 2026"),
        row("said twice alike", "until Thursday\n\nuntil 19/3/2026", "Thu 19 Mar 2026"),
        row("the year before is nearer", "until 20 December", "Sat 20 Dec 2025"),
        row("no-break spaces and full width", "until\u00a0\uff12\uff14\u00a0March", "Tue 24 Mar 2026"),
        row("an invisible mark", "\ufeffuntil\u200b Thursday", "Thu 19 Mar 2026"),
    ],
)
def test_a_day_is_a_promise_until_it(text, on):
    assert meaning(text, TUESDAY) == Meaning(Intent.UNTIL, on)


def test_over_new_year_the_nearest_such_day_is_meant():
    assert meaning("until 3 January", day("Mon 29 Dec 2025")) == until("Sat 3 Jan 2026")
    assert meaning("done on 30 December", day("Fri 2 Jan 2026")).on == day("Tue 30 Dec 2025")


@pytest.mark.parametrize(
    ("text", "on"),
    [
        row("done", "done", "Tue 17 Mar 2026"),
        row("in capitals", "DONE!", "Tue 17 Mar 2026"),
        row("we did that", "We did that", "Tue 17 Mar 2026"),
        row("this has been done", "This has been done, thanks.", "Tue 17 Mar 2026"),
        row("all done now", "All done now", "Tue 17 Mar 2026"),
        row("completed", "Completed", "Tue 17 Mar 2026"),
        row("on a day", "done on 3 March", "Tue 3 Mar 2026"),
        row("with its year", "Done on 03/03/2026", "Tue 3 Mar 2026"),
        row("yesterday", "It was done yesterday", "Mon 16 Mar 2026"),
        row("did it on a weekday, the last one", "I did it on Friday", "Fri 13 Mar 2026"),
        row("last Friday", "done last Friday", "Fri 13 Mar 2026"),
        row("the nth that was", "done on the 3rd", "Tue 3 Mar 2026"),
        row("a day to come, which its own rules refuse", "done on 24 March", "Tue 24 Mar 2026"),
        row("with more", "Done. The exhibit is with the lab.", "Tue 17 Mar 2026"),
        row("with a footer", "Done.\n\nDo not print this", "Tue 17 Mar 2026"),
        row("after a word", "Update: done", "Tue 17 Mar 2026"),
    ],
)
def test_done_is_done_on_a_day_or_on_the_day_it_was_written(text, on):
    assert meaning(text, TUESDAY) == Meaning(Intent.DONE, on)


@pytest.mark.parametrize("text", ["status", "Status?", "Status please", "My status", "What do I owe?", "what's open"])
def test_status_asks_for_the_whole_standing(text):
    assert meaning(text, TUESDAY) == STATUS


@pytest.mark.parametrize(
    "text", ["show", "Show me", "Show me, please", "show it", "Explain", "explain this", "Why?", "Why is this late?"]
)
def test_show_asks_for_the_explanation_of_one_matter(text):
    assert meaning(text, TUESDAY) == Meaning(Intent.SHOW)


@pytest.mark.parametrize(
    "text",
    [
        "not mine",
        "Not mine.",
        "This is not mine",
        "Sorry, not my case any more",
        "It's no longer with me",
        "No, not mine",
    ],
)
def test_not_mine_says_whose_it_is_not(text):
    assert meaning(text, TUESDAY) == NOT_MINE


@pytest.mark.parametrize(
    "text",
    [
        "undo",
        "Undo it please",
        "Please undo this.",
        "withdraw",
        "I withdraw it",
        "Take it back",
        "It was not me",
        "No, undo",
    ],
)
def test_undo_takes_back_what_was_done(text):
    assert meaning(text, TUESDAY) == Meaning(Intent.UNDO)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        row("nothing", "", Unclear.NOTHING),
        row("undone in question", "Can you undo the last one only?", Unclear.NOTHING),
        row("done and undone", "Done.\n\nUndo", Unclear.SEVERAL),
        row("something else", "Noted, will chase the lab.", Unclear.NOTHING),
        row("no day", "I have it", Unclear.NO_DAY),
        row("no day after until", "until", Unclear.NO_DAY),
        row("today's weekday", "until Tuesday", Unclear.TODAYS_WEEKDAY),
        row("done on today's weekday", "done on Tuesday", Unclear.TODAYS_WEEKDAY),
        row("next", "until next Thursday", Unclear.NEXT_WEEKDAY),
        row("the wrong weekday", "until Thursday 24 March 2026", Unclear.WRONG_WEEKDAY),
        row("no such day", "until 31 April", Unclear.NO_SUCH_DAY),
        row("month before day", "until 03/24/2026", Unclear.NO_SUCH_DAY),
        row("no day that can be read", "until the trial", Unclear.DAY_UNREAD),
        row("a while", "until further notice", Unclear.DAY_UNREAD),
        row("a span", "until the end of next week", Unclear.DAY_UNREAD),
        row("two days", "until Thursday or Friday", Unclear.DAY_UNREAD),
        row("a day that was", "until last Friday", Unclear.DAY_UNREAD),
        row("done on a day to come", "done this Friday", Unclear.DAY_UNREAD),
        row("two promises", "until Thursday\nuntil Friday", Unclear.SEVERAL),
        row("done, and not", "Done.\n\nNot mine", Unclear.SEVERAL),
        row("done in part", "Done, except for the CCTV", Unclear.DAY_UNREAD),
        row("done, and a day of something", "The CCTV came on 3 March. Done", Unclear.SEVERAL),
        row("done, but for something", "Done; except the CCTV", Unclear.SEVERAL),
        row("done, and something is left", "Done. The phone is still outstanding.", Unclear.SEVERAL),
        row("done, and on second thoughts", "Done.\nActually it wasn't", Unclear.SEVERAL),
        row("a form's answer", "Done: no", Unclear.NOTHING),
        row("a day, and that it cannot be", "Until Thursday: not possible", Unclear.DAY_UNREAD),
        row("a day of rest", "Noted, will chase.\n\nRobin\nRest days: Friday", Unclear.NOTHING),
        row("taken back below", "done\n\nWell, not all of it is done", Unclear.SEVERAL),
        row("a question", "Done?", Unclear.NOTHING),
        row("whose it is in question", "Is this mine?", Unclear.NOTHING),
        row("not done", "Not done", Unclear.NOTHING),
        row("a slip", "no done", Unclear.NOTHING),
        row("not done until", "I won't have it until Thursday", Unclear.NOTHING),
        row("away", "I am away until Thursday.", Unclear.NOTHING),
        row("out of office", "I am on annual leave until Thursday 26 March 2026.", Unclear.NOTHING),
        row("on shift", "I'm on until Friday", Unclear.NOTHING),
        row("all but", "all but done", Unclear.NOTHING),
        row("done by a day to come", "It was done by Friday", Unclear.DAY_UNREAD),
    ],
)
def test_what_could_mean_two_things_means_neither(text, why):
    assert meaning(text, TUESDAY) == unclear(why)


OUTLOOK = """until Thursday

Kind regards
Robin Example
DS 4321 | Public Protection | I work Monday to Wednesday

From: Casebeat <casebeat@surrey.police.uk>
Sent: 17 March 2026 08:00
To: Robin Example <robin@surrey.police.uk>
Subject: Casebeat Tue 17 Mar 2026: 1 overdue

1 overdue. done. not mine. until Friday
"""
OUTLOOK_RULE = """Done on 3 March

________________________________
From: Casebeat <casebeat@surrey.police.uk>
until Friday
"""
OUTLOOK_BANNER = """OFFICIAL - SENSITIVE

CAUTION: This email originated from outside of the organisation. Do not click links
or open attachments until you recognise the sender and know the content is safe.

Hi,

until Thursday

This email and any attachments are confidential until released.
"""
OUTLOOK_ORIGINAL = """Not mine - thanks

-----Original Message-----
From: Casebeat
done
"""
GMAIL = """I have it until Thursday.

On Tue, 17 Mar 2026 at 08:00, Casebeat <casebeat@surrey.police.uk> wrote:

> 1 overdue.
> done
"""
GMAIL_WRAPPED = """Until Thursday

On Tue, 17 Mar 2026 at 08:00, Casebeat via notices <
casebeat-notices-of-the-force@surrey.police.uk>
wrote:
> done
"""
IPHONE = """Until Thursday

Sent from my iPhone

> On 17 Mar 2026, at 08:00, Casebeat <casebeat@surrey.police.uk> wrote:
> not mine
"""
ANDROID = """until thursday
Get Outlook for Android<https://aka.ms/done>
________________________________
done
"""
SIGNED = """Until Thursday

--\x20
Robin Example
until the end of my days, done
"""
UNSIGNED = """Until Thursday
Robin Example
DS 4321
Working pattern: Mon-Thu
"""
PREFILLED = """until Thu 19 Mar 2026

Robin Example (she/her) | Detective Sergeant 4321 | Surrey Police
Telephone 01483 571212 | Working days: Monday, Tuesday, 8-4
Disclaimer: the contents of this are done in confidence until opened.
"""
GERMAN_CLIENT = """until Thursday

Von: Casebeat
"""
OUTLOOK_MAC = """until Thursday

*From: *Casebeat <casebeat@surrey.police.uk>
*Date: *Tuesday, 17 March 2026 at 08:00
*To: *Robin Example
*Subject: *1 overdue
done
"""


@pytest.mark.parametrize(
    ("text", "means"),
    [
        row("Outlook", OUTLOOK, until("Thu 19 Mar 2026")),
        row("Outlook, CRLF", OUTLOOK.replace("\n", "\r\n"), until("Thu 19 Mar 2026")),
        row("Outlook's rule", OUTLOOK_RULE, Meaning(Intent.DONE, day("Tue 3 Mar 2026"))),
        row("banner, marking, disclaimer", OUTLOOK_BANNER, until("Thu 19 Mar 2026")),
        row("original message", OUTLOOK_ORIGINAL, NOT_MINE),
        row("Gmail", GMAIL, until("Thu 19 Mar 2026")),
        row("Gmail, its line wrapped", GMAIL_WRAPPED, until("Thu 19 Mar 2026")),
        row("iPhone", IPHONE, until("Thu 19 Mar 2026")),
        row("Android", ANDROID, until("Thu 19 Mar 2026")),
        row("signature with its mark", SIGNED, until("Thu 19 Mar 2026")),
        row("signature without", UNSIGNED, until("Thu 19 Mar 2026")),
        row("the link's own words above a signature", PREFILLED, until("Thu 19 Mar 2026")),
        row("Outlook for Mac", OUTLOOK_MAC, until("Thu 19 Mar 2026")),
        row("a header of another tongue is no day", GERMAN_CLIENT, until("Thu 19 Mar 2026")),
        row("written below the original", "On 17 Mar 2026, Casebeat wrote:\n> x\n\ndone", unclear(Unclear.NOTHING)),
        row("only quoted", "> done", unclear(Unclear.NOTHING)),
    ],
)
def test_only_text_above_the_quoted_original_counts(text, means):
    assert meaning(text, TUESDAY) == means


def test_a_reply_is_read_from_the_day_it_was_sent_not_from_the_day_it_is_read():
    assert meaning("tomorrow", day("Wed 11 Mar 2026")) == until("Thu 12 Mar 2026")


@given(st.dates(date(2001, 1, 1), date(2098, 12, 1)), st.integers(-170, 170), st.booleans())
def test_a_day_written_in_full_is_that_day_whenever_it_is_read(sent_on, days, ahead):
    on = sent_on + timedelta(days=days)
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d %B", "%a %d %b %Y", "%A, %d %B %Y", "%B %d"):
        if "%Y" in form or (on.month, on.day) != (2, 29):
            assert written_day(on.strftime(form).lower(), sent_on, ahead=ahead) == on


@given(st.dates(date(2001, 1, 1), date(2098, 12, 1)), st.integers(1, 6))
def test_a_weekday_is_the_next_or_the_last_of_that_name(sent_on, days):
    ahead, before = sent_on + timedelta(days=days), sent_on - timedelta(days=days)
    assert written_day(f"{ahead:%A}".lower(), sent_on, ahead=True) == ahead
    assert written_day(f"{before:%A}".lower(), sent_on, ahead=False) == before


@given(st.text(max_size=300))
def test_whatever_is_written_has_one_meaning_and_a_day_only_where_it_needs_one(text):
    means = meaning(text, TUESDAY)
    assert (means.on is not None) == (means.what in {Intent.UNTIL, Intent.DONE})
    assert (means.unclear is not None) == (means.what is Intent.UNCLEAR)


@pytest.mark.parametrize(
    "hostile",
    [
        "i have it on " * 40_000, "ok, " * 100_000, "now all " * 60_000, "\n".join(["on x"] * 60_000),
        "until " + "1" * 500_000, "thanks, " * 60_000, "a.\n" * 300_000, "it is " * 50_000 + "done",
        "from: x\n" * 50_000,
    ],
)  # fmt: skip
def test_no_text_however_long_keeps_the_reader_busy(hostile):
    began = time.process_time()
    meaning(hostile, TUESDAY)
    assert time.process_time() - began < 1


def test_own_words_keep_their_paragraphs():
    assert own_text("Hi,\n\nfirst\nline\n\n\nsecond\n> quoted") == [["hi,"], ["first", "line"], ["second"]]
