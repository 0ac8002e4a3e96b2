"""What a comparison of the audit log tells: the first seal, row or head that does not hold."""

from contextlib import nullcontext
from datetime import UTC, datetime

import pytest

from models.errors import Refuse
from models.queries.audit_log.seals import FIRST, BrokenRow, ComparedSeal, Head
from tasks.audit_log import sealing, verifying
from tasks.audit_log.verifying import verify

AT = datetime(2026, 3, 17, 9, tzinfo=UTC)
DIGEST = "3f9a0c51d27e44b8" * 4
ON = "Tue 17 Mar 2026 at 09:00 GMT"


class Log:
    """The seals of a log, each with its rows, and what is wrong with it."""

    def __init__(self):
        self.seals, self.row, self.added, self.unsealed, self.asked, self.sealed = [], None, None, 0, [], []
        self.reported, self.dated, self.off = [], None, []
        self.progress = []

    def make(self, *rows, broken=(), odd=()):
        self.seals = [ComparedSeal(n, count, True, n not in broken, n not in odd) for n, count in enumerate(rows, 1)]

    def compared(self, _, after, most, begins):
        assert begins == FIRST
        self.asked.append((after, most))
        return [one for one in self.seals if one.number > after][:most]

    def head(self, _):
        return Head(self.seals[-1].number, DIGEST) if self.seals else None

    def digest_of(self, _, number):
        return DIGEST if number in [one.number for one in self.seals] else None

    def broken(self, expected=None):
        return verify([expected] if expected else [], lambda *given: self.progress.append(given)).broken


@pytest.fixture
def log(monkeypatch):
    made = Log()
    put = monkeypatch.setattr
    put(verifying, "transaction", nullcontext)
    answers = {
        "sealed_rows": lambda _: sum(one.row_count for one in made.seals), "head": made.head,
        "compared": made.compared, "sealed_at": lambda *_: AT, "broken_row": lambda *_: made.row,
        "added_row": lambda _: made.added, "digest_of": made.digest_of, "unsealed_rows": lambda _: made.unsealed,
        "too_old_row": lambda *_: made.dated, "misdated_row": lambda *_: made.dated,
        "first_number": lambda _: made.seals[0].number if made.seals else None,
    }  # fmt: skip
    put("models.queries.audit_log.guards.weaknesses", lambda _: made.off)
    put("models.queries.audit_log.seals.reported_heads", lambda _: made.reported)
    put("models.queries.audit_log.checkpoints.of_seal", lambda *_: None)
    for name, answer in answers.items():
        put(f"models.queries.audit_log.seals.{name}", answer)
    return made


def test_a_log_that_holds_is_counted_with_its_head(log):
    log.make(3, 2)
    log.unsealed = 4
    assert verify([f" 1:{DIGEST[:16]}\n"], lambda *given: log.progress.append(given)) == (
        2, 5, 4, f"2:{DIGEST[:32]}", None, 0, "",
    )  # fmt: skip
    assert log.progress == [(5, 5)]


def test_an_empty_log_holds(log):
    assert verify([], lambda *_: None) == (0, 0, 0, None, None, 0, "")


def test_seals_are_compared_twenty_at_once_from_the_first(log):
    log.make(*[2] * 45)
    assert log.broken() is None
    assert log.asked == [(after, 20) for after in (0, 20, 40, 45)]
    assert log.progress == [(40, 90), (80, 90), (90, 90)]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (None, f"Seal 2 of {ON} was changed"),
        (BrokenRow(5, missing=True), f"Row 5 is missing; seal 2 of {ON} covers it."),
        (BrokenRow(5, missing=False), f"Row 5 is not as it was when seal 2 was made ({ON})."),
    ],
)
def test_the_first_seal_that_does_not_hold_is_named_with_its_row(log, row, sentence):
    log.make(1, 1, 1, broken=(2, 3))
    log.row, log.added = row, 9
    assert log.broken(f"9:{DIGEST}").startswith(sentence)


@pytest.mark.parametrize(("gone", "named"), [(0, 1), (1, 2)])
def test_a_seal_that_is_missing_between_others_is_named(log, gone, named):
    log.make(1, 1, 1)
    del log.seals[gone]
    assert log.broken() == f"Seal {named} is missing."


def test_a_row_that_was_added_is_named_before_the_head_is_compared(log):
    log.make(1)
    log.added = 7
    assert log.broken(f"9:{DIGEST}") == "Row 7 was added later among rows that were sealed."


def test_an_end_that_was_cut_off_or_written_anew_shows_by_a_head(log):
    assert log.broken(f"1:{DIGEST}") == "Seal 1 is missing (there is none): the end of the log was cut off."
    log.make(1, 1)
    assert log.broken(f"3:{DIGEST}") == "Seal 3 is missing (the last one is seal 2): the end of the log was cut off."
    assert log.broken(f"2:{'0' * 16}") == "Seal 2 is another one than was reported: the log was written again."
    assert log.broken() is None


def test_the_heads_of_reports_that_are_kept_show_a_cut_without_being_asked(log):
    log.make(1, 1)
    log.reported = [f"1:{DIGEST[:32]}", f"2:{DIGEST[:32]}"]
    assert log.broken() is None
    log.reported.append(f"3:{DIGEST[:32]}")
    assert log.broken() == "Seal 3 is missing (the last one is seal 2): the end of the log was cut off."
    log.reported = [f"2:{'0' * 32}", f"3:{DIGEST[:32]}"]
    assert log.broken() == "Seal 2 is another one than was reported: the log was written again."


def test_what_no_digest_is_made_of_has_to_fit_the_rows(log):
    log.make(1, 1, 1, broken=(3,), odd=(2,))
    assert log.broken() == "The count, marks or reach of seal 2 were changed: its rows are as they were sealed."


@pytest.mark.parametrize(("number", "digits"), [("1" * 18, 16), ("1", 64), ("9", 32)])
def test_a_head_has_a_number_and_sixteen_digits_or_more(log, number, digits):
    assert "is missing" in log.broken(f"{number}:{'a' * digits}")


@pytest.mark.parametrize("typed", ["1" * 19 + ":" + "a" * 16, "1:" + "a" * 15, "1:" + "a" * 65, "01:" + "a" * 16])
def test_what_is_no_head_is_refused(log, typed):
    with pytest.raises(Refuse, match="A head is a number and hexadecimal digits"):
        verify([typed], lambda *_: None)


def test_sealing_goes_on_until_a_seal_is_not_full(monkeypatch):
    left = [3, 3, 1, 9]
    monkeypatch.setattr(sealing, "transaction", nullcontext)
    monkeypatch.setattr("models.queries.audit_log.seals.ROWS", 3)
    monkeypatch.setattr("models.queries.audit_log.seals.seal", lambda _: left.pop(0))
    assert sealing.seal() == 7
    assert left == [9]
