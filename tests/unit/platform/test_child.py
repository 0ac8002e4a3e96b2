"""A child process: its environment, its log, and the data directory that it writes in."""

import stat

from tasks.platform import child


def test_a_child_has_the_callers_environment_without_its_prefect_settings(monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", "http://elsewhere.invalid/api")
    monkeypatch.setenv("OF_THE_CALLER", "kept")
    made = child.full_environment({"PREFECT_HOME": "/home", "MORE": "1"})
    assert "PREFECT_API_URL" not in made
    assert (made["OF_THE_CALLER"], made["PREFECT_HOME"], made["MORE"]) == ("kept", "/home", "1")


def test_a_child_writes_to_its_log_in_a_data_directory_for_its_user_alone(tmp_path):
    home = tmp_path / "home"
    tmp_path.chmod(0o755)
    with child.running(home, "worker", ["this"], {}) as process:
        assert process.wait(30) == 0
    assert "Beautiful is better than ugly." in child.log_of(home, "worker").read_text()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
