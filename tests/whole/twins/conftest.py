"""The fixture of two books of a panel, each with a database and a data directory of its own."""

from itertools import count

import pytest

from tasks.servers import database as way
from tasks.servers import postgres
from tests.worlds.panel_twins import HIDDEN, TwinPanel, Twins, sent

_numbers = count(1)


@pytest.fixture
def twins(server, copies, run_cli, tmp_path, monkeypatch):
    """Live the same days in a book with the hidden case and in one without."""

    def life(events, last, **panel):
        number = next(_numbers)
        name, folder = f"twin_{number}", tmp_path / str(number)
        folder.mkdir()
        copies.give(name)
        monkeypatch.setenv("CASEBEAT_HOME", str(folder / "home"))
        monkeypatch.setenv("CASEBEAT_DATABASE_URL", postgres.url(server, database=name))
        monkeypatch.setenv("CASEBEAT_DATABASE_OWNER_URL", postgres.url(server, database=name, role="casebeat_owner"))
        try:
            world = TwinPanel(way.engine(), run_cli, folder, monkeypatch, **panel)
            world.lives(events, last)
            return sent()
        finally:
            way.close()
            copies.take_back(name)

    def both(events, last, **panel):
        others = [event for event in events if event.case_ref != HIDDEN]
        return Twins(life(events, last, **panel), life(others, last, **panel))

    return both
