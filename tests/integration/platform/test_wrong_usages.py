"""Wrong usages: each is refused in a sentence, with exit code 2, and has no effect."""

import pytest

from flows.command_line.main import COMMANDS
from tests.worlds.one_case import CASE, OneCase

BORROWED = (  # the signs of a sentence that is Typer's, pydantic's or Python's
    "Input should", "Missing argument", "Missing option", "No such command", "No such option", "Got unexpected",
    "Invalid value", "Traceback",
    "validation error", "Value error", "requires an argument", "Usage:", "is not one of", "Error:", "Try '", "Errno",
)  # fmt: skip
ACK = ("acknowledge", CASE, "action/action:A1")
GIVEN = ("--by", "P1", "--until", "2026-03-18", "--reason", "a witness is abroad")

NOT_UNDERSTOOD = [
    (("chasing",), "No such command 'chasing'."),
    (("acknowlege",), "No such command 'acknowlege'. Did you mean 'acknowledge'?"),
    (("line\nbreak",), r"No such command 'line\nbreak'."),
    (("--verson",), "No such option: --verson (Possible options: --version)"),
    (("audit", "verfy"), "No such command 'verfy'. Did you mean 'verify'?"),
    (("audit", "export"), "Missing argument 'FILE'."),
    (("explain",), "Missing argument 'FORCE/CASE_REF'."),
    (ACK, "Missing option '--by'."),
    ((*ACK, "--by"), "Option '--by' requires an argument."),
    ((*ACK, *GIVEN, "please"), "Got unexpected extra argument(s) (please)"),
    (("stalled", "--json=1"), "Option '--json' does not take a value."),
    (("completion", "bsh"), "'bsh' is not one of 'bash', 'zsh', 'fish'."),
    (("demo", "--days", "0"), "Invalid value for '--days': Input should be greater than or equal to 1"),
]

NOT_POSSIBLE = [
    (("explain", "45-1234"), '"45-1234" does not name a case. Write FORCE/CASE_REF, as 45/1234'),
    ((*ACK, "--by", "P1"), "A promise needs its day: give --until."),
    (("acknowledge", CASE, "joint-reveiw", *GIVEN), 'There is no rule "joint-reveiw". Did you mean joint-review? The'),
    ((*ACK, *GIVEN, "--type", "await-charge"), 'There is no --type "await-charge". Give one of '),
    (("explain", "45/45/1243"), "45/45/1243 in the book. Write FORCE/CASE_REF. Did you mean 45/45/1234?"),
    (("checklist", "46/45/1234"), "46/45/1234 in the book. Write FORCE/CASE_REF. Did you mean 45/45/1234?"),
    (("obligations", "--case", "45/124"), "There is no case 45/124 in the book. Did you mean 45/45/1234?"),
    (("stalled", "--force", "surrey"), "anything for force surrey yet (known: 45). Did you mean 45 (Surrey)?"),
    (("stalled", "--as-of", "16 March"), '"16 March" is not a day. Write it as 2026-03-16 or 16/03/2026.'),
    (("outbox", "--hold", "--release"), "Give one of --hold, --release, --requeue and --sent-log."),
    (("convene", CASE, "--by", "P1"), "Give either --sitting or --undo."),
    (("outbox", "--requeue", "nothing"), "There is no dead message with the key nothing: casebeat outbox lists them."),
    (("intake", "/nowhere"), None),
    (("intake", "/etc/alternatives"), "it has no manifest.json"),
    (("intake", "/etc"), "There is no extract in /etc: no manifest.json in it, nor in a folder in it."),
    (("restore", "/nowhere/at/all.zip"), "Give --hold: messages that left after the backup was made wait again in it"),
    (("restore", "/nowhere/at/all.zip", "--hold"), "/nowhere/at/all.zip cannot be read (No such file or directory)"),
    (("restore", "/etc/hostname", "--hold"), "/etc/hostname is no whole backup"),
    (("backup", "/nowhere/at/all.zip"), "/nowhere/at/all.zip cannot be written (No such file or directory)"),
    (("agenda", "--html", "a.html"), "Name the sitting whose agenda is to be written"),
]  # fmt: skip


@pytest.fixture
def book(database, run_cli):
    return OneCase(database, run_cli)


@pytest.mark.parametrize(("typed", "sentence"), NOT_UNDERSTOOD, ids=[" ".join(typed) for typed, _ in NOT_UNDERSTOOD])
def test_a_command_that_is_not_understood_is_refused_with_what_is_wrong(run_cli, typed, sentence):
    ran = run_cli(*typed)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(f"{sentence}\n")


@pytest.mark.parametrize(("typed", "sentence"), NOT_POSSIBLE, ids=[" ".join(typed) for typed, _ in NOT_POSSIBLE])
def test_a_command_that_is_not_possible_is_answered_in_one_sentence(book, typed, sentence):
    ran = book.cli(*typed)
    assert ran.code == 2
    answer = ran.out + ran.err  # a folder's refusal is a result of intake
    assert sentence is None or sentence in answer
    assert answer.count("\n") == 1
    assert [sign for sign in BORROWED if sign in answer] == []


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "prefect"])  # which passes it on
def test_no_command_takes_an_option_that_it_does_not_have(run_cli, name):
    ran = run_cli(name, "--nonsense")
    assert (ran.code, ran.out) == (2, "")
    assert f"Try 'casebeat {name} --help' for help." in ran.err
    assert "No such option: --nonsense" in ran.err


def test_without_a_command_its_help_is_shown(run_cli):
    ran = run_cli()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Usage: casebeat [OPTIONS] COMMAND")
