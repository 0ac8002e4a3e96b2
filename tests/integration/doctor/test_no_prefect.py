"""A Prefect server that is not there: found, and the other checks are made."""

from tests.support.post import free_port


def test_a_prefect_server_that_is_away_is_found(at, monkeypatch):
    for url in (None, f"http://127.0.0.1:{free_port()}/api"):
        if url:
            monkeypatch.setenv("PREFECT_API_URL", url)
        found = at.examined()
        ((mark, sentence),) = found["prefect-server"]
        assert mark == "fail"
        assert "No Prefect server answers at http://127.0.0.1:" in sentence
        assert "start casebeat serve" in sentence
        assert found["worker"] == [("skip", "Not looked at: put prefect-server right first.")]
        assert found["outbox"][0][0] == "ok"
