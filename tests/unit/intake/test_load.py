"""One folder after another: whether it is loaded, known already or refused, and whose fault a fault is."""

import errno

import psycopg2
import pytest

from models.errors import Refuse
from tasks.intake.faults import refusal_of


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Refuse("why"), "why"),
        (ValueError("secret"), "An unexpected fault ended its loading (ValueError"),
        (OSError(errno.EIO, "x"), "An unexpected fault ended its loading (OSError"),
    ],
)
def test_a_fault_of_the_folder_is_its_refusal(error, sentence):
    assert refusal_of(error).startswith(sentence)
    assert "secret" not in refusal_of(error)


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), psycopg2.OperationalError("gone")])
def test_a_fault_of_the_machine_or_the_database_is_no_folders(error):
    with pytest.raises(type(error)):
        refusal_of(error)
    other = ValueError("x")
    other.errno = errno.ENOSPC  # type: ignore[attr-defined]
    assert refusal_of(other).startswith("An unexpected fault")
