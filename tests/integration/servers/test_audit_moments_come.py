"""From 1.0.0 on: the database sets the moments of audit rows and makes their seals, in a book with messages queued."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.configured import configured
from models.migrations import FIRST
from tasks.audit_log import sealing, verifying
from tasks.outbox.delivery import deliver
from tasks.servers import database as way
from tasks.servers import migrate
from tests.support.older_database import older_database

AT = datetime(2026, 3, 17, 9, tzinfo=UTC)
A_ROW = "insert into audit (verb, by, about, ref, reason) values ('collection', 'x', 'extract', '{}', 'intake')"
A_SEAL = """
    insert into audit_seals (number, sealed_at, ids, row_count, reach, marks, digest)
    select 1, now(), range_agg(int8range(id, id, '[]')), 2, 2, string_agg(substring(digest for 8), '' order by id),
           sha256(string_agg(digest, '' order by id) || convert_to(
               format('%s %s %s', 1, extract(epoch from now()), range_agg(int8range(id, id, '[]'))), 'UTF8'))
    from (select id, sha256(convert_to(jsonb_build_array(id, extract(epoch from at)::text, verb, by, about, ref, to_ref,
                                                         reason, detail)::text, 'UTF8')) as digest from audit) hashed"""
A_MESSAGE = """
    insert into messages (key, kind, channel, day, due_at, text)
    values ('daily:2026-03-17', 'operations', 'email', '2026-03-17', '2026-03-17 08:00Z', 'All is well.')"""
ERASED = "insert into erasures (digest, erased_on) values (sha256('case 45/45/1'), '2026-03-01')"
FILLED = (A_ROW.format("X1"), A_ROW.format("X2"), A_MESSAGE, ERASED)


def test_rows_seals_and_messages_stay_and_digests_without_a_key_go(
    server: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with older_database(server, FIRST, FILLED) as made:
        made.run(A_SEAL)  # of rows of an earlier transaction
        before = made.ask("select id, at, ref from audit order by id")
        assert migrate.migrate(made.url) == FIRST
        assert made.ask("select id, at, ref from audit order by id") == before
        assert made.ask("select count(*) from erasures") == [(0,)]
        monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("CASEBEAT_DATABASE_OWNER_URL", made.url)
        monkeypatch.setenv("CASEBEAT_DATABASE_URL", made.url.replace("casebeat_owner", "casebeat_app"))
        monkeypatch.setenv("CASEBEAT_MAIL__OPERATIONS", "ops@surrey.police.uk")
        way.close()
        for _ in range(2):
            deliver(configured(), AT)
        said = [mail for mail in (tmp_path / "home" / "mail" / "new").iterdir() if b"All is well." in mail.read_bytes()]
        assert len(said) == 1
        sealing.seal()
        verified = verifying.verify([], lambda *_: None)
        assert (verified.broken, verified.unsealed) == (None, 0)
        assert verified.seals >= 2
        way.close()
