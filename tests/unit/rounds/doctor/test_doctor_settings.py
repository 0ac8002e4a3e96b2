"""The doctor's sentences about the settings, their files and their secrets."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from config.policy import SHIPPED
from config.strict_yaml import Faults
from tasks.rounds.doctor import settings as checks


@pytest.fixture
def folder(put, tmp_path):
    made = tmp_path / "secrets"
    made.mkdir()
    put(SECRETS_DIR=made)
    return made


def secret(folder, name, mode=0o600):
    (folder / name).write_text("s" * 40)
    (folder / name).chmod(mode)


def test_the_files_of_the_secrets_folder_are_settings_and_closed_to_others(found, folder, put):
    (folder / "a_folder").mkdir()
    secret(folder, "signing_secret")
    secret(folder, ".data", 0o644)
    assert found(checks, "secrets") == []
    for name, mode in (("zzz", 0o600), ("mail__password", 0o604), ("mial__password", 0o644)):
        secret(folder, name, mode)
    closed, meant, unknown = [sentence for _, sentence in found(checks, "secrets")]
    assert closed.startswith("The secrets folder's file mail__password may be read by others")
    assert meant.endswith(
        "mial__password is no setting, and is not read. Rename it to mail__password, if that is meant."
    )
    assert unknown == "The secrets folder's file zzz is no setting, and is not read."
    put(SECRETS_DIR=None)
    assert found(checks, "secrets") == []


def test_a_secrets_folder_that_is_empty_or_that_a_variable_hides_is_named(found, folder, put):
    ((mark, sentence),) = found(checks, "secrets")
    assert mark == "warn"
    assert sentence.startswith(f"The secrets folder {folder} is empty, so that no secret is read from it")
    secret(folder, "signing_secret")
    put(SIGNING_SECRET="t" * 40)
    ((mark, sentence),) = found(checks, "secrets")
    assert (mark, sentence.partition(" is ")[0]) == ("warn", "CASEBEAT_SIGNING_SECRET")
    assert sentence.endswith("signing_secret is not read: remove one of the two.")


def test_each_file_with_faults_is_told(found, monkeypatch):
    def faulty():
        raise Faults("the file", ["one fault"])

    assert found(checks, "files") == []
    assert [mark for mark, _ in found(checks, "files", configuration__calendar=faulty)] == ["fail"]
    told = found(checks, "files", configuration__policy=faulty, configuration__panels=faulty)
    assert [mark for mark, _ in told] == ["fail"] * 3


def test_what_a_policy_leaves_as_shipped_is_named_and_well(found, put, tmp_path):
    text = SHIPPED.read_text("utf-8")
    (tmp_path / "policy.yaml").write_text(
        text.replace("retention:", "unused:").replace("unused:", "retention:"), "utf-8"
    )
    put(POLICY=tmp_path / "policy.yaml")
    assert found(checks, "files") == []
    lines = [line for line in text.splitlines() if not line.startswith(("delivery:", "agenda:"))]
    (tmp_path / "older.yaml").write_text("\n".join(lines), "utf-8")
    put(POLICY=tmp_path / "older.yaml")
    ((mark, sentence),) = found(checks, "files")
    assert mark == "ok"
    assert sentence.endswith("As shipped, because your policy does not have them: agenda, delivery.")


@pytest.fixture
def holidays(found):
    def told(names, at, holidays=(), working_days=()):
        overrides = SimpleNamespace(holidays=holidays, working_days=working_days)
        calendar = SimpleNamespace(names=dict.fromkeys(names, ""))
        return found(
            checks, "bank-holidays", at, configuration__overrides=overrides, configuration__calendar=calendar
        )  # fmt: skip

    return told


def eight(year):
    return [date(year, month, 1) for month in range(1, 13) if date(year, month, 1).weekday() < 5][:8]


WEEKEND = {year: [date(year, month, 1) for month in range(1, 13) if date(year, month, 1).weekday() > 4] for year in
           (2026, 2027)}  # fmt: skip
JUNE, JULY = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("names", "at", "years"),
    [
        ([*eight(2026), *eight(2027)], JULY, []),
        (eight(2026), JUNE, []),
        (eight(2026), JULY, [2027]),
        ([*eight(2026)[:7], *WEEKEND[2026]], JUNE, [2026]),
        ([*eight(2026)[:7], *eight(2027)[:7]], JULY, [2026, 2027]),
        ([], datetime(2031, 7, 3, tzinfo=UTC), [2031, 2032]),
    ],
)
def test_eight_bank_holidays_on_weekdays_are_known_of_each_year_of_the_next_six_months(holidays, names, at, years):
    told = holidays(names, at)
    assert [mark for mark, _ in told] == ["fail"] * len(years)
    assert [sentence.partition(",")[0] for _, sentence in told] == [
        f"Of the 8 bank holidays of {year}" for year in years
    ]


def test_a_named_day_on_a_weekend_changes_nothing_and_wants_a_look(holidays):
    friday, saturday, sunday = (date(2026, 8, day) for day in (7, 8, 9))
    names = [*eight(2026), *eight(2027)]
    assert holidays(names, JUNE, [friday], [friday]) == []
    told = holidays(names, JUNE, [friday, saturday], [sunday])
    assert ["changes nothing" in sentence for _, sentence in told] == [True, True]
    assert "names Sat 8 Aug 2026" in told[0][1]
    assert "names Sun 9 Aug 2026" in told[1][1]


@pytest.mark.parametrize(
    ("clock", "host", "told"), [(None, None, []), ("virtual", None, ["warn"]), ("virtual", "127.0.0.1", ["fail"])]
)
def test_a_virtual_clock_is_wrong_where_people_are_mailed(found, put, clock, host, told):
    put(CLOCK=clock, MAIL__HOST=host, MAIL__PORT=2525, MAIL__OPERATIONS="ops@surrey.police.uk")
    assert [mark for mark, _ in found(checks, "real-days")] == told


def test_without_a_secret_the_first_mail_makes_one(found):
    assert found(checks, "signing-secret", tokens__fingerprint="aa") == []
    assert [mark for mark, _ in found(checks, "signing-secret", tokens__fingerprint=None)] == ["warn"]
