"""A stand-in for the API of a Prefect server with a worker and its deployments, which may be paused, cut or gone."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BEGIN = "create_flow_run"
DEAD_RUNS = "flow_runs/filter"  # the question for the runs under way


class PrefectApi:
    """The answers by the end of a path, the runs that were begun, and the ends of paths that get another answer."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.paused = False
        self.rounds: list[object] = []  # today's runs of the daily round, the latest first
        self.begun: list[object] = []
        self.cut: set[str] = set()  # the connection ends without an answer
        self.gone: set[str] = set()  # 404

    def answer(self, path: str, body: object) -> object:
        if path.endswith(BEGIN):
            self.begun.append(body)
            return {"id": "run"}
        if path.endswith(DEAD_RUNS) and isinstance(body, dict) and "deployments" in body:
            return self.rounds
        schedules = [{"active": True}]
        deployments = [
            {"id": name, "name": name, "work_pool_name": "casebeat", "paused": self.paused, "schedules": schedules}
            for name in ("daily-round", "delivery")
        ]
        answers = {
            "deployments/filter": deployments, "flow_runs/count": 0, "flow_runs/filter": [],
            "work_pools/casebeat": {"is_paused": False}, "workers/filter": [{"name": "other", "status": "ONLINE"}],
        }  # fmt: skip
        return next(found for end, found in answers.items() if path.endswith(end))


@contextmanager
def prefect_api(of: type[PrefectApi] = PrefectApi) -> Iterator[PrefectApi]:
    """Run one inside the block."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "null")
            if any(self.path.endswith(end) for end in made.cut):
                return
            if any(self.path.endswith(end) for end in made.gone):
                self.send_error(404)
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(made.answer(self.path, body)).encode())

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        made = of(f"http://127.0.0.1:{server.server_address[1]}/api")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield made
        finally:
            server.shutdown()
