"""`packaging/` matches the code: units that systemd understands, an image without root, parts that exist."""

import json
import os
import re
import subprocess

import pytest
import yaml

from config.days.london import LONDON
from config.settings import PREFIX, Settings, read
from flows.command_line.main import COMMANDS
from tests.house.source import ROOT
from tests.support.systemd import needs_systemd

FOLDER = ROOT / "packaging"
UNITS = sorted((FOLDER / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
CONTAINERFILE = (FOLDER / "Containerfile").read_text("utf-8")
DEPLOY = (ROOT / "docs" / "deploy.md").read_text("utf-8")
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))
MOST_EXPOSED = 2.0  # of 10, as systemd counts; a service without any hardening has 9.6


def is_a_setting(name):
    group, _, field = name.removeprefix(PREFIX).lower().partition("__")
    model = Settings.model_fields[group].annotation if group in Settings.model_fields else None
    return name == f"{PREFIX}SECRETS_DIR" or (model is not None and (not field or field in model.model_fields))


@pytest.fixture
def installed(tmp_path):
    """The units as they are where the project is installed in this checkout, whose path may hold a space."""
    (tmp_path / "checkout").symlink_to(ROOT)
    for unit in UNITS:
        here = unit.read_text("utf-8").replace("/opt/casebeat", str(tmp_path / "checkout"))
        (tmp_path / unit.name).write_text(here, "utf-8")
    return tmp_path


def analyzed(*arguments, folder):
    done = subprocess.run(["systemd-analyze", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@needs_systemd
def test_systemd_understands_every_unit(installed):
    names = [f"./{unit.name}" for unit in UNITS]
    assert analyzed("verify", "--man=no", *names, folder=installed) == (0, "")


@needs_systemd
def test_a_unit_with_a_misspelt_key_would_be_noticed(installed):
    unit = installed / "casebeat.service"
    unit.write_text(unit.read_text("utf-8").replace("NoNewPrivileges", "NoNewPriviledges"), "utf-8")
    assert "NoNewPriviledges" in analyzed("verify", "--man=no", f"./{unit.name}", folder=installed)[1]


@needs_systemd
@pytest.mark.parametrize("night", ["2026-10-25", "2027-03-28"])
def test_the_auditors_timer_leaves_no_hour_out_on_the_nights_when_clocks_change(night, monkeypatch):
    monkeypatch.setenv("TZ", LONDON.key)
    timer = (FOLDER / "systemd" / "casebeat-assure.timer").read_text("utf-8")
    (calendar,) = re.findall(r"^OnCalendar=(.+)$", timer, re.MULTILINE)
    _, told = analyzed("calendar", f"--base-time={night} 00:02 UTC", "--iterations=24", calendar, folder=FOLDER)
    came = re.findall(rf"\(in UTC\): \w+ {night} (\d\d:\d\d)", told)
    assert came == [f"0{minutes // 60}:{minutes % 60:02d}" for minutes in range(5, 125, 5)]


@needs_systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_is_hardened(installed, unit):
    code, told = analyzed("security", "--offline=true", "--json=short", f"./{unit.name}", folder=installed)
    assert code == 0
    exposure = sum(float(line["exposure"] or 0) for line in json.loads(told)) / 10
    assert exposure <= MOST_EXPOSED, [line["name"] for line in json.loads(told) if line["exposure"]]


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_runs_a_command_that_exists_with_settings_that_exist(unit):
    text = unit.read_text("utf-8")
    (command,) = re.findall(r"^ExecStart=/opt/casebeat/\.venv/bin/casebeat ([a-z-]+)", text, re.MULTILINE)
    assert command in COMMANDS
    assert all(is_a_setting(name) for name in re.findall(rf"^Environment=({PREFIX}\w+)=", text, re.MULTILINE))


def test_the_example_of_an_environment_names_settings():
    names = re.findall(rf"^(?:# )?({PREFIX}\w+)=", (FOLDER / "casebeat.env").read_text("utf-8"), re.MULTILINE)
    assert f"{PREFIX}SECRETS_DIR" in names
    assert all(map(is_a_setting, names))


def test_the_image_is_an_installed_release_and_does_not_run_as_root():
    lines = re.findall(r"^(?:COPY|RUN python3) .+$", CONTAINERFILE, re.MULTILINE)
    assert lines == ["COPY . ./", "RUN python3 install"]
    assert re.findall(r"^USER (.+)$", CONTAINERFILE, re.MULTILINE)[-1] == "casebeat"
    assert json.loads(re.findall(r"^CMD (.+)$", CONTAINERFILE, re.MULTILINE)[-1]) == ["serve"]
    assert all(map(is_a_setting, re.findall(rf"^ENV ({PREFIX}\w+)=", CONTAINERFILE, re.MULTILINE)))


def test_the_compose_file_starts_what_exists_and_opens_no_port():
    services = COMPOSE["services"]
    assert all("ports" not in each and each["network_mode"] == "host" for each in services.values())
    assert "listen_addresses=127.0.0.1" in services["database"]["command"]
    ours = services["casebeat"]
    assert ours["command"][0] in COMMANDS
    assert (FOLDER / ours["build"]["context"] / ours["build"]["dockerfile"]).resolve() == FOLDER / "Containerfile"
    assert all(map(is_a_setting, [*ours["environment"], *(f"{PREFIX}{name.upper()}" for name in ours["secrets"])]))
    assert {name for each in services.values() for name in each["secrets"]} == set(COMPOSE["secrets"])


def test_the_compose_file_and_the_units_start_the_servers_that_the_proxy_asks_and_their_services():
    ports = re.findall(r"server 127\.0\.0\.1:(\d+) ", (FOLDER / "nginx" / "casebeat.conf").read_text("utf-8"))
    servers = {name: each for name, each in COMPOSE["services"].items() if each.get("profiles") == ["servers"]}
    ours = {name: " ".join(each["command"]) for name, each in servers.items() if name != "redis"}
    assert [each["environment"].get("PREFECT_SERVER_API_PORT") for each in servers.values() if "build" in each] == [
        *ports,
        None,
    ]
    units = {
        unit: re.findall(r"^ExecStart=\S+ (.+)$", (FOLDER / "systemd" / unit).read_text("utf-8"), re.MULTILINE)
        for unit in ("casebeat-server@.service", "casebeat-services.service")
    }
    assert [*units.values()] == [["prefect server start --no-services"], ["prefect server services start"]]
    assert ours == {
        "first": "prefect server start --no-services", "second": "prefect server start --no-services",
        "services": "prefect server services start",
    }  # fmt: skip
    assert all(f"casebeat-server@{port}" in DEPLOY for port in ports)


def test_the_image_makes_the_drop_folder_that_the_compose_file_names_for_its_user():
    made = re.findall(r"install -d -o casebeat -g casebeat -m 0700 (.+)$", CONTAINERFILE, re.MULTILINE)
    assert COMPOSE["services"]["casebeat"]["environment"][f"{PREFIX}DROP"] in made[0].split()


def test_the_compose_file_gives_the_application_a_login_beside_the_owners():
    services = COMPOSE["services"]
    assert {"database_url", "database_owner_url"} <= set(services["casebeat"]["secrets"])
    (script,) = [line.split(":")[0] for line in services["database"]["volumes"] if "initdb" in line]
    made = (FOLDER / script).read_text("utf-8")
    assert "create role casebeat login password :'password' in role casebeat_app;" in made
    (password,) = re.findall(r"/run/secrets/(\w+)", made)
    assert password in services["database"]["secrets"]


@pytest.fixture
def people_command(tmp_path):
    """packaging/sudo-casebeat where the programs that it calls show what they get."""

    def stub(name, text):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n", "utf-8")
        (tmp_path / name).chmod(0o755)

    stub("python", 'printf "%s\\n" "$CASEBEAT_HOME" "$CASEBEAT_DROP" "$CASEBEAT_DATABASE_URL" "$@"')
    stub("sudo", 'echo sudo "$@"')
    script = tmp_path / "casebeat"
    text = (FOLDER / "sudo-casebeat").read_text("utf-8")
    text = text.replace("/etc/casebeat/casebeat.env", f"{tmp_path}/env")
    script.write_text(text.replace("/opt/casebeat/.venv/bin/casebeat", f"{tmp_path}/python"), "utf-8")
    script.chmod(0o755)

    def call(*arguments, account):
        stub("id", f"echo {account}")
        path = f"{tmp_path}:{os.environ['PATH']}"
        return subprocess.run(
            [script, *arguments], env={"PATH": path}, capture_output=True, text=True, check=True
        ).stdout

    return call


def test_the_command_of_people_has_the_settings_of_the_units_taken_as_systemd_takes_them(tmp_path, people_command):
    url = "postgresql+psycopg2://casebeat:a$b@db.example/casebeat?sslmode=verify-full&sslrootcert=/etc/root.crt"
    (tmp_path / "env").write_text(
        f'# CASEBEAT_X=1\nCASEBEAT_DROP="/srv/the drop"\n\nCASEBEAT_DATABASE_URL={url}', "utf-8"
    )
    assert people_command("explain", "45/1 2", account="casebeat").splitlines() == [
        "/var/lib/casebeat", "/srv/the drop", url, "explain", "45/1 2",
    ]  # fmt: skip


def test_the_command_of_people_becomes_the_account_of_the_units(tmp_path, people_command):
    assert people_command("status", account="alice") == f"sudo -u casebeat -- {tmp_path}/casebeat status\n"


def test_the_settings_of_the_compose_file_are_taken_with_its_secrets(tmp_path, monkeypatch):
    ours = COMPOSE["services"]["casebeat"]
    secrets = {
        "database_url": "postgresql+psycopg2://casebeat@127.0.0.1/casebeat",
        "server__sign_in": "somebody:a-long-password",
    }
    secrets["database_owner_url"] = secrets["database_url"]
    for name in ours["secrets"]:
        (tmp_path / name).write_text(secrets.get(name, "a password"), "utf-8")
    for name, value in (ours["environment"] | {f"{PREFIX}SECRETS_DIR": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)
    assert read().mail.user


def test_the_settings_of_the_example_of_an_environment_are_taken_those_that_it_leaves_to_the_reader_too(
    tmp_path, monkeypatch
):
    lines = (FOLDER / "casebeat.env").read_text("utf-8")
    for name, value in re.findall(rf"^(?:# )?({PREFIX}\w+)=(.+)$", lines, re.MULTILINE):
        monkeypatch.setenv(name, str(tmp_path) if name == f"{PREFIX}SECRETS_DIR" else value)
    (tmp_path / "mail__password").write_text("a password", "utf-8")
    taken = read()
    assert (taken.mail.host, taken.forces) == ("mail.example.police.uk", ("45",))
    assert taken.mail.user
