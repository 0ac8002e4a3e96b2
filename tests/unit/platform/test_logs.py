"""Log lines: each has its moment with the distance from UTC, level and program, whatever printed it."""

import json
import logging
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from tasks.platform.logs import Lines

PRINTS = """
import logging, sys
from tasks.platform import logs
logs.begin()
print("a sentence\\nand another")
print("an error", file=sys.stderr)
logging.getLogger("casebeat.listening").info("a click waits")
logging.getLogger("httpx").info("GET http://127.0.0.1/?ref=45/1234")
try:
    raise KeyError
except KeyError:
    logging.getLogger("casebeat").exception("it failed")
import typer
typer.echo("the last")
"""


def record(moment: datetime, **more):
    given = {"name": "prefect.flow_runs", "levelname": "INFO", "msg": "Finished", "created": moment.timestamp()}
    return logging.makeLogRecord({**given, **more})


def printed(form: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PRINTS], capture_output=True, text=True, check=True,
        env={"CASEBEAT_LOGS__PROGRAM": "worker", "CASEBEAT_LOGS__FORM": form},
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2026, 7, 1, 5, 0, 0, 120_000, UTC), "2026-07-01T06:00:00.120+01:00"),
        (datetime(2026, 12, 1, 6, 0, tzinfo=UTC), "2026-12-01T06:00:00.000+00:00"),
    ],
)
def test_a_plain_line_says_when_in_london_and_how_far_that_is_from_utc(monkeypatch, at, shown):
    monkeypatch.setenv("CASEBEAT_LOGS__PROGRAM", "worker")
    line = Lines(format="%(message)s").format(record(at, flow_run_name="daily-round 2026-07-01"))
    assert line == f"{shown} INFO worker prefect.flow_runs [daily-round 2026-07-01]: Finished"


def test_as_json_everything_that_is_printed_or_logged_is_one_object_a_line():
    lines = [json.loads(line) for line in printed("json")]
    assert all(line["program"] == "worker" for line in lines)
    assert all(datetime.fromisoformat(line["time"]).tzinfo for line in lines)
    assert [(line["level"], line["logger"], line["message"]) for line in lines] == [
        ("INFO", "casebeat", "a sentence"),
        ("INFO", "casebeat", "and another"),
        ("WARNING", "casebeat", "an error"),
        ("INFO", "casebeat.listening", "a click waits"),
        ("ERROR", "casebeat", "it failed"),
        ("INFO", "casebeat", "the last"),
    ], "a library's own questions are in none"
    assert lines[4]["traceback"].endswith("KeyError")


def test_a_line_that_has_the_form_already_passes_as_it_is():
    said = json.dumps({"time": "2026-12-01T06:00:00.000+00:00", "level": "ERROR", "message": "of a flow run"})
    plain = "2026-12-01T06:00:00.000+00:00 ERROR worker prefect.flow_runs [daily-round 2026-12-01]: Failed"
    for line in (said, plain):
        program = f"from tasks.platform import logs; logs.begin(); print({line!r})"
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True,
            env={"CASEBEAT_LOGS__PROGRAM": "worker"},
        )  # fmt: skip
        assert done.stdout == f"{line}\n"
