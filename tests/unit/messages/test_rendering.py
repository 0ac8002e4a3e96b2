"""The text of messages, and that no value of a record can break it."""

import csv
import email
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import policy
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from config.mail import Mail
from config.message_kinds import MessageKind
from config.routes import Channel
from config.rules import Rules
from config.settings import settings
from config.terms import Happening, Risk, Severity, State
from models.queries.obligations.obligation_views import Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.outbox.outbox_list import UntoldMessage
from tasks.carriers.mail.letters import letter, repeated
from tasks.messages.agenda.contexts import AgendaContext
from tasks.messages.composing import ComposedMessage
from tasks.messages.contexts import EnclosedMessage, Ower
from tasks.messages.letter.blocks import COUNTED
from tasks.messages.letter.contexts import Count
from tasks.messages.rendering import render, render_for, undelivered
from tasks.platform import tokens
from tasks.platform.templates import names
from tasks.platform.text import moment, one_line, safe_cell
from tasks.replies.envelope import MESSAGE_ID
from tests.worlds.samples import (
    ACTING,
    BAIL,
    DAY,
    EVERYTHING,
    LETTERS,
    LIMIT,
    MAILED,
    NOTHING,
    OFFICER,
    RESOLVED,
    REVIEW,
    SPOC,
    URGENT,
    WEEKDAY,
)

HOSTILE = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("\r\n\x0b\x85\u2028\x00\u202e<>&\"'{}%=@+|")),
    min_size=1,
    max_size=40,
)
MAIL = Mail(operations="ops@surrey.police.uk")


@pytest.fixture(autouse=True, scope="module")
def signed() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CASEBEAT_SIGNING_SECRET", "s" * 32)
        yield


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, tuple(name for name, _ in attrs)))


def tags(html):
    reading = Tags()
    reading.feed(html)
    return reading.seen


def about(reference):
    hostile = replace(LIMIT, reference=reference, subject=reference, kind=reference, note=reference, urn=reference)
    return replace(URGENT, items=(replace(hostile, owers=(Ower(role="officer", ref=reference),)),))


@given(HOSTILE)
def test_no_reference_however_hostile_adds_a_tag_or_a_line_to_a_header(reference):
    ordinary, rendered = render(MessageKind.AT_ONCE, about("R")), render(MessageKind.AT_ONCE, about(reference))
    assert tags(rendered.html) == tags(ordinary.html)
    assert len(rendered.subject.splitlines()) <= 1
    raw = letter(composed(URGENT), rendered, MAIL, "a@surrey.police.uk", datetime(2026, 3, 17, tzinfo=UTC))
    read = email.message_from_bytes(raw, policy=policy.default)
    assert [name for name, _ in read.items()] == HEADERS
    raw.decode("ascii")


HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted", "X-Auto-Response-Suppress",
    "MIME-Version", "Content-Type",
]  # fmt: skip


@given(HOSTILE)
def test_a_name_however_hostile_stays_one_address(name):
    raw = letter(composed(URGENT, name=name), render(MessageKind.AT_ONCE, URGENT), MAIL, "a@surrey.police.uk", AT)
    read = email.message_from_bytes(raw, policy=policy.default)
    assert [each.addr_spec for each in read["To"].addresses] == ["a@surrey.police.uk"]
    assert [header for header, _ in read.items()] == HEADERS


AT = datetime(2026, 3, 17, 8, tzinfo=UTC)


def composed(context, name="NAME", thread=""):
    held = ClaimedMessage(
        1,
        "at_once:1:P45of1:email",
        MessageKind.AT_ONCE,
        "P45of1",
        Channel.EMAIL,
        DAY,
        False,
        False,
        None,
        1,
        "",
        None,
        "at_once:1:P45of1:email",
    )
    reader = Reader("P45of1", "police", name, "a@surrey.police.uk", frozenset(), ("45",), (), False)
    return ComposedMessage(held, reader, context, {}, thread=thread)


@pytest.mark.parametrize("to", ["a@x.uk, b@x.uk", "a@x.uk\nBcc: b@x.uk", "é@police.uk", "", "a b@police.uk"])
def test_what_is_not_one_plain_mailbox_has_no_letter(to):
    with pytest.raises(ValueError, match="not one plain mailbox"):
        letter(composed(URGENT), render(MessageKind.AT_ONCE, URGENT), MAIL, to, AT)


def test_a_template_in_a_record_stays_as_it_is():
    rendered = render(MessageKind.AT_ONCE, about("{{7*7}}"))
    assert "{{7*7}}" in rendered.text
    assert "49" not in rendered.subject


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "%", "|", "\uff1d", "\uff0b", " =", "\t=", "\r=", "\n=", "\u200b="]
)
def test_no_cell_of_a_list_is_run_as_a_formula(start):
    listed = replace(SPOC, listed=(replace(REVIEW, reference=f"{start}cmd\r\n=cmd"),))
    (row,) = list(csv.reader(io.StringIO(render(MessageKind.LETTER, listed).csv or "")))[1:]
    assert row[1].startswith("'")
    assert "\n" not in row[1]


@given(st.text(max_size=30))
def test_a_cell_is_one_line_and_never_begins_as_a_formula_does(text):
    cell = safe_cell(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "%", "|"))
    assert len(cell.splitlines()) <= 1


@given(HOSTILE)
def test_a_line_fit_for_a_header_has_no_control_or_format_character(text):
    assert not any(each in one_line(text) for each in "\r\n\x00\u2028\u2029\u202e\x0b\x0c\x85")


def test_a_letter_is_the_same_for_every_try_except_its_boundary():
    first, second = (
        letter(composed(URGENT), render(MessageKind.AT_ONCE, URGENT), MAIL, "a@surrey.police.uk", AT) for _ in "12"
    )
    ids = {email.message_from_bytes(each)["Message-ID"] for each in (first, second)}
    assert ids == {f"<{tokens.mail_ref(composed(URGENT).held.key, composed(URGENT).held.sign)}@surrey.police.uk>"}
    assert "P45of1" not in ids.pop()


def test_a_repeat_is_marked_also_where_its_subject_begins_on_the_next_line():
    subject = "Casebeat Tue 7 Apr 2026: 14 stalled cases, 12 time limits past, 4 near"
    rendered = replace(render(MessageKind.LETTER, WEEKDAY), subject=subject)
    body = letter(composed(WEEKDAY), rendered, MAIL, "a@surrey.police.uk", AT)
    assert b"Subject:\r\n Casebeat" in body
    read = email.message_from_bytes(repeated(body), policy=policy.default)
    assert read["Subject"] == f"[May be a repeat] {subject}"


def test_a_repeat_is_marked_once_and_changes_nothing_else():
    body = letter(composed(URGENT), render(MessageKind.AT_ONCE, URGENT), MAIL, "a@surrey.police.uk", AT)
    marked = repeated(body)
    assert repeated(marked) == marked
    assert marked.replace(b"[May be a repeat] ", b"") == body
    assert email.message_from_bytes(marked, policy=policy.default)["Subject"].startswith("[May be a repeat] ")


def test_messages_of_one_case_are_one_thread():
    body = letter(composed(URGENT, thread="abc"), render(MessageKind.AT_ONCE, URGENT), MAIL, "a@surrey.police.uk", AT)
    read = email.message_from_bytes(body)
    assert read["References"] == read["In-Reply-To"] == "<case.abc@surrey.police.uk>"


def test_the_first_line_is_the_readers_whole_situation():
    said = render(MessageKind.LETTER, SPOC).text.splitlines()[0]
    assert said == (
        "1 time limit or order within 7 days (45/SAMPLE-0002), 5 stalled cases, 1 overdue, 2 due soon, "
        "1 restricted case: ask a SPOC of your force who may read it."
    )


def test_a_subject_begins_with_the_day_and_says_the_most_urgent_first():
    assert render(MessageKind.LETTER, SPOC).subject == "Mon 16 Mar: 1 limit within 7 days, 5 stalled, 1 overdue"
    assert render(MessageKind.LETTER, EVERYTHING).subject == "Mon 16 Mar: 1 limit within 7 days, 5 stalled, 1 overdue"


def test_a_subject_says_of_restricted_cases_only_how_many_there_are():
    hidden = replace(NOTHING, restricted=1)
    assert render(MessageKind.LETTER, hidden).subject == "Mon 16 Mar: 1 restricted case"
    assert "SAMPLE" not in render(MessageKind.LETTER, hidden).text


def test_a_subject_says_what_ended_where_nothing_is_stalled_or_overdue():
    quiet = replace(WEEKDAY, **dict.fromkeys(("counts", "limits", "at_once", "victim", "yours", "sittings"), ()))
    assert render(MessageKind.LETTER, quiet).subject == "Mon 16 Mar: 1 matter ended"
    assert render(MessageKind.LETTER, quiet).text.startswith("No case is stalled.\n")
    assert render(MessageKind.LETTER, NOTHING).subject == "Mon 16 Mar: nothing is stalled or overdue"


@pytest.mark.parametrize("name", LETTERS)
def test_no_subject_is_longer_than_60_characters_after_the_marking(name):
    assert len(render(*MAILED[name], "OFFICIAL-SENSITIVE").subject.removeprefix("OFFICIAL-SENSITIVE: ")) <= 60


@given(
    st.lists(st.sampled_from([what for what in COUNTED if what in names()["brief"]]), unique=True),
    st.integers(1, 99_999),
    st.integers(0, 9),
    st.booleans(),
)
def test_no_numbers_make_a_subject_longer_than_60_characters(kinds, number, restricted, has_agenda):
    letter_ = replace(
        NOTHING, counts=tuple(Count(what, number) for what in COUNTED if what in kinds), restricted=restricted,
        enclosed=EVERYTHING.enclosed[:has_agenda],
    )  # fmt: skip
    assert len(render(MessageKind.LETTER, letter_).subject) <= 60


def test_a_deputy_is_told_in_whose_place():
    text = render(MessageKind.LETTER, ACTING).text
    assert "For the legal manager of CPS South East.\nYou get this in place of the lead, who is away.\n" in text


def test_each_matter_of_a_letter_is_told_once():
    text = render(MessageKind.LETTER, SPOC).text
    for number in range(1, 9):
        assert text.count(f": 45/SAMPLE-{number:04} ") + text.count(f": 45/SAMPLE-{number:04}\n") <= 1, number


def test_an_item_says_risk_who_and_by_which_working_day_in_three_lines():
    text = render(MessageKind.LETTER, WEEKDAY).text
    assert (
        "* High risk: 45/SAMPLE-0002 (URN 45ZZ0000002)\n"
        "  Six-month time limit (STL) for a summary offence: due Sun 22 Mar, do by Fri 20 Mar, 4 working days left. "
        "Owed by Olive Officer (officer in the case); no prosecutor is recorded.\n"
        "  Calculated, confirm with the case lawyer. Tried: first notice Mon 26 Jan, two-week notice Mon 9 Mar. "
        "Ends with a charge, or a supervisor's note of what the expiry means.\n"
    ) in text


def test_only_a_summary_or_custody_time_limit_is_to_be_confirmed_with_the_lawyer():
    assert render(MessageKind.LETTER, WEEKDAY).text.count("confirm with the case lawyer") == 1
    assert "confirm with" not in render(MessageKind.AT_ONCE, replace(URGENT, items=(BAIL,))).text


def test_how_the_sum_was_made_and_what_comes_next_is_not_in_each_item():
    text = render(MessageKind.LETTER, SPOC).text
    for words in ("6 months =", "Basis", "the duty is", "last-day notice", "casebeat "):
        assert words not in text.partition("\n-- \n")[0], words


def test_who_reads_without_a_reply_mailbox_is_told_once_whom_to_write_to():
    assert render(MessageKind.LETTER, SPOC).text.count("casebeat@example.police.uk") == 1
    assert "casebeat@example.police.uk" not in render(MessageKind.LETTER, OFFICER).text, "it has links instead"


def test_a_first_letter_opens_with_what_it_is_why_it_comes_and_how_to_answer():
    for to, answer in (
        (OFFICER, "send the mail that a link beside a matter begins."),
        (SPOC, "write to operations at casebeat@example.police.uk."),
        (replace(SPOC, operations=""), "ask your operations staff."),
    ):
        text = render(MessageKind.LETTER, replace(to, first=True)).text
        opening = text[text.index("This is the first letter that you get from Casebeat") :].partition("\n")[0]
        assert opening.count(". ") == 2, opening
        assert opening.endswith(answer), opening
        assert text.index(opening) < text.index("* "), "before any matter"
        assert "This is the first letter" not in render(MessageKind.LETTER, to).text


def test_what_was_done_in_the_name_of_a_spoc_is_one_line_and_a_list():
    both = [replace(act.context, day=DAY) for act in EVERYTHING.enclosed if act.kind is MessageKind.ACT]
    enclosed = tuple(EnclosedMessage(MessageKind.ACT, context) for context in both)
    made = render(MessageKind.LETTER, replace(WEEKDAY, enclosed=enclosed))
    assert f"{len(both)} things were done in your name; the attached list has each" in made.text
    (file,) = (file for file in made.attached if file.name.startswith("in-your-name-"))
    rows = list(csv.DictReader(io.StringIO(file.content)))
    assert [row["Reference"] for row in rows] == [context.act.reference for context in both]
    assert all(row["What was done"] for row in rows)
    assert "things were done" not in render(MessageKind.LETTER, replace(WEEKDAY, enclosed=enclosed[:1])).text


@pytest.mark.parametrize("letter", [OFFICER, SPOC])
def test_a_link_names_its_matter_to_a_screen_reader_that_lists_links_by_themselves(letter):
    page = render(MessageKind.LETTER, letter).html
    for link in re.findall(r'<a href="[^"?]+\?[^>]*>[^<]*', page):
        label, _, shown = link.rpartition(">")
        assert "status" in label or re.search(f'aria-label="{re.escape(shown)}: 45/SAMPLE-\\d+, ', label), link


@pytest.mark.parametrize("kind", ["text", "html"])
def test_what_comes_at_once_says_what_it_is_about_first(kind):
    said = getattr(render(MessageKind.AT_ONCE, URGENT), kind)
    assert "45/SAMPLE-0002: Six-month time limit (STL)" in said
    assert said.count("do by Fri 20 Mar") in {2, 3}  # a page has a title too
    several = getattr(render(MessageKind.AT_ONCE, replace(URGENT, items=(BAIL, LIMIT))), kind)
    assert "2 matters that cannot wait" in several
    assert several.index("SAMPLE-0007") < several.index("SAMPLE-0002")


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ((LIMIT,), "Due Sun 22 Mar: 45/SAMPLE-0002"),
        ((replace(LIMIT, days=0, due_on=DAY),), "Last day today: 45/SAMPLE-0002"),
        ((BAIL, LIMIT, REVIEW), "Passed Sun 15 Mar: 45/SAMPLE-0007, and 2 more"),
    ],
)
def test_the_subject_of_an_urgent_mail_is_its_most_urgent_day(items, said):
    assert render(MessageKind.AT_ONCE, replace(URGENT, items=items)).subject == said


def test_what_ended_is_said_by_what_was_recorded():
    progress = replace(RESOLVED, title="Case without progress")
    said = render(MessageKind.LETTER, replace(WEEKDAY, resolved=(progress,))).text
    assert "* 45/SAMPLE-0005: Case without progress: progress was made: last action done (Thu 12 Mar).\n" in said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({}, "No case is stalled."),
        ({"stalled": 1}, "1 stalled case."),
        ({"within_7_days": 1, "stalled": 3}, "1 time limit or order within 7 days, 3 stalled cases."),
        ({"passed": 2, "later": 1}, "2 time limits or orders that ran out, 1 time limit or order further off."),
        ({"critical": 2, "soon": 4}, "2 critically overdue, 4 due soon."),
    ],
)
def test_the_situation_is_said_in_words(counts, said):
    quiet = replace(NOTHING, counts=tuple(Count(*each) for each in counts.items()))
    assert render(MessageKind.LETTER, quiet).text.splitlines()[0] == said


def test_the_blocks_come_in_one_order_and_what_is_counted_last():
    text = render(
        MessageKind.LETTER, replace(EVERYTHING, standing=SPOC.standing, pattern=SPOC.pattern, rest=SPOC.rest)
    ).text
    order = [
        "Please disregard", "RAN OUT, OR WITHIN 7 DAYS", "CANNOT WAIT", "THE VICTIM FIRST", "YOURS TO DO OR DECIDE",
        "JOINT REVIEW MEETINGS", "HOW THINGS STAND",
        "HARASSMENT THAT MAY BE STALKING", "ENDED, NOTHING MORE IS ASKED", "THE REST, COUNTED",
    ]  # fmt: skip
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)


def test_a_block_without_anything_is_left_out():
    text = render(MessageKind.LETTER, replace(NOTHING, pattern=None)).text
    assert [line for line in text.splitlines() if line.isupper()] == ["HOW THINGS STAND"]


_TODAY = {"days": 0, "due_on": DAY, "do_by": DAY, "working_days": 0}
_TOMORROW = {"days": -1, "due_on": DAY + timedelta(1), "do_by": DAY + timedelta(1), "working_days": 1}
_GONE = {"days": 1, "due_on": DAY - timedelta(1)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_TODAY, "today is the last day"),
        (_TOMORROW, "do by Tue 17 Mar, 1 working day left"),
        ({}, "due Sun 22 Mar, do by Fri 20 Mar, 4 working days left"),
        ({"do_by": DAY, "working_days": 0}, "due Sun 22 Mar, do by Mon 16 Mar, today"),
        ({"do_by": DAY - timedelta(3), "working_days": -1}, "do by Fri 13 Mar, which has passed"),
        (_GONE | {"severity": Severity.CRITICALLY_OVERDUE}, "by the record, ran out on Sun 15 Mar"),
        (_TODAY | {"hard": False}, "do today"),
        (_GONE | {"hard": False, "severity": Severity.OVERDUE}, "overdue, was due Sun 15 Mar"),
        ({"note": "no supervisor is recorded"}, "No supervisor is recorded."),
        ({"note": "standing in for the police SPOC"}, "You get this standing in for the police SPOC."),
        ({"happening": Happening.HANDED_OVER}, "Until now someone else was told of it"),
        ({"happening": Happening.OPENED}, "Until now you could not read this case."),
        ({"subject": "A1"}, "Six-month time limit (STL) for a summary offence (A1): due"),
        ({"rule": "action", "title": "Action", "kind": "CCTV", "subject": "A1"}, "Action, CCTV (A1): due"),
        ({"rule": "action", "title": "Action", "kind": "NO_SUCH", "subject": "A1"}, "Action (A1): due"),
        ({"risk": Risk.UNKNOWN}, "Risk not recorded, treated as high: 45/SAMPLE-0002"),
        ({"rule": "custody-limit"}, "Calculated, confirm with the case lawyer."),
        ({"rule": "custody-limit"} | _GONE, ": ran out on Sun 15 Mar"),
        ({"rule": "bail-end"} | _GONE, ": ended on Sun 15 Mar"),
        ({"rule": "order-expiry"} | _GONE, ": ended on Sun 15 Mar"),
        ({"rule": "order-expiry"} | _GONE, "assess the risk again, and apply again."),
        ({"rule": "custody-limit"}, "on notice of 2 days (magistrates) or 5 (Crown Court)."),
        ({"rule": "action"} | _GONE, ": passed on Sun 15 Mar"),
    ],
)
def test_the_words_change_with_how_things_stand(change, said):
    assert said in render(MessageKind.AT_ONCE, replace(URGENT, items=(replace(LIMIT, **change),))).text


def test_who_owes_it_is_named_with_their_address_on_the_page_and_by_reference_in_slack():
    jo = Ower(role="officer", ref="P1", name="Jo <Smith>", email="j&o@surrey.police.uk")
    letter = replace(NOTHING, yours=(replace(REVIEW, owers=(jo,)),))
    made = render(MessageKind.LETTER, letter)
    assert "Owed by Jo <Smith> (officer in the case)." in made.text
    assert '<a href="mailto:j%26o@surrey.police.uk">Jo &lt;Smith&gt;</a> (officer in the case).' in made.html
    assert "Owed by P1 (officer in the case)." in render_for("slack", MessageKind.LETTER, letter)


def test_that_nobody_leads_is_said_after_those_who_could():
    both = (Ower(role="spoc", ref="K1", name="Ann Lee"), Ower(role="spoc", ref="K2"), Ower(role="leading", ref=""))
    alone = replace(REVIEW, owers=both, note="no CPS SPOC is named to lead")
    text = render(MessageKind.LETTER, replace(NOTHING, yours=(alone,))).text
    assert "Owed by Ann Lee (CPS SPOC) and K2 (CPS SPOC); no CPS SPOC is named to lead." in text
    assert text.count("named to lead") == 1


def test_that_nobody_is_recorded_is_said_once():
    alone = replace(LIMIT, owers=(Ower(role="prosecutor", ref=""),), note="no prosecutor is recorded")
    assert render(MessageKind.LETTER, replace(NOTHING, yours=(alone,))).text.lower().count("no prosecutor is rec") == 1


def test_an_unknown_code_is_not_half_said():
    with pytest.raises(UndefinedError):
        render(MessageKind.AT_ONCE, replace(URGENT, items=(replace(BAIL, rule="no-such-rule"),)))


def test_a_context_of_another_kind_is_refused():
    with pytest.raises(TypeError, match="rendered from LetterContext"):
        render(MessageKind.LETTER, URGENT)


def test_a_list_is_attached_only_where_the_message_was_cut_short():
    assert render(*MAILED["letter-officer"]).attached == ()
    assert [each.name for each in render(*MAILED["letter-spoc-monday"]).attached] == [
        "casebeat-2026-03-16.csv", "harassment-2026-03-16.csv",
    ]  # fmt: skip


def test_agendas_and_long_lists_are_attached_to_the_letter_that_brings_them():
    agenda, later = [one.context for one in EVERYTHING.enclosed if isinstance(one.context, AgendaContext)]
    names = [each.name for each in render(MessageKind.LETTER, EVERYTHING).attached]
    assert names == [
        "in-your-name-2026-03-16.csv",
        f"agenda-{agenda.ref}.html", f"agenda-{agenda.ref}.csv", f"agenda-{later.ref}.html", f"agenda-{later.ref}.csv",
        "casebeat-joint-reviews.csv",
    ]  # fmt: skip


def test_the_list_is_in_words_that_a_person_reads():
    said = render(MessageKind.LETTER, SPOC).csv or ""
    heading, *rows = list(csv.reader(io.StringIO(said)))
    assert {"Risk", "Reference", "What is owed", "Owed by", "Due", "Do by", "Tried", "Next"} <= set(heading)
    assert len(rows) == len(SPOC.listed)
    codes = {code for code in (*Rules.names(), *names()["kinds"]) if "-" in code or "_" in code}
    for cell in (cell for row in rows for cell in row):
        assert not set(re.split(r"[ ,;().]+", cell)) & {*codes, "None", "True", "False"}, cell
        assert not re.search(r"\d{4}-\d\d-\d\d|_|\(\w+=", cell), cell


def test_times_are_never_without_their_zone():
    assert moment(datetime(2026, 3, 16, 8, tzinfo=UTC)) == "Mon 16 Mar 2026 at 08:00 GMT"
    assert moment(datetime(2026, 7, 1, 7, tzinfo=UTC)) == "Wed 1 Jul 2026 at 08:00 BST"


def test_operations_are_told_what_could_not_be_delivered():
    about = tuple(f"45/SAMPLE-{number} joint-review critical" for number in range(41))
    lost = UntoldMessage("letter:P45of1:email:2026-03-17", State.DEAD, "550 at RCPT", elsewhere=False, about=about)
    told = undelivered(settings(), [lost], 2)
    assert "It was about 45/SAMPLE-0 joint-review critical; 45/SAMPLE-1 " in told
    assert "; and 1 more." in told
    counts = "1 message could not be delivered, 2 messages kept back by the caps on delivery"
    assert told.startswith(f"1 message could not be delivered\n\n{counts}.\n")
    assert "letter:P45of1:email:2026-03-17: 550 at RCPT" in told


OUTLOOKS = "<AM0PR03MB12345678901234567890ABCDEFABCDEF@AM0PR03MB1234.eurprd03.prod.outlook.com>"


def answering(message_id):
    answer = composed(URGENT)._replace(in_reply_to=message_id, thread="")
    return letter(answer, render(MessageKind.AT_ONCE, URGENT), MAIL, "a@surrey.police.uk", AT)


def test_an_answer_is_in_the_thread_of_the_mail_that_it_answers_however_long_its_name():
    assert f"\r\nIn-Reply-To: {OUTLOOKS}\r\nReferences: {OUTLOOKS}\r\n".encode() in answering(OUTLOOKS)


@given(st.from_regex(MESSAGE_ID, fullmatch=True))
def test_no_message_id_however_hostile_adds_a_header(message_id):
    read = email.message_from_bytes(answering(message_id), policy=policy.compat32)
    assert [name for name, _ in read.items()].count("Subject") == 1
    assert {name for name, _ in read.items()} == {*HEADERS, "In-Reply-To", "References"}


@pytest.mark.parametrize("name", ["invitation-chair", "invitation-officer"])
def test_an_invitation_promises_no_agenda_for_a_day_that_has_passed(name):
    kind, context = MAILED[name]
    assert "Thu 19 Mar 2026" in render(kind, replace(context, day=context.agenda_on)).text
    late = render(kind, replace(context, day=context.agenda_on + timedelta(days=1)))
    assert "Thu 19 Mar 2026" not in late.text + late.html
    assert "by the morning of the meeting" in late.text
