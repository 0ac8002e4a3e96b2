"""The content of an agenda as it is gathered: against which agendas it is new, and a case that cannot be read."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, text

from config.message_kinds import MessageKind
from flows.configured import configured
from tasks.messages.agenda.composing import AgendaBatch, GatheredAgenda, agenda, gather
from tasks.messages.composing import MessageBatch
from tasks.messages.contexts import FactsAsOf
from tests.worlds.messages import held
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

DAY = timedelta(days=1)
YESTERDAY = TUESDAY - DAY


@pytest.fixture
def rows(connection: Connection) -> ReviewRows:
    """A sitting with a case, whose agenda of yesterday had another case too."""
    made = ReviewRows(connection)
    made.contact("sp1", roles=("spoc",))
    sitting = made.sitting("s1", TUESDAY + DAY, chair_ref="sp1")
    here, gone = made.case_of("1"), made.case_of("2")
    made.convening(here, sitting, slot=1)
    made.convening(gone, sitting, slot=0, ended_on=TUESDAY, end="moved")
    made.agenda(sitting, TUESDAY + DAY, made_on=YESTERDAY, seen={str(here): ["risk:high"], str(gone): []})
    return made


def gathered(rows: ReviewRows, since: date | None = None) -> GatheredAgenda:
    found = gather(configured(), rows.connection, "s1", TUESDAY, since)
    assert found is not None
    return found


def test_news_is_since_the_agendas_of_the_days_before(rows: ReviewRows) -> None:
    found = gathered(rows)
    assert (found.sitting.earlier_on, [one.reference for one in found.left]) == (YESTERDAY, ["45/2"])
    ((_, case),) = found.cases
    assert case is not None
    assert (case.first, bool(case.news), case.came) == (False, True, False)


def test_an_agenda_that_waited_is_new_against_those_before_the_day_on_which_it_was_decided(rows: ReviewRows) -> None:
    found = gathered(rows, YESTERDAY)
    assert (found.sitting.earlier_on, found.left) == (None, ())
    ((_, case),) = found.cases
    assert case is not None
    assert (case.first, case.news) == (True, frozenset())


def test_an_agenda_says_of_which_day_the_facts_are_of_a_file_that_a_source_of_its_force_leaves_out(
    rows: ReviewRows,
) -> None:
    rows.connection.exec_driver_sql("update sources set covers = '{45}'")
    rows.connection.exec_driver_sql(
        """insert into source_files (source_id, file, sent_at, left_out_at)
           select id, 'actions.csv', '2026-03-13 05:00Z', '2026-03-16 05:00Z' from sources"""
    )
    old = FactsAsOf(day=date(2026, 3, 13), places=("Surrey (45)",), files=("actions.csv",))
    assert agenda(gathered(rows), None).as_of == (old,)


def test_an_agenda_of_a_batch_is_gathered_as_of_the_day_of_its_message(rows: ReviewRows) -> None:
    given = {"key": "agenda:s1:sp1:before", "kind": MessageKind.AGENDA}
    messages = [held("sp1", **given, day=day) for day in (YESTERDAY, TUESDAY)]
    batch = AgendaBatch(rows.connection, messages, MessageBatch(configured(), rows.connection, messages, AT_NINE))
    earlier = {day: found.sitting.earlier_on for (_, day), found in batch.gathered.items() if found}
    assert earlier == {YESTERDAY: None, TUESDAY: YESTERDAY}


def test_a_case_that_cannot_be_read_stops_no_other(rows: ReviewRows) -> None:
    rows.convening(rows.case_of("3", suspect_status="custody"), _sitting(rows), slot=2)
    rows.connection.execute(text("update cases set classification = 'of-tomorrow' where case_ref = '3'"))
    found = gathered(rows)
    assert [(one.reference, case is not None) for one, case in found.cases] == [("45/1", True), ("45/3", False)]


def _sitting(rows: ReviewRows) -> int:
    return int(rows.connection.execute(text("select id from sittings")).scalar_one())


def test_there_is_no_agenda_of_a_sitting_that_is_not_there(rows: ReviewRows) -> None:
    assert gather(configured(), rows.connection, "nowhere", TUESDAY) is None
