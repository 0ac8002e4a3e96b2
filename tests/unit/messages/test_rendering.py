"""The text of messages, and that no value of a record can break it."""

import csv
import email
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import policy
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from config.authority import Authority
from config.mail import Mail
from config.routes import Channel
from config.settings import settings
from config.terms import EndReason, Happening, MessageKind, OwedBy, Severity, State
from models.queries.obligations.obligation_views import Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.outbox.outbox_list import UntoldMessage
from tasks.carriers.mail.letters import letter, repeated
from tasks.messages import samples
from tasks.messages.composing import ComposedMessage
from tasks.messages.contexts import SituationCounts
from tasks.messages.rendering import render, undelivered
from tasks.messages.sample_items import BAIL, DAY, LIMIT, RESOLVED, REVIEW
from tasks.messages.samples import ONE, SAMPLES, SPOC, WEEKDAY
from tasks.platform import tokens
from tasks.platform.text import moment, one_line, safe_cell
from tasks.replies.envelope import MESSAGE_ID

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
        settings.cache_clear()
        yield
    settings.cache_clear()


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
    return replace(ONE, item=replace(LIMIT, reference=reference, subject=reference, note=reference, urn=reference))


@given(HOSTILE)
def test_no_reference_however_hostile_adds_a_tag_or_a_line_to_a_header(reference):
    ordinary, rendered = render(MessageKind.AT_ONCE, about("R")), render(MessageKind.AT_ONCE, about(reference))
    assert tags(rendered.html) == tags(ordinary.html)
    assert len(rendered.subject.splitlines()) <= 1
    raw = letter(composed(ONE), rendered, MAIL, "a@surrey.police.uk", datetime(2026, 3, 17, tzinfo=UTC))
    read = email.message_from_bytes(raw, policy=policy.default)
    assert [name for name, _ in read.items()] == HEADERS
    raw.decode("ascii")


HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted", "X-Auto-Response-Suppress",
    "MIME-Version", "Content-Type",
]  # fmt: skip


@given(HOSTILE)
def test_a_name_however_hostile_stays_one_address(name):
    raw = letter(composed(ONE, name=name), render(MessageKind.AT_ONCE, ONE), MAIL, "a@surrey.police.uk", AT)
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
        letter(composed(ONE), render(MessageKind.AT_ONCE, ONE), MAIL, to, AT)


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
    assert row[0].startswith("'")
    assert "\n" not in row[0]


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
        letter(composed(ONE), render(MessageKind.AT_ONCE, ONE), MAIL, "a@surrey.police.uk", AT) for _ in "12"
    )
    ids = {email.message_from_bytes(each)["Message-ID"] for each in (first, second)}
    assert ids == {f"<{tokens.mail_ref(composed(ONE).held.id)}@surrey.police.uk>"}
    assert "P45of1" not in ids.pop()


def test_a_repeat_is_marked_also_where_its_subject_begins_on_the_next_line():
    subject = "Casebeat Tue 7 Apr 2026: 14 stalled cases, 12 time limits past, 4 near"
    rendered = replace(render(MessageKind.LETTER, WEEKDAY), subject=subject)
    body = letter(composed(WEEKDAY), rendered, MAIL, "a@surrey.police.uk", AT)
    assert b"Subject:\r\n Casebeat" in body
    read = email.message_from_bytes(repeated(body), policy=policy.default)
    assert read["Subject"] == f"[May be a repeat] {subject}"


def test_a_repeat_is_marked_once_and_changes_nothing_else():
    body = letter(composed(ONE), render(MessageKind.AT_ONCE, ONE), MAIL, "a@surrey.police.uk", AT)
    marked = repeated(body)
    assert repeated(marked) == marked
    assert marked.replace(b"[May be a repeat] ", b"") == body
    assert email.message_from_bytes(marked, policy=policy.default)["Subject"].startswith("[May be a repeat] ")


def test_messages_of_one_case_are_one_thread():
    body = letter(composed(ONE, thread="abc"), render(MessageKind.AT_ONCE, ONE), MAIL, "a@surrey.police.uk", AT)
    read = email.message_from_bytes(body)
    assert read["References"] == read["In-Reply-To"] == "<case.abc@surrey.police.uk>"


def test_the_first_line_is_the_readers_whole_situation():
    said = render(MessageKind.LETTER, SPOC).text.splitlines()[0]
    assert said == (
        "5 stalled cases, 1 time limit within 7 days, 1 restricted case: ask a SPOC of your force who may read it."
    )


def test_the_second_line_is_what_this_message_holds_unless_that_is_the_whole():
    second = render(MessageKind.LETTER, WEEKDAY).text.splitlines()[1]
    assert second == "In this message: 1 time limit or order, 1 critically overdue, 1 overdue, 1 due soon, 1 resolved."
    whole = replace(samples.OFFICER, counts=SituationCounts(overdue=1, soon=1))
    assert "In this message" not in render(MessageKind.LETTER, whole).text


def test_a_subject_says_of_restricted_cases_only_how_many_there_are():
    said = render(MessageKind.LETTER, SPOC).subject
    assert said == "Casebeat Mon 16 Mar 2026: 5 stalled cases, 1 time limit within 7 days, 1 restricted case"


def test_a_subject_says_what_the_message_holds_where_nothing_is_stalled_or_overdue():
    quiet = replace(WEEKDAY, counts=SituationCounts(), groups=WEEKDAY.groups[-1:])
    assert render(MessageKind.LETTER, quiet).subject == "Casebeat Mon 16 Mar 2026: 1 resolved"
    assert render(MessageKind.LETTER, quiet).text.startswith("No case is stalled.\nIn this message: 1 resolved.\n")


def test_news_of_a_stalled_case_is_in_the_standing_with_every_detail_of_a_step():
    text = render(MessageKind.LETTER, SPOC).text
    assert text.count("45/SAMPLE-0001 (") == 1
    standing = text.partition("STANDING")[2].partition("TIME LIMITS AND ORDERS")[0]
    for words in ("Next: notice to the lead on Mon 23 Mar 2026", "Ends when: A joint review", "Take it on: casebeat"):
        assert standing.count(words) == 1, words


def test_a_deputy_is_told_whose_standing_it_is():
    text = render(MessageKind.LETTER, samples.ACTING).text
    assert "STANDING OF CPS SOUTH EAST\nYou get this in place of the lead, who is away.\n" in text


@pytest.mark.parametrize("kind", ["text", "html"])
def test_what_comes_at_once_says_what_it_is_about_once(kind):
    said = getattr(render(MessageKind.AT_ONCE, ONE), kind)
    assert said.partition("</title>")[2 if kind == "html" else 0].count("6 days left") == 1


def test_what_ended_is_said_by_what_was_recorded():
    progress = replace(RESOLVED, title="Case without progress")
    said = render(MessageKind.LETTER, replace(WEEKDAY, groups=samples._groups(progress))).text
    assert "Case without progress: ended Fri 13 Mar 2026: progress was recorded\n" in said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (SituationCounts(), "No case is stalled."),
        (SituationCounts(stalled=1), "1 stalled case."),
        (SituationCounts(stalled=3, within_7_days=1), "3 stalled cases, 1 time limit within 7 days."),
        (SituationCounts(passed=2, later_clocks=1), "2 time limits past, 1 time limit further off."),
        (SituationCounts(soon=4, critical=2), "2 critically overdue, 4 due soon."),
    ],
)
def test_the_situation_is_said_in_words(counts, said):
    assert render(MessageKind.LETTER, replace(samples.NOTHING, counts=counts)).text.splitlines()[0] == said


def test_time_limits_come_first_and_what_ended_last():
    text = render(MessageKind.LETTER, WEEKDAY).text
    order = ["TIME LIMITS AND ORDERS", "CRITICALLY OVERDUE", "\nOVERDUE", "DUE SOON", "RESOLVED"]
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"days": 0}, "today is the last day"),
        ({"days": -1}, "1 day left"),
        ({"days": -6}, "6 days left"),
        ({"days": 1, "severity": Severity.CRITICALLY_OVERDUE}, "by the record, ran out on Sun 22 Mar 2026"),
        ({"hard": False, "days": 0}, "due today"),
        ({"hard": False, "days": -1}, "due in 1 day"),
        ({"hard": False, "days": 1, "severity": Severity.OVERDUE}, "overdue since Sun 22 Mar 2026"),
        ({"ended": EndReason.FINALISED, "ended_on": DAY}, "ended Mon 16 Mar 2026: the case was finalised"),
        ({"moved": 1}, "The day has moved once."),
        ({"moved": 3}, "The day has moved 3 times."),
        ({"following": None}, "this was the last notice"),
        ({"note": "no prosecutor is recorded"}, "You get this in place of the SPOC: no prosecutor is recorded."),
        ({"note": "standing in for the police SPOC"}, "You get this standing in for the police SPOC, who is away."),
        ({"happening": Happening.HANDED_OVER}, "It has come to you from someone else"),
        (
            {"duty": Authority.PUBLISHED, "number": Authority.LOCAL},
            "guidance); the number of days is a local standard.",
        ),
        ({"subject": "A1", "owed_by": OwedBy.CPS}, ", by CPS\n"),
        ({"calculated_from": "last act"}, "Calculated from: last act. Confirm with the case lawyer."),
        ({"rule": "custody-limit", "calculated_from": "a"}, "Calculated from: a. Confirm with the case lawyer."),
        ({"rule": "bail-end", "calculated_from": "bail ends"}, "Calculated from: bail ends.\n"),
        ({"rule": "custody-limit", "days": 1}, ": ran out on Sun 22 Mar 2026"),
        ({"rule": "bail-end", "days": 1}, ": ended on Sun 22 Mar 2026"),
        ({"rule": "order-expiry", "days": 1}, ": ended on Sun 22 Mar 2026"),
        ({"rule": "order-expiry", "days": 1}, "assess the risk again, and apply again.\n"),
        ({"rule": "custody-limit"}, "on notice of 2 days (magistrates) or 5 (Crown Court).\n"),
        ({"rule": "action", "days": 1}, ": passed on Sun 22 Mar 2026"),
    ],
)
def test_the_words_change_with_how_things_stand(change, said):
    assert said in render(MessageKind.AT_ONCE, replace(ONE, item=replace(LIMIT, **change))).text


def test_an_unknown_code_is_not_half_said():
    with pytest.raises(UndefinedError):
        render(MessageKind.AT_ONCE, replace(ONE, item=replace(BAIL, rule="no-such-rule")))


def test_a_context_of_another_kind_is_refused():
    with pytest.raises(TypeError, match="rendered from Digest"):
        render(MessageKind.LETTER, ONE)


def test_a_list_is_attached_only_where_the_message_was_cut_short():
    assert render(*SAMPLES["digest-officer"]).csv is None
    assert render(*SAMPLES["digest-spoc-monday"]).csv is not None


def test_times_are_never_without_their_zone():
    assert moment(datetime(2026, 3, 16, 8, tzinfo=UTC)) == "Mon 16 Mar 2026 at 08:00 GMT"
    assert moment(datetime(2026, 7, 1, 7, tzinfo=UTC)) == "Wed 1 Jul 2026 at 08:00 BST"


def test_operations_are_told_what_could_not_be_delivered():
    about = tuple(f"45/SAMPLE-{number} joint-review critical" for number in range(41))
    lost = UntoldMessage("digest:P45of1:email:2026-03-17", State.DEAD, "550 at RCPT", elsewhere=False, about=about)
    told = undelivered([lost], 2)
    assert "It was about 45/SAMPLE-0 joint-review critical; 45/SAMPLE-1 " in told
    assert "; and 1 more." in told
    assert told.splitlines()[0] == "1 message could not be delivered, 2 messages kept back by the caps on delivery"
    assert "digest:P45of1:email:2026-03-17: 550 at RCPT" in told


OUTLOOKS = "<AM0PR03MB12345678901234567890ABCDEFABCDEF@AM0PR03MB1234.eurprd03.prod.outlook.com>"


def answering(message_id):
    answer = composed(ONE)._replace(in_reply_to=message_id, thread="")
    return letter(answer, render(MessageKind.AT_ONCE, ONE), MAIL, "a@surrey.police.uk", AT)


def test_an_answer_is_in_the_thread_of_the_mail_that_it_answers_however_long_its_name():
    assert f"\r\nIn-Reply-To: {OUTLOOKS}\r\nReferences: {OUTLOOKS}\r\n".encode() in answering(OUTLOOKS)


@given(st.from_regex(MESSAGE_ID, fullmatch=True))
def test_no_message_id_however_hostile_adds_a_header(message_id):
    read = email.message_from_bytes(answering(message_id), policy=policy.compat32)
    assert [name for name, _ in read.items()].count("Subject") == 1
    assert {name for name, _ in read.items()} == {*HEADERS, "In-Reply-To", "References"}


@pytest.mark.parametrize("name", ["invitation-chair", "invitation-officer"])
def test_an_invitation_promises_no_agenda_for_a_day_that_has_passed(name):
    kind, context = SAMPLES[name]
    assert "Thu 19 Mar 2026" in render(kind, replace(context, day=context.agenda_on)).text
    late = render(kind, replace(context, day=context.agenda_on + timedelta(days=1)))
    assert "Thu 19 Mar 2026" not in late.text + late.html
    assert "by the morning of the meeting" in late.text
