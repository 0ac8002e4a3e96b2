"""Teams: the places that have a flow, and the addresses that are none of Microsoft's."""

import json

import pytest

from config.carriers.teams import Teams
from config.settings import read
from config.strict_yaml import Faults
from tests.worlds.days import row

OLD = "https://prod-12.uksouth.logic.azure.com:443/workflows/1a/triggers/manual/paths/invoke?api-version=1&sp=a&sig=s"
NEW = "https://default1a.2b.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/1?sig=s"


def test_places_have_flows_in_either_form(monkeypatch):
    assert not Teams().route.on
    monkeypatch.setenv("CASEBEAT_TEAMS__CHANNELS", f"45={OLD}, south  east={NEW}")
    teams = read().teams
    assert {place: url.get_secret_value() for place, url in teams.channels.items()} == {"45": OLD, "South East": NEW}
    assert (teams.route.on, teams.route.restricted, teams.route.operations) == (True, False, False)
    assert "sig=s" not in repr(read())
    monkeypatch.setenv("CASEBEAT_TEAMS__CHANNELS", json.dumps({"45": OLD}))
    assert list(read().teams.channels) == ["45"]


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        row("no TLS", OLD.replace("https", "http"), "not the https address"),
        row("another host", OLD.replace("logic.azure.com", "evil.test"), "not the https address"),
        row("a host that ends alike", OLD.replace(".logic.azure", ".no-logic.azure"), "not the https address"),
        row("a host that begins alike", OLD.replace("azure.com:443", "azure.com.evil.test"), "not the https address"),
        row("the domain alone", "https://logic.azure.com/a?sig=s", "not the https address"),
        row("a user before the host", OLD.replace("https://", "https://me@"), "not the https address"),
        row("another port", OLD.replace(":443", ":8443"), "not the https address"),
        row("no path", "https://prod-1.uksouth.logic.azure.com/?sig=s", "not the https address"),
        row("a fragment", OLD + "#a", "not the https address"),
        row("a space", OLD + " a", "not the https address"),
        row("a retired connector", "https://kent.webhook.office.com/webhookb2/1", r"webhook\.office\.com are retired"),
        row("a stand-in without the test's word", "https://localhost:8443/a", "not the https address"),
    ],
)
def test_an_address_that_is_no_flows_is_refused_and_not_repeated(monkeypatch, url, fault):
    monkeypatch.setenv("CASEBEAT_TEAMS__CHANNELS", json.dumps({"45": OLD, "46": url}))
    with pytest.raises(Faults, match=fault) as told:
        read()
    assert "of 46:" in str(told.value)
    assert "sig=" not in str(told.value)


def test_a_place_that_is_none_and_text_of_no_form_are_refused(monkeypatch):
    monkeypatch.setenv("CASEBEAT_TEAMS__CHANNELS", f"Atlantis={OLD}")
    with pytest.raises(Faults, match="neither a force code nor a CPS Area"):
        read()
    monkeypatch.setenv("CASEBEAT_TEAMS__CHANNELS", "45")
    with pytest.raises(Faults, match="write each as PLACE=CHANNEL"):
        read()
    monkeypatch.setenv("CASEBEAT_TEAMS__CHANNELS", "{")
    with pytest.raises(Faults, match="is not JSON"):
        read()


def test_a_stand_in_is_on_this_machine_and_for_tests():
    assert Teams.model_validate({"channels": {"45": "https://localhost:8443/a"}, "stand_in": True}).route.on
    with pytest.raises(ValueError, match="not the https address"):
        Teams.model_validate({"channels": {"45": "https://elsewhere:8443/a"}, "stand_in": True})
