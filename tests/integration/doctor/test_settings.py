"""Settings, their files and their secrets: each fault is found, and gone once its sentence is followed."""

import pytest

CHRISTMAS = "2026-12-25"


@pytest.mark.parametrize(
    ("variable", "words"),
    [
        ("CASEBEAT_MIAL__HOST", "CASEBEAT_MAIL__HOST is meant, perhaps"),
        ("CASEBEAT_MAIL_HOST", "two underscores after MAIL"),
        ("CASEBEAT_MAIL__HSOT", "CASEBEAT_MAIL__HSOT: is not a setting that Casebeat knows"),
        ("CASEBEAT_MAIL__HOST", "mail.operations is missing"),
    ],
)
def test_settings_that_cannot_be_read_end_the_examination(at, monkeypatch, run_cli, variable, words):
    monkeypatch.setenv(variable, "mail.example")
    at.set()
    ran = run_cli("doctor")
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert "mail.example" not in ran.err
    monkeypatch.delenv(variable)
    at.set()
    assert run_cli("doctor").code == 1


def test_a_misspelt_file_of_the_secrets_folder_is_found(at):
    folder = at.folder / "secrets"
    folder.mkdir()
    (folder / "mial__password").write_text("hunter2")
    (folder / "..data").write_text("Kubernetes's own")
    at.set(SECRETS_DIR=folder)
    at.finds("secrets", "warn", "mial__password is no setting", "Rename it to mail__password")
    assert "hunter2" not in str(at.examined())
    (folder / "mial__password").rename(folder / "signing_secret")
    (folder / "signing_secret").write_text("s" * 40)
    at.finds("secrets", "warn", "signing_secret may be read by others", "chmod 600")
    (folder / "signing_secret").chmod(0o600)
    at.is_well("secrets")


def test_a_file_that_is_like_no_setting_is_found_without_a_guess(at):
    folder = at.folder / "secrets"
    folder.mkdir()
    (folder / "zzz").write_text("x")
    at.set(SECRETS_DIR=folder)
    (_, sentence), *_ = at.told("secrets")
    assert sentence == "The secrets folder's file zzz is no setting, and is not read."


@pytest.mark.parametrize("variable", ["POLICY", "PANELS", "CALENDAR"])
def test_each_fault_of_a_file_is_told_and_what_needs_it_waits(at, variable):
    at.file(variable, "no_such_key: 1\n")
    found = at.examined()
    (mark, sentence), *_ = found["files"]
    assert mark == "fail"
    assert "no_such_key   is not a key that this file knows" in sentence
    assert found["panels"] == [("skip", "Not looked at: put files right first.")]
    at.set(**{variable: None})
    at.is_well("files")


def test_a_calendar_that_takes_a_bank_holiday_away_is_found(at):
    at.file("CALENDAR", f"holidays: []\nworking_days: [{CHRISTMAS}]\n")
    at.finds("bank-holidays", "fail", "Of the 8 bank holidays of 2026, 7 are known", "Correct working_days in")
    at.file("CALENDAR", "holidays: [2027-05-08]\nworking_days: []\n")
    at.finds("bank-holidays", "warn", "names Sat 8 May 2027, which changes nothing")
    at.set(CALENDAR=None)
    at.is_well("bank-holidays")


@pytest.mark.parametrize(("host", "mark"), [(None, "warn"), ("127.0.0.1", "fail")])
def test_a_virtual_clock_is_found(at, host, mark):
    at.set(CLOCK="virtual", MAIL__HOST=host, MAIL__PORT=2525, MAIL__OPERATIONS="ops@surrey.police.uk")
    at.finds("real-days", mark, "CASEBEAT_CLOCK is virtual", "unset it")
    at.set(CLOCK=None)
    at.is_well("real-days")


def test_a_secret_that_others_may_read_is_found_and_none_is_made(at):
    at.finds("signing-secret", "warn", "No secret signs", "set CASEBEAT_SIGNING_SECRET")
    secret = at.folder / "home" / "signing-secret"
    assert not secret.exists()
    secret.parent.mkdir(exist_ok=True)
    secret.write_text("s" * 40)
    secret.chmod(0o644)
    at.finds("signing-secret", "fail", "may be read by others", "chmod 600")
    secret.chmod(0o600)
    at.is_well("signing-secret")
