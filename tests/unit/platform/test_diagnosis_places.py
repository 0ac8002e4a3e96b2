"""The places of a fault: in our own code, in a library or nowhere, and in each fault that it came from."""

import psycopg2
import pytest
import yaml

from tasks.platform import diagnosis
from tasks.servers.prefect_pages import policy


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / diagnosis.LOG


def raised(does):
    try:
        does()
    except Exception as error:  # noqa: BLE001  whatever a fault is
        return error
    raise AssertionError("it has no fault")


def test_the_place_of_a_fault_is_the_last_of_our_own_that_it_passed_through():
    in_library = raised(lambda: policy("http://["))
    found = diagnosis.place(in_library)
    assert str(found).startswith("tasks/servers/prefect_pages.py line ")
    assert (found.function, found.ours) == ("policy", True)
    assert diagnosis.place(raised(lambda: yaml.safe_load("["))) is None


def test_a_file_of_a_library_is_named_within_it_and_any_other_by_its_name(log):
    diagnosis.reason(raised(lambda: yaml.safe_load("[")))
    written = log.read_text("utf-8")
    assert "\n    yaml/__init__.py line " in written
    assert "\n    test_diagnosis_places.py line " in written


def test_a_fault_that_was_never_raised_has_a_number_too(log):
    assert diagnosis.reason(KeyError("x")).startswith("KeyError, fault ")
    assert log.exists()


def test_a_fault_of_the_database_has_no_number(log):
    assert "fault" not in diagnosis.reason(psycopg2.OperationalError())
    assert not log.exists()


def in_the_middle():
    try:
        int("x")
    except ValueError:
        {}["x"]


def on_purpose():
    try:
        int("x")
    except ValueError:
        raise KeyError from TypeError()


def test_the_faults_that_one_came_from_are_in_the_log_the_named_cause_first(log):
    diagnosis.reason(raised(in_the_middle))
    assert "\n  KeyError\n" in log.read_text("utf-8")
    assert "\n  ValueError\n" in log.read_text("utf-8")
    log.unlink()
    diagnosis.reason(raised(on_purpose))
    assert "\n  TypeError" in log.read_text("utf-8")
    assert "ValueError" not in log.read_text("utf-8")


class OfItself(Exception):
    """A fault that came from itself."""

    asked = 0

    @property
    def __cause__(self):  # type: ignore[override]
        self.asked += 1
        assert self.asked < 10
        return self


def test_a_fault_that_came_from_itself_is_written_once(log):
    diagnosis.reason(OfItself())
    assert log.read_text("utf-8").count("OfItself") == 1


def test_the_log_has_a_megabyte_and_three_files_before_it_are_kept(log):
    log.parent.mkdir(mode=0o700)
    for number in ("", ".1", ".2", ".3"):
        log.with_name(f"{log.name}{number}").write_text(f"was{number}" if number else "x" * ((1 << 20) - 10))
    diagnosis.reason(KeyError("x"))
    kept = {path.name: path.stat().st_size for path in log.parent.iterdir()}
    assert sorted(kept) == ["faults.log", "faults.log.1", "faults.log.2", "faults.log.3"]
    assert kept["faults.log"] < kept["faults.log.1"] == (1 << 20) - 10
    assert log.with_name("faults.log.3").read_text() == "was.2"
