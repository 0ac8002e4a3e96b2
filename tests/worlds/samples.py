"""Samples of messages, and the values of which they are made, by the names that tests give them."""

from config.message_kinds import MessageKind
from tasks.messages.contexts import ObligationItem
from tasks.messages.kinds import mailed, samples
from tasks.messages.samples import written

SAMPLES, MAILED = samples(), mailed()
_ITEMS = written("obligations", ObligationItem)
REVIEW, LIMIT, ACTION, DECISION = (_ITEMS[name] for name in ("review", "limit", "action", "decision"))
CONTACT, RESOLVED, BAIL = (_ITEMS[name] for name in ("contact", "resolved", "bail"))
DANGER, PRESUMED, PHONE = (_ITEMS[name] for name in ("danger", "presumed-danger", "phone"))
DAY = REVIEW.today

_SAID = {name: context for name, (_, context) in SAMPLES.items()}
LETTERS = {name: context for name, (kind, context) in SAMPLES.items() if kind is MessageKind.LETTER}
SPOC, WEEKDAY = LETTERS["letter-spoc-monday"], LETTERS["letter-spoc-weekday"]
EVERYTHING, NOTHING = LETTERS["letter-of-everything"], LETTERS["letter-nothing-stalled"]
ACTING, OFFICER = LETTERS["letter-in-place-of-the-lead"], LETTERS["letter-officer"]
STALLED = LETTERS["letter-newly-leads"].standing.stalled
MEETING, PATTERN, STATUS = SPOC.sittings[0], SPOC.pattern, OFFICER.reply

AGENDA, MORNING = _SAID["agenda-chair"], _SAID["agenda-morning"]
(BUSY, HIDDEN, CALM), (_, UNREAD) = AGENDA.cases, MORNING.cases

CHAIR, INVITED = _SAID["invitation-chair"], _SAID["invitation-officer-of-two"]
CANCELLED = _SAID["invitation-cancelled"]
SERIES_CHANGED, SERIES_ENDED = _SAID["invitation-series-changed"], _SAID["invitation-series-ended"]

ANSWER, SHOWN = _SAID["answer-promised"], _SAID["answer-shown"].shown
LATE, BY_HAND = _SAID["capacity-late"], _SAID["capacity-by-hand"]
FAILED_TWICE, TRANSFERRED = _SAID["failed-review-twice"], _SAID["transfer-from"]
URGENT, ROUND = _SAID["urgent-time-limit"], _SAID["operations"]
