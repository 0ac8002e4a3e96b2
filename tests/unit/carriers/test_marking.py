"""A protective marking stands first wherever a mail is read; a bare subject says nothing of what the mail is about."""

import email
import re
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.mail import Mail, Subjects
from config.message_kinds import MessageKind
from config.routes import Channel
from config.settings import settings
from models.queries.obligations.obligation_views import Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.rules.obligations.rulebook import RULES
from tasks.carriers.mail.letters import letter, repeated
from tasks.messages.composing import ComposedMessage
from tasks.messages.invitation.contexts import InvitationContext
from tasks.messages.rendering import RenderedMessage, render
from tests.worlds.samples import DAY, LETTERS, MAILED

MARKING = "OFFICIAL-SENSITIVE"
MAIL = Mail(from_address="casebeat@surrey.police.uk", marking=MARKING, subjects=Subjects.BARE)
AT = datetime(2026, 3, 17, 8, tzinfo=UTC)
TO = "p45of1@surrey.police.uk"
DATED = re.compile(r"\d{1,2} [A-Z][a-z]{2}\b|\d{4}-\d\d-\d\d|\d\d:\d\d")
OFFENCE = re.compile(r"stalk|harass|offence|time limit|bail|custody|order|charge", re.IGNORECASE)


def composed(kind: MessageKind, context: object) -> ComposedMessage:
    key = f"{kind}:1:P45of1:3"
    held = ClaimedMessage(1, key, kind, "P45of1", Channel.EMAIL, DAY, False, False, None, 1, "", None, key)
    reader = Reader("P45of1", "police", "NAME", TO, frozenset(), ("45",), (), False)
    return ComposedMessage(held, reader, context, {})


def written(name: str, mail: Mail = MAIL) -> EmailMessage:
    return email.message_from_bytes(raw(name, mail), policy=policy.default)


def raw(name: str, mail: Mail = MAIL) -> bytes:
    kind, context = MAILED[name]
    rendered = render(kind, context, mail.marking, bare=mail.subjects is Subjects.BARE)
    return letter(composed(kind, context), rendered, mail, TO, AT)


@pytest.mark.parametrize("name", MAILED)
def test_a_marking_is_first_in_subject_and_bodies_and_in_a_header(name: str) -> None:
    read = written(name)
    assert read["Subject"].startswith(f"{MARKING}: ")
    assert read["X-Protective-Marking"] == MARKING
    plain, html = (read.get_body((kind,)) for kind in ("plain", "html"))
    assert plain.get_content().splitlines()[:2] == [MARKING, ""]
    visible = re.sub(r"<[^>]*>", "", html.get_content().partition("<body>")[2])
    assert visible.strip().startswith(MARKING)


@pytest.mark.parametrize("name", [name for name, (_, one) in MAILED.items() if isinstance(one, InvitationContext)])
def test_a_marking_is_first_in_an_events_description(name: str) -> None:
    (event,) = (part for part in written(name).walk() if part.get_content_type() == "text/calendar")
    assert f"DESCRIPTION:{MARKING}\\n" in event.get_content()


@pytest.mark.parametrize("name", MAILED)
def test_without_a_marking_nothing_is_marked(name: str) -> None:
    plain = Mail(from_address="casebeat@surrey.police.uk")
    assert MARKING.encode() not in raw(name, plain)
    assert written(name, plain)["X-Protective-Marking"] is None


@pytest.mark.parametrize("name", MAILED)
def test_a_bare_subject_says_no_offence_rule_or_day(name: str) -> None:
    said = written(name)["Subject"]
    assert not DATED.search(said)
    assert not OFFENCE.search(said)
    assert not any(rule in said or RULES[rule].title in said for rule in RULES if rule != "action")


def test_a_full_subject_says_them() -> None:
    full = MAIL.model_copy(update={"subjects": Subjects.FULL})
    assert DATED.search(written("urgent-time-limit", full)["Subject"])
    assert "limit" in written("letter-spoc-monday", full)["Subject"]


def test_a_bare_subject_names_the_case_that_its_reader_may_see() -> None:
    assert written("urgent-time-limit")["Subject"] == f"{MARKING}: 45/SAMPLE-0002: to be read today"
    assert written("urgent-several")["Subject"] == f"{MARKING}: Casebeat: to be read today"
    assert written("urgent-restricted")["Subject"] == f"{MARKING}: Casebeat: to be read today"


def test_a_bare_subject_says_what_became_of_an_event() -> None:
    cancelled = [written(name)["Subject"] for name in MAILED if name.startswith("invitation")]
    assert f"{MARKING}: Cancelled: a joint review meeting" in cancelled


@given(st.lists(st.from_regex(r"[a-zA-Z0-9/,.é-]{1,12}", fullmatch=True), min_size=1, max_size=30))
def test_a_possible_repeat_is_said_after_the_marking_however_long_the_subject(words: list[str]) -> None:
    subject = f"{MARKING}: {' '.join(words)}"
    kind, context = MAILED["operations"]
    first = letter(composed(kind, context), RenderedMessage(subject, "t", "h"), MAIL, TO, AT)
    again = repeated(first, MARKING)
    read = email.message_from_bytes(again, policy=policy.default)
    said = email.message_from_bytes(first, policy=policy.default)["Subject"].strip()  # folded at its beginning
    assert read["Subject"] == said.replace(f"{MARKING}: ", f"{MARKING}: [May be a repeat] ", 1)
    assert repeated(again, MARKING) == again
    assert again.partition(b"\r\nDate: ")[2] == first.partition(b"\r\nDate: ")[2]


def test_the_settings_hold_a_marking_and_bare_subjects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEBEAT_MAIL__MARKING", MARKING)
    monkeypatch.setenv("CASEBEAT_MAIL__SUBJECTS", "bare")
    assert (settings().mail.marking, settings().mail.subjects) == (MARKING, Subjects.BARE)


@pytest.mark.parametrize(
    ("name", "list_id"),
    [
        ("letter-officer", "Casebeat letters <letters.surrey.police.uk>"),
        ("urgent-time-limit", "Casebeat urgent <urgent.surrey.police.uk>"),
        ("invitation-chair", "Casebeat calendar <calendar.surrey.police.uk>"),
        ("answer-promised", "Casebeat answers <answers.surrey.police.uk>"),
        ("operations", "Casebeat operations <operations.surrey.police.uk>"),
    ],
)
def test_each_kind_of_mail_is_of_a_list_of_its_own_so_that_it_can_be_filed(name: str, list_id: str) -> None:
    assert written(name)["List-Id"] == list_id


OF_OPERATIONS = re.compile(r"\bcasebeat [a-z]|--[a-z]+|panels\.yaml|\b[a-z_]+\.(csv|yaml)\b|\b[a-z]+_[a-z_]+\b")


@pytest.mark.parametrize("name", [*LETTERS, *(name for name in MAILED if name.startswith(("invitation", "answer")))])
def test_no_mail_to_a_contact_tells_a_command_a_file_or_a_column(name: str) -> None:
    read = written(name, MAIL.model_copy(update={"subjects": Subjects.FULL}))
    for part in ("plain", "html"):
        body = read.get_body((part,)).get_content().partition("<body>")[2 if part == "html" else 0]
        said = re.sub(r"mailto:\S+|<[^>]*>", " ", body)
        assert OF_OPERATIONS.search(said.replace("casebeat@", "")) is None


def test_a_mail_whose_subject_has_no_marking_is_marked_as_a_repeat_all_the_same() -> None:
    again = repeated(b"From: a@b.test\r\nSubject: Casebeat\r\n\r\nSubject: words\r\n", MARKING)
    assert again == b"From: a@b.test\r\nSubject: [May be a repeat] Casebeat\r\n\r\nSubject: words\r\n"
