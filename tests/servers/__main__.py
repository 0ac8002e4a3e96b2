"""`make servers`: run the configuration of packaging/ for two Prefect servers behind a sign-in, and kill its parts.

Needs Debian's nginx-light, redis-server, openssl and apache2-utils. Everything is on loopback, under a folder of its
own that is removed at the end. In place of oauth2-proxy, people sign in by a password: no OpenID provider is here.
"""

import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from contextlib import closing, suppress
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

from tasks.servers import postgres

ROOT = Path(__file__).parents[2]
NGINX = ROOT / "packaging" / "nginx"
NAME = "casebeat.example.police.uk"
NEEDED = ("nginx", "redis-server", "openssl", "htpasswd")
PERSON, MACHINE = "alice:a-password-of-hers", "machine-1:a-password-of-its-own"
POOLS = {"casebeat": "process", "in-docker": "docker", "in-kubernetes": "kubernetes"}
BEGAN = time.monotonic()


def say(line):
    sys.stdout.write(f"{time.monotonic() - BEGAN:6.1f} s  {line}\n")
    sys.stdout.flush()


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(question, seconds=90.0):
    """Ask until the answer is true, and return how many seconds that took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with suppress(OSError):
            if question():
                return round(time.monotonic() - began, 1)
        time.sleep(0.1)
    sys.exit(f"not within {seconds} seconds: {question}")


class Installation:
    """Two servers and their services, Redis, nginx and a worker in one folder."""

    def __init__(self, folder):
        self.folder, self.children = folder, {}
        self.ports = {name: free_port() for name in ("first", "second", "redis", "people", "machines")}
        self.home = folder / "home"
        certificate = str(folder / "casebeat.crt")
        self.base = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "CASEBEAT_"))},
            "CASEBEAT_HOME": str(self.home),
            "PREFECT_HOME": str(folder / "prefect"),
        }
        self.machine = {
            **self.base,
            "SSL_CERT_FILE": certificate,
            "PREFECT_API_URL": f"https://localhost:{self.ports['machines']}/api",
            "PREFECT_API_AUTH_STRING": MACHINE,
            "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        }

    def run(self, *command, env=None, code=0):
        done = subprocess.run(
            [*map(str, command)], env=env or self.base, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode != code:
            sys.exit(f"exit code {done.returncode}: {command}\n{done.stdout}{done.stderr}")
        return done.stdout

    def casebeat(self, *arguments, env):
        return self.run(sys.executable, "-m", "flows.command_line.main", *arguments, env=env)

    def start(self, name, *command, env=None):
        with (self.folder / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(
                [*map(str, command)], env=env or self.base, cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def kill(self, name, how=signal.SIGKILL):
        child = self.children.pop(name)
        os.killpg(child.pid, how)
        child.wait(60)

    def server_environment(self, port):
        """The lines of packaging/prefect-servers.env, with this folder's database, Redis and ports."""
        lines = dict(
            line.split("=", 1)
            for line in (ROOT / "packaging" / "prefect-servers.env").read_text("utf-8").splitlines()
            if line and not line.startswith("#")
        )
        there = {name: self.here(value) for name, value in lines.items()}
        database = postgres.prefect_url(self.home)
        return {
            **self.base,
            **there,
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": database,
            "PREFECT_SERVER_API_PORT": str(port),
        }

    def here(self, text):
        """The configuration's ports and files as they are in this folder."""
        names = {
            "redis://:…@127.0.0.1:6379": f"redis://:secret@127.0.0.1:{self.ports['redis']}",
            f"https://{NAME}": f"https://localhost:{self.ports['people']}",
            "127.0.0.1:4201": f"127.0.0.1:{self.ports['first']}",
            "127.0.0.1:4202": f"127.0.0.1:{self.ports['second']}",
            "listen 443 ssl": f"listen 127.0.0.1:{self.ports['people']} ssl",
            "listen 8443 ssl": f"listen 127.0.0.1:{self.ports['machines']} ssl",
            NAME: "localhost",
            "include snippets/": f"include {self.folder}/snippets/",
            "/etc/nginx/": f"{self.folder}/",
            "/var/log/nginx/": f"{self.folder}/",
        }
        for old, new in names.items():
            text = text.replace(old, new)
        return text

    def write_proxy(self):
        (self.folder / "snippets").mkdir()
        for file in [NGINX / "casebeat.conf", *(NGINX / "snippets").iterdir()]:
            (self.folder / file.relative_to(NGINX)).write_text(self.here(file.read_text("utf-8")), "utf-8")
        whole = (
            f"pid {self.folder}/nginx.pid; error_log {self.folder}/nginx-errors.log; daemon off;\n"
            f"events {{}}\nhttp {{ include {self.folder}/casebeat.conf; }}\n"
        )
        (self.folder / "nginx.conf").write_text(whole, "utf-8")
        subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
        self.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject,
                 "-keyout", self.folder / "casebeat.key", "-out", self.folder / "casebeat.crt")  # fmt: skip
        for credentials, pair in (("casebeat-people", PERSON), ("casebeat-machines", MACHINE)):
            user, _, password = pair.partition(":")
            self.run("htpasswd", "-Bbc", self.folder / credentials, user, password)
            (self.folder / credentials).chmod(0o644)
        self.folder.chmod(0o755)  # nginx's own account reads them
        self.run("nginx", "-t", "-c", self.folder / "nginx.conf")
        by_password = re.search(
            r"auth_basic \"Casebeat\"; \S+ \S+;",
            self.here((NGINX / "snippets/casebeat-sign-in.conf").read_text("utf-8")),
        )
        (self.folder / "snippets" / "casebeat-sign-in.conf").write_text(
            f"{by_password[0]}\nset $signed_in $remote_user;\n", "utf-8"
        )
        self.run("nginx", "-t", "-c", self.folder / "nginx.conf")

    def ask(self, method, path, body=None, *, door="machines", credential=MACHINE, headers=()):
        """The status and the answer of a question by one of the two doors."""
        asked = Request(
            f"https://localhost:{self.ports[door]}{path}", method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **dict(headers)},
        )  # fmt: skip
        if credential:
            asked.add_header("Authorization", f"Basic {b64encode(credential.encode()).decode()}")
        context = ssl.create_default_context(cafile=str(self.folder / "casebeat.crt"))
        opener = build_opener(ProxyHandler({}), HTTPSHandler(context=context))
        try:
            with opener.open(asked, timeout=15) as answer:
                text = answer.read().decode()
                return answer.status, json.loads(text) if text.startswith(("{", "[", '"', "t")) else text
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def change(self, path, body, **how):
        """A change as Prefect's own pages make it, with a token against forged requests."""
        _, token = self.ask("GET", "/api/csrf-token?client=a-page", **how)
        signed = {"Prefect-Csrf-Token": token["token"], "Prefect-Csrf-Client": "a-page"}
        return self.ask("POST", path, body, headers=signed.items(), **how)

    def serve(self, name):
        server = [sys.executable, "-m", "flows.command_line.main", "prefect", "server", "start", "--no-services"]
        self.start(name, *server, env=self.server_environment(self.ports[name]))

    def services(self):
        command = [sys.executable, "-m", "flows.command_line.main", "prefect", "server", "services", "start"]
        self.start("services", *command, env=self.server_environment(self.ports["first"]))

    def redis(self):
        options = ["--requirepass", "secret", "--appendonly", "yes", "--dir", self.folder / "redis"]
        self.start("redis", "redis-server", "--bind", "127.0.0.1", "--port", self.ports["redis"], *options)

    def up(self):
        say(self.casebeat("migrate", env=self.base).strip())
        (self.folder / "redis").mkdir()
        self.redis()
        server = self.server_environment(self.ports["first"])
        self.casebeat("prefect", "server", "database", "upgrade", "-y", env=server)
        say("Prefect's database is migrated, once for both servers")
        self.write_proxy()
        self.start("nginx", "nginx", "-c", self.folder / "nginx.conf")
        for name in ("first", "second"):  # at the very first start both would write Prefect's types of blocks
            self.serve(name)
            until(lambda name=name: self.healthy(name), 180)
        self.services()
        say("both servers answer")
        prefect = ("prefect", "--no-prompt")
        for name, kind in POOLS.items():
            template = ("--base-job-template", f"packaging/pools/{kind}.json")
            self.casebeat(*prefect, "work-pool", "create", name, "--type", kind, *template, env=self.machine)
        self.casebeat(*prefect, "deploy", "--all", env=self.machine)
        self.run(sys.executable, "-m", "tasks.rounds.assurance.automations", env=self.machine)
        say("pool, deployments and automations are made by the machine's door")
        worker = [sys.executable, "-m", "flows.command_line.main", "prefect", "worker", "start"]
        self.start("worker", *worker, "--pool", "casebeat", "--name", "machine-1", env=self.machine)

    def healthy(self, name):
        with closing(socket.create_connection(("127.0.0.1", self.ports[name]), timeout=1)) as line:
            line.sendall(b"GET /api/health HTTP/1.0\r\n\r\n")
            return b" 200 " in line.recv(64)

    def create(self, deployment, **how):
        """The status and the answer where a run of a deployment is asked for."""
        _, found = self.ask("GET", f"/api/deployments/name/{deployment}/{deployment}")
        return self.change(f"/api/deployments/{found['id']}/create_flow_run", {}, **how)

    def begin(self, **how):
        status, made = self.create("delivery", **how)
        expect("asked for a run", status, HTTPStatus.CREATED)
        return made["id"]

    def state_of(self, run):
        return self.ask("GET", f"/api/flow_runs/{run}")[1]["state"]["name"]

    def ended(self, run):
        return self.state_of(run) in {"Completed", "Degraded", "Failed", "Crashed", "TimedOut", "Refused", "Cancelled"}

    def events_of(self, run):
        asked = {"filter": {"resource": {"id": [f"prefect.flow-run.{run}"]}}}
        return [each["event"] for each in self.change("/api/events/filter", asked)[1]["events"]]

    def down(self):
        for name in reversed([*self.children]):
            with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                self.kill(name, signal.SIGTERM)
        postgres.stop(self.home)


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f"{what}: {found}, not {wanted}")
    say(f"{what}: {found}")


def doors(here):
    """Who comes in, and what a person may not do."""
    people = {"door": "people", "credential": PERSON}
    expect("a page without a sign-in", here.ask("GET", "/", door="people", credential=None)[0], 401)
    expect("a page with a machine's credential", here.ask("GET", "/", door="people")[0], 401)
    expect("a page with a person's", here.ask("GET", "/", **people)[0], 200)
    expect(
        "the API by the machines' door with a person's",
        here.ask("GET", "/api/admin/version", credential=PERSON)[0],
        401,
    )
    expect("a page by the machines' door", here.ask("GET", "/dashboard")[0], 404)
    pool = ("PATCH", "/api/work_pools/casebeat", {"is_paused": False})
    expect("a person who changes the pool", here.ask(*pool, **people)[0], 403)
    expect("a person who deploys", here.ask("POST", "/api/deployments/", {}, **people)[0], 403)
    expect("a person who reads the runs", here.change("/api/flow_runs/filter", {}, **people)[0], 200)
    forged = ("POST", f"/api/flow_runs/{'0' * 8}-0000-0000-0000-{'0' * 12}/set_state", {})
    expect("a forged change of a signed-in person", here.ask(*forged, **people)[0], 403)


def pools(here):
    """Each template is a pool of the real server, which takes a deployment and nothing that its run brings."""
    _, found = here.ask("GET", "/api/deployments/name/delivery/delivery")
    for name, kind in POOLS.items():
        expect(f"the pool {name} is of type", here.ask("GET", f"/api/work_pools/{name}")[1]["type"], kind)
        wanted = {"name": f"in {name}", "flow_id": found["flow_id"], "entrypoint": found["entrypoint"]}
        there = {"work_pool_name": name, "job_variables": {"run_log": "WARNING"}}
        status, made = here.change("/api/deployments/", wanted | there)
        expect(f"a deployment to {name}", status, HTTPStatus.CREATED)
        begin = f"/api/deployments/{made['id']}/create_flow_run"
        people = {"door": "people", "credential": PERSON}
        for brought in ({"env": {"CASEBEAT_HOME": "/"}}, {"env.CASEBEAT_HOME": "/"}, {"command": "id"}, {"image": "x"}):
            (what,) = brought
            expect(
                f"a run that brings {what} to {name}", here.change(begin, {"job_variables": brought}, **people)[0], 422
            )


def drill(here):
    """Kill each part in turn, while runs go on."""
    run = here.begin(door="people", credential=PERSON)
    until(lambda: here.ended(run))
    say(f"a run that a person began by the pages ended: {here.state_of(run)}")
    say(f"its events passed through the proxy and Redis: {len(here.events_of(run))}")
    for name, again in (
        ("first", lambda: here.serve("first")),
        ("second", lambda: here.serve("second")),
        ("services", here.services),
        ("redis", here.redis),
    ):
        run = here.begin()
        until(lambda run=run: here.state_of(run) not in {"Scheduled", "Pending", "Submitting"})
        here.kill(name)
        answered = until(lambda: here.ask("GET", "/api/deployments/name/delivery/delivery")[0] == 200)
        say(f"{name} is killed; an answer came {answered} s later")
        if name == "redis":
            time.sleep(10)
            say(f"10 s without Redis: a run that is asked for gets {here.create('delivery')[0]}")
            again()
        took = until(lambda run=run: here.ended(run), 300)
        say(f"the run in progress ended {took} s later: {here.state_of(run)}")
        run = begin_soon(here)
        took = until(lambda run=run: here.ended(run), 180)
        say(f"a new run ended after {took} s: {here.state_of(run)}")
        if name != "redis":
            again()
        if name in here.ports:
            until(lambda name=name: here.healthy(name) if name != "redis" else True, 180)
    run = begin_soon(here)
    until(lambda: here.ended(run))
    took = until(lambda: "prefect.flow-run.Running" in here.events_of(run), 120)
    say(f"with everything back, the events of a run were read {took} s after its end")


def begin_soon(here):
    """Begin a run as soon as the server takes it."""
    made = []

    def taken():
        status, answer = here.create("delivery")
        made[:] = [answer]
        return status == 201

    say(f"a run was taken after {until(taken)} s")
    return made[0]["id"]


def main():
    if missing := [name for name in NEEDED if shutil.which(name) is None]:
        sys.exit(
            f"make servers needs {', '.join(missing)}: apt-get install nginx-light redis-server openssl apache2-utils"
        )
    folder = Path(tempfile.mkdtemp(prefix="casebeat-servers-"))
    here = Installation(folder)
    try:
        here.up()
        doors(here)
        pools(here)
        drill(here)
        say("All of it held.")
    finally:
        here.down()
        if "KEEP" not in os.environ:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
