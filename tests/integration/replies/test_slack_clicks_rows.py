"""One click, beside rows of others: whose message it is on, what it finds, and what becomes of a fault."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import OperationalError

from config.slack import Click, ClickState
from config.terms import Verb
from flows.configured import configured
from models.audit import AuditRow
from models.people import Contact
from models.queries.replies import slack_clicks as statements
from models.queries.replies.slack_clicks import StoredClick
from models.slack import ClickRow, Thread
from tasks.platform import tokens
from tasks.platform.templates import render_text
from tasks.replies import click_deeds, slack_clicks
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

MONDAY, WEDNESDAY = TUESDAY - timedelta(days=1), TUESDAY + timedelta(days=1)


class Clicks:
    """Surrey's officer of1 and supervisor su1 in Slack, each with a message about the action of their case."""

    def __init__(self, database: Engine) -> None:
        self.database = database
        with database.begin() as connection:
            rows = ReviewRows(connection)
            self.case_id = rows.case_of("R1", supervisor_ref="su1")
            self.item = rows.owes(self.case_id, MONDAY, rule="action", subject="action:A1", owed_by="police")
            self.contact(rows, "of9")
            for number, ref in enumerate(("of1", "su1", None)):
                if ref:
                    self.contact(rows, ref)
                kind = "at_once" if ref else "thread"
                message = rows.message(ref, channel="slack", kind=kind, state="sent", remote_ref=f"C0X:1.{number}")
                if ref:
                    rows.notification(self.item, message, ref)
                else:
                    rows.add(Thread, message_id=message, case_id=self.case_id, place="45")

    @staticmethod
    def contact(rows: ReviewRows, ref: str) -> None:
        rows.contact(ref, slack_user_id=f"U0{ref.upper()}")

    def say(self, **given: Any) -> None:
        """Change columns of the case."""
        with self.database.begin() as connection:
            ReviewRows(connection).say_of(self.case_id, **given)

    def may_read(self, ref: str) -> None:
        """Give a contact access to restricted cases."""
        with self.database.begin() as connection:
            connection.execute(update(Contact).where(Contact.contact_ref == ref).values(restricted_access=True))

    def does(
        self, by: str = "of1", to: str | None = "of1", click: Click = Click.SHOW, nonce: str = "1.1", **signed: str
    ) -> Any:
        """Let a person click on the message to one of them, or in the thread; the key may be `of` another."""
        key = tokens.sign(signed.get("of", to or ""), self.item, tokens.Purpose.BUTTON, WEDNESDAY)
        at = {"of1": "1.0", "su1": "1.1", None: "1.2"}[to]
        clicked = StoredClick(0, "C0X", at, key, click, f"U0{by.upper()}", nonce, ClickState.HEARD, "")
        assert slack_clicks.store(clicked, AT_NINE) is None
        return slack_clicks.act(configured(), TUESDAY, AT_NINE)

    def verbs(self) -> list[str]:
        with self.database.begin() as connection:
            return list(
                connection.scalars(select(AuditRow.verb).where(AuditRow.about == "click").order_by(AuditRow.id))
            )


@pytest.fixture
def clicks(database: Engine) -> Clicks:
    return Clicks(database)


def test_a_case_is_shown_on_ones_own_message_and_in_the_thread_alone(clicks):
    for by, to in (("of1", "of1"), ("su1", "su1"), ("of1", None), ("su1", None)):
        said = clicks.does(by, to)
        assert (said.text, bool(said.blocks)) == ("45/R1 as it stands on Tue 17 Mar 2026.", True)
    said = clicks.does("of1", "su1")
    assert said[2:] == ("This message was written to someone else. Nothing was done.", None)
    assert clicks.verbs() == [Verb.CONSULTATION] * 5


def test_a_day_that_is_chosen_is_audited_as_a_change_and_shows_nothing(clicks):
    said = clicks.does(click=Click.HOLD, nonce=WEDNESDAY.isoformat())
    assert said.text.startswith("45/R1: you have it until Wed 18 Mar 2026.")
    assert said.blocks is None
    assert clicks.does(click=Click.HOLD, nonce="2026-02-30").text == "That is not a day. Nothing was done."
    assert clicks.verbs() == [Verb.ALTERATION] * 2


def test_a_thread_is_no_place_for_a_case_that_is_kept_from_anybody_and_a_message_is(clicks):
    clicks.say(barred_refs=["su1"])
    assert clicks.does("of1", None).text == slack_clicks.RESTRICTED
    assert clicks.does("of1", "of1").text.startswith("45/R1 as it stands")
    assert clicks.does("su1", "su1").text == slack_clicks.NOT_YOURS
    clicks.say(barred_refs=[], restricted=True)
    assert clicks.does("of1", "of1", nonce="1.2").text == slack_clicks.NOT_YOURS
    clicks.may_read("of1")
    assert clicks.does("of1", "of1", nonce="1.3").text == slack_clicks.RESTRICTED
    assert clicks.does(click=Click.HOLD, nonce=WEDNESDAY.isoformat()).text == slack_clicks.RESTRICTED


def test_a_key_counts_on_the_message_that_it_was_made_for_and_for_its_person_alone(clicks):
    for by, to, of in (("of1", "su1", ""), ("of1", "su1", "of1"), ("of1", None, "of1"), ("su1", "of1", "of1")):
        assert clicks.does(by, to, of=of).text == "This message was written to someone else. Nothing was done."


def test_who_is_nobody_or_two_in_a_thread_does_nothing_and_who_has_nothing_to_do_with_a_case_sees_nothing(
    clicks,
):
    unknown = "Casebeat does not know who you are in Slack: your contact's slack_user_id. Nothing was done."
    assert clicks.does("of7", None).text == unknown
    assert clicks.does("of9", None).text == slack_clicks.NOT_YOURS
    with clicks.database.begin() as connection:
        ReviewRows(connection).contact("of2", slack_user_id="U0OF1")
    assert "which of its contacts you are" in clicks.does("of1", None).text
    assert clicks.does("of1", "of1").text.startswith("45/R1 as it stands"), "the message says which"


def test_a_click_that_was_done_is_answered_again_and_one_that_waits_is_not(clicks):
    key = tokens.sign("of1", clicks.item, tokens.Purpose.BUTTON, WEDNESDAY)
    clicked = StoredClick(0, "C0X", "1.0", key, Click.HOLD, "U0OF1", WEDNESDAY.isoformat(), ClickState.HEARD, "")
    assert [slack_clicks.store(clicked, AT_NINE) for _ in range(2)] == [None, None]
    said = slack_clicks.act(configured(), TUESDAY, AT_NINE)
    assert slack_clicks.act(configured(), TUESDAY, AT_NINE) is None
    assert slack_clicks.store(clicked, AT_NINE) == said


def test_a_click_that_was_refused_is_judged_again_when_it_comes_again(clicks):
    for on, state in ((TUESDAY, "refused"), (WEDNESDAY, "refused")):
        said = clicks.does(click=Click.HOLD, nonce=TUESDAY.isoformat())
        assert "is not after today" in said.text
        with clicks.database.begin() as connection:
            assert [row.state for row in connection.execute(select(ClickRow.state))] == [state], on
    assert clicks.verbs() == [Verb.ALTERATION] * 2


def lost(*_: Any, **__: Any) -> Any:
    raise OperationalError("select 1", {}, psycopg2.OperationalError("gone"))


@pytest.mark.parametrize(
    ("room", "name", "click"), [(click_deeds, "promise", Click.HOLD), (slack_clicks, "explain", Click.SHOW)]
)
def test_a_database_that_is_lost_is_no_answer(clicks, monkeypatch, room, name, click):
    monkeypatch.setattr(room, name, lost)
    with pytest.raises(OperationalError):
        clicks.does(click=click, nonce="2026-03-18" if click is Click.HOLD else "1.1")


def test_of_a_case_that_is_too_long_for_slack_the_first_lines_and_the_last_are_shown(clicks, monkeypatch):
    lines = ["# 45/R1", *(f"* line {number:03} {'x' * 100}" for number in range(200)), "> the last line"]
    monkeypatch.setattr(
        slack_clicks,
        "render_text",
        lambda name, values: "\n".join(lines) if "case" in name else render_text(name, values),
    )
    blocks = clicks.does().blocks
    assert blocks[0]["text"]["text"] == "45/R1"
    shown = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    assert [line[:8] for line in shown] == [f"line {number:03}" for number in range(len(shown))]
    assert 45 < len(shown) <= 50, "as much as fits, within a quarter"
    assert blocks[-1]["elements"][0]["text"] == "the last line"


@pytest.mark.parametrize(
    ("ago", "well", "said"),
    [
        (-5, True, "0 seconds ago"), (0, True, "0 seconds ago"), (180, True, "180 seconds ago"),
        (181, False, "3 minutes ago"), (600, False, "10 minutes ago"),
    ],
)  # fmt: skip
def test_a_listener_that_gave_no_sign_for_three_minutes_is_none(clicks, ago, well, said):
    with clicks.database.begin() as connection:
        statements.record_listening(connection, AT_NINE - timedelta(seconds=ago))
    buttons = SimpleNamespace(slack=SimpleNamespace(buttons=True))
    found, sentence = slack_clicks.health(buttons, AT_NINE)
    assert (found, sentence.endswith(f"the last sign of it was {said}.")) == (well, True)
