"""The statements for composing invitations: the event, and its sitting, series and cases as they are now."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.queries.reviews import written_events
from models.rules.reviews.events import Event, InvitedEvent, SavedInvitation
from models.sittings import Convening, Invitation, SeriesRow
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

FRIDAY, SATURDAY, NEXT = date(2026, 3, 20), date(2026, 3, 21), date(2026, 3, 24)
AT = datetime(2026, 3, 20, 10, tzinfo=UTC)
EVENT = SavedInvitation(InvitedEvent(Event(AT, 20, "Room 2", ()), (), ())).as_json()


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def invite(rows, ref: str, sequence: int = 2, **given) -> None:
    rows.add(Invitation, **{"contact_ref": ref, "sequence": sequence, "event": EVENT, "told_on": TUESDAY} | given)


def series(rows, ref: str, rule: str = "Tue", area: str = "South East", force: str = "45", **given) -> int:
    return rows.put(SeriesRow, ref=ref, force_code=force, cps_area=area, rule=rule, **given)


def test_a_message_carries_the_event_of_its_sitting_and_reader(rows):
    here, gone = rows.sitting("here", FRIDAY, places=3), rows.sitting("gone", NEXT, cancelled_on=TUESDAY)
    full, held, left = (rows.sitting(ref, FRIDAY, area=ref) for ref in ("full", "held", "left"))
    for case_id, (sitting, ended) in enumerate((
        (full, {}), (held, {"end": "held", "ended_on": TUESDAY}), (left, {"end": "moved", "ended_on": TUESDAY}),
    )):  # fmt: skip
        rows.convening(case_id, sitting, slot=case_id, **ended)
    made = {}
    for number, (ref, sitting) in enumerate(
        (("here", here), ("gone", gone), ("full", full), ("held", held), ("left", left))
    ):
        invite(rows, "of1", number, sitting_id=sitting)
        invite(rows, "of2", 8, sitting_id=sitting)
        made[ref] = rows.message("of1", kind="invitation", key=f"invitation:{ref}:of1:{number + 1}", about=ref)
    other = rows.message("of3", kind="invitation", key="invitation:here:of3:0", about="here")
    unasked = rows.message("of2", kind="invitation", key="invitation:here:of2:0", about="here")
    found = written_events.written(rows.connection, [*made.values(), other])
    assert set(found) == set(made.values())
    assert {ref: (found[id_].sequence, found[id_].latest) for ref, id_ in made.items()} == {
        "here": (1, 0), "gone": (2, 1), "full": (3, 2), "held": (4, 3), "left": (5, 4),
    }  # fmt: skip
    assert [ref for ref, id_ in made.items() if not found[id_].empty] == ["full", "held"]
    assert [ref for ref, id_ in made.items() if not found[id_].takes_place] == ["gone"]
    assert (found[made["here"]].minutes, found[made["here"]].ref) == (30, "here")
    assert set(written_events.written(rows.connection, [unasked])) == {unasked}


def test_a_named_case_is_by_its_latest_convening_to_that_sitting_a_live_one_first(rows):
    shared = rows.urn("45ZZ0000126")
    cases = {ref: rows.case_of(ref, urn_key_id=shared if ref in {"back", "link"} else None,
                               restricted=ref == "link", barred_refs=["of9"] if ref == "twice" else [])
             for ref in ("live", "back", "twice", "away", "unasked", "link")}  # fmt: skip
    here, there = rows.sitting("here", FRIDAY), rows.sitting("there", NEXT)
    moved, held = {"end": "moved", "ended_on": TUESDAY}, {"end": "held", "ended_on": TUESDAY}
    for ref, sitting, slot, given in (
        ("live", here, 0, {}), ("live", here, 5, moved), ("back", here, 6, held), ("back", here, 7, moved),
        ("twice", here, 1, moved | {"because": "overdue"}), ("twice", here, 2, moved), ("away", here, 3, moved),
        ("away", there, 0, {}), ("unasked", here, 4, {}), ("twice", there, 8, moved),
    ):  # fmt: skip
        rows.convening(cases[ref], sitting, slot=slot, **given)
    rows.move_back(Convening, min(rows.slots()))
    asked = [(here, cases[ref]) for ref in ("away", "twice", "back", "live")] + [(there, cases["away"])]
    found = written_events.named_cases(rows.connection, asked)
    assert {key: (one.reference, one.slot, one.ended, one.now_at) for key, one in found.items()} == {
        (here, cases["live"]): ("45/live", 0, None, AT), (here, cases["back"]): ("45/back", 6, "held", None),
        (here, cases["twice"]): ("45/twice", None, "moved", None),
        (here, cases["away"]): ("45/away", None, "moved", AT + timedelta(days=4)),
        (there, cases["away"]): ("45/away", 0, None, AT + timedelta(days=4)),
    }  # fmt: skip
    assert [found[here, cases[ref]].restricted for ref in ("live", "back")] == [False, True]
    assert [found[here, cases[ref]].barred for ref in ("live", "twice")] == [frozenset(), {"of9"}]
    assert found[here, cases["twice"]].because == "due"


def test_a_message_carries_the_series_of_its_reader(rows):
    tuesdays, over = series(rows, "s-tue"), series(rows, "s-fri", "Fri", ended_on=TUESDAY)
    for one in (tuesdays, over):
        invite(rows, "of1", series_id=one, cancelled=one == over)
        invite(rows, "of2", 8, series_id=one)
    ids = [
        rows.message("of1", kind="invitation", key=f"invitation:{ref}:of1:1", about=ref) for ref in ("s-tue", "s-fri")
    ]
    nobodys = rows.message("of3", kind="invitation", key="invitation:s-tue:of3:1", about="s-tue")
    found = written_events.written_series(rows.connection, [*ids, nobodys])
    assert set(found) == set(ids)
    assert [(one.ref, one.sequence, one.latest, one.cancelled, one.over) for one in (found[id_] for id_ in ids)] == [
        ("s-tue", 1, 2, False, False), ("s-fri", 1, 2, True, True),
    ]  # fmt: skip
    assert set(written_events.written_series(rows.connection, ids[:1])) == set(ids[:1])


def test_the_sittings_to_come_of_a_series_are_by_the_day_of_its_rule(rows):
    tuesdays, fridays, other = (
        series(rows, "s-tue"),
        series(rows, "s-fri", "Fri"),
        series(rows, "s-london", area="London"),
    )
    by_rule = {"rule": "Tue"}
    for ref, day, ruled_on, given in (
        ("next", NEXT, NEXT, by_rule), ("moved", date(2026, 3, 26), FRIDAY, by_rule), ("at", FRIDAY, FRIDAY, by_rule),
        ("gone", FRIDAY, SATURDAY, {"cancelled_on": TUESDAY, "starts_at": AT + timedelta(minutes=1)} | by_rule),
        ("undone", NEXT, NEXT, {"undoing_id": rows.undoing(), "cancelled_on": TUESDAY} | by_rule),
        ("friday", date(2026, 3, 27), date(2026, 3, 27), {"rule": "Fri"}), ("none", date(2026, 3, 30), None, {}),
        ("there", NEXT, NEXT, {"force": "46"} | by_rule), ("london", NEXT, NEXT, {"area": "London"} | by_rule),
        ("twin", date(2026, 3, 31), NEXT, {"places": 5} | by_rule),
    ):  # fmt: skip
        made = rows.sitting(ref, day, ruled_on=ruled_on, **given)
        if ref in {"next", "moved"}:
            rows.convening(made, made, **({} if ref == "next" else {"end": "moved", "ended_on": TUESDAY}))
    found = written_events.sittings_of(rows.connection, [tuesdays, fridays], AT)
    assert [(one.ruled_on, one.whole.minutes, one.takes_place, one.empty) for one in found[tuesdays]] == [
        (FRIDAY, 20, True, True), (SATURDAY, 20, False, True), (NEXT, 20, True, False), (NEXT, 50, True, True),
    ]  # fmt: skip
    assert [one.ruled_on for one in found[fridays]] == [date(2026, 3, 27)]
    assert set(written_events.sittings_of(rows.connection, [other], AT)) == {other}
