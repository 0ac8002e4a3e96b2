"""A case that went through all that Casebeat does, and of which all is over; days later it may be purged."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.worlds import sittings as sat
from tests.worlds.days import day
from tests.worlds.one_case import CASE, WholeBook

PURGED_ON = "Tue 1 Jun 2027"
URN = "45ZZ0000126"
TRACES = (  # the case's own, as they occur
    "45/1234", URN, "KEYOFASUSPECT", "KEYOFAVICTIM", "A-CANARY", "U-CANARY", "D-CANARY", "Secret Words",
)  # fmt: skip


class OverBook(WholeBook):
    """`WholeBook` in virtual time. Its case has a URN, keys, an order, rows of every kind, and a sitting."""

    def __init__(self, engine: Engine, run_cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
        super().__init__(engine, run_cli, suspect_key="KEYOFASUSPECT", victim_key="KEYOFAVICTIM")
        self.say("insert into case_keys (urn_root) values (:urn)", urn=URN)
        self.link("45/1234")

    def link(self, case_ref: str) -> None:
        """Give a case the URN."""
        self.say(
            """update cases set urn_key_id = (select id from case_keys where urn_root = :urn), urn_suffix = '1'
               where case_ref = :ref""",
            urn=URN, ref=case_ref,
        )  # fmt: skip

    def live(self) -> None:
        """Live through March 2026: letters, a promise, a completion, a sitting with its outcome, a reply, a thread."""
        self.action("A-CANARY")
        self.belongs("orders", order_ref="O-1", kind="restraining_order", made_on="2026-03-05", expires_on="2026-05-01")
        self.belongs("incidents", incident_ref="I-1", occurred_on="2026-03-01", reported_on="2026-03-02", breach=False)
        self.belongs("suspects", suspect_ref="U-CANARY", suspect_key="KEYOFASUSPECT")
        self.belongs("defendants", defendant_ref="D-CANARY")
        self.whole_round("Mon 9 Mar 2026")
        self.whole_round("Tue 17 Mar 2026")
        self.done(self.acknowledge("Tue 17 Mar 2026", "Fri 20 Mar 2026", by="S1", what="supervisor-review"))
        self.done(self.cli("complete-action", CASE, "A-CANARY", "--by", "P1", "--as-of", "2026-03-17"))
        ref = sat.sits(self, "Wed 11 Mar 2026")
        self.say(
            "insert into agendas (sitting_id, occasion, day, made_on, digest, seen) "
            "select id, 'before', day, day, 'x', jsonb_build_object((select min(id) from cases), '[]') from sittings"
        )
        self.say(
            """insert into invitations (sitting_id, contact_ref, sequence, told_on, event)
               select s.id, 'P1', 0, s.day, jsonb_build_object('minutes', 10, 'was', null,
                      'cases', jsonb_build_array(jsonb_build_array(c.id, s.starts_at, true)))
               from sittings s, cases c"""
        )
        self.say(
            """insert into earlier_days (key_id, name, day, until_on)
               select id, 'victim_told_on', opened_on, opened_on from cases"""
        )
        self.say(
            """insert into seen_changes (key_id, suspect_ref, kind, seen_on, since_on)
               select id, 'U-CANARY', 'bail_extended', opened_on, opened_on from cases"""
        )
        self.say(
            """insert into confirmations (case_id, by_ref, confirmed_on, made_at)
               select id, 'S1', opened_on, opened_on from cases"""
        )
        self.say(
            """insert into listed_patterns (message_id, case_id, keys)
               select max(m.id), min(c.id), array['incidents:2'] from messages m, cases c"""
        )
        self.done(sat.record(self, ref, *sat.HELD, as_of="Tue 17 Mar 2026"))
        self.say(
            """insert into replies (identity, day, read_at, contact_ref, obligation_id, answered)
               select 'x', '2026-03-17', '2026-03-17 09:00Z', 'P1', min(id), 'promised' from obligations
               where case_id is not null"""
        )
        self.say(
            """insert into messages (key, kind, channel, day, state, due_at, body, text)
               values ('thread:1', 'thread', 'slack', '2026-03-17', 'unknown', '2026-03-17 09:00Z', 'x', null),
                      ('post:1', 'post', 'slack', '2026-03-17', 'sent', '2026-03-17 09:00Z', null, null),
                      ('x', 'operations', 'email', '2026-03-17', 'sent', '2026-03-17 09:00Z', null, 'See 45/1234.')"""
        )
        self.say("insert into threads (message_id, case_id, place) "
                 "select m.id, c.id, '45' from messages m, cases c where m.key = 'thread:1'")  # fmt: skip
        self.say("""insert into thread_posts (message_id, thread_id, notification_id)
                    select p.id, t.message_id, (select min(id) from notifications) from messages p, threads t
                    where p.key = 'post:1'""")  # fmt: skip
        self.say("""insert into clicks (channel_id, ts, key, click, slack_user_id, nonce, heard_at, state, answer)
                    values ('C1', '1', 'k', 'acknowledge', 'U1', 'n', '2026-03-17 09:00Z', 'done', 'It is 45/1234.')""")

    def done(self, ran: Any) -> None:
        assert ran.code == 0, ran.err

    def finalise(self, on: str, case_ref: str = "45/1234") -> None:
        """Finalise a case on a day, and end what it owes."""
        self.say("update cases set finalised_on = :on, finalised_reason = 'nfa_cps', projection = 'evaluated' "
                 "where case_ref = :ref", on=day(on), ref=case_ref)  # fmt: skip
        self.say("update obligations set ended_on = :on, end_reason = 'out_of_scope', next_step_on = null "
                 "where ended_on is null and case_id in (select id from cases where case_ref = :ref)",
                 on=day(on), ref=case_ref)  # fmt: skip
        self.say("update convenings set ended_on = :on, \"end\" = 'closed' where ended_on is null "
                 "and case_id in (select id from cases where case_ref = :ref)", on=day(on), ref=case_ref)  # fmt: skip

    def settled(self, on: str = PURGED_ON) -> None:
        """Note a round of a day, so that a purge of it trusts the clock; messages are sent or will never be."""
        self.say("update messages set state = 'silent' where state in ('queued', 'claimed', 'sending', 'retry')")
        self.say("insert into rounds (force_code, day, began_at, ended_at, account) "
                 "values ('45', :on, :on, :on, '{}')", on=day(on))  # fmt: skip

    def purge(self, *more: str, on: str = PURGED_ON) -> Any:
        """Run `casebeat purge`."""
        return self.cli("purge", *more, "--as-of", day(on).isoformat())

    def purged(self, *more: str, on: str = PURGED_ON) -> dict[str, Any]:
        """Run `casebeat purge --json`, and return its classes by name."""
        ran = self.purge(*more, "--json", on=on)
        assert ran.code == 0, ran.err
        return {one["class"]: one for one in json.loads(ran.out)["classes"]}

    def traced(self) -> dict[str, list[str]]:
        """Return the tables in which something of the case is found, as text, with what is found there."""
        found: dict[str, set[str]] = {}
        with self.engine.connect() as connection:
            names = connection.execute(text("select tablename from pg_tables where schemaname = 'public'")).scalars()
            for name in list(names):
                for row in connection.execute(text(f"select t::text from {name} t")).scalars():
                    found.setdefault(name, set()).update(trace for trace in TRACES if trace in row)
        return {name: sorted(traces) for name, traces in found.items() if traces}
