"""The night's backup by Prefect: green with its file and its test, red in a sentence where none can be made."""

import pytest

from tests.support import preloaded
from tests.support.casebeat import casebeat
from tests.worlds.extracts import a_case, a_contact, write

pytestmark = pytest.mark.prefect
RUN = """
from flows.backup import backup
state = backup(return_state=True)
print("ENDED", state.type.value, state.message)
"""


def test_a_night_is_backed_up_and_tried_and_one_without_a_folder_is_red(prefect, home, tmp_path):
    write(tmp_path / "extract", {"contacts.csv": [a_contact()], "cases.csv": [a_case("SECRET-1")]})
    assert casebeat(home, "intake", str(tmp_path / "extract")).returncode == 0
    told = {**prefect.told, "CASEBEAT_HOME": str(home)}
    ran = preloaded.run(RUN, env=told)
    (file,) = (home / "backups").iterdir()
    assert f"rows are in {file} (" in ran.stdout, ran.stdout + ran.stderr
    assert "ENDED COMPLETED " in ran.stdout
    assert "It was restored beside the book, with every row that it counts." in ran.stdout
    assert not (home / "backup-test").exists()
    (tmp_path / "file").touch()
    red = preloaded.run(RUN, env={**told, "CASEBEAT_BACKUP__FOLDER": str(tmp_path / "file")})
    assert "ENDED FAILED " in red.stdout, red.stdout + red.stderr
    none = preloaded.run(RUN, env={**told, "CASEBEAT_BACKUP__ELSEWHERE": "true"})
    assert "ENDED COMPLETED No backup was made: " in none.stdout
