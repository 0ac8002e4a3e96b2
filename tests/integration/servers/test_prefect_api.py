"""Prefect's server on this machine is asked without the proxy of the environment, which would read the sign-in."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tasks.servers.prefect_api import Api
from tasks.servers.prefect_server import environment
from tests.support.post import free_port


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"true")

    def log_message(self, *_):
        """Write nothing."""


@pytest.fixture
def server():
    with HTTPServer(("127.0.0.1", 0), Answer) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def proxied(monkeypatch):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr("urllib.request._opener", None)  # it keeps the proxy of its first request


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_server_of_this_machine_is_asked_without_a_proxy(server, proxied, host):
    assert Api(f"http://{host}:{server.server_port}/api", "a:b", patience=5).answers()


def test_a_server_of_another_machine_is_asked_by_the_proxy(server, monkeypatch, proxied):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_port}")
    assert Api("http://prefect.invalid/api", patience=5).answers()


def test_worker_and_deploy_need_no_proxy_on_this_machine_and_keep_the_callers_exceptions(
    monkeypatch, proxied, tmp_path
):
    assert environment(tmp_path, 4200)["no_proxy"] == "localhost,127.0.0.1,::1"
    monkeypatch.setenv("NO_PROXY", ".surrey.police.uk")
    assert environment(tmp_path, 4200)["no_proxy"] == ".surrey.police.uk,localhost,127.0.0.1,::1"
