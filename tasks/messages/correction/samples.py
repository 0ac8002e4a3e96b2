"""Made-up corrections."""

from dataclasses import replace
from datetime import date

from config.message_kinds import MessageKind
from tasks.messages.correction.contexts import CorrectionContext

_DAY = date(2027, 3, 1)
_ONE = CorrectionContext(day=date(2026, 3, 16), reader="officer", messages=1, first_on=_DAY, last_on=_DAY)
CORRECTIONS = {
    "correction-one": (MessageKind.CORRECTION, _ONE),
    "correction-several": (
        MessageKind.CORRECTION,
        replace(_ONE, reader="spoc", messages=4, last_on=date(2027, 3, 2)),
    ),
}
