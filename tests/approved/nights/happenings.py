"""What happens on which day beside the demo's own work: people's second thoughts, faults, and changes of all kinds."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from tests.approved.nights import neighbour
from tests.approved.nights.book import Force
from tests.approved.nights.changes import clicks, led_anew, panels_change, policy_changes, slack_begins
from tests.approved.nights.house import House
from tests.approved.nights.mails import bounce, reply
from tests.approved.nights.outages import (
    hold,
    leaves,
    let_go,
    mail_begins,
    refused_for_good,
    refused_for_now,
    sent_again,
    server_back,
    server_gone,
    wrong_clock,
)
from tests.approved.nights.reported import april, march
from tests.approved.nights.second_thoughts import (
    correct_a_review,
    held,
    mistaken,
    move,
    move_back,
    not_held,
    take_back,
    take_on,
)

Happening = Callable[[House, Force, date], Sequence[str]]
BEFORE: Mapping[date, tuple[Happening, ...]] = {  # the round of a day
    date(2026, 3, 24): (mail_begins,),
    date(2026, 3, 26): (hold,),
    date(2026, 3, 28): (neighbour.begins,),
    date(2026, 3, 30): (slack_begins,),
    date(2026, 3, 31): (neighbour.goes_on,),
    date(2026, 4, 1): (panels_change,),
    date(2026, 4, 2): (policy_changes,),
    date(2026, 4, 7): (refused_for_good, neighbour.loses_columns),
    date(2026, 4, 8): (refused_for_now, neighbour.shrinks),
    date(2026, 4, 9): (server_gone,),
}
AFTER: Mapping[date, tuple[Happening, ...]] = {  # the work of a day
    date(2026, 3, 23): (not_held,),
    date(2026, 3, 24): (take_on, not_held, move),
    date(2026, 3, 25): (take_back, move_back, mistaken, not_held, held, reply("undo", "")),
    date(2026, 3, 26): (leaves, let_go, not_held),
    date(2026, 3, 27): (not_held, held, reply("status", "P45-SPOC1"), reply("thank you", "P45-SPOC2"), bounce),
    date(2026, 3, 29): (wrong_clock,),
    date(2026, 3, 30): (not_held, held),
    date(2026, 3, 31): (clicks, not_held, led_anew),
    date(2026, 4, 1): (not_held, correct_a_review),
    date(2026, 4, 2): (clicks, not_held),
    date(2026, 4, 6): (march,),
    date(2026, 4, 7): (neighbour.is_taken, not_held),
    date(2026, 4, 8): (sent_again, not_held),
    date(2026, 4, 9): (server_back, april),
}
