"""The flow `replies`, run by Prefect: no work without a mailbox, and a sentence where the mailbox is unreachable."""

import tempfile
from pathlib import Path

import pytest

from tasks.servers import postgres
from tests.support import preloaded
from tests.support.casebeat import today
from tests.support.post import free_port

pytestmark = pytest.mark.prefect
RUN = "from flows.replies import replies; replies()"


def run(prefect, home, **settings):
    env = {**prefect.told, "CASEBEAT_HOME": str(home), "PATH": "/usr/bin:/bin", **settings}
    return preloaded.run(RUN, env=env, within=120)


def test_it_does_nothing_without_a_mailbox_and_says_what_is_wrong_with_one(prefect):
    away = {
        "CASEBEAT_REPLIES__HOST": "127.0.0.1", "CASEBEAT_REPLIES__PORT": str(free_port()),
        "CASEBEAT_REPLIES__USER": "u", "CASEBEAT_REPLIES__PASSWORD": "SECRET-WORD",
        "CASEBEAT_REPLIES__ADDRESS": "replies@surrey.police.uk",
    }  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="casebeat-replies-") as made:
        home = Path(made)
        nothing = run(prefect, home)
        broken = run(prefect, home, **away)
        postgres.stop(home)
    assert nothing.returncode == 0, nothing.stderr
    assert broken.returncode == 1
    assert "The reply mailbox cannot be reached (ConnectionRefusedError)." in broken.stderr
    assert "SECRET-WORD" not in broken.stdout + broken.stderr
    name = f"replies {today()}"
    assert prefect.runs(name) == [(name, "COMPLETED"), (name, "FAILED")]
