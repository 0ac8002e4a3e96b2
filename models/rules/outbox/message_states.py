"""The lifecycle of a message: allowed state changes, named sets of states, and the diagram in the documentation."""

from config.terms import State, Verb
from models.rules.literals import Literals

States = Literals[State]
WAITING = States({State.QUEUED, State.RETRY})  # a worker claims it when its time has come
HELD = States({State.CLAIMED, State.SENDING})  # in a worker's hands
UNDERWAY = States({*WAITING, *HELD})  # neither sent nor given up
RECALLABLE = States({*WAITING, State.CLAIMED})  # no carrier has it: it may still fall silent
DELIVERED = States({State.SENT, State.SHOWN})  # carried as far as its carrier goes
LEFT = States({State.SENT, State.UNKNOWN})  # it left this machine, or may have
SAID = States({*DELIVERED, *LEFT})  # its reader was told, or may have been
UNDELIVERED = States({State.DEAD, State.UNKNOWN})  # it failed, or may have: operations hear of it
DROPPED = States({State.SILENT, State.VOID})  # it counts for nothing
UNSETTLED = States({State.RETRY, State.UNKNOWN})  # its carrier is tried, or asked, again later
GIVEN_UP = States({*DROPPED, State.DEAD})  # its reader will not hear it
ENDED = States({*DELIVERED, *GIVEN_UP})  # nothing more becomes of it by itself

ALLOWED: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.CLAIMED, State.SILENT, State.VOID}),
    State.RETRY: frozenset({State.CLAIMED, State.QUEUED, State.DEAD, State.SILENT, State.VOID}),
    State.CLAIMED: frozenset({State.SENDING, State.QUEUED, State.RETRY, State.SILENT, State.DEAD, State.VOID}),
    State.SENDING: frozenset({State.SENT, State.SHOWN, State.QUEUED, State.RETRY, State.UNKNOWN, State.DEAD}),
    State.UNKNOWN: frozenset({State.RETRY, State.SENT, State.DEAD, State.VOID}),
    State.DEAD: frozenset({State.QUEUED, State.VOID}),
    State.SENT: frozenset({State.VOID}),
    State.SHOWN: frozenset({State.VOID}),
    State.SILENT: frozenset({State.VOID}),
    State.VOID: frozenset(),
}
# The audit entry for each state that a message enters. Handing a message over is a disclosure.
AUDITED: dict[State, Verb] = {
    State.SENT: Verb.DISCLOSURE,
    State.SHOWN: Verb.DISCLOSURE,
    State.UNKNOWN: Verb.DISCLOSURE,  # it may have been handed over
    State.DEAD: Verb.ALTERATION,
    State.SILENT: Verb.ALTERATION,
    State.VOID: Verb.ALTERATION,
}
MOST_TRIES = 28  # 1 min doubling to 1 h adds up to 23 h of waiting: a message is tried for at most a day
GONE = "its worker was gone"  # the reason where a dead worker was sending; it reveals nothing of the message
REPEAT = "may be a repeat"  # the reason on a message sent again because nobody knows whether it arrived
_MEANINGS = {
    State.QUEUED: "decided, waiting for its time",
    State.CLAIMED: "held by a worker; freed if the worker dies",
    State.SENDING: "committed before the network is used",
    State.SENT: "accepted by the carrier",
    State.SHOWN: "written to the local Maildir: no mail was sent",
    State.UNKNOWN: "the server's answer to the complete message was lost",
    State.RETRY: "to be tried again, after a longer wait each time, for at most 24 hours",
    State.DEAD: "refused permanently, or tried without success; casebeat outbox --requeue queues it again",
    State.SILENT: "deliberately not sent; the reason is recorded",
    State.VOID: "its round was undone; the reason names the state before; it counts for nothing any more",
}


def before(state: State) -> list[State]:
    """List the states from which a message may enter `state`."""
    return [each for each, following in ALLOWED.items() if state in following]


def wait_seconds(attempts: int) -> int:
    """Return the seconds until the next try after `attempts` tries: 1 minute, doubling to 1 hour.

    Jitter shortens it.
    """
    return min(3600, 60 << min(max(attempts - 1, 0), 6))


def picture() -> str:
    """Write the documentation page with the diagram and the meanings."""
    arrows = [f"    {each} --> {after}" for each, following in ALLOWED.items() for after in sorted(following)]
    ends = [f"    {each} --> [*]" for each, following in ALLOWED.items() if not following]
    meaning = [f"| `{state}` | {text} |" for state, text in _MEANINGS.items()]
    return "\n".join(
        [
            "# The life of a message",
            "",
            "Generated from `models/rules/outbox/message_states.py`; a test keeps the two equal.",
            "",
            "```mermaid",
            "stateDiagram-v2",
            "    [*] --> queued",
            *arrows,
            *ends,
            "```",
            "",
            "| state | means |",
            "|---|---|",
            *meaning,
            "",
        ]
    )
