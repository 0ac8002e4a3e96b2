"""What the commands that list something print on a day, and what forms offer."""

from collections.abc import Iterable, Iterator
from datetime import date

from config.days.london import at_london
from flows.configured import configured
from tasks.demo import lookups
from tasks.rounds.doctor import extracts, people
from tasks.rounds.form_choices import choices
from tests.approved.nights.house import House, call

OF_THE_BOOK = (
    ("status", "--json"),
    ("stalled",),
    ("reviews",),
    ("reviews", "--from", "2026-02-02", "--to", "2026-03-29", "--force", "46"),
    ("sittings",),
    ("sittings", "--force", "46", "--json"),
    ("stalled", "--force", "46", "--json"),
    ("obligations", "--force", "46"),
    ("obligations", "--case", "nothing"),
    ("coverage",),
    ("outbox",),
    ("assure",),
)
WITHOUT_A_DAY = {"coverage", "outbox"}  # commands that list what is now


def of_day(house: House, day: date) -> dict[str, list[str]]:
    """Return the lists of the book, the agendas of its next sittings, and what forms offer."""
    coming = house.ask(
        f"select ref from sittings where day > '{day}' and cancelled_on is null order by day, ref limit 3"
    )
    return {
        "Lists": list(_printed(OF_THE_BOOK, day)),
        "Agendas": list(_printed([("agenda", ref) for (ref,) in coming], day)),
        "Notified": call("notifications", "--day", day.isoformat(), "--force", "46"),
        "Doctor": list(_examined(day)),
        "Forms": [f"{name}: {', '.join(map(str, offered))}" for name, offered in choices(day)._asdict().items()],
        "Demo": [*map(str, lookups.evening(day).stalled), str(lookups.reviews(day))],
    }


def of_cases(house: House, day: date) -> dict[str, list[str]]:
    """Return what is listed of the case with the most acts, of a case's referrals, and of each reply."""
    found = house.ask(
        """select k.force_code || '/' || k.case_ref from acts a join case_keys k on k.id = a.case_id
           group by 1 order by count(distinct a.door) desc, count(*) desc, 1 limit 1"""
    )
    (with_checklist,), *_ = house.ask(
        """select k.force_code || '/' || k.case_ref from referrals r join case_keys u on u.id = r.key_id
           join cases c on c.urn_key_id = u.id join case_keys k on k.id = c.id
           order by cardinality(checklist_missing) desc, 1 limit 1"""
    )
    return {
        "Cases": list(_printed([("explain", case) for (case,) in found], day)),
        "Owed": list(_printed([("obligations", "--case", case.partition("/")[2]) for (case,) in found], day)),
        "Checklist": list(_printed([("checklist", with_checklist)], day)),
        "Replies": [f"{one.rule} {one.end_reason} {one.promise_end}" for one in lookups.reply_effects().values()],
    }


def _printed(commands: Iterable[tuple[str, ...]], day: date) -> Iterator[str]:
    for command in commands:
        on = () if command[0] in WITHOUT_A_DAY else ("--as-of", day.isoformat())
        yield f"$ {' '.join(command)}"
        yield from call(*command, *on)


def _examined(day: date) -> Iterator[str]:
    """Yield what the doctor finds in the book."""
    for check in (*extracts.CHECKS, *people.CHECKS):
        for found in check.look(configured(), at_london(day)):
            yield f"{check.name}: {found.sentence}"
