"""Slack clicks: store each click as it arrives, then do once what it asks if the person may, and answer."""

import re
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.doors import ActKind, Door
from config.settings import Settings
from config.slack import Click, ClickState
from config.terms import Verb
from models.errors import Refuse, is_row_fault
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.people.parties import parties
from models.queries.replies import slack_clicks
from models.queries.replies.slack_clicks import ClickSubject, StoredClick
from models.rules.access import NOBODYS, Permission, authority
from models.rules.people.act import Act
from tasks.carriers.carrier import Down
from tasks.carriers.case_threads import cleaned
from tasks.carriers.slack.api import SlackApi
from tasks.carriers.slack.blocks import NOTIFICATION, TEXT, TooLong, card, fitted, plain
from tasks.obligations.acting import ActInHand
from tasks.obligations.explain import explain
from tasks.platform import tokens
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on
from tasks.platform.templates import render_text
from tasks.platform.tokens import Purpose
from tasks.platform.written_keys import WRITTEN
from tasks.replies import click_deeds
from tasks.servers.database import transaction

NOT_YOURS = "This button is not yours to use. Nothing was done."  # whatever the reason
NOT_DONE = "That could not be done here: ask your operations staff to do it. Nothing was done."
RESTRICTED = "This case is not spoken of in Slack: ask a SPOC who may read it. Nothing was done."
NOT_SHOWN = "It cannot be shown here: ask your operations staff to show it."
STALE = timedelta(minutes=3)  # without a sign from Slack, nobody listens
_PLACE = re.compile(r"[CDG][A-Z0-9]{2,30}")
_TS = re.compile(r"[0-9]{1,12}\.[0-9]{1,8}")
_USER = re.compile(r"[UW][A-Z0-9]{2,30}")
_DEEDS = {Click.SHOW: ActKind.LOOK, Click.HOLD: ActKind.PROMISE, Click.CONFIRM: ActKind.CONFIRMATION}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Unbelievable(Exception):
    """A payload that is not a click on one of Casebeat's buttons."""


class ClickAnswer(NamedTuple):
    """The answer to one person's click."""

    channel_id: str
    slack_user_id: str
    text: str
    blocks: list[dict[str, Any]] | None = None


def read(payload: dict[str, Any], settings: Settings) -> StoredClick:
    """Parse a payload from Slack, before its authorisation. Raises Unbelievable for another app or workspace."""
    slack = settings.slack
    try:
        of = (payload["type"], payload["api_app_id"], payload["team"]["id"], payload["user"].get("team_id", slack.team))
        (action,) = payload["actions"]
        container, user_id = payload["container"], payload["user"]["id"]
        click = Click(action["action_id"])
        nonce = action["selected_date"] if click is Click.HOLD else action["action_ts"]
        stored_click = StoredClick(
            0, container["channel_id"], container["message_ts"], action["block_id"], click, user_id, nonce,
            ClickState.HEARD, "",
        )  # fmt: skip
    except (KeyError, ValueError, TypeError, AttributeError):
        raise Unbelievable("not of a click's form") from None
    if of != ("block_actions", slack.app, slack.team, slack.team):
        raise Unbelievable("of another app or workspace")
    shapes = (
        (_PLACE, stored_click.channel_id),
        (_TS, stored_click.ts),
        (_USER, user_id),
        (WRITTEN, stored_click.key),
    )
    last = (_DAY if click is Click.HOLD else _TS, nonce)
    if not all(isinstance(value, str) and shape.fullmatch(value) for shape, value in (*shapes, last)):
        raise Unbelievable("not of a click's form")
    return stored_click


def store(clicked: StoredClick, at: datetime) -> ClickAnswer | None:
    """Store a click. If the same click was done before, return the answer given then, to be sent again.

    A refused click is evaluated again: a day that was too far ahead may be acceptable later.
    """
    with transaction() as connection:
        if slack_clicks.store(connection, clicked, at):
            return None
        before = slack_clicks.stored_click(connection, clicked)
        if before is not None and before.state is ClickState.REFUSED:
            slack_clicks.reopen(connection, before.id, at)
            return None
    if before is None or before.state is ClickState.HEARD:
        return None
    return ClickAnswer(before.channel_id, before.slack_user_id, before.answer)


def refuse(why: Unbelievable) -> None:
    """Audit a payload that was rejected."""
    with transaction() as connection:
        audit.record(connection, AuditEntry(Verb.CONSULTATION, "click", "unknown", str(why), by="slack"))


def act(configuration: Configuration, today: date, at: datetime) -> ClickAnswer | None:
    """Do what the oldest waiting click asks, or refuse it, in one transaction. Returns None if none waits."""
    with transaction() as connection:
        clicked = slack_clicks.next_waiting(connection)
        if clicked is None:
            return None
        blocks, by = None, f"slack:{clicked.slack_user_id}"
        try:
            with connection.begin_nested():
                by, meant = _authorised(configuration, connection, clicked, today)
                act = Act(by, Door.SLACK, clicked.slack_user_id)
                text = click_deeds.do(ActInHand(configuration, connection, act, today, at), clicked, meant)
            state = ClickState.DONE
        except Refuse as refused:
            text, state = str(refused), ClickState.REFUSED
        except Exception as error:
            if not is_row_fault(error):
                raise
            text, state = NOT_DONE, ClickState.REFUSED
        slack_clicks.record_outcome(connection, clicked.id, state, text)
        audit.record(connection, _entry(clicked, by, state))
    if state is ClickState.DONE and clicked.click is Click.SHOW:
        text, blocks = _shown(configuration, meant, by, today, text)
    return ClickAnswer(clicked.channel_id, clicked.slack_user_id, text, blocks)


def whisper(carrier: SlackApi, answer: ClickAnswer) -> bool:
    """Send the answer to one person only, and return whether Slack accepted it. It does not undo what was done."""
    blocks = answer.blocks or [{"type": "section", "text": plain(answer.text, TEXT)}]
    text = fitted(answer.text, NOTIFICATION)
    try:
        carrier.ready()
        return carrier.whisper(answer.channel_id, answer.slack_user_id, text, blocks).reason == ""
    except Down:
        return False


def _authorised(
    configuration: Configuration, connection: Connection, clicked: StoredClick, today: date
) -> tuple[str, ClickSubject]:
    """Return the person who clicked and the obligation that the button is about.

    Raises Refuse if they do not match, or unless it is one of theirs.
    """
    known = slack_clicks.contacts_of(connection, clicked.slack_user_id, today)
    if not known:
        raise Refuse("Casebeat does not know who you are in Slack: your contact's slack_user_id. Nothing was done.")
    notice = slack_clicks.clicked_message(connection, clicked.channel_id, clicked.ts)
    if notice is None:
        raise Refuse("This is not a message of Casebeat's as it was sent. Nothing was done.")
    key = tokens.read(clicked.key, Purpose.BUTTON, today)
    if key.person_ref != (notice.contact_ref or "") or key.person_ref not in {"", *known}:
        raise Refuse("This message was written to someone else. Nothing was done.")
    if not key.person_ref and len(known) > 1:
        raise Refuse("Casebeat does not know which of its contacts you are: use a message to you. Nothing was done.")
    by = key.person_ref or known[0]
    meant = slack_clicks.subject(connection, notice, key.row_id)
    matter = parties(connection, [key.row_id]).get(key.row_id, NOBODYS)
    deed = _DEEDS[clicked.click]
    may = authority(deed, matter, by, directory_on(configuration, connection, today))
    if meant is None or may is not Permission.MAY:
        raise Refuse(NOT_YOURS)
    if meant.restricted or (meant.barred and notice.contact_ref is None):  # a thread's message is there for everybody
        raise Refuse(RESTRICTED)
    return by, meant


def _shown(
    configuration: Configuration, meant: ClickSubject, by: str, today: date, text: str
) -> tuple[str, list[dict[str, Any]] | None]:
    """Render the case as of today; only its first lines if it is too long for Slack."""
    try:
        explained = cleaned(explain(configuration, meant.force_code, meant.case_ref, today, by=by))
    except Exception as error:
        if not is_row_fault(error):
            raise
        return NOT_SHOWN, None
    if explained.restricted:  # since the click
        return RESTRICTED, None
    lines = render_text("slack/case.txt", {"told": explained}).splitlines()
    while True:
        try:
            blocks: list[dict[str, Any]] = card("\n".join(lines), None)["blocks"]
        except TooLong:
            lines = [*lines[: len(lines) * 3 // 4], lines[-1]]
        else:
            return text, blocks


def _entry(clicked: StoredClick, by: str, state: ClickState) -> AuditEntry:
    verb = Verb.CONSULTATION if clicked.click is Click.SHOW else Verb.ALTERATION
    return AuditEntry(verb, "click", str(clicked.id), state.value, by=by, detail={
        "click": clicked.click.value, **Act(by, Door.SLACK, clicked.slack_user_id).trail,
    })  # fmt: skip


def health(settings: Settings, at: datetime) -> tuple[bool, str]:
    """Return whether a listener for Slack's buttons runs, and a sentence about it."""
    if not settings.slack.buttons:
        return True, "Slack has no buttons: CASEBEAT_SLACK__APP_TOKEN is not set."
    with transaction() as connection:
        last = slack_clicks.last_listening(connection)
    if last is None:
        return False, "Nobody listens to Slack's buttons: run casebeat listen."
    ago = max(0, round((at - last).total_seconds()))
    if at - last > STALE:
        return False, f"Nobody listens to Slack's buttons: the last sign of it was {ago // 60} minutes ago."
    return True, f"Someone listens to Slack's buttons: the last sign of it was {ago} seconds ago."
