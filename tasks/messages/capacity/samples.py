"""Made-up messages about pairs whose joint reviews have no place in time."""

from dataclasses import replace
from datetime import UTC, date, datetime

from config.terms import Risk
from models.rules.reviews.capacity import ExtraPlaces
from tasks.messages.capacity.contexts import CapacityContext, LateCase

_SITTING = LateCase(
    reference="45/SAMPLE-0001", urn="45ZZ0000001", risk=Risk.HIGH, due_on=date(2026, 3, 10), days=2,
    deadline_on=date(2026, 3, 17), sits_at=datetime(2026, 3, 24, 10, tzinfo=UTC), sitting="45-south-east-2026-03-24",
)  # fmt: skip
_NOWHERE = LateCase(
    reference="45/SAMPLE-0004", urn=None, risk=Risk.UNKNOWN, due_on=date(2026, 3, 20), days=-8, deadline_on=None,
    sits_at=None, sitting=None,
)  # fmt: skip
LATE = CapacityContext(
    day=date(2026, 3, 12), reader="spoc", asks="police", how="late", pairs=("Surrey (45) and CPS South East",),
    until_on=date(2026, 4, 23), late=3, more=(ExtraPlaces(4, date(2026, 3, 20)), ExtraPlaces(2, date(2026, 4, 21))),
    restricted=1, cases=(_SITTING, _NOWHERE), left_out=0, listed=(_SITTING, _NOWHERE),
)  # fmt: skip
_BY_HAND = replace(
    LATE, asks="cps", how="by-hand", pairs=("Surrey (45) and CPS South East", "Sussex (47) and CPS South East"),
    more=(), restricted=0, late=41, cases=(_NOWHERE,), left_out=40, listed=(_NOWHERE,) * 41,
)  # fmt: skip
SAMPLES = {
    "capacity-late": LATE,
    "capacity-late-places-enough": replace(LATE, late=1, restricted=0, more=(), cases=(_SITTING,), listed=(_SITTING,)),
    "capacity-by-hand": _BY_HAND,
    "capacity-put-right": replace(LATE, how="right", late=0, more=(), restricted=0, cases=(), listed=()),
}
