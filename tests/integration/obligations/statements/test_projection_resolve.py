"""Who hears that something ended: those who were told of an escalation, while they are active and may read of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from config.terms import EndReason
from models.outbox import Notification
from models.queries.obligations import projection
from models.rules.obligations.lifecycle import End
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

DAY = timedelta(days=1)


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def over(reason: str = "met") -> dict:
    return {"ended_on": TUESDAY, "end_reason": reason}


def resolved(rows, *obligation_ids: int, last_step: int = 1, reason=EndReason.MET) -> list[tuple]:
    """Tell of the end of these obligations: the obligation, reader, channel and addressee of each notification."""
    case_id = rows.case_of(f"STORED-{rows.message(None)}")
    rows.owes(case_id, TUESDAY, rule="stored")
    (one,) = projection.stored(rows.connection, [case_id])[case_id].values()
    ended = [End(one._replace(id=id_, last_step=last_step), reason) for id_ in obligation_ids]
    projection.resolve(rows.connection, ended, TUESDAY)
    made = select(
        Notification.obligation_id, Notification.contact_ref, Notification.channel, Notification.addressee
    ).where(Notification.step_name == "resolved")
    return sorted(rows.found(made), key=str)


def sent(rows, obligation_id: int, ref: str | None = "of1", **given) -> int:
    return rows.notification(obligation_id, None, ref, **{"state": "sent"} | given)


def test_an_end_is_told_where_a_step_was_escalated_in_its_chain(rows):
    expected = []
    for name, given in (
        ("escalated", {}), ("chased", {"duty": "chase"}), ("handed", {"happening": "handed_over"}),
        ("void", {"state": "void"}),
    ):  # fmt: skip
        id_ = rows.owes(rows.case_of(name), TUESDAY, **over())
        sent(rows, id_, duty="chase", occasion="chase")
        sent(rows, id_, "of2", **given)
        if name == "escalated":
            expected = [(id_, "of1", "email", "spoc"), (id_, "of2", "email", "spoc")]
    every = list(rows.connection.scalars(select(Notification.obligation_id).distinct()))
    assert resolved(rows, *every) == expected


def test_the_chain_tells_who_hears_and_no_other_version_or_obligation(rows):
    case_id = rows.case_of("T1")
    anew = rows.owes(case_id, TUESDAY, **over())
    first = rows.owes(case_id, TUESDAY, version=2, chain_from=2, **over("moved"))
    last = rows.owes(case_id, TUESDAY, version=3, chain_from=2, **over())
    other, quiet = (rows.owes(case_id, TUESDAY, rule=rule, **over()) for rule in ("other", "quiet"))
    for obligation, ref, given in (
        (anew, "anew", {}), (first, "first", {}), (last, "last", {"duty": "chase"}), (other, "other", {}),
        (quiet, "quiet", {"duty": "chase"}),
    ):  # fmt: skip
        sent(rows, obligation, ref, **given)
    assert resolved(rows, last, quiet) == [(last, "first", "email", "spoc"), (last, "last", "email", "spoc")]


def test_nobody_hears_of_a_version_that_moved_or_took_no_step(rows):
    id_ = rows.owes(rows.case_of("T1"), TUESDAY, **over())
    sent(rows, id_)
    assert resolved(rows, id_, last_step=0) == []
    assert resolved(rows, id_, reason=EndReason.MOVED) == []
    assert len(resolved(rows, id_)) == 1


def test_who_was_reached_hears_once_a_channel_as_the_first_addressee_that_they_were(rows):
    for contact, days in (
        ("gone", {"withdrawn_on": TUESDAY}), ("going", {"withdrawn_on": TUESDAY + DAY}),
        ("left", {"active_to": TUESDAY - DAY}), ("last-day", {"active_to": TUESDAY}), ("of1", {}), ("barred", {}),
    ):  # fmt: skip
        rows.contact(contact, **days)
    id_ = rows.owes(rows.case_of("T1", barred_refs=["barred"]), TUESDAY, **over())
    first = sent(rows, id_, "of1", addressee="owner")
    for ref, given in (
        ("of1", {"addressee": "lead", "step": 4}), ("of1", {"channel": "slack"}), ("gone", {}), ("going", {}),
        ("left", {}), ("last-day", {}), ("barred", {}), ("unknown", {}), (None, {}),
        *(("unsent", {"state": state, "step": at}) for at, state in enumerate(("queued", "silent", "dead", "void"))),
    ):  # fmt: skip
        sent(rows, id_, ref, **given)
    rows.move_back(Notification, first)
    without = rows.owes(None, TUESDAY, rule="feed", **over())
    sent(rows, without, "of1")
    assert resolved(rows, id_, without) == sorted([
        (id_, "of1", "email", "owner"), (id_, "of1", "slack", "spoc"), (id_, "going", "email", "spoc"),
        (id_, "last-day", "email", "spoc"), (id_, "unknown", "email", "spoc"), (id_, None, "email", "spoc"),
        (without, "of1", "email", "spoc"),
    ], key=str)  # fmt: skip
