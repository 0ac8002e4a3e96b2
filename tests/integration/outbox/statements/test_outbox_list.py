"""What operations hear of messages that failed: which are new, and what they were about."""

from datetime import timedelta

import pytest

from models.outbox import Message
from models.queries.outbox import outbox_list
from tests.integration.outbox_world import AT_NINE
from tests.integration.review_rows import ReviewRows

AN_HOUR = timedelta(hours=1)


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def untold(rows) -> dict[str, tuple[bool, tuple[str, ...]]]:
    """Whether each message that is new was sent elsewhere, and what it was about, in the order of the report."""
    return {one.key: (one.elsewhere, one.about) for one in outbox_list.untold(rows.connection, AT_NINE)}


def test_dead_messages_and_those_unknown_for_more_than_an_hour_are_reported_once_in_the_order_of_their_making(rows):
    made = [
        rows.message("of1", key=key, state=state, **given)
        for key, state, given in (
            ("dead", "dead", {"sending_at": AT_NINE}), ("told", "dead", {"told": True}), ("sent", "sent", {}),
            ("old-retry", "retry", {"sending_at": AT_NINE - 2 * AN_HOUR}),
            ("an-hour", "unknown", {"sending_at": AT_NINE - AN_HOUR}),
            ("longer", "unknown", {"sending_at": AT_NINE - AN_HOUR - timedelta(seconds=1)}),
            ("never-tried", "dead", {}),
        )
    ]  # fmt: skip
    for id_ in (made[5], made[0]):
        rows.move_back(Message, id_)
    assert list(untold(rows).items()) == [(key, (False, ())) for key in ("dead", "longer", "never-tried")]
    assert untold(rows) == {}


def test_a_step_is_reported_unless_its_reader_got_that_very_step_on_another_channel(rows):
    for key, given in (
        ("same", {}), ("occasion", {"occasion": "handed over"}), ("step", {"step": 2}), ("reader", {"ref": "of2"}),
        ("dead", {"state": "dead"}), ("silent", {"state": "silent"}), ("void", {"state": "void"}),
        ("queued", {"state": "queued"}),
    ):  # fmt: skip
        obligation = rows.critical(rows.case_of(key))
        rows.notification(obligation, rows.message("of1", key=key, state="dead"), "of1", state="dead")
        other = {"ref": "of1", "channel": "slack", "state": "sent"} | given
        rows.notification(obligation, None, **other)
    alone = rows.critical(rows.case_of("alone"))
    rows.notification(alone, rows.message("of1", key="alone", state="dead"), "of1", state="queued")
    lost = ("occasion", "step", "reader", "dead", "silent", "void", "alone")
    reported = {key: (False, (f"45/{key} joint-review critical",)) for key in lost}
    assert untold(rows) == reported | {"same": (True, ()), "queued": (True, ())}


def test_a_report_names_each_step_once_and_no_case_that_is_kept_apart(rows):
    message = rows.message("of1", key="mixed", state="dead")
    plain = rows.critical(rows.case_of("PLAIN"))
    for occasion, given in (("", {}), ("again", {}), ("taken-back", {"state": "void"}), ("kept", {"state": "silent"})):
        rows.notification(plain, message, "of1", **{"occasion": occasion, "state": "dead"} | given)
    for ref, case in (("SECRET", {"restricted": True}), ("COLLEAGUE", {"barred_refs": ["of9"]})):
        rows.notification(rows.critical(rows.case_of(ref, **case)), message, "of1", state="dead")
    rows.notification(rows.critical(None, rule="panel-missing"), message, "of1", state="dead")
    fallen = rows.message("of1", key="fallen", state="dead")
    rows.notification(rows.critical(rows.case_of("FALLEN")), fallen, "of1", state="silent")
    assert untold(rows) == {
        "mixed": (False, (
            "45 panel-missing critical", "45/PLAIN joint-review critical",
            "a case from which somebody is barred joint-review critical", "a restricted case joint-review critical",
        )),
        "fallen": (False, ()),
    }  # fmt: skip


def test_a_message_of_which_only_a_part_went_elsewhere_names_the_rest(rows):
    message = rows.message("of1", key="letter", state="dead")
    for ref in ("BOTH", "ONE"):
        obligation = rows.critical(rows.case_of(ref))
        rows.notification(obligation, message, "of1", state="dead")
        if ref == "BOTH":
            rows.notification(obligation, None, "of1", channel="slack", state="sent")
    assert untold(rows) == {"letter": (False, ("45/ONE joint-review critical",))}
