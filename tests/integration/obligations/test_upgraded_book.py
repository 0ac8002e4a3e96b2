"""A book that the version before made, with a message on its way: the new rules tell nobody of all of it at once."""

from collections.abc import Iterator

import pytest

from config.days.london import at_london
from tasks.obligations import projection
from tasks.servers import database as way
from tasks.servers import migrate
from tests.support.older_database import A_SOURCE, OlderDatabase, older_database
from tests.worlds.days import day

TODAY = day("Mon 2 Mar 2026")  # the day after the source's last extract
FILLED = (
    A_SOURCE,
    "insert into case_keys (force_code, case_ref) select '45', 'C' || n from generate_series(1, 3) n",
    """insert into cases (id, source_id, force_code, case_ref, cps_area, opened_on, offence_codes, classification, risk,
                          oic_ref, suspect_status, finalised_on, finalised_reason)
       select k.id, s.id, '45', k.case_ref, 'South East', '2024-03-04', '{PH97011}', 'stalking', 'high', 'P1',
              case when k.case_ref <> 'C3' then 'bail' end, case when k.case_ref = 'C3' then date '2024-06-03' end,
              case when k.case_ref = 'C3' then 'nfa_police' end
       from sources s, case_keys k""",
    """insert into orders (order_ref, key_id, source_id, kind, made_on, expires_on)
       select 'O' || id, id, source_id, 'spo', '2024-04-01', '2028-04-01' from cases""",
    """insert into extracts (extract_id, content, source_name, state, judged_at, counts)
       values ('1', '1', 'niche-45', 'loaded', '2026-03-01 05:00Z', '{"cases.csv": {}, "orders.csv": {}}')""",
    """insert into messages (key, kind, contact_ref, channel, day, state, due_at)
       values ('digest:P1:email:2026-03-01', 'digest', 'P1', 'email', '2026-03-01', 'retry', '2026-03-01 09:00Z')""",
)
NEW = (
    "bail-end-unknown", "custody-limit-unknown", "charge-code-unknown", "bail-views", "release-review", "victim-told",
    "nfa-review", "order-told", "spo-notification", "charge-not-stalking",
)  # fmt: skip


@pytest.fixture
def upgraded(server, monkeypatch: pytest.MonkeyPatch, tmp_path) -> Iterator[OlderDatabase]:
    with older_database(server, "0006", FILLED) as made:
        migrate.migrate(made.url)
        monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("CASEBEAT_DATABASE_URL", made.url)
        try:
            yield made
        finally:
            way.close()


def test_no_new_rule_is_overdue_on_the_first_morning(upgraded):
    account = projection.project("45", TODAY, at_london(TODAY))
    assert account.balances
    assert account.failed == 0
    owed = upgraded.ask(f"select rule, due_on from obligations where rule in {NEW} order by rule, case_id")
    assert owed == [("bail-end-unknown", day("Tue 3 Mar 2026"))] * 2
    assert upgraded.ask("select state from messages") == [("retry",)]


def test_what_the_version_before_asked_is_still_asked(upgraded):
    projection.project("45", TODAY, at_london(TODAY))
    rules = {rule for (rule,) in upgraded.ask("select distinct rule from obligations where ended_on is null")}
    assert {"risk-assessment", "victim-contact", "joint-review", "order-expiry"} <= rules
    assert upgraded.ask("select count(*) from obligations where end_reason = 'unseen'") == [(0,)]
