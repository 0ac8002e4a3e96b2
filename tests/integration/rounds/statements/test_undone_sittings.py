"""The statements that take back what days that had not come did to sittings, places, agendas and invitations."""

from datetime import date, timedelta

from sqlalchemy import select

from models.audit import AuditRow
from models.cases import ReviewRow
from models.intake import OWN
from models.queries.rounds import undone_sittings
from models.sittings import AgendaRow, Convening, Invitation, OutcomeRow, SeriesRow, SittingRow
from tests.worlds.rows import TUESDAY

MONDAY, WEDNESDAY, FRIDAY, NEXT = date(2026, 3, 16), date(2026, 3, 18), date(2026, 3, 20), date(2026, 3, 24)


def place(rows, case_ref: str, sitting: int, slot: int, convened: date, ended: tuple[date, str] | None = None, **given):
    on, end = ended or (None, None)
    case_id = rows.case_of(case_ref)
    return rows.convening(case_id, sitting, slot=slot, convened_on=convened, ended_on=on, end=end, **given)


def live(rows) -> dict[str, tuple[int, int]]:
    """The sitting and the slot of each case that has a place."""
    found = rows.found(
        select(Convening.case_id, Convening.sitting_id, Convening.slot).where(Convening.ended_on.is_(None))
    )
    return {case_id: (sitting, slot) for case_id, sitting, slot in found}


def case_of(rows, convening_id: int) -> int:
    ((case_id,),) = rows.found(select(Convening.case_id).where(Convening.id == convening_id))
    return case_id


def test_a_place_that_was_given_later_is_void_unless_a_person_chose_it(rows):
    sits = rows.sitting("sits", NEXT)
    by_person = {"chosen_by": "sp1"}
    void = [
        place(rows, "given", sits, 0, WEDNESDAY), place(rows, "left", sits, 1, WEDNESDAY, (FRIDAY, "moved")),
        place(rows, "chosen-and-left", sits, 1, WEDNESDAY, (FRIDAY, "moved"), **by_person),
    ]  # fmt: skip
    place(rows, "chosen", sits, 1, WEDNESDAY, **by_person)
    place(rows, "today", sits, 2, TUESDAY)
    place(rows, "ended-today", sits, 3, MONDAY, (TUESDAY, "moved"))
    assert undone_sittings.restore_places(rows.connection, TUESDAY) == 0
    ended = {id_: end for id_, end in rows.ends().items() if end[0]}
    assert ended.pop(max(ended)) == ("moved", TUESDAY)
    assert ended == dict.fromkeys(void, ("void", TUESDAY))
    audited = rows.found(select(AuditRow.ref, AuditRow.reason, AuditRow.detail).where(AuditRow.about == "convening"))
    assert sorted(audited, key=str) == [
        (f"45/{ref}", "void", {"sitting": "sits"}) for ref in ("chosen-and-left", "given", "left")
    ]


def test_a_place_that_was_taken_later_is_given_back_unless_its_sitting_had_an_outcome(rows):
    past, today, ahead = (rows.sitting(f"on-{day}", day) for day in (MONDAY, TUESDAY, WEDNESDAY))
    back = {
        place(rows, ref, sitting, slot, convened, (WEDNESDAY, end)): (sitting, slot)
        for ref, sitting, slot, convened, end in (
            ("moved", ahead, 0, MONDAY, "moved"), ("of-today", ahead, 1, TUESDAY, "cancelled"),
            ("held-early", ahead, 2, MONDAY, "held"), ("not-held-early", ahead, 3, MONDAY, "not_held"),
            ("unrecorded", past, 4, MONDAY, "unrecorded"),
        )
    }  # fmt: skip
    place(rows, "held", past, 5, MONDAY, (WEDNESDAY, "held"))
    place(rows, "not-held", today, 6, MONDAY, (WEDNESDAY, "not_held"))
    place(rows, "before", ahead, 7, MONDAY, (TUESDAY, "moved"))
    rows.move_back(Convening, min(back))
    assert undone_sittings.restore_places(rows.connection, TUESDAY) == len(back)
    assert live(rows) == {case_of(rows, id_): given for id_, given in back.items()}
    ends = rows.ends()
    assert {ends[id_] for id_ in back} == {("void", TUESDAY)}
    again = [case_id for (case_id,) in rows.found(
        select(Convening.case_id).where(Convening.ended_on.is_(None)).order_by(Convening.id)
    )]  # fmt: skip
    assert again == [case_of(rows, id_) for id_ in sorted(back)]
    audited = [ref for (ref,) in rows.found(select(AuditRow.ref).where(AuditRow.reason == "restored"))]
    assert set(audited) == {"45/moved", "45/of-today", "45/held-early", "45/not-held-early", "45/unrecorded"}


def test_a_place_is_not_given_back_where_its_sitting_is_called_off_or_its_case_sits_elsewhere(rows):
    gone = rows.sitting("gone", NEXT, cancelled_on=MONDAY)
    sits = rows.sitting("sits", NEXT, area="London")
    place(rows, "of-gone", gone, 0, MONDAY, (WEDNESDAY, "moved"))
    moved = place(rows, "moved", sits, 0, MONDAY, (WEDNESDAY, "moved"))
    rows.convening(case_of(rows, moved), sits, slot=1, convened_on=WEDNESDAY, chosen_by="sp1")
    place(rows, "ousted", sits, 2, MONDAY, (WEDNESDAY, "moved"))
    place(rows, "chosen", sits, 2, WEDNESDAY, chosen_by="sp1")
    assert undone_sittings.restore_places(rows.connection, TUESDAY) == 0
    assert sorted(slot for _, slot in live(rows).values()) == [1, 2]


def test_the_outcome_of_a_void_place_stands_no_more_and_its_own_review_is_withdrawn(rows):
    own = rows.source(OWN, None)
    sits = rows.sitting("sits", NEXT)
    key = rows.urn("45ZZ0000126")
    for number, (source, convened, stands) in enumerate((
        (own, WEDNESDAY, True), (rows.source_id, WEDNESDAY, True), (own, MONDAY, True), (own, WEDNESDAY, False),
        (own, WEDNESDAY, True),
    )):  # fmt: skip
        rows.review(f"r{number}", key, NEXT, source_id=source)
        held = place(rows, f"c{number}", sits, number, convened, ended=(TUESDAY, "held"))
        rows.outcome(held, review_ref=f"r{number}", stands=stands)
    rows.review("of-nobody", key, NEXT, source_id=own)
    undone_sittings.restore_places(rows.connection, TUESDAY)
    standing = rows.found(select(OutcomeRow.review_ref).where(OutcomeRow.stands))
    assert standing == [("r2",)]
    withdrawn = rows.found(
        select(ReviewRow.review_ref, ReviewRow.withdrawn_on).where(ReviewRow.withdrawn_on.is_not(None))
    )
    assert sorted(withdrawn) == [("r0", TUESDAY), ("r4", TUESDAY)]


def test_a_sitting_that_was_called_off_later_takes_place_unless_another_has_its_hour(rows):
    hour = timedelta(hours=1)
    at_ten = {"cancelled_on": WEDNESDAY}
    for ref, day, force, area, given in (
        ("free", NEXT, "45", "A", at_ten), ("today", NEXT, "45", "B", {"cancelled_on": TUESDAY}),
        ("taken", NEXT, "45", "C", at_ten), ("instead", NEXT, "45", "C", {}), ("force", NEXT, "46", "C", at_ten),
        ("twice", FRIDAY, "45", "A", at_ten), ("also-gone", FRIDAY, "45", "A", {"cancelled_on": MONDAY}),
    ):  # fmt: skip
        rows.sitting(ref, day, force, area, **given)
    ((at,),) = rows.found(select(SittingRow.starts_at).where(SittingRow.ref == "instead"))
    rows.sitting("other-hour", NEXT, area="C", starts_at=at + hour, cancelled_on=WEDNESDAY)
    undone_sittings.restore_places(rows.connection, TUESDAY)
    takes_place = rows.found(select(SittingRow.ref).where(SittingRow.cancelled_on.is_(None)))
    assert {ref for (ref,) in takes_place} == {"free", "instead", "force", "twice", "other-hour"}


def test_a_sitting_that_was_settled_later_is_not_settled(rows):
    for ref, on in (("before", TUESDAY), ("later", WEDNESDAY), ("never", None)):
        rows.sitting(ref, NEXT, area=ref, settled_on=on)
    undone_sittings.unsettle(rows.connection, TUESDAY)
    assert dict(rows.found(select(SittingRow.ref, SittingRow.settled_on))) == {
        "before": TUESDAY, "later": None, "never": None,
    }  # fmt: skip


def test_an_empty_sitting_beyond_its_pairs_last_day_is_withdrawn_as_undone(rows):
    undoing, until = rows.undoing(), FRIDAY + timedelta(days=7)
    beyond = until + timedelta(days=1)
    for case_id, (ref, day, force, area, given) in enumerate((
        ("beyond", beyond, "45", "A", {}), ("last", until, "45", "A", {}), ("convened", beyond, "45", "B", {}),
        ("left", beyond, "45", "C", {}), ("gone", beyond, "45", "D", {"cancelled_on": MONDAY}),
        ("no-pair", beyond, "46", "A", {}), ("later-pair", beyond, "46", "B", {}),
        ("other-area", beyond, "45", "E", {}), ("alone", beyond, "47", "A", {}),
    )):  # fmt: skip
        made = rows.sitting(ref, day, force, area, **given)
        if ref in {"convened", "left"}:
            ended = {} if ref == "convened" else {"ended_on": MONDAY, "end": "moved"}
            rows.convening(case_id, made, **ended)
    untils = {("45", area): until for area in "ABCD"} | {("46", "B"): beyond, ("47", "A"): until}
    assert undone_sittings.withdraw_early(rows.connection, undoing, untils, TUESDAY) == 3
    found = rows.found(select(SittingRow.ref, SittingRow.cancelled_on).where(SittingRow.undoing_id == undoing))
    assert sorted(found) == [("alone", TUESDAY), ("beyond", TUESDAY), ("left", TUESDAY)]


def test_an_agenda_that_was_made_later_counts_no_more(rows):
    before, undoing = rows.undoing(), rows.undoing()
    sits = rows.sitting("sits", NEXT)
    for number, (made, given) in enumerate(((TUESDAY, {}), (WEDNESDAY, {}), (FRIDAY, {"undoing_id": before}))):
        rows.agenda(sits, NEXT + timedelta(days=number), made_on=made, **given)
    assert undone_sittings.discount_agendas(rows.connection, undoing, TUESDAY) == 1
    found = dict(rows.found(select(AgendaRow.made_on, AgendaRow.undoing_id)))
    assert found == {TUESDAY: None, WEDNESDAY: undoing, FRIDAY: before}


def test_an_event_that_was_sent_later_can_change_today(rows):
    sits = rows.sitting("sits", NEXT)
    for ref, on in (("a", TUESDAY), ("b", WEDNESDAY), ("c", FRIDAY)):
        rows.add(Invitation, sitting_id=sits, contact_ref=ref, sequence=0, event={}, told_on=on)
    undone_sittings.let_invitations_change(rows.connection, TUESDAY)
    assert dict(rows.found(select(Invitation.contact_ref, Invitation.told_on))) == {
        "a": TUESDAY, "b": MONDAY, "c": MONDAY,
    }  # fmt: skip


def test_a_series_that_ended_later_goes_on_unless_one_of_its_rule_follows_it(rows):
    for ref, force, area, rule, ended in (
        ("alone", "45", "A", "Tue", WEDNESDAY), ("today", "45", "B", "Tue", TUESDAY),
        ("followed", "45", "C", "Tue", WEDNESDAY), ("open", "45", "C", "Tue", None),
        ("first", "45", "D", "Tue", WEDNESDAY), ("second", "45", "D", "Tue", FRIDAY),
        ("force", "46", "C", "Tue", WEDNESDAY), ("rule", "45", "C", "Fri", WEDNESDAY),
        ("open-before", "45", "E", "Tue", None), ("after-it", "45", "E", "Tue", WEDNESDAY),
    ):  # fmt: skip
        rows.add(SeriesRow, ref=ref, force_code=force, cps_area=area, rule=rule, ended_on=ended)
    undone_sittings.let_invitations_change(rows.connection, TUESDAY)
    still = dict(rows.found(select(SeriesRow.ref, SeriesRow.ended_on).where(SeriesRow.ended_on.is_not(None))))
    assert still == {"today": TUESDAY, "followed": WEDNESDAY, "first": WEDNESDAY, "after-it": WEDNESDAY}
