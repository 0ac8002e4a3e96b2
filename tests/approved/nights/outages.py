"""What goes wrong outside, or is stopped: the outbox, the clock, the mail server, Slack, and people who are gone."""

from datetime import date, time, timedelta

from config.days.london import at_london
from config.terms import State
from flows.configured import configured
from flows.demo import NOON
from tasks.intake.load import load_folders
from tasks.outbox import handling
from tasks.outbox.delivery import deliver
from tests.approved.nights.book import Force, user_of
from tests.approved.nights.house import House, call, typed
from tests.support.post import free_port
from tests.worlds.extracts import a_contact, write

LEAD, POLICE_SPOC, CPS_SPOC = "P45-LEAD", "P45-SPOC1", "CSE-SPOC1"


def mail_begins(house: House, force: Force, day: date) -> list[str]:
    """Name the mail server: until then letters were only shown."""
    house.set(MAIL__HOST="127.0.0.1")
    return []


def hold(house: House, force: Force, day: date) -> list[str]:
    """Hold the outbox before the round."""
    handling.hold("a person on duty", at_london(day))
    return []


def let_go(house: House, force: Force, day: date) -> list[str]:
    """List what waits, release the outbox, and deliver at noon."""
    waiting = call("outbox")
    handling.release("a person on duty")
    return ["$ outbox", *waiting, *at_noon(house, force, day)]


def at_noon(house: House, force: Force, day: date) -> list[str]:
    """Deliver at noon, as what waits for its next try leaves."""
    return [deliver(configured(), at_london(day, NOON)).sentence]


def wrong_clock(house: House, force: Force, day: date) -> list[str]:
    """Run the round of a day that has not come, and undo it."""
    wrong = day + timedelta(days=1)
    back = ("undo-rounds", "--after", day.isoformat(), "--by", LEAD)
    ran = call("run", "--as-of", wrong.isoformat())
    return [f"$ run --as-of {wrong}", *ran, *typed(*back, day=day), *typed(*back, day=day)]


def refused_for_good(house: House, force: Force, day: date) -> list[str]:
    """Let the mail server know one address no more, and Slack one user."""
    house.post.refused[_address(house, CPS_SPOC)] = "550 5.1.1"
    house.slack.users[user_of("P45-S04")] = False
    house.slack.conversations["D0P45S05"].archived = True
    return []


def refused_for_now(house: House, force: Force, day: date) -> list[str]:
    """Let the mail server know the address again, and have no time for another."""
    house.post.refused = {_address(house, POLICE_SPOC): "451 4.3.0"}
    return []


def sent_again(house: House, force: Force, day: date) -> list[str]:
    """Let the mail server take everything, and send again what died."""
    house.post.refused = {}
    for (key,) in house.ask(f"select key from messages where state = '{State.DEAD}' and channel = 'email' order by 1"):
        handling.requeue(key, at_london(day))
    return at_noon(house, force, day)


def server_gone(house: House, force: Force, day: date) -> list[str]:
    """Take the mail server away."""
    house.set(MAIL__PORT=free_port())
    return []


def server_back(house: House, force: Force, day: date) -> list[str]:
    """List what waits, deliver once more in vain, and bring the mail server back."""
    waiting = call("outbox")
    in_vain = at_noon(house, force, day)
    house.set(MAIL__PORT=house.port)
    handling.release("a person on duty")
    return [*waiting[-3:], *in_vain, *at_noon(house, force, day)]


def leaves(house: House, force: Force, day: date) -> list[str]:
    """Let people be gone for whom a message waits: one of police, who owes, and the SPOC."""
    found = house.ask(
        """select distinct c.contact_ref, c.agency, c.name, c.email, array_to_string(c.roles, ';') from contacts c
           join messages m using (contact_ref) join notifications n on n.message_id = m.id and n.happening = 'step'
           where m.state = 'queued' and c.agency = 'police' and c.roles && array['officer', 'spoc'] order by 1"""
    )
    gone = (day - timedelta(days=1)).isoformat()
    names = ("contact_ref", "agency", "name", "email", "roles")
    rows = [a_contact(**dict(zip(names, row, strict=True)), active_to=gone) for row in (found[0], found[-1])]
    folder = house.home / "gone" / f"niche-45-{day:%Y%m%d}-2"
    taken = {"extract_id": folder.name, "extracted_at": at_london(day, time(9)).isoformat(), "mode": "delta"}
    write(folder, {"contacts.csv": rows}, **taken)
    made = load_folders(configured(), [folder], at_london(day, time(10)))
    return [*(f"{row['contact_ref']} is gone" for row in rows), *(f"{one.fate.value} {one.sentence}" for one in made)]


def _address(house: House, ref: str) -> str:
    ((address,),) = house.ask(f"select email from contacts where contact_ref = '{ref}'")
    return str(address)
