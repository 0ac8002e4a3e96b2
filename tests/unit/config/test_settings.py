"""Settings: their defaults, their names in the environment, and the values that are refused."""

import os
from pathlib import Path

import pytest

import config
from config.mail import Security
from config.settings import Clock, read, settings
from config.strict_yaml import Faults

OPERATIONS = "ops@kent.police.uk"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("CASEBEAT_")]:
        monkeypatch.delenv(name)


def put(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"CASEBEAT_{name}", value)


def test_unset_everything_is_right_for_production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    told = read()
    assert told.home == Path(config.__file__).parents[1] / ".casebeat", "wherever it is called from"
    assert told.database_url is None
    assert told.mail.host is None
    assert told.mail.allowed_domains == ("police.uk", "cps.gov.uk", "cjsm.net")
    assert told.drop is None
    assert told.clock is Clock.REAL
    assert told.policy.is_file()


def test_they_are_those_of_the_environment_whenever_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings().clock is Clock.REAL
    put(monkeypatch, CLOCK="virtual")
    assert settings().clock is Clock.VIRTUAL
    monkeypatch.delenv("CASEBEAT_CLOCK")
    assert settings().clock is Clock.REAL


def test_virtual_days_go_with_the_mail_server_of_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, CLOCK="virtual", MAIL__HOST="localhost", MAIL__PORT="2525", MAIL__OPERATIONS=OPERATIONS)
    assert read().clock is Clock.VIRTUAL


def test_names_are_nested_by_two_underscores(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, MAIL__HOST="mail.example.test", MAIL__PORT="2525", MAIL__OPERATIONS=OPERATIONS, DROP="in")
    told = read()
    assert (told.mail.host, told.mail.port) == ("mail.example.test", 2525)
    assert told.drop is not None
    assert told.drop.is_absolute()


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, DATABASE_URL="", MAIL__HOST="")
    assert read().database_url is None
    assert read().mail.host is None


@pytest.mark.parametrize(
    ("host", "security", "port"),
    [("mail.example.test", Security.STARTTLS, 587), ("127.0.0.1", Security.NONE, 25), ("localhost", Security.NONE, 25)],
)
def test_the_way_to_the_server_is_private_but_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, host: str, security: Security, port: int
) -> None:
    put(monkeypatch, MAIL__HOST=host, MAIL__OPERATIONS=OPERATIONS)
    assert (read().mail.security, read().mail.port) == (security, port)


def test_the_sender_is_casebeat_at_the_domain_of_operations_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, MAIL__HOST="127.0.0.1", MAIL__OPERATIONS=OPERATIONS)
    assert read().mail.from_address == "casebeat@kent.police.uk"
    put(monkeypatch, MAIL__FROM_ADDRESS="beat@met.police.uk")
    assert read().mail.from_address == "beat@met.police.uk"


def test_the_expected_forces_are_written_with_commas_or_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read().forces == ()
    put(monkeypatch, FORCES="45, 46 47")
    assert read().forces == ("45", "46", "47")


def test_forms_are_off_until_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not read().forms.trusted
    put(monkeypatch, FORMS__TRUSTED="true")
    assert read().forms.trusted


def test_domains_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, MAIL__ALLOWED_DOMAINS="police.uk, Example.TEST")
    assert read().mail.allowed_domains == ("police.uk", "example.test")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"MAIL__HOST": "m.test"}, "mail.operations is missing"),
        ({"MAIL__HOST": "m.test", "MAIL__OPERATIONS": "ops@evilpolice.uk"}, "not one mailbox in mail.allowed_domains"),
        ({"MAIL__HOST": "m.test", "MAIL__OPERATIONS": f"{OPERATIONS},e@evil.test"}, "not one mailbox"),
        (
            {"MAIL__HOST": "m.test", "MAIL__OPERATIONS": OPERATIONS, "MAIL__SECURITY": "none"},
            "none is only for a mail server on this machine",
        ),
        ({"MAIL__HOST": "m.test", "MAIL__OPERATIONS": "eve%evil.test@kent.police.uk"}, "not one mailbox in mail.allow"),
        ({"MAIL__HOST": "m.test", "MAIL__OPERATIONS": "evil.test!eve@kent.police.uk"}, "not one mailbox in mail.allow"),
        ({"MAIL__FROM_ADDRESS": "eve%evil.test@police.uk"}, "mail.from_address is not one plain mailbox"),
        (
            {
                "REPLIES__HOST": "m.test",
                "REPLIES__USER": "u",
                "REPLIES__PASSWORD": "p",
                "REPLIES__ADDRESS": "evil.test!eve@police.uk",
            },
            "replies.address is not one plain mailbox",
        ),
        ({"MAIL__USER": "u"}, "set both or neither"),
        ({"MAIL__MARKING": "OFFICIAL: SENSITIVE"}, "CASEBEAT_MAIL__MARKING: is not a marking: write at most 40"),
        ({"MAIL__MARKING": "O" * 41}, "is not a marking"),
        ({"MAIL__MARKING": "OFFICIAL-"}, "is not a marking"),
        ({"MAIL__MARKING": "\u041eFFICIAL"}, "is not a marking"),
        ({"MAIL__SUBJECTS": "short"}, "CASEBEAT_MAIL__SUBJECTS: should be 'full' or 'bare'"),
        ({"MAIL__FROM_ADDRESS": "a b@police.uk"}, "mail.from_address is not one plain mailbox"),
        ({"MAIL__HOSTT": "m.test"}, "CASEBEAT_MAIL__HOSTT: is not a setting that Casebeat knows"),
        ({"REPLIES_HOST": "m.test"}, "CASEBEAT_REPLIES_HOST: a setting of mail"),
        ({"REPLIES__HOST": "m.test"}, "replies.user and replies.password: set both"),
        (
            {"REPLIES__HOST": "m.test", "REPLIES__USER": "u", "REPLIES__PASSWORD": "p", "REPLIES__ADDRESS": "a@b, c@d"},
            "replies.address is not one plain mailbox",
        ),
        ({"REPLIES__MAILDIR": "/var/mail/r"}, "replies.address is not one plain mailbox"),
        ({"REPLIES__MAILDIR": "replies"}, "CASEBEAT_REPLIES__MAILDIR: is not a whole path: begin it with /"),
        (
            {"REPLIES__MAILDIR": "/var/mail/r", "REPLIES__HOST": "m.test"},
            "replies.host and replies.maildir: set one of them, for replies are read from one mailbox",
        ),
        ({"REPLIES__SECURITY": "none"}, "CASEBEAT_REPLIES__SECURITY: should be 'tls' or 'starttls'"),
        ({"REPLIES__DONE_FOLDER": 'x"'}, "replies.done_folder"),
        ({"SIGNING_SECRET": "short"}, "CASEBEAT_SIGNING_SECRET: Value should have at least 32"),
        ({"SIGNING_SECRET_BEFORE": "short"}, "CASEBEAT_SIGNING_SECRET_BEFORE: Value should have at least 32"),
        (
            {"SIGNING_SECRET_BEFORE": "s" * 32},
            ": CASEBEAT_SIGNING_SECRET_BEFORE_UNTIL is missing: name the old secret's",
        ),
        ({"SIGNING_SECRET_BEFORE_UNTIL": "20270331"}, "CASEBEAT_SIGNING_SECRET_BEFORE_UNTIL: is not a day"),
        (
            {"SIGNING_SECRET_BEFORE_UNTIL": "2027-02-29"},
            "CASEBEAT_SIGNING_SECRET_BEFORE_UNTIL: should be a valid",
        ),
        ({"MIAL__HOST": "m.test"}, "CASEBEAT_MIAL__HOST: is not a setting that Casebeat knows; CASEBEAT_MAIL__HOST"),
        ({"DORP": "in"}, "CASEBEAT_DORP: is not a setting that Casebeat knows; CASEBEAT_DROP is meant, perhaps"),
        ({"ZZZZZZ": "1"}, "CASEBEAT_ZZZZZZ: is not a setting that Casebeat knows. Nothing"),
        ({"FORCES": "45 99"}, "CASEBEAT_FORCES: no police force has the code 99: write codes as 45,46"),
        ({"HEARTBEAT__URL": "ftp://beat.test"}, "CASEBEAT_HEARTBEAT__URL: is not a web address"),
        ({"SERVER__SIGN_IN": "secret"}, "CASEBEAT_SERVER__SIGN_IN: must be user:password"),
        ({"MAIL_HOST": "m.test"}, "CASEBEAT_MAIL_HOST: a setting of mail has two underscores"),
        ({"SLACK_TOKEN": "xoxb-1"}, "CASEBEAT_SLACK_TOKEN: .* one of Slack after SLACK"),
        ({"SLACK__TOKEN": "hunter2"}, "slack.token is not a bot token"),
        ({"SLACK__TOKEN": "xoxb-1 x"}, "slack.token is not a bot token"),
        ({"SLACK__TOKEN": "xoxb-1", "SLACK__APP_TOKEN": "xoxb-1"}, "slack.app_token is not an app token"),
        ({"SLACK__TOKEN": "xoxb-1", "SLACK__APP_TOKEN": "xapp-1"}, "slack.team and slack.app are needed"),
        ({"SLACK__CHANNELS": "45=C0123ABC"}, "slack.token is missing"),
        ({"SLACK__TOKEN": "xoxb-1", "SLACK__CHANNELS": "45"}, "PLACE=CHANNEL"),
        ({"SLACK__TOKEN": "xoxb-1", "SLACK__CHANNELS": "45=#stalking"}, "give the ids of Slack channels"),
        ({"SLACK__TOKEN": "xoxb-1", "SLACK__CHANNELS": "99=C0123ABC"}, "neither a force code nor a CPS Area: 99"),
        ({"SLACK__TOKEN": "xoxb-1", "SLACK__CHANNELS": "Sout East=C0123ABC"}, "nor a CPS Area: Sout East"),
        ({"SLACK__TOKEN": "xoxb-1", "SLACK__CHANNELS": '{"45": '}, "not JSON of places"),
        ({"SLACK__TOKEN": "xoxb-1", "SLACK__OPERATIONS": "ops"}, "give the ids of Slack channels"),
        ({"SLACK__TOKEN": "xoxb-1", "SLACK__BASE_URL": "https://evil.test/api/"}, "slack.base_url must be Slack's"),
        ({"SLACK__TOKEN": "xoxb-1", "SLACK__BASE_URL": "http://127.0.0.1:9/api/"}, "slack.base_url must be Slack's"),
        ({"MAIL__PORT": "70000"}, "CASEBEAT_MAIL__PORT: "),
        ({"CLOCK": "sundial"}, "CASEBEAT_CLOCK: "),
        (
            {"CLOCK": "virtual", "MAIL__HOST": "m.police.uk", "MAIL__OPERATIONS": OPERATIONS},
            "CASEBEAT_CLOCK is virtual",
        ),
        ({"CLOCK": "virtual", "MAIL__HOST": "localhost", "MAIL__OPERATIONS": OPERATIONS}, "would tell people of it"),
        ({"DATABASE_URL": "mysql://x"}, "CASEBEAT_DATABASE_URL: must begin postgresql\\+psycopg2://"),
        ({"MAIL": "x"}, "does not have the form of its setting"),
        ({"SECRETS_DIR": "/nowhere/at/all"}, "names /nowhere/at/all, which is not there"),
        ({"SECRETS_DIR": __file__}, "which is no folder"),
        ({"HOME": "~nosuchuser/x"}, "CASEBEAT_HOME: begins with the home folder of nobody"),
        ({"DROP": "~nosuchuser"}, "CASEBEAT_DROP: begins with the home folder of nobody"),
        ({"HOME": "/a\nb"}, "CASEBEAT_HOME: is not one line of characters that can be shown"),
        ({"POLICY": os.fsdecode(b"/\xff")}, "CASEBEAT_POLICY: is not one line"),
        ({"MAIL__USER": "u", "MAIL__PASSWORD": "p\r\nQUIT"}, "CASEBEAT_MAIL__PASSWORD: is not one line"),
        ({"MAIL__ALLOWED_DOMAINS": "police.uk,a\nb"}, "CASEBEAT_MAIL__ALLOWED_DOMAINS: is not one line"),
        ({"SIGNING_SECRET": os.fsdecode(b"\xff") * 40}, "CASEBEAT_SIGNING_SECRET: is not one line"),
        ({"MAIL": "[" * 60_000}, "does not have the form of its setting"),
        ({"SLACK__CHANNELS": '{"a":' * 20_000}, "does not have the form of its setting"),
        ({"SLACK__CHANNELS": '{"\\ud800\\n": "C123456"}'}, r"nor a CPS Area: \?\?"),
        ({"MAIL__PORT": "9" * 5_000}, "CASEBEAT_MAIL__PORT: Unable to parse"),
        ({"FORMS__IDENTITY_HEADER": "Authorization"}, "CASEBEAT_FORMS__IDENTITY_HEADER: is not a header of the proxy"),
        ({"FORMS__IDENTITY_HEADER": "X_Signed_In"}, "CASEBEAT_FORMS__IDENTITY_HEADER: is not a header of the proxy"),
        ({"MAIL__PORT": "1e400"}, "CASEBEAT_MAIL__PORT: should be a valid integer"),
    ],
)
def test_a_wrong_setting_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], said: str
) -> None:
    put(monkeypatch, **values)
    with pytest.raises(Faults, match=said) as caught:
        read()
    assert "Nothing was done." in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mail__password", b"\xff\xfe\0"),
        ("home", b"a\0b"),
        ("policy", b"a\nb"),
        ("drop", b"~nosuchuser"),
        ("mail", b"[" * 200_000),
        ("slack__channels", b'{"a":' * 300_000),
        ("mail__port", b"9" * 100_000),
        ("database_url", b"x" * 30_000_000),
    ],
)
def test_a_file_of_a_secret_that_cannot_be_one_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    put(monkeypatch, SECRETS_DIR=str(tmp_path))
    with pytest.raises(Faults, match=r"Settings refused: .*Nothing was done\.$"):
        read()


def test_slack_is_off_until_it_has_a_token_and_its_buttons_until_someone_listens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (read().slack.on, read().slack.buttons) == (False, False)
    put(monkeypatch, SLACK__TOKEN="xoxb-1")
    assert (read().slack.on, read().slack.buttons) == (True, False)
    put(monkeypatch, SLACK__APP_TOKEN="xapp-1", SLACK__TEAM="T0FORCE", SLACK__APP="A0CASEBEAT")
    assert read().slack.buttons


@pytest.mark.parametrize(
    "written",
    [
        "45=C0FORCE45, South East=C0AREASE",
        "45=C0FORCE45,south  east=C0AREASE",
        '{"45": "C0FORCE45", "South East": "C0AREASE"}',
    ],
)
def test_the_slack_channels_of_forces_and_areas_are_written_with_commas_or_as_json(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    put(monkeypatch, SLACK__TOKEN="xoxb-1", SLACK__CHANNELS=written)
    assert read().slack.channels == {"45": "C0FORCE45", "South East": "C0AREASE"}


def test_a_stand_in_for_slack_is_on_this_machine_and_only_under_its_flag(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, SLACK__TOKEN="xoxb-1", SLACK__BASE_URL="http://127.0.0.1:9/api/", SLACK__STAND_IN="yes")
    assert read().slack.base_url == "http://127.0.0.1:9/api/"
    put(monkeypatch, SLACK__BASE_URL="http://127.0.0.1.evil.test:9/api/")
    with pytest.raises(Faults, match=r"slack\.base_url"):
        read()


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, CLOCK="sundial", MAIL__PORT="x", DATABASE_URL="x")
    with pytest.raises(Faults) as caught:
        read()
    assert [name in str(caught.value) for name in ("CLOCK", "MAIL__PORT", "DATABASE_URL")] == [True] * 3


def test_secrets_come_from_files_and_the_environment_goes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "mail__user").write_text("from-file")
    (tmp_path / "mail__password").write_text("hunter2\n")
    (tmp_path / "database_url").write_text("postgresql+psycopg2://u:hunter3@h/d\n")
    put(monkeypatch, SECRETS_DIR=str(tmp_path), MAIL__USER="from-environment")
    told = read()
    assert told.mail.user == "from-environment"
    assert told.mail.password is not None
    assert told.mail.password.get_secret_value() == "hunter2"
    assert told.database_url is not None
    assert told.database_url.get_secret_value() == "postgresql+psycopg2://u:hunter3@h/d"


def test_no_secret_is_ever_echoed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "mail__password").write_text("hunter2")
    (tmp_path / "slack__token").write_text("xoxb-hunter2")
    url = "postgresql+psycopg2://u:hunter2@h/d"
    put(monkeypatch, SECRETS_DIR=str(tmp_path), MAIL__USER="u", DATABASE_URL=url, DATABASE_OWNER_URL=url)
    told = read()
    shown = f"{told} {told!r} {told.model_dump()} {told.model_dump_json()} {told.mail!r} {told.slack!r}"
    assert told.slack.on
    assert "hunter2" not in shown
    put(monkeypatch, DATABASE_URL="mysql://u:hunter2@h", MAIL__PORT="hunter2", CLOCK="hunter2", MAIL__HOST="hunter2")
    with pytest.raises(Faults) as caught:
        read()
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(("security", "port"), [("", 993), ("tls", 993), ("starttls", 143)])
def test_the_reply_mailbox_is_off_until_named_and_then_read_by_tls(
    monkeypatch: pytest.MonkeyPatch, security: str, port: int
) -> None:
    assert not read().replies.on
    put(monkeypatch, REPLIES__HOST="imap.example.test", REPLIES__USER="u", REPLIES__PASSWORD="p")
    put(monkeypatch, REPLIES__ADDRESS="replies@kent.police.uk", REPLIES__SECURITY=security)
    assert read().replies.on
    assert read().replies.port == port


def test_a_maildir_may_be_the_reply_mailbox(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, REPLIES__MAILDIR="/var/mail/replies", REPLIES__ADDRESS="replies@kent.police.uk")
    assert read().replies.on
