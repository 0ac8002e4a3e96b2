"""The sign-in to the installation's server: the setting's, or one that is made at first need."""

import pytest

from tasks.platform import sign_in


@pytest.fixture
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CASEBEAT_SERVER__SIGN_IN", raising=False)
    return tmp_path / "home"


def test_without_a_setting_it_is_made_at_first_need_and_known_from_then_on(home):
    assert sign_in.known_sign_in() is None
    assert not (home / "prefect-sign-in").exists()
    made = sign_in.sign_in()
    assert made.startswith("casebeat:")
    assert (home / "prefect-sign-in").read_text().strip() == made == sign_in.known_sign_in()
    assert sign_in.where() == str(home / "prefect-sign-in")


def test_that_of_the_setting_needs_no_file(home, monkeypatch):
    given = "me:a-long-and-secret-word-of-forty-characters"
    monkeypatch.setenv("CASEBEAT_SERVER__SIGN_IN", given)
    assert sign_in.sign_in() == sign_in.known_sign_in() == given
    assert not home.exists()
    assert sign_in.where() == "the setting CASEBEAT_SERVER__SIGN_IN"
