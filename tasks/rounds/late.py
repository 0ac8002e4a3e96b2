"""Sentences about cases that an extract changed after the day's round."""

from datetime import datetime

from config.days.london import london_day
from models.queries.rounds import unseen
from models.rules.outbox.letter_hour import letters_end
from tasks.platform.configuration import Configuration
from tasks.platform.text import number_of
from tasks.servers.database import transaction


def what_follows(configuration: Configuration, at: datetime) -> str:
    """Say which round looks at the cases that came after today's; nothing where none waits for another."""
    today = london_day(at)
    with transaction() as connection:
        waiting = {code: cases for code, cases in unseen.unseen(connection).items() if cases.late_since(today)}
    if not waiting:
        return ""
    cases = number_of(sum(force.cases for force in waiting.values()), "case")
    forces = f"{'force' if len(waiting) == 1 else 'forces'} {', '.join(waiting)}"
    said = f"Today's round is over, and {cases} of {forces} changed after it."
    if at >= letters_end(today, configuration.policy.letter):
        return f"{said} Tomorrow's looks at them."
    return f"{said} The next casebeat assure begins another: casebeat serve, or its timer, runs it every 5 minutes."
