"""Waiting for the Prefect server: it ends with the server's process, and is patient while that lives."""

import subprocess
import sys

import pytest

from models.errors import Refuse
from tasks.servers import prefect_server

NOWHERE = "http://127.0.0.1:9/api"


def program(code):
    return subprocess.Popen([sys.executable, "-c", code])


def test_waiting_ends_when_the_process_ends_and_names_its_log(tmp_path):
    with pytest.raises(Refuse, match=r"ended before it answered \(exit code 3\); see .*server\.log"):
        prefect_server.wait_for_health(program("raise SystemExit(3)"), tmp_path, NOWHERE, pytest.fail)


def test_a_process_that_lives_is_waited_for_with_a_line_now_and_then(tmp_path, monkeypatch):
    monkeypatch.setattr(prefect_server, "PATIENCE", 0.4)
    monkeypatch.setattr(prefect_server, "SAID_EVERY", 0.15)
    said = []
    server = program("import time; time.sleep(60)")
    try:
        with pytest.raises(Refuse, match="has not answered for 0 seconds"):
            prefect_server.wait_for_health(server, tmp_path, NOWHERE, said.append)
    finally:
        server.kill()
        server.wait()
    assert said[0] == "Waiting for the Prefect server, which lives and does not answer yet (0 seconds)."
    assert 1 <= len(said) <= 2


def test_the_shipped_limits_suit_a_loaded_machine():
    assert (prefect_server.PATIENCE, prefect_server.SAID_EVERY) == (300, 30)
