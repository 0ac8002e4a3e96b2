"""The doctor's sentences about a database, by the state that it tells of itself."""

import pytest

from models.queries.rounds.doctor import DatabaseState
from tasks.rounds.doctor import database

WELL = DatabaseState(1, "casebeat", 180_006, elsewhere=True, encrypted=True, owns=False, changes_audit=False, lacks=())


@pytest.mark.parametrize(("version", "old"), [(149_999, True), (150_000, False), (180_006, False)])
def test_a_version_before_15_gets_no_fixes_any_more(found, version, old):
    state = WELL._replace(version=version)
    told = found(database, "postgresql", doctor__database_state=state, doctor__zone_is_known=True)
    assert [(mark, "PostgreSQL 14, which" in sentence) for mark, sentence in told] == [("warn", True)] * old


def test_a_server_without_londons_time_is_wrong(found):
    ((mark, sentence),) = found(database, "postgresql", doctor__database_state=WELL, doctor__zone_is_known=False)
    assert (mark, "lack Europe/London" in sentence) == ("fail", True)


@pytest.mark.parametrize(
    ("owns", "changes", "told"),
    [(False, False, []), (True, False, ["warn"]), (True, True, ["warn"]), (False, True, ["fail"])],
)
def test_a_login_that_owns_the_tables_or_may_change_the_log_is_found(found, owns, changes, told):
    state = WELL._replace(owns=owns, changes_audit=changes)
    assert [mark for mark, _ in found(database, "database-login", doctor__database_state=state)] == told


@pytest.mark.parametrize(
    ("elsewhere", "encrypted", "told"),
    [(True, True, []), (True, False, ["fail"]), (False, True, ["ok"]), (False, False, ["ok"])],
)
def test_only_what_goes_to_another_machine_has_to_be_encrypted(found, elsewhere, encrypted, told):
    state = WELL._replace(elsewhere=elsewhere, encrypted=encrypted)
    assert [mark for mark, _ in found(database, "database-encryption", doctor__database_state=state)] == told


@pytest.mark.parametrize(
    ("theirs", "words"),
    [
        ({"owns": True}, None),
        ({"owns": True, "server": 2}, "leads to another database"),
        ({"owns": True, "name": "other"}, "leads to another database"),
        ({"owns": False}, "does not own the tables"),
    ],
)
def test_the_owner_is_of_the_same_server_and_database_and_owns_it(found, put, theirs, words):
    put(DATABASE_OWNER_URL="postgresql+psycopg2://owner@127.0.0.1/casebeat")
    told = found(database, "database-owner", doctor__database_state=WELL, as_owner=WELL._replace(**theirs))
    assert [mark for mark, _ in told] == ["fail"] * (words is not None)
    assert all(words in sentence for _, sentence in told)


def test_without_an_owners_url_there_is_nothing_to_compare(found, put):
    put(DATABASE_OWNER_URL=None)
    ((mark, sentence),) = found(database, "database-owner")
    assert (mark, sentence[:22]) == ("ok", "No owner's URL is set:")
