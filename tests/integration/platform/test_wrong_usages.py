"""Sixty wrong usages: each gives one sentence of ours with the way out, exit code 2, and has no effect."""

import pytest

from flows.command_line.main import COMMANDS
from tests.integration.one_case import CASE, OneCase

BORROWED = (  # the signs of a sentence that is Typer's, pydantic's or Python's
    "Input should", "Missing argument", "Missing option", "No such command", "No such option", "Got unexpected",
    "Invalid value", "Traceback",
    "validation error", "Value error", "requires an argument", "Usage:", "is not one of", "Error:", "Try '", "Errno",
)  # fmt: skip
ACK = ("acknowledge", CASE, "action/action:A1")
GIVEN = ("--by", "P1", "--until", "2026-03-18", "--reason", "a witness is abroad")
REVIEW = ("record-review", "S1", CASE, "--by", "P1")

NOT_UNDERSTOOD = [
    (("chasing",), 'casebeat: There is no command "chasing". casebeat --help'),
    (("acknowlege",), 'casebeat: There is no command "acknowlege". Did you mean acknowledge? casebeat --help'),
    (("obligation",), "Did you mean obligations?"),
    (("RUN",), "Did you mean run?"),
    (("line\nbreak",), 'There is no command "line?break".'),
    (("--verson",), "casebeat: There is no option --verson. Did you mean --version?"),
    (("-x",), "casebeat: There is no option -x."),
    (("--json", "run"), "casebeat: There is no option --json."),
    (("explain",), "casebeat explain: FORCE/CASE_REF is missing: the case, as 45/1234."),
    (("checklist",), "casebeat checklist: FORCE/CASE_REF is missing: the case, as 45/1234."),
    (("intake",), "casebeat intake: FOLDERS is missing: extract folders, or folders that hold them."),
    (("restore",), "casebeat restore: FILE is missing: a file of casebeat backup."),
    (("completion",), "casebeat completion: SHELL is missing: one of bash, zsh, fish."),
    (("completion", "bsh"), 'SHELL is one of bash, zsh, fish, and not "bsh". Did you mean bash?'),
    (("acknowledge", CASE), "casebeat acknowledge: RULE[/SUBJECT] is missing: what is owed, as action/action:A1."),
    (ACK, "casebeat acknowledge: --by CONTACT_REF is missing: the person"),
    ((*ACK, "--by"), "casebeat acknowledge: --by needs a value: the person"),
    ((*ACK, *GIVEN[:5]), "casebeat acknowledge: --reason needs a value: the reason."),
    ((*ACK, *GIVEN, "please"), '"please" is too much: only FORCE/CASE_REF RULE[/SUBJECT] is expected beside options.'),
    ((*ACK, "--untl", "2026-03-18"), "There is no option --untl. Did you mean --until?"),
    (("complete-action", CASE), "casebeat complete-action: ACTION_REF is missing: the action's reference, as A1."),
    (("complete-action", CASE, "A1"), "casebeat complete-action: --by CONTACT_REF is missing"),
    (("convene", "--by", "P1"), "casebeat convene: FORCE/CASE_REF is missing: the case, as 45/1234."),
    (("record-review",), "casebeat record-review: SITTING_REF is missing: the sitting, as 45-south-east-2026-03-17."),
    (("record-review", "S1"), "casebeat record-review: FORCE/CASE_REF is missing"),
    ((*REVIEW, "--decision", "continu"), 'and not "continu". Did you mean continue?'),
    ((*REVIEW, "--decision", "continue", "--decision", "x"), 'and not "x".'),
    ((*REVIEW, "--pattern", "worse"), "casebeat record-review: --pattern PATTERN is one of "),
    ((*REVIEW, "--enquiries", "all"), "casebeat record-review: --enquiries ENQUIRIES is one of "),
    ((*REVIEW, "--hold"), "There is no option --hold. Did you mean --held?"),
    ((*REVIEW, "--held=yes"), "--held takes no value: write it alone."),
    (("audit", "verfy"), 'casebeat audit: There is no command "verfy". Did you mean verify? casebeat audit --help'),
    (("audit", "export"), "casebeat audit export: FILE is missing: a new file"),
    (("run", "--force"), "casebeat run: --force needs a value: only this force, by its code, as 45."),
    (("run", "45"), 'casebeat run: "45" is too much: no word is expected beside options.'),
    (("run", "force", "45"), '"force 45" is too much: no word is expected beside options. Did you mean --force?'),
    (("run", "--as-off", "2026-03-16"), "There is no option --as-off. Did you mean --as-of?"),
    (("stalled", "--jsn"), "There is no option --jsn. Did you mean --json?"),
    (("stalled", "--json=1"), "casebeat stalled: --json takes no value: write it alone."),
    (("outbox", "--requeue"), "casebeat outbox: --requeue needs a value: queue a dead message again."),
    (("outbox", "--relase"), "There is no option --relase. Did you mean --release?"),
    (("undo-rounds",), "casebeat undo-rounds: --after DAY is missing: the last day that has come, as 2026-11-26."),
    (("demo", "--days", "none"), 'casebeat demo: --days DAYS is a whole number from 1 to 60, and not "none".'),
    (("demo", "--days", "0"), 'casebeat demo: --days DAYS is a whole number from 1 to 60, and not "0".'),
    (("demo", "--days", "1.5"), 'casebeat demo: --days DAYS is a whole number from 1 to 60, and not "1.5".'),
    (("demo", "--seed", "dice"), 'casebeat demo: --seed SEED is a whole number, and not "dice".'),
    (("stop", "now"), 'casebeat stop: "now" is too much: no word is expected beside options.'),
    (("migrate", "head"), 'casebeat migrate: "head" is too much: no word is expected beside options.'),
    (("backup", "a", "b"), 'casebeat backup: "b" is too much: only [FILE] is expected beside options.'),
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
    (("outbox", "--hold", "--release"), "Give one of --hold, --release and --requeue."),
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


def test_there_are_sixty():
    assert len(NOT_UNDERSTOOD) + len(NOT_POSSIBLE) >= 60


@pytest.mark.parametrize(("typed", "sentence"), NOT_UNDERSTOOD, ids=[" ".join(typed) for typed, _ in NOT_UNDERSTOOD])
def test_a_command_that_is_not_understood_is_answered_in_one_sentence(run_cli, typed, sentence):
    ran = run_cli(*typed)
    assert (ran.code, ran.out) == (2, "")
    assert sentence in ran.err
    assert ran.err.endswith(" --help shows how it is used. Nothing was done.\n")
    assert ran.err.count("\n") == 1
    assert [sign for sign in BORROWED if sign in ran.err] == []


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
    assert ran.err.startswith(f"casebeat {name}: There is no option --nonsense. ")


def test_without_a_command_its_help_is_shown(run_cli):
    ran = run_cli()
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Usage: casebeat [OPTIONS] COMMAND")
