"""The command line as a whole: its table, its exit codes, and its sentences for faults."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import psycopg2.errors
import pytest
import typer
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from config.strict_yaml import Faults
from flows.command_line import completion, main
from flows.command_line.installation import database as commands
from models import migrations
from models.errors import CasebeatError, Refuse, Retry
from tests.support.ran import Ran

Cli = Callable[..., Ran]
MAY_IMPORT_PREFECT = {"run", "demo"}


def test_help_lists_every_command_and_the_exit_codes(run_cli: Cli) -> None:
    ran = run_cli("--help")
    assert ran.code == 0
    assert "0 done, 1 done but degraded, 2 refused" in ran.out
    assert [name for name in main.COMMANDS if f"{name}  " not in ran.out] == []
    assert [sentence for _, sentence in main.COMMANDS.values() if sentence not in ran.out] == []


@pytest.mark.parametrize("name", main.COMMANDS)
def test_each_command_of_the_table_is_there_and_has_help(name: str, run_cli: Cli) -> None:
    ran = run_cli(name, "--help")
    assert ran.code == 0, ran.err
    assert ran.out.startswith(f"Usage: casebeat {name}")
    assert len(main.load(name).help) > 40


def test_only_commands_that_need_prefect_or_alembic_import_it_and_help_imports_no_database() -> None:
    names = [name for name in main.COMMANDS if name not in MAY_IMPORT_PREFECT]
    script = (
        "import sys; from flows.command_line import main; main.run(['--help'])\n"
        "print({'prefect', 'sqlalchemy'} & set(sys.modules), file=sys.stderr)\n"
        f"for name in {names!r}: main.load(name)\n"
        "print({'prefect', 'alembic'} & set(sys.modules), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stderr.split("\n")[:2] == ["set()", "set()"]


def test_the_version_names_the_revision_of_its_tables(run_cli: Cli) -> None:
    ran = run_cli("--version")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"casebeat {version('casebeat')}, tables at revision {migrations.HEAD}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_that_calls_casebeat_back(shell: str, run_cli: Cli) -> None:
    ran = run_cli("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert f"{completion.VARIABLE}=complete_{shell}" in ran.out
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=ran.out, text=True, check=True)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("casebeat ac", ["acknowledge", "access"]),
        ("casebeat re", ["reviews", "report", "record-review", "replies", "rehearse", "restore"]),
        ("casebeat stalled --f", ["--force"]),
        ("casebeat completion z", ["zsh"]),
        ("casebeat acknowledge 45/1 bail", ["bail-end", "bail-end-unknown", "bail-views"]),
        ("casebeat record-review S1 45/1 --decision con", ["continue"]),
        ("casebeat chase --f", []),
    ],
)
def test_a_shell_is_offered_commands_options_and_choices(
    monkeypatch: pytest.MonkeyPatch, run_cli: Cli, typed: str, offered: list[str]
) -> None:
    monkeypatch.setenv(completion.VARIABLE, "complete_bash")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(typed.count(" ")))
    ran = run_cli()
    assert (ran.code, ran.out.split(), ran.err) == (0, offered, "")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (Refuse("The folder is not there."), 2, "casebeat: The folder is not there.\n"),
        (Retry("The server is busy."), 2, "casebeat: The server is busy.\n"),
        (CasebeatError("It is so."), 2, "casebeat: It is so.\n"),
        (Faults("policy.yaml: 1 fault"), 2, "casebeat: policy.yaml: 1 fault\n"),
        (ValueError("Jane Example"), 1, "; flows/command_line/main.py line "),
        (IntegrityError("Jane", {}, psycopg2.errors.UniqueViolation("Jane")), 1, "(IntegrityError, "),
    ],
)
def test_a_fault_is_one_line_without_values(
    monkeypatch: pytest.MonkeyPatch, run_cli: Cli, error: Exception, code: int, said: str
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(commands, "stop", fail)
    ran = run_cli("stop")
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert "Jane" not in ran.err


@pytest.mark.parametrize(("ended", "code"), [(typer.Exit(1), 1), (typer.Exit(), 0), (SystemExit(None), 0)])
def test_a_command_may_choose_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, run_cli: Cli, ended: BaseException, code: int
) -> None:
    def leave() -> None:
        raise ended

    monkeypatch.setattr(commands, "stop", leave)
    assert run_cli("stop").code == code


def test_migrate_says_where_the_database_is(database: Engine, run_cli: Cli) -> None:
    ran = run_cli("migrate")
    assert ran.code == 0
    assert ran.out == f"The database is at revision {migrations.HEAD}; it was there already.\n"


def test_a_new_folder_is_migrated_and_stopped_through_pipes_that_end() -> None:
    home = Path(tempfile.mkdtemp(prefix="casebeat-tests-"))
    command = f"'{sys.executable}' -m flows.command_line.main"
    script = "; ".join(f"{command} {each} 2>&1 | tail -n 1" for each in ("migrate", "migrate", "stop", "stop"))
    ran = subprocess.run(
        ["sh", "-c", script],
        env={"CASEBEAT_HOME": str(home), "PATH": "/usr/bin:/bin"},
        cwd=Path(main.__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    shutil.rmtree(home)
    assert ran.stderr == ""
    assert ran.stdout.split("\n") == [
        f"The database is at revision {migrations.HEAD}; it was at revision none.",
        f"The database is at revision {migrations.HEAD}; it was there already.",
        f"The embedded PostgreSQL under {home} was stopped.",
        f"The embedded PostgreSQL under {home} was not running.",
        "",
    ]


def test_a_wrong_setting_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch, run_cli: Cli) -> None:
    monkeypatch.setenv("CASEBEAT_CLOCK", "sundial")
    ran = run_cli("stop")
    assert ran.code == 2
    assert ran.err.startswith("casebeat: Settings refused: CASEBEAT_CLOCK: ")
    assert ran.err.count("\n") == 1


def test_a_home_that_is_not_ours_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_cli: Cli) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path / "file"))
    monkeypatch.delenv("CASEBEAT_DATABASE_URL", raising=False)
    ran = run_cli("migrate")
    assert ran.code == 2
    assert "set CASEBEAT_HOME to a folder of yours" in ran.err
