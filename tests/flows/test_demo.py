"""`casebeat demo` as a process: its output, its folder, its mails as pages, and its end without left-over processes."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from tasks.servers import postgres

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(900)]
ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from flows.command_line.main import main; main()", "demo"]


@pytest.fixture(scope="module")
def shown():
    """A completed demo of two days: its folder and its output."""
    home = Path(tempfile.mkdtemp(prefix="casebeat demo "))
    said = subprocess.run(
        [*COMMAND, "--days", "2", "--home", str(home)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    yield home, said
    postgres.stop(home)
    shutil.rmtree(home)


def left_over(home):
    """The processes that still name this folder, PostgreSQL's too."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and folder.name != str(os.getpid()):
            try:
                said = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
                said += bytes((folder / "cwd").readlink())  # where a PostgreSQL is, which names its folder nowhere else
            except OSError:
                continue
            if str(home).encode() in said:
                found.append((folder / "cmdline").read_bytes())
    return found


def test_the_demo_tells_its_story_and_leaves_no_process(shown):
    home, said = shown
    assert said.returncode == 0, said.stderr
    assert "Stalled cases\n  Mon 23 Mar 2026" in said.stdout
    assert re.search(r"\nJoint reviews\n  \d+ sittings? had \d+ cases before them", said.stdout)
    assert "The worst: 45/" in said.stdout
    assert "Traceback" not in said.stderr
    assert left_over(home) == []


def test_each_mail_of_the_demo_can_be_opened_as_a_page(shown):
    home, _ = shown
    index = (home / "mails" / "index.html").read_text("utf-8")
    pages = re.findall(r'href="([^"]+\.html)"', index)
    assert len(pages) > 50
    assert all((home / "mails" / page).is_file() for page in pages)


def test_the_printed_explain_shows_the_demos_last_day_and_names_it(shown):
    home, said = shown
    (line,) = (one for one in said.stdout.splitlines() if " explain 45/" in one)
    typed = shlex.split(line.partition(":")[2])
    told = {**os.environ, **dict(one.split("=", 1) for one in typed[:2])}
    ran = subprocess.run([*COMMAND[:-1], *typed[typed.index("explain") :]], cwd=ROOT, env=told, capture_output=True,
                         text=True, check=False)  # fmt: skip
    postgres.stop(home)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[0].endswith(" on Tue 24 Mar 2026")


def test_the_printed_command_shows_what_just_ran_in_prefect_and_stops_what_it_started(shown):
    home, said = shown
    assert f"demo --show --home '{home}'" in said.stdout
    showing = subprocess.Popen(
        [*COMMAND, "--show", "--home", str(home)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )
    address = re.search(r"http://127\.0\.0\.1:\d+", showing.stdout.readline()).group(0)
    asked = urllib.request.Request(  # noqa: S310
        f"{address}/api/flow_runs/filter", data=b"{}", headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
        runs = answer.read().decode()
    showing.send_signal(signal.SIGINT)
    assert showing.wait(60) == 0
    showing.stdout.close()
    assert '"daily-round 2026-03-24"' in runs
    assert '"intake 2026-03-24"' in runs
    assert left_over(home) == []


def test_the_demo_refuses_to_empty_a_folder_that_is_not_its_own(tmp_path):
    (tmp_path / "precious").touch()
    said = subprocess.run([*COMMAND, "--home", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert "is not empty and is no demo's" in said.stderr
    assert (tmp_path / "precious").exists()


def test_a_demo_that_is_told_to_end_stops_what_it_started(shown):
    home, _ = shown
    begun = subprocess.Popen(
        [*COMMAND, "--days", "9", "--home", str(home)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    log = home / "prefect" / "server.log"
    deadline = time.monotonic() + 120
    while not log.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(3)
    begun.send_signal(signal.SIGTERM)
    assert begun.wait(120) != 0
    assert left_over(home) == []
