"""The decision to begin a round for what was loaded after the day's, while letters may still leave."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from models.rules.rounds.beginning_again import MOST, UNDER_WAY, BeginAgain, DayOfRounds


def begin_late(
    day: DayOfRounds, loaded: Mapping[str, datetime], begun: Sequence[datetime], at: datetime, until: datetime
) -> BeginAgain | None:
    """Return the round to begin for what came late; None where nothing did, or it waits.

    `loaded` holds the moment of the first extract that changed a force after its last good round, where that round is
    of today; `begun` those at which a round was begun for what came late. One force gets a round of its own, several
    the whole round. It waits while a round is running, and from `until` on for the next day's; of a force that failed
    or died since, `begin_again` decides. One that is lost before it began is begun three times.
    """
    late = sorted({*loaded}.intersection(day.ended))
    if not late or day.whole is None or day.running or at >= until:
        return None
    tried = [moment for moment in begun if moment >= min(loaded[code] for code in late)]
    if len(tried) >= MOST or (tried and at < tried[-1] + UNDER_WAY):
        return None
    return BeginAgain(late[0] if len(late) == 1 else None, late=True)
