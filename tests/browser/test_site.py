"""The site of the documents in Chromium: it asks no other host for anything, and its search finds a rule."""

import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.house.source import ROOT

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(600)]


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that writes no log."""

    def log_message(self, *_):
        pass


@pytest.fixture
def site(tmp_path):
    config = ROOT / "packaging" / "site" / "mkdocs.yml"
    build = [sys.executable, "-m", "mkdocs", "build", "--config-file", config, "--site-dir", tmp_path]
    subprocess.run(build, env={"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, check=True)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_site_asks_no_other_host_and_its_search_finds_a_rule(ui, site):
    page = ui.page.context.browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for name in ("index", "tour/spoc", "first-week", "reference/rules"):
        page.goto(f"{site}/{name}.html", wait_until="networkidle")
    page.get_by_role("textbox", name="Search").press_sequentially("summary-time-limit")  # it listens to keys
    page.locator("a.md-search-result__link[href*='reference/rules.html']").first.wait_for(state="attached")
    page.close()
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith((f"{site}/", "data:", "blob:"))] == []
