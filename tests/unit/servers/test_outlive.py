"""What `serve` asks of Prefect's server at its start is asked again while the server fails."""

import subprocess
from urllib.error import HTTPError

import pytest

from models.errors import Refuse
from tasks.servers import prefect_server

FAILURES = [
    HTTPError("http://127.0.0.1:4200/api", 500, "Internal Server Error", None, None),
    Refuse("prefect deploy --all failed: Server error 500"),
    subprocess.CalledProcessError(1, ["choices"]),
]


@pytest.fixture
def paused(monkeypatch):
    made: list[float] = []
    monkeypatch.setattr("tasks.servers.prefect_server.time.sleep", made.append)
    return made


def test_a_server_that_fails_three_times_is_asked_a_fourth_time(paused):
    failures, said = list(FAILURES), []

    def work():
        if failures:
            raise failures.pop(0)

    prefect_server.outlive(work, said.append)
    assert paused == [2, 10, 30]
    assert said[0] == "Prefect's server failed (HTTPError); it is asked again in 2 seconds."
    assert "(prefect deploy --all failed: Server error 500)" in said[1]


def test_one_that_goes_on_failing_ends_the_start_with_its_reason(paused):
    def work():
        raise FAILURES[1]

    with pytest.raises(Refuse, match="Server error 500"):
        prefect_server.outlive(work, lambda _: None)
    assert len(paused) == 3
