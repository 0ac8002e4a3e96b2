"""Run in a network namespace of its own: `python -m tests.support.watched_network WHAT FOLDER` prints what called out.

Loopback works; the way to everything else is a cable whose other end is read here. Each line of JSON is a packet's
destination, with the name that it asks for, or a request of a page to another host.
"""

import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tasks.servers import work_pool

API = "http://127.0.0.1:4200/api"
SERVE = [sys.executable, "-m", "flows.command_line.main", "serve"]
CASEBEAT = [*SERVE[:-1], "prefect"]
PREFECT = [sys.executable, "-m", "prefect"]
PAGES = (
    "/",
    "/runs",
    "/deployments",
    "/work-pools",
    "/work-pools/create",
    "/blocks/catalog",
    "/artifacts",
    "/settings",
)
LINES = """
ip link set lo up
ip link add way type veth peer name watched
ip addr add 10.99.0.1/24 dev way
ip link set way up
ip link set watched up
ip route add default via 10.99.0.2
ip neigh replace 10.99.0.2 lladdr 02:00:00:00:00:01 dev way nud permanent
mount --bind {resolver} /etc/resolv.conf
"""
heard: set[str] = set()


def asked_name(packet: bytes) -> str:
    parts, at = [], 12
    while at < len(packet) and packet[at]:
        parts.append(packet[at + 1 : at + 1 + packet[at]].decode("ascii", "replace"))
        at += 1 + packet[at]
    return ".".join(parts)


def listen(cable: socket.socket) -> None:
    while True:
        frame = cable.recv(65535)
        if frame[12:14] == b"\x08\x00":  # IPv4; the kernel's own greetings of neighbours are IPv6
            packet = frame[14:]
            words, protocol = (packet[0] & 15) * 4, packet[9]
            (port,) = struct.unpack("!H", packet[words + 2 : words + 4])
            name = asked_name(packet[words + 8 :]) if (protocol, port) == (17, 53) else ""
            heard.add(f"{socket.inet_ntoa(packet[16:20])}:{port} {name}".strip())


@contextmanager
def running(command: list[str], folder: Path):
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(150)


def until_healthy() -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{API}/health", timeout=5):  # noqa: S310
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")


def at_a_terminal(command: list[str], folder: Path) -> None:
    """Run it as a person does: Prefect reports first uses only from a terminal."""
    ours, theirs = os.openpty()
    subprocess.run(command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, check=True)
    os.close(theirs)
    os.close(ours)


def open_pages(sign_in: str | None = None) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        return
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only where there is a browser

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    itself = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"  # what Chromium asks for is not the page's
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*quiet, itself])
        page = browser.new_page()
        page.on("requestfailed", lambda request: note_request(request.url, str(request.failure)))
        if sign_in is not None:
            page.goto("http://127.0.0.1:4200/", wait_until="domcontentloaded")
            page.get_by_role("textbox").fill(sign_in)
            page.get_by_role("button", name="Login").click()
            page.wait_for_url(lambda url: "/login" not in url)
        for path in PAGES:
            page.goto(f"http://127.0.0.1:4200{path}", wait_until="domcontentloaded")
            page.wait_for_timeout(2000)
        page.goto("http://127.0.0.1:4200/deployments", wait_until="domcontentloaded")
        page.get_by_text("daily-round").first.wait_for(timeout=60_000)  # the pages work under the policy
        browser.close()


def note_request(url: str, failure: str) -> None:
    """Note a request that left the page. None of them can succeed here."""
    asked = urlsplit(url)
    if asked.scheme in {"http", "https", "ws", "wss"} and asked.hostname != "127.0.0.1" and failure != "csp":
        heard.add(f"page: {asked.hostname} ({failure})")


def everything(folder: Path) -> None:
    """The four commands of docs/operate.md, and the pages."""
    with running([*CASEBEAT, "server", "start"], folder):
        until_healthy()
        os.environ["PREFECT_API_URL"] = API
        create = ["--no-prompt", "work-pool", "create", "casebeat", "--type", "process"]
        create += ["--base-job-template", str(Path(__file__).parents[2] / work_pool.TEMPLATE)]
        at_a_terminal([*CASEBEAT, *create], folder)
        subprocess.run([*CASEBEAT, "--no-prompt", "deploy", "--all"], cwd=folder, stdout=subprocess.DEVNULL, check=True)
        with running([*CASEBEAT, "worker", "start", "--pool", "casebeat"], folder):
            open_pages()
            time.sleep(5)


def one_command(folder: Path) -> None:
    """`casebeat serve`, and its pages after a sign-in."""
    home = folder / "home"
    os.environ["CASEBEAT_HOME"] = str(home)
    with running(SERVE, folder):
        until_healthy()
        while "runs until Ctrl-C" not in (folder / "log.txt").read_text("utf-8"):
            time.sleep(0.2)
        open_pages((home / "prefect-sign-in").read_text("ascii").strip())
        time.sleep(5)


def server_alone(folder: Path) -> None:
    with running([*PREFECT, "server", "start"], folder):
        until_healthy()
        time.sleep(10)


def a_lookup(folder: Path) -> None:
    """Shows that the watch hears."""
    subprocess.run(["getent", "hosts", "example.org"], cwd=folder, check=False)


def main() -> None:
    what, folder = sys.argv[1], Path(sys.argv[2])
    resolver = folder / "resolv.conf"
    resolver.write_text("nameserver 10.99.0.2\noptions timeout:1 attempts:1\n")
    subprocess.run(["sh", "-ec", LINES.format(resolver=resolver)], check=True)
    cable = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(3))
    cable.bind(("watched", 0))
    threading.Thread(target=listen, args=(cable,), daemon=True).start()
    os.environ["PREFECT_HOME"] = str(folder / "prefect")
    {"everything": everything, "serve": one_command, "server": server_alone, "lookup": a_lookup}[what](folder)
    print(json.dumps(sorted(heard)))  # noqa: T201


if __name__ == "__main__":
    main()
