"""The Prefect UI in Debian's Chromium, before a real server, worker and book; skipped where there is no Chromium."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import create_engine, text

from flows.clock import moment
from tasks.servers import postgres
from tasks.servers.prefect_server import deploy, prefect, prefect_server
from tests.house.source import ROOT
from tests.support.casebeat import casebeat, today
from tests.support.prefect import Prefect, worker
from tests.support.prepared import prepare
from tests.worlds.extracts import a_case, a_contact, an_action, write

CHROMIUM = shutil.which("chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
SIZE = {"width": 1_280, "height": 900}
PANELS = """panels:
  - {{force_code: "45", cps_area: South East, from: {day}, rrule: "FREQ=WEEKLY;BYDAY=TU", starts: "10:00", cases: 4,
     minutes_per_case: 10, chair: P1, place: Room 2, horizon: 42d}}
"""
BROKEN = (
    """create function refuse_it() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$""",
    """create trigger refuse_it before insert on obligations for each row
       when (new.force_code = '46') execute function refuse_it()""",
)


@dataclass(frozen=True)
class Ui:
    """One window on the pages of a server."""

    page: Page
    served: Prefect
    home: Path

    def open(self, path: str, until: str) -> None:
        """Open a page, and wait until it shows a text."""
        self.page.goto(self.served.api_url.removesuffix("/api") + path, wait_until="domcontentloaded")
        self.page.get_by_text(until).first.wait_for(timeout=60_000)

    def keep(self, name: str) -> None:
        """Keep a picture of the page for the guide, where pictures are asked for."""
        if os.environ.get("SCREENSHOTS"):
            self.page.wait_for_timeout(2_500)  # the graph of a run is drawn last
            self.page.screenshot(path=ROOT / "docs" / f"ui-{name}.png")

    def newest(self, path: str, **found: str) -> dict[str, str]:
        """The newest of what the server keeps (its runs, deployments or artifacts) that has these values."""
        kept = [each for each in self.served.asked(f"{path}/filter") if found.items() <= each.items()]
        return max(kept, key=lambda each: each["created"])


def until_ended(served: Prefect) -> None:
    """Wait until every run has ended and told its status."""
    while {state for _, state in served.runs()} - {"COMPLETED", "FAILED"} or not _told(served):
        time.sleep(0.5)


def _told(served: Prefect) -> bool:
    return "status" in {each["key"] for each in served.asked("artifacts/filter")}


@pytest.fixture(scope="package")
def ui() -> Iterator[Ui]:
    """The pages after a day's round, in which force 45 went well and force 46 failed."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with tempfile.TemporaryDirectory(prefix="casebeat-browser-") as made, pytest.MonkeyPatch.context() as told:
        home = Path(made)
        told.setenv("CASEBEAT_HOME", made)
        told.setenv("CASEBEAT_PANELS", str(home / "panels.yaml"))
        told.setenv("CASEBEAT_FORMS__TRUSTED", "true")
        prepare(home, prefect=True)
        _book(home)
        with prefect_server(home) as api_url:
            deploy(home, api_url, ROOT)
            prefect(home, api_url, "deployment", "schedule", "pause", "--all")
            with worker(home, api_url), sync_playwright() as playwright:
                prefect(home, api_url, "deployment", "run", "daily-round/daily-round")
                served = Prefect(home, api_url)
                until_ended(served)
                told.undo()  # the tests of other folders come before this ends
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
                yield Ui(browser.new_page(viewport=SIZE), served, home)
                browser.close()
        postgres.stop(home)


def _book(home: Path) -> None:
    """Load two forces, of which 46 cannot be worked on."""
    early = (today() - timedelta(days=9)).isoformat()
    cases = [a_case(f"C{number}", opened_on=early, risk="high") for number in range(1, 6)]
    actions = [an_action(f"A{number}", f"C{number}", raised_on=early) for number in range(1, 4)]
    files = {
        "contacts.csv": [a_contact("P1"), a_contact("SP1", roles="spoc")],
        "cases.csv": [*cases, a_case("C9", opened_on=early, force_code="46")],
        "actions.csv": actions,
    }
    (home / "panels.yaml").write_text(PANELS.format(day=today()))
    write(home / "night", files, covers=["45", "46"], extracted_at=(moment() - timedelta(minutes=5)).isoformat())
    loaded = casebeat(home, "intake", str(home / "night"), CASEBEAT_CLOCK="real")
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    owner = create_engine(postgres.url(home, role="casebeat_owner"))
    with owner.begin() as connection:
        for statement in BROKEN:
            connection.execute(text(statement))
    owner.dispose()
