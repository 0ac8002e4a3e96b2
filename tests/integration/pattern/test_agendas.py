"""Related cases on an agenda: what a reader is shown of them is kept with it, and audited once it is sent."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from config.days.london import at_london
from config.message_kinds import MessageKind
from config.terms import State
from flows.configured import configured
from models.audit import AuditRow
from models.queries import pattern
from models.queries.outbox import outbox
from tasks.messages.agenda.composing import AgendaBatch
from tasks.messages.agenda.send_agendas import send
from tasks.messages.composing import MessageBatch
from tasks.outbox import digests
from tasks.outbox.delivery import deliver
from tests.worlds import sittings as sat
from tests.worlds.days import day
from tests.worlds.messages import held
from tests.worlds.one_case import WholeBook
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

KEY = "e5" * 8
SAT = TUESDAY + timedelta(days=1)


@pytest.fixture
def rows(connection: Connection) -> ReviewRows:
    """A sitting of three cases with related ones: one is restricted, and one bars sp2."""
    made = ReviewRows(connection)
    made.contact("sp1", roles=("spoc",), restricted_access=True)
    made.contact("sp2", roles=("spoc",))
    sitting = made.sitting("s1", SAT, chair_ref="sp1")
    for slot, given in enumerate(({}, {"restricted": True}, {"barred_refs": ["sp2"]}), start=1):
        near = dict.fromkeys(("suspect_key", "victim_key"), f"{KEY}{slot}")
        made.convening(made.case_of(f"{slot}", **near, **given), sitting, slot=slot)
        made.case_of(f"near-{slot}", "46", suspect_key=near["suspect_key"])
    made.case_of("near-too", victim_key=f"{KEY}1")
    return made


def shown(rows: ReviewRows, ref: str | None) -> dict[int, Any]:
    one = held(ref, key=f"agenda:s1:{ref}:before", kind=MessageKind.AGENDA, day=TUESDAY)
    known = MessageBatch(configured(), rows.connection, [one], AT_NINE)
    made = AgendaBatch(rows.connection, [one], known).compose(one, known)
    assert made.context is not None
    return dict(made.listed or {})


def test_each_reader_is_shown_the_relations_of_the_cases_that_they_read(rows: ReviewRows) -> None:
    ids = dict(rows.connection.execute(text("select case_ref, id from cases")).all())
    first = [f"same_suspect:{ids['near-1']}", f"same_victim:{ids['near-too']}"]
    second, third = ([f"same_suspect:{ids[f'near-{slot}']}"] for slot in (2, 3))
    assert shown(rows, "sp1") == {ids["1"]: first, ids["2"]: second, ids["3"]: third}
    assert shown(rows, "sp2") == shown(rows, None) == {ids["1"]: first}


@pytest.mark.parametrize("enclosed", [False, True])
def test_they_are_audited_when_the_agenda_is_sent_alone_or_in_a_letter(rows: ReviewRows, enclosed: bool) -> None:
    ref = "sp1" if enclosed else None
    letter = rows.message("sp1", state="sending") if enclosed else None
    agenda = rows.message(ref, kind=MessageKind.AGENDA, letter_id=letter, state="queued" if enclosed else "sending")
    pattern.keep(rows.connection, agenda, shown(rows, None))
    outbox.settle(rows.connection, [letter or agenda], State.SENT, reason="", as_of=AT_NINE)
    found = select(AuditRow).where(AuditRow.verb == "combination").order_by(AuditRow.reason)
    told = [(row.ref, row.to_ref, row.reason, row.detail["cases"]) for row in rows.connection.execute(found)]
    to = ref or "operations"
    assert told == [("45/1", to, "same_suspect", ["46/near-1"]), ("45/1", to, "same_victim", ["45/near-too"])]


def test_an_agenda_that_is_delivered_or_printed_leaves_both_rows(database, run_cli, monkeypatch) -> None:
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    book = WholeBook(database, run_cli, suspect_key=KEY)
    book.case("45/NEAR", suspect_key=KEY, classification="harassment", offence_codes=["PH97004"])
    book.whole_round("Mon 9 Mar 2026")
    ref = sat.sits(book, "Wed 11 Mar 2026")
    at = at_london(day("Tue 10 Mar 2026"))
    send(configured(), at.date(), at)
    digests.group(configured(), at.date(), at)
    deliver(configured(), at + timedelta(hours=1))
    asked = """select a.by, a.to_ref, a.detail->'cases', a.detail->>'message' ^@ 'agenda:' from audit a
               where a.verb = 'combination' and a.about = 'case' and a.ref = '45/45/1234'"""
    sent = book.ask(asked)
    assert ("casebeat", "SP1", ["45/45/NEAR"], True) in sent, sent
    assert "45/45/NEAR" in book.cli("agenda", ref, "--as-of", "2026-03-10").out
    assert [one[1:] for one in book.ask(asked) if one not in sent] == [(None, ["45/45/NEAR"], None)]
