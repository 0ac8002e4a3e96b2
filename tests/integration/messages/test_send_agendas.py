"""Which sittings are listed and have an agenda to send: days, moments and cases at each boundary."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, select

from models.errors import Refuse
from models.outbox import Message
from models.queries.reviews import agenda as queries
from models.sittings import AgendaRow
from tasks.messages.agenda.send_agendas import _send, page, to_come
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import TUESDAY

DAY = timedelta(days=1)
TEN = datetime(2026, 3, 17, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_sittings_of_today_and_the_next_92_days_are_listed(database: Engine) -> None:
    with database.begin() as connection:
        rows = ReviewRows(connection)
        for days in (-1, 0, 92, 93):
            rows.sitting(f"s{days}", TUESDAY + days * DAY)
    assert [one.ref for one in to_come(TUESDAY)] == ["s0", "s92"]


def test_a_sitting_that_is_not_there_is_refused_with_those_that_are_like_it(database: Engine) -> None:
    with database.begin() as connection:
        ReviewRows(connection).sitting("45-south-east-2026-06-17", TUESDAY + 92 * DAY)
    with pytest.raises(Refuse, match="Did you mean 45-south-east-2026-06-17"):
        page("45-south-east-2026-06-16", TUESDAY)


@pytest.fixture
def rows(connection: Connection) -> ReviewRows:
    """A sitting at ten today, with a chair and a case."""
    made = ReviewRows(connection)
    made.contact("K1", roles=("lead",))
    made.contact("SP1", roles=("spoc",))
    made.contact("CS1", roles=("spoc",), agency="cps", force_codes=[], cps_areas=["South East"])
    sitting = made.sitting("s1", TUESDAY, chair_ref="K1", starts_at=TEN)
    made.convening(made.case_of("1"), sitting)
    return made


def send(rows: ReviewRows, at: datetime = TEN - 2 * 60 * MINUTE) -> int:
    sitting = queries.sitting(rows.connection, "s1", TUESDAY)
    assert sitting is not None
    return _send(rows.connection, sitting, TUESDAY, at)


@pytest.mark.parametrize(("at", "written"), [(TEN - MINUTE, 3), (TEN, 0), (TEN + MINUTE, 0)])
def test_an_agenda_is_sent_until_its_sitting_begins(rows: ReviewRows, at: datetime, written: int) -> None:
    assert send(rows, at) == written


def test_a_sitting_without_a_case_has_none_and_one_is_sent_once(rows: ReviewRows) -> None:
    assert (send(rows), send(rows)) == (3, 0)
    rows.connection.exec_driver_sql("delete from agendas")
    rows.connection.exec_driver_sql("update convenings set ended_on = '2026-03-17', \"end\" = 'moved'")
    assert send(rows) == 0


def refs(rows: ReviewRows) -> list[str]:
    found = rows.found(select(Message.contact_ref).where(Message.key.contains(":morning:")))
    return sorted(str(ref) for (ref,) in found)


def before(rows: ReviewRows, *had: str, keep_digest: bool) -> None:
    """Let these people have had an agenda before; its content is the same, or another."""
    send(rows)
    rows.connection.exec_driver_sql("delete from messages")
    rows.connection.exec_driver_sql("update agendas set occasion = 'before'")
    if not keep_digest:
        rows.connection.exec_driver_sql("update agendas set digest = 'another', seen = '{}'")
    for ref in had:
        rows.message(ref, kind="agenda", key=f"agenda:s1:{ref}:before:{TUESDAY}")


def test_on_the_morning_the_same_agenda_goes_to_who_had_none_and_another_to_everybody(rows: ReviewRows) -> None:
    before(rows, "K1", "SP1", keep_digest=True)
    assert (send(rows), refs(rows)) == (1, ["CS1"])


def test_an_agenda_with_other_cases_goes_to_all_but_those_who_are_barred_from_what_changed(rows: ReviewRows) -> None:
    rows.connection.exec_driver_sql("update cases set barred_refs = '{SP1,CS1}'")
    before(rows, "K1", "SP1", keep_digest=False)
    assert (send(rows), refs(rows)) == (2, ["CS1", "K1"])
    assert len(rows.found(select(AgendaRow.id))) == 2


def test_where_everybody_had_the_same_agenda_none_is_kept(rows: ReviewRows) -> None:
    before(rows, "K1", "SP1", "CS1", keep_digest=True)
    assert (send(rows), len(rows.found(select(AgendaRow.id)))) == (0, 1)
