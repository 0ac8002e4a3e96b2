"""The life of a message: which state may follow which, what of it is audited, and its picture."""

from config.terms import State, Verb

ALLOWED: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.CLAIMED, State.SILENT}),
    State.RETRY: frozenset({State.CLAIMED, State.SILENT}),
    State.CLAIMED: frozenset({State.SENDING, State.QUEUED, State.RETRY, State.SILENT, State.DEAD}),
    State.SENDING: frozenset({State.SENT, State.SHOWN, State.QUEUED, State.RETRY, State.UNKNOWN, State.DEAD}),
    State.UNKNOWN: frozenset({State.RETRY, State.SENT, State.DEAD}),
    State.DEAD: frozenset({State.QUEUED}),
    State.SENT: frozenset(),
    State.SHOWN: frozenset(),
    State.SILENT: frozenset(),
}
# What is written to the audit log when a message comes into a state. What was handed over is a disclosure.
AUDITED: dict[State, Verb] = {
    State.SENT: Verb.DISCLOSURE,
    State.SHOWN: Verb.DISCLOSURE,
    State.UNKNOWN: Verb.DISCLOSURE,  # it may have been handed over
    State.DEAD: Verb.ALTERATION,
    State.SILENT: Verb.ALTERATION,
}
MOST_TRIES = 28  # 1 min doubling to 1 h adds up to 23 h of waiting: a message is tried for a day at most
GONE = "its worker was gone"  # the reason of what a dead worker had been sending: it tells nothing about the message
REPEAT = "may be a repeat"  # the reason of a message that is said again because nobody knows whether it arrived
_MEANS = {
    State.QUEUED: "decided, waiting for its moment",
    State.CLAIMED: "a worker has it; its holder's death frees it",
    State.SENDING: "committed before the network is touched",
    State.SENT: "the carrier said yes",
    State.SHOWN: "written to the local Maildir: nobody was mailed",
    State.UNKNOWN: "the answer to the last dot was lost",
    State.RETRY: "will be tried again, later each time, for at most 24 hours",
    State.DEAD: "refused for good, or tried in vain; casebeat outbox --requeue revives it",
    State.SILENT: "deliberately not said; the reason is recorded",
}


def before(state: State) -> list[State]:
    """The states from which a message may come into `state`."""
    return [each for each, following in ALLOWED.items() if state in following]


def wait_seconds(attempts: int) -> int:
    """Seconds until the next try after `attempts` tries: 1 minute, doubling to 1 hour. Jitter shortens it."""
    return min(3600, 60 << min(max(attempts - 1, 0), 6))


def picture() -> str:
    """The page of the documentation that shows all this."""
    arrows = [f"    {each} --> {after}" for each, following in ALLOWED.items() for after in sorted(following)]
    ends = [f"    {each} --> [*]" for each, following in ALLOWED.items() if not following]
    meaning = [f"| `{state}` | {words} |" for state, words in _MEANS.items()]
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
