"""A purge of cases: what goes, what stays, what is held back, and that it may die and be run again."""

import hashlib
import json

import pytest

from flows.configured import configured
from models.queries.retention import erasing
from tasks.platform.erased_digest import erased_digest
from tasks.retention import facts
from tests.integration.retention.over_book import PURGED_ON, OverBook
from tests.support.every_table import every_table


@pytest.fixture
def book(database, run_cli, monkeypatch):
    return OverBook(database, run_cli, monkeypatch)


def test_nothing_of_a_purged_case_is_left_but_in_the_audit_log(book):
    book.live()
    before = book.traced()
    rows = {name: book.ask(f"select count(*) from {name}")[0] for name in erasing.of_a_case()}
    assert {name for name, number in rows.items() if not number} <= {"holds", "cps_cases", "referrals", "pleas"}
    assert {"cases", "case_keys", "actions", "promises", "clicks", "messages"} <= before.keys()
    book.finalise("Wed 1 Apr 2026")
    book.settled()
    assert book.purged("facts", "--apply")["facts"]["forces"] == {"45": 1}
    assert book.traced().keys() == {"audit"}
    of_duties = {"obligations", "steps", "notifications"}  # which nobody's case is the subject of
    assert not any(book.ask(f"select count(*) from {name}")[0] for name in erasing.of_a_case().keys() - of_duties)
    assert book.ask("select count(*) from obligations where case_id is not null") == [0]
    assert book.ask("select seen from agendas") == [{}]
    assert book.ask("select event from invitations") == [{"minutes": 10, "was": None, "cases": []}]
    assert book.ask("select count(*) from messages where body is not null or text is not null") == [0]
    asked = "select ref, detail->>'over_on' from audit where verb = 'erasure' and about = 'case'"
    assert book.ask(asked) == [("45/45/1234", "2026-05-01")]


def test_what_other_cases_owe_from_a_purged_one_with_the_same_suspect_is_worked_out_again(book):
    book.case("45/SAME", suspect_key="KEYOFASUSPECT", projection="evaluated")
    book.case("45/OTHER", suspect_key="KEYOFANOTHER", projection="evaluated")
    book.finalise("Wed 1 Apr 2026")
    book.settled()
    book.say("update cases set projection = 'evaluated'")
    book.purged("facts", "--apply")
    assert book.ask("select case_ref from cases where projection = 'changed'") == ["45/SAME"]


def test_what_an_inspector_asks_of_a_purged_case_is_still_answered(book, tmp_path):
    book.live()
    agenda = ("agenda:x", "agenda", "select ref from sittings limit 1")
    act = ("act:x", "act", "select min(id)::text from acts")
    for key, kind, about in (agenda, act):
        book.say(f"""insert into messages (key, kind, contact_ref, channel, day, about, state, due_at)
                     select '{key}', '{kind}', 'SP1', 'email', coalesce((select made_on from acts where '{kind}' = 'act'
                            order by id limit 1), (select made_on from agendas limit 1)), ({about}), 'sent', now()""")
        book.say(f"insert into audit (verb, by, about, ref, reason) values ('disclosure', 'x', 'message', '{key}', '')")
    asked = ["audit", "export", "--case", "45/45/1234"]
    book.done(book.cli(*asked[:2], str(tmp_path / "before.jsonl"), *asked[2:]))
    book.finalise("Wed 1 Apr 2026")
    book.settled()
    book.purged("facts", "--apply")
    book.done(book.cli(*asked[:2], str(tmp_path / "after.jsonl"), *asked[2:]))
    before, after = (
        [json.loads(line) for line in (tmp_path / name).read_text().splitlines()]
        for name in ("before.jsonl", "after.jsonl")
    )
    assert {"message", "step", "promise", "action", "outcome"} <= {row["about"] for row in before}
    assert {"agenda:x", "act:x"} <= {row["ref"] for row in before}
    assert [row | {"seal": None} for row in after[: len(before)]] == [row | {"seal": None} for row in before]
    assert [(row["verb"], row["ref"]) for row in after[len(before) :]] == [("erasure", "45/45/1234")]


def test_no_agenda_goes_on_naming_a_case_that_was_erased_as_related(book):
    book.live()
    book.case("45/NEAR")
    named = '["incidents:1", "same_suspect:45/45/1234", "same_suspect:45/45/NEAR", "same_victim:45/45/1234"]'
    book.say(f"""insert into agendas (sitting_id, occasion, day, made_on, digest, seen)
                 select id, 'morning', day, day, 'x',
                        jsonb_build_object((select max(id) from cases), '{named}'::jsonb, 0, '["same_victim:"]'::jsonb)
                 from sittings""")
    book.finalise("Wed 1 Apr 2026")
    book.settled()
    assert book.purged("facts", "--apply")["facts"]["count"] == 1
    assert "agendas" not in book.traced()
    (left,) = (one for one in book.ask("select seen from agendas") if one)
    assert sorted(left.values()) == [[], ["incidents:1", "same_suspect:45/45/NEAR"]]


def test_a_dry_run_shows_what_would_go_and_changes_nothing(book):
    book.finalise("Wed 1 Apr 2026")
    book.settled()
    before = every_table(book.engine)
    ran = book.purge()
    assert (ran.code, ran.err) == (0, "")
    assert every_table(book.engine) == before
    assert ran.out.splitlines()[:7] == [
        "Nothing was erased. On Tue 1 Jun 2027 --apply would erase:",
        "  bodies    the text of 0 messages, up to Tue 1 Dec 2026",
        "  facts     1 case, over by Mon 1 Jun 2026",
        "            by force: 45 1",
        "  mail      0 mails in the data directory, up to Tue 1 Dec 2026",
        "  prefect   no Prefect server is set",
        "  audit     0 audit rows, up to Tue 1 Jun 2021",
    ]
    assert "Backups made before Tue 1 Jun 2027 still hold what is erased" in ran.out


def test_a_second_purge_finds_nothing(book):
    book.finalise("Wed 1 Apr 2026")
    book.settled()
    book.purged("--apply")
    before = every_table(book.engine)
    assert book.purged("--apply")["facts"]["count"] == 0
    assert {name for name, rows in every_table(book.engine).items() if rows != before[name]} == set()


AN_ORDER = """insert into orders (key_id, source_id, order_ref, kind, made_on, expires_on)
              select {}, 1, 'O', 'restraining_order', '2026-03-05', {} from cases"""
HELD_BACK = [
    ("nothing that is over a day too late", "Mon 1 Jun 2026", "", {}, 1),
    ("a day less than a year", "Tue 2 Jun 2026", "", {}, 0),
    ("an order without an end", "Wed 1 Apr 2026", AN_ORDER.format("id", "null"), {"an order without an end": 1}, 0),
    ("an order that ends later", "Wed 1 Apr 2026", AN_ORDER.format("id", "date '2026-06-02'"),
     {"what ended later": 1}, 0),
    ("an order of its URN that ends later", "Wed 1 Apr 2026", AN_ORDER.format("urn_key_id", "date '2026-06-02'"),
     {"what ended later": 1}, 0),
    ("something still owed", "Wed 1 Apr 2026",
     """insert into obligations (case_id, force_code, rule, subject, version, chain_from, edition, owed_by, due_on,
                                 remind_on, escalate_on, hard, stalls, because, began_on)
        select id, '45', 'order-told', 'case', 1, 1, 'x', 'police', '2026-04-01', '2026-04-01', '2026-04-01', false,
               false, '[]', '2026-04-01' from cases""", {"something still owed": 1}, 0),
    ("facts not worked out", "Wed 1 Apr 2026", "update cases set projection = 'changed'",
     {"facts not worked out yet": 1}, 0),
    ("a hold", "Wed 1 Apr 2026",
     """insert into holds (case_id, reason, by_ref, door, through_ref, held_at)
        select id, 'complaint', 'SP1', 'command', 'x', '2026-04-01 09:00Z' from cases""", {"a hold": 1}, 0),
    ("a hold that was released", "Wed 1 Apr 2026",
     """insert into holds (case_id, reason, by_ref, door, through_ref, held_at, released_at, released_by)
        select id, 'complaint', 'SP1', 'command', 'x', '2026-04-01 09:00Z', '2026-05-01 09:00Z', 'SP1' from cases""",
     {}, 1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("finalised", "statement", "back", "gone"), [pytest.param(*row[1:], id=row[0]) for row in HELD_BACK]
)
def test_a_case_goes_only_when_all_of_it_is_over(book, finalised, statement, back, gone):
    book.finalise(finalised)
    if statement:
        book.say(statement)
    book.settled()
    assert book.purged("facts")["facts"]["held_back"] == back
    assert book.purged("facts", "--apply")["facts"]["count"] == gone
    assert book.ask("select count(*) from cases") == [1 - gone]


def test_linked_cases_go_together_or_not_at_all(book):
    book.case("45/2")
    book.link("45/2")
    book.finalise("Wed 1 Apr 2026")
    book.settled()
    assert book.purged("facts", "--apply")["facts"]["held_back"] == {"a linked case that is open": 2}
    book.finalise("Tue 5 May 2026", "45/2")
    assert book.purged("facts", "--apply")["facts"]["count"] == 2
    assert book.ask("select count(*) from case_keys") == [0]


def test_a_purge_that_dies_goes_on_where_it_was(book, monkeypatch):
    for number in range(5):
        book.case(f"45/N{number}")
        book.finalise("Wed 1 Apr 2026", f"45/N{number}")
    book.finalise("Wed 1 Apr 2026")
    book.settled()
    monkeypatch.setattr(facts, "GROUPS", 2)
    erase, calls = erasing.erase, []

    def dies(*given):
        calls.append(given)
        erase(*given)
        if len(calls) == 2:
            raise RuntimeError

    monkeypatch.setattr(erasing, "erase", dies)
    assert book.purge("facts", "--apply").code == 1
    assert book.ask("select count(*) from cases") == [4]
    assert book.ask("select count(*) from erasures") == [3]  # of two cases, and of the URN of one
    assert book.purged("facts", "--apply")["facts"]["count"] == 4
    assert book.ask("select count(*) from audit where verb = 'erasure' and about = 'case'") == [6]


def test_no_reference_is_got_back_from_the_digests_of_erased_cases(book, monkeypatch):
    book.finalise("Wed 1 Apr 2026")
    book.settled()
    assert book.purged("facts", "--apply")["facts"]["count"] == 1
    digests = {bytes(digest) for digest in book.ask("select digest from erasures")}
    names = [f"{kind}45/1234" for kind in ("", "case ", "case 45/")]
    plain = {hashlib.new(kind, name.encode()).digest() for name in names for kind in ("sha256", "sha512", "md5")}
    assert digests
    assert not digests & plain
    assert erased_digest(configured())("case 45/45/1234") in digests
    monkeypatch.setenv("CASEBEAT_ERASURE_SECRET", "another secret than that of the file")
    assert erased_digest(configured())("case 45/45/1234") not in digests


def test_a_purge_long_after_the_last_round_is_refused(book):
    book.finalise("Wed 1 Apr 2026")
    assert book.purge("--apply").code == 2
    book.settled("Mon 3 May 2027")
    ran = book.purge("--apply")
    assert ran.code == 2
    assert "The last round was on Mon 3 May 2027, more than 28 days ago" in ran.err
    assert book.ask("select count(*) from cases") == [1]


def test_the_text_of_old_messages_goes_and_their_fate_stays(book):
    book.say(
        """insert into messages (key, kind, contact_ref, channel, day, state, due_at, body)
           values ('a', 'letter', 'P1', 'email', '2026-12-01', 'sent', '2026-12-01 08:00Z', 'x'),
                  ('b', 'letter', 'P1', 'email', '2026-12-02', 'sent', '2026-12-02 08:00Z', 'x'),
                  ('c', 'letter', 'P1', 'email', '2026-11-01', 'retry', '2026-11-01 08:00Z', 'x')"""
    )
    book.say("insert into rounds (force_code, day, began_at, account) values ('45', '2027-05-31', now(), '{}')")
    assert book.purged("bodies", "--apply", on=PURGED_ON)["bodies"]["count"] == 1
    assert book.ask("select key, state, body is null from messages order by key") == [
        ("a", "sent", True), ("b", "sent", False), ("c", "retry", False),
    ]  # fmt: skip
