"""The lines of the installation's programs: one form, with the moment in London and its distance from UTC.

A process is logged where the settings name its program; else its lines are for a person. Whatever it then prints, with
or without a logger, is such a line: what has the form already passes as it is, as a line of a flow run does in its
worker's. The form adds nothing of a record: who writes a line decides what it holds.
"""

import io
import json
import logging
import re
import sys
from datetime import datetime
from typing import Any, TextIO

from config.days.london import LONDON
from config.operations import LogForm
from config.settings import settings

# Prefect's own loggers have this formatter in place of theirs, in a process that imports Prefect before ours too.
OF_PREFECT = {"PREFECT_LOGGING_FORMATTERS_STANDARD_": f"{__name__}.Lines"}
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d"
_FORMED = re.compile(rf'{_TIME} [A-Z]+ |\{{"time": "{_TIME}", "level": ')


class Lines(logging.Formatter):
    """Formats a record as the settings say; whatever Prefect's own formatter is given is of no account."""

    def __init__(self, **_: Any) -> None:
        super().__init__()
        self._logs = settings().logs

    def format(self, record: logging.LogRecord) -> str:
        """Return a line of JSON, or a plain one whose continuations are set in."""
        fields = _fields(record, self._logs.program, self._traceback(record))
        if self._logs.form is LogForm.JSON:
            return json.dumps(fields, ensure_ascii=False)
        run, more = (f" [{fields['run']}]" if "run" in fields else ""), fields.get("traceback", "")
        text = "\n".join(filter(None, (fields["message"], more))).replace("\n", "\n    ")
        return f"{fields['time']} {fields['level']} {fields['program']} {fields['logger']}{run}: {text}"

    def _traceback(self, record: logging.LogRecord) -> str:
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        return record.exc_text or ""


def _fields(record: logging.LogRecord, program: str, traceback: str) -> dict[str, str]:
    told = {
        "time": datetime.fromtimestamp(record.created, LONDON).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "program": program,
        "logger": record.name,
        "message": record.getMessage(),
    }
    of_run = {"run": "flow_run_name", "run_id": "flow_run_id", "task": "task_run_name"}
    given = {name: getattr(record, attribute, None) for name, attribute in of_run.items()}
    return {**told, **{name: str(value) for name, value in given.items() if value}, **_if(traceback)}


def _if(traceback: str) -> dict[str, str]:
    return {"traceback": traceback} if traceback else {}


def of_program(name: str) -> dict[str, str]:
    """Return the variables by which a process, and those that it starts, are logged as a program's."""
    return {"CASEBEAT_LOGS__PROGRAM": name, **OF_PREFECT}


def begin() -> None:
    """Log whatever this process prints from now on, where the settings name its program."""
    if not settings().logs.program:
        return
    out, formatter = sys.stdout, Lines()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.WARNING)  # a library's own news would quote what it asks for
    logging.getLogger("casebeat").setLevel(logging.INFO)
    sys.stdout = _Printed(out, formatter, logging.INFO)
    sys.stderr = _Printed(out, formatter, logging.WARNING)


class _Printed(io.TextIOBase):
    """A stream whose lines are log lines of one level."""

    encoding, errors = "utf-8", "replace"

    def __init__(self, out: TextIO, formatter: logging.Formatter, level: int) -> None:
        self._out, self._formatter, self._level, self._rest = out, formatter, level, ""

    def writable(self) -> bool:
        """Return whether it can be written: always."""
        return True

    def fileno(self) -> int:
        """Return the descriptor of the stream behind it, which a child may inherit."""
        return self._out.fileno()

    def write(self, text: str) -> int:
        """Write the lines that are whole; the beginning of one waits."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in filter(str.strip, lines):
            self._out.write(f"{self._formed(line)}\n")
        self._out.flush()
        return len(text)

    def close(self) -> None:
        """Write the beginning of a line that waits."""
        if self._rest and not self.closed:
            self.write("\n")
        super().close()

    def _formed(self, line: str) -> str:
        if _FORMED.match(line):
            return line
        record = {"name": "casebeat", "levelno": self._level, "levelname": logging.getLevelName(self._level)}
        return self._formatter.format(logging.makeLogRecord({**record, "msg": line.rstrip()}))
