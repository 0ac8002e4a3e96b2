"""The first start: nobody is written to before a person has said go, and nobody who was is asked again."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from flows.clock import moment
from flows.configured import configured
from tasks.outbox import first_start, handling
from tasks.rounds.doctor.check import Mark
from tasks.rounds.doctor.examination import CheckResult
from tests.support.ran import Ran
from tests.worlds.rows import AT_NINE, World

Cli = Callable[..., Ran]
WELL = CheckResult("Rounds", "outbox", Mark.WARN, "The outbox is held.")


@pytest.fixture(autouse=True)
def with_mail(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server that reaches people is set; nothing here connects to it."""
    monkeypatch.setenv("CASEBEAT_MAIL__HOST", "mail.surrey.police.uk")
    monkeypatch.setenv("CASEBEAT_MAIL__OPERATIONS", "casebeat@surrey.police.uk")


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the doctor find these things: what it really looks at is tested elsewhere."""

    def find(*results: CheckResult) -> None:
        def examine(*_: object) -> Iterator[CheckResult]:
            yield from results

        monkeypatch.setattr("tasks.rounds.doctor.examination.examine", examine)

    return find


def asked(*, now: bool = False) -> bool:
    return first_start.ask(configured(), moment(), now=now)


def test_the_first_letters_wait_until_the_doctor_says_go(
    database: Engine, run_cli: Cli, examined: Callable[..., None]
) -> None:
    assert asked()
    with database.begin() as connection:
        world = World(connection)
        world.said("P45soon1", "SAMPLE-1")
        world.message("P45soon1", due_at=AT_NINE + timedelta(days=3))
    assert handling.overview().held
    assert "Nobody has been written to yet: the first letters wait for a go." in run_cli("status").out
    examined(WELL, WELL._replace(check="mail-server", mark=Mark.FAIL))
    refused = run_cli("doctor", "--first")
    assert "Not yet: 1 check is wrong. Nothing leaves." in refused.out
    assert handling.overview().held
    examined(WELL)
    assert (
        "Go: the outbox is released. 2 messages to 1 person may leave, the first from Tue 17 Mar 2026 at 08:00 GMT."
        in run_cli("doctor", "--first").out
    )
    assert not handling.overview().held
    assert not asked(), "a second start asks no more"
    assert "does not wait for a first go" in run_cli("doctor", "--first").out


def test_now_asks_nothing_and_neither_does_the_next_start() -> None:
    assert not asked(now=True)
    assert not asked()


def test_a_book_that_wrote_to_somebody_is_not_asked(database: Engine) -> None:
    with database.begin() as connection:
        world = World(connection)
        world.contact("P45of1")
        world.message("P45of1", state="sent")
    assert not asked()


def test_nothing_is_asked_while_letters_reach_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CASEBEAT_MAIL__HOST")
    assert not asked()
    monkeypatch.setenv("CASEBEAT_MAIL__HOST", "mail.surrey.police.uk")
    assert asked(), "the first letter is still to come"


def test_a_hold_of_another_kind_is_not_ended_by_the_doctor(run_cli: Cli, examined: Callable[..., None]) -> None:
    handling.hold("me", moment())
    examined(WELL)
    assert "does not wait for a first go" in run_cli("doctor", "--first").out
    assert handling.overview().held
