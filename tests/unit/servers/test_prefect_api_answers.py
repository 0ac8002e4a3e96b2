"""What a question to a Prefect server's API sends, and what is made of its answers."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.error import HTTPError

import pytest

from tasks.servers.prefect_api import Api


class Server(HTTPServer):
    """It gives one answer after another, and keeps what it was asked."""

    asked: list[Any]
    answers: list[tuple[int | None, bytes]]


@pytest.fixture
def server():
    """A server whose answer without a code is all that it writes."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            made.asked.append((self.command, self.path, sent, self.headers))
            code, content = made.answers.pop(0)
            if code is None:
                self.wfile.write(content)
                return
            self.send_response(code)
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self):
            self.do_POST()

        def log_message(self, *_):
            """Write nothing."""

    with Server(("127.0.0.1", 0), Answer) as made:
        made.asked, made.answers = [], []
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def asked(server, *answers, method="GET", body=None, sign_in=None):
    server.answers = list(answers)
    return Api(f"http://127.0.0.1:{server.server_port}/api", sign_in, 5).ask(method, "a/b", body)


def test_an_answer_is_read_and_one_without_content_or_of_an_unknown_name_is_nothing(server):
    assert asked(server, (200, b'{"id": 1}')) == {"id": 1}
    assert asked(server, (204, b"")) is None
    assert asked(server, (404, b'{"detail": "x"}')) is None


def test_a_body_is_sent_as_json_and_a_question_has_none(server):
    asked(server, (200, b""), method="POST", body={})
    asked(server, (200, b""))
    (method, path, sent, headers), (_, _, nothing, _) = server.asked
    assert (method, path, sent, nothing) == ("POST", "/api/a/b", b"{}", b"")
    assert headers["Content-Type"] == "application/json"


def test_a_sign_in_is_sent_where_there_is_one(server):
    asked(server, (200, b""), sign_in="user:password")
    asked(server, (200, b""))
    signed, unsigned = (headers["Authorization"] for *_, headers in server.asked)
    assert signed == f"Basic {base64.b64encode(b'user:password').decode()}"
    assert unsigned is None


def test_a_server_that_wants_a_token_against_forged_requests_gets_one(server):
    token = json.dumps({"token": "t1"}).encode()
    assert asked(server, (403, b""), (200, token), (200, b"7"), method="POST", body=[1]) == 7
    (_, first, _, without), (get, question, _, _), (_, again, sent, headers) = server.asked
    assert (first, get, again, sent) == ("/api/a/b", "GET", "/api/a/b", b"[1]")
    assert without["Prefect-Csrf-Token"] is None
    assert headers["Prefect-Csrf-Token"] == "t1"
    assert question == f"/api/csrf-token?client={headers['Prefect-Csrf-Client']}"


@pytest.mark.parametrize("code", [401, 500])
def test_any_other_refusal_is_an_error(server, code):
    with pytest.raises(HTTPError, match=str(code)):
        asked(server, (code, b""))
    assert len(server.asked) == 1


def test_an_answer_that_ends_in_the_middle_is_an_error_of_the_connection(server):
    with pytest.raises(ConnectionError):
        asked(server, (None, b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"))


def test_a_server_is_up_if_it_says_so(server):
    api = Api(f"http://127.0.0.1:{server.server_port}/api", None, 5)
    server.answers = [(200, b"true"), (200, b""), (500, b"")]
    assert [api.answers() for _ in range(3)] == [True, False, False]


def test_the_server_is_that_of_prefects_own_settings(monkeypatch):
    monkeypatch.delenv("PREFECT_API_AUTH_STRING", raising=False)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert Api.of_environment() is None
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    assert Api.of_environment() == Api("http://127.0.0.1:9/api")
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "u:p")
    assert Api.of_environment() == Api("http://127.0.0.1:9/api", "u:p")
