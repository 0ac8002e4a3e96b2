"""New mails are sorted by their headers alone: whose body is read, and in which order."""

import pytest

from config.replies import Answered
from tasks.platform import tokens
from tasks.platform.tokens import Purpose
from tasks.replies.envelope import Envelope
from tasks.replies.outcomes import MailOutcome
from tasks.replies.read_mailbox import MailboxResult
from tasks.replies.sorting import MOST, Rank, SortedMail, ranked, to_read
from tests.worlds.days import day, row

TODAY = day("Tue 17 Mar 2026")
PLAIN = Envelope("<a@b.test>", "p1@surrey.police.uk", False, "", False, (), ())


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path))


def judged(refs=("P1",), written_to=(), key_of=None, **changed):
    keys = () if key_of is None else (tokens.sign(key_of, 1, Purpose.REPLY, day("Wed 18 Mar 2026")),)
    found = ranked("7", PLAIN._replace(keys=keys, **changed), refs, set(written_to), TODAY)
    return found.rank, found.sender, found.outcome


@pytest.mark.parametrize(
    ("given", "rank", "outcome"),
    [
        row("a report", {"report": True}, Rank.REPORT, None),
        row("a report of a robot", {"report": True, "automatic": "a report", "refs": ()}, Rank.REPORT, None),
        row("a robot of someone known", {"automatic": "x"}, Rank.IGNORED, MailOutcome.AUTOMATIC),
        row("our own robot", {"automatic": "x", "refs": (), "own": True}, Rank.IGNORED, MailOutcome.AUTOMATIC),
        row("a robot of a stranger", {"automatic": "x", "refs": ()}, Rank.IGNORED, MailOutcome.STRANGER),
        row("a stranger", {"refs": ()}, Rank.IGNORED, MailOutcome.STRANGER),
        row("someone known", {}, Rank.KNOWN, None),
        row("who answers a mail to them", {"written_to": {"P1"}}, Rank.PROVEN, None),
        row("who answers a mail to another", {"written_to": {"P2"}}, Rank.KNOWN, None),
        row("with their key", {"key_of": "P1"}, Rank.PROVEN, None),
        row("with another's key", {"key_of": "P2"}, Rank.KNOWN, None),
        row("of a shared address", {"refs": ("P1", "P2"), "key_of": "P2"}, Rank.PROVEN, None),
    ],
)
def test_a_mail_is_ranked_by_what_vouches_for_it(given, rank, outcome):
    sender = PLAIN.sender if rank in {Rank.PROVEN, Rank.KNOWN} else ""
    assert judged(**given) == (rank, sender, outcome)


def test_a_header_that_cannot_be_read_is_ignored():
    assert ranked("7", None, [], set(), TODAY) == SortedMail("7", Rank.IGNORED, "", MailOutcome.UNREADABLE)


def mail(uid, sender="a", rank=Rank.KNOWN):
    return SortedMail(uid, rank, sender)


def turns(*mails):
    return [each.uid for each in to_read(mails)]


def test_the_proven_are_read_first_and_each_senders_first_before_anybodys_second():
    found = [mail("1"), mail("2"), mail("3", "b"), mail("4", "c", Rank.PROVEN), mail("5", "", Rank.REPORT)]
    assert turns(*found, mail("6", "d", Rank.IGNORED)) == ["4", "1", "3", "2", "5"]


@pytest.mark.parametrize(("rank", "most"), [(Rank.PROVEN, 100), (Rank.KNOWN, 50), (Rank.REPORT, 50)])
def test_no_rank_uses_up_the_turn_of_others(rank, most):
    assert MOST[rank] == most
    found = turns(*(mail(str(number), rank=rank) for number in range(most + 1)), mail("x", "z", rank))
    assert len(found) == most
    assert found[:2] == ["0", "x"]


@pytest.mark.parametrize(
    ("given", "sentence", "completed"),
    [
        (
            {"configured": False},
            "No reply mailbox is set (CASEBEAT_REPLIES__HOST or __MAILDIR): nothing is read.",
            False,
        ),
        ({}, "No mail.", False),
        ({"failed": 1}, "1 mails read: 1 that could not be dealt with: operations are told.", False),
    ],
)
def test_a_reading_without_an_answer_is_told_in_one_line(given, sentence, completed):
    made = MailboxResult(**given)
    assert (made.sentence, made.completed, made.degraded) == (sentence, completed, bool(given.get("failed")))


@pytest.mark.parametrize("answered", [Answered.COMPLETED, Answered.RECORDED, Answered.TAKEN_BACK])
def test_an_action_that_was_reported_or_taken_back_changes_its_case(answered):
    made = MailboxResult()
    made.counts.update({answered: 1, "from nobody known": 2, "seen already": 1})
    assert made.completed
    assert made.ignored == {"from nobody known": 2}
    assert made.sentence.startswith("4 mails read: ")
