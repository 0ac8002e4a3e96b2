"""The act of a click: a promise, a confirmed grade, or a look at the case."""

from collections.abc import Callable, Mapping
from datetime import date

from config.slack import Click
from models.errors import Refuse
from models.queries.obligations import acknowledgements
from models.queries.obligations.acknowledgements import LiveObligation
from models.queries.replies.slack_clicks import ClickSubject, StoredClick
from models.rules.arithmetic import format_day
from models.rules.obligations.acknowledgement import AcknowledgementRequest
from models.rules.obligations.rulebook import RULES
from models.rules.references import CaseReference
from tasks.obligations.acknowledge import promise
from tasks.obligations.acting import ActInHand
from tasks.obligations.confirm_risk import confirm
from tasks.platform.templates import render_text
from tasks.platform.text import one_line

REASON = "promised by Slack's button, which takes no words"


def do(hand: ActInHand, clicked: StoredClick, meant: ClickSubject) -> str:
    """Do what a click asks, and return its answer. Raises Refuse, before writing, with the reason."""
    case = CaseReference(meant.force_code, meant.case_ref)
    live = acknowledgements.live_version(hand.connection, meant.live_id) if meant.live_id else None
    if live is None:
        raise Refuse(f"{case} does not owe this any more: it ended since the message was written. Nothing was done.")
    return _DEEDS[clicked.click](hand, clicked, case, live)


def _looked(hand: ActInHand, clicked: StoredClick, case: CaseReference, live: LiveObligation) -> str:
    del clicked, live
    return f"{case} as it stands on {format_day(hand.today)}."


def _promised(hand: ActInHand, clicked: StoredClick, case: CaseReference, live: LiveObligation) -> str:
    configuration, connection, act, today, at = hand
    wish = AcknowledgementRequest(act.by, _chosen(clicked.nonce))
    result = promise(configuration, connection, live, wish, act, REASON, today, at)
    values = {"case": str(case), "until_on": result.until_on, "due_on": result.due_on, "hard": result.hard}
    return one_line(render_text("slack/taken_on.txt", values))


def _confirmed(hand: ActInHand, clicked: StoredClick, case: CaseReference, live: LiveObligation) -> str:
    del clicked
    if not RULES[live.rule].confirmed:
        raise Refuse("It asks for no grade to be confirmed. Nothing was done.")
    return confirm(hand, case).sentence


_DEEDS: Mapping[Click, Callable[[ActInHand, StoredClick, CaseReference, LiveObligation], str]] = {
    Click.SHOW: _looked,
    Click.HOLD: _promised,
    Click.CONFIRM: _confirmed,
}


def _chosen(day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise Refuse("That is not a day. Nothing was done.") from None
