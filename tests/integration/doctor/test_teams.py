"""Teams: flows whose host is away or not trusted; nothing is posted."""

import json

from tests.support.post import certificate, free_port
from tests.support.teams_stand_in import TeamsStandIn, teams_stand_in


def test_a_flow_whose_host_is_away_or_not_trusted_is_found(at, tmp_path, monkeypatch):
    assert at.told("teams") == [("ok", "No flow is set, so that nothing goes to Teams.")]
    key, cert = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    with teams_stand_in(key, cert) as teams:
        away = TeamsStandIn(port=free_port())
        at.set(TEAMS__STAND_IN="yes", TEAMS__CHANNELS=json.dumps({"45": away.url("a"), "South East": teams.url("b")}))
        at.finds("teams", "fail", "The host of the Teams flow of 45 cannot be reached", "open the way to it")
        at.set(TEAMS__CHANNELS=json.dumps({"45": teams.url("a")}))
        at.is_well("teams")
        monkeypatch.delenv("SSL_CERT_FILE")
        at.finds("teams", "fail", "its certificate is not trusted", "install the certificate of its authority")
        assert "sig=" not in str(at.examined())
        assert teams.cards == {}
