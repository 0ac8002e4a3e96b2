"""The generated column `quorate`."""

from itertools import product

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.support.older_database import A_SITTING, A_SOURCE

FLAGS = (True, False)
REVIEWS = list(product(("joint", "supervisor"), FLAGS, FLAGS))
OUTCOMES = list(product(FLAGS, FLAGS, FLAGS))


def _fill(connection: Connection) -> None:
    """One review and one outcome of every kind and attendance."""
    for statement in (A_SOURCE, "insert into case_keys (force_code, case_ref) values ('45', '45/1234')", A_SITTING):
        connection.execute(text(statement))
    for number, (kind, police, cps) in enumerate(REVIEWS):
        connection.execute(
            text(
                """insert into reviews (review_ref, source_id, key_id, kind, held_on, police_attended, cps_attended)
                   select :ref, s.id, k.id, :kind, '2026-03-16', :police, :cps from sources s, case_keys k"""
            ),
            {"ref": f"R{number}", "kind": kind, "police": police, "cps": cps},
        )
    for number, (held, police, cps) in enumerate(OUTCOMES):
        connection.execute(
            text(
                """with v as (
                       insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, convened_on,
                                               ended_on)
                       select :number, id, :number, day, day, 'due', day, day from sittings returning id)
                   insert into outcomes (convening_id, held, police_attended, cps_attended, recorded_on, recorded_at)
                   select id, :held, :police, :cps, '2026-03-17', '2026-03-17 12:00Z' from v"""
            ),
            {"number": number, "held": held, "police": police, "cps": cps},
        )


def _check(connection: Connection) -> None:
    reviews = connection.execute(text("select kind, police_attended, cps_attended, quorate from reviews"))
    assert sorted(map(tuple, reviews)) == sorted((*one, one == ("joint", True, True)) for one in REVIEWS)
    outcomes = connection.execute(text("select held, police_attended, cps_attended, quorate from outcomes"))
    assert sorted(map(tuple, outcomes)) == sorted((*one, one == (True, True, True)) for one in OUTCOMES)


def test_new_rows_get_the_column(connection):
    _fill(connection)
    _check(connection)


@pytest.mark.parametrize("column", ["kind", "police_attended", "cps_attended"])
def test_an_attendance_that_nobody_gave_is_refused(connection, column):
    _fill(connection)
    with pytest.raises(DBAPIError, match="NotNullViolation"), connection.begin_nested():
        connection.execute(text(f"update reviews set {column} = null"))


def test_the_column_follows_a_correction(connection):
    _fill(connection)
    connection.execute(text("update reviews set cps_attended = true where review_ref = 'R1'"))
    assert connection.execute(text("select quorate from reviews where review_ref = 'R1'")).scalar_one()


def test_nobody_writes_the_column_by_hand(connection):
    _fill(connection)
    with pytest.raises(DBAPIError, match="GeneratedAlways"), connection.begin_nested():
        connection.execute(text("update reviews set quorate = true"))
