"""A run without a process is ended, unless it has gone on since it was looked at."""

from datetime import UTC, datetime, timedelta

from tasks.rounds.assurance.zombies import SILENT, end_zombies

NOW = datetime(2026, 3, 17, 9, tzinfo=UTC)
LONG_AGO = {"id": "s1", "timestamp": (NOW - SILENT - timedelta(seconds=1)).isoformat()}
RUN = {"id": "no-such-run", "deployment_id": "d", "state_type": "RUNNING", "state": LONG_AGO}


class Server:
    """A server with one silent run, which is in another state by the time it is read again."""

    def __init__(self, state_id):
        self.now_in, self.set = {**RUN, "state": {"id": state_id}}, []

    def ask(self, method, path, body=None):
        if path.endswith("set_state"):
            self.set.append(body["state"]["type"])
        if method == "GET":
            return self.now_in
        return {"flow_runs/filter": [RUN], "events/filter": {"events": []}}.get(path, [])


def test_a_silent_run_is_ended():
    server = Server("s1")
    assert (end_zombies(server, NOW), server.set) == (1, ["CRASHED"])


def test_a_run_that_has_just_ended_by_itself_is_left_alone():
    server = Server("s2")
    assert (end_zombies(server, NOW), server.set) == (0, [])
