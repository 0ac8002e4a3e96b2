"""Which agendas that were made count no more."""

from datetime import timedelta

from models.queries.reviews import made_agendas
from tests.worlds.rows import TUESDAY

WEEK = TUESDAY + timedelta(days=7)


def test_an_agenda_of_cases_alone_that_bar_somebody_is_forgotten_once_another_case_sits_there(rows):
    apart, other, moved = rows.case_of("1", barred_refs=["x"]), rows.case_of("2"), rows.case_of("3")
    sits = rows.sitting("s", WEEK)
    rows.agenda(sits, WEEK, made_on=TUESDAY, seen={str(apart): ["line"]})
    rows.convening(apart, sits)
    rows.convening(moved, sits, slot=1, end="moved", ended_on=TUESDAY)
    assert not made_agendas.forget_apart(rows.connection, sits)
    rows.convening(other, sits, slot=2)
    assert made_agendas.forget_apart(rows.connection, sits)
    rows.agenda(sits, WEEK, made_on=TUESDAY, seen={str(apart): ["line"], str(other): ["line"]})
    assert not made_agendas.forget_apart(rows.connection, sits)
