"""What happens in the nights beside the demo's own work: people's second thoughts, faults, and changes of all kinds."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from config.london import at_london
from config.settings import settings
from config.terms import State
from flows.demo import NOON
from tasks.carriers.slack.api import SlackApi
from tasks.outbox import handling
from tasks.outbox.delivery import deliver
from tasks.replies import slack_clicks
from tests.approved.nights import neighbour
from tests.approved.nights.book import Force, user_of
from tests.approved.nights.house import House, call
from tests.approved.nights.mails import bounce, reply
from tests.integration.post import free_port
from tests.integration.slack_world import buttons
from tests.support.slack_socket import block_actions

Happening = Callable[[House, Force, date], Sequence[str]]
ACTIONS = """select a.action_ref, k.force_code || '/' || k.case_ref, a.owner_ref from actions a
    join case_keys k on k.id = a.key_id join obligations o on o.case_id = k.id and o.subject = 'action:' || a.action_ref
    where a.owner_agency = 'police' and o.ended_on is null order by 1"""
PROMISES = """select k.force_code || '/' || k.case_ref, o.rule || '/' || o.subject, p.by_ref from promises p
    join obligations o on o.id = p.obligation_id join case_keys k on k.id = o.case_id
    where p.ended_on is null and o.ended_on is null order by 1, 2, 3"""
OUTCOMES = """select s.ref, k.force_code || '/' || k.case_ref, u.by_ref from outcomes u
    join convenings v on v.id = u.convening_id join sittings s on s.id = v.sitting_id
    join case_keys k on k.id = v.case_id where u.by_ref is not null and u.stands order by s.day desc, 2"""
LEAD, POLICE_SPOC, CPS_SPOC = "P45-LEAD", "P45-SPOC1", "CSE-SPOC1"


def _typed(*command: str, day: date) -> list[str]:
    return [f"$ {' '.join(command)}", *call(*command, "--as-of", day.isoformat())]


def take_on(house: House, force: Force, day: date) -> list[str]:
    """Take an action on, once for too long and once again; a lead does so for a trial."""
    (action, case, owner), (other, elsewhere, _) = house.ask(ACTIONS)[:2]
    about, late, soon = f"action/action:{action}", day + timedelta(days=60), day + timedelta(days=3)
    lead = (
        "--by",
        LEAD,
        "--until",
        (day + timedelta(days=28)).isoformat(),
        "--type",
        "awaiting_trial_date",
        "--reason",
        "no",
    )
    return [
        *_typed("acknowledge", case, about, "--by", owner, "--until", late.isoformat(), "--reason", "ill", day=day),
        *_typed("acknowledge", case, about, "--by", owner, "--until", soon.isoformat(), "--reason", "ill", day=day),
        *_typed("acknowledge", elsewhere, f"action/action:{other}", *lead, day=day),
    ]


def take_back(house: House, force: Force, day: date) -> list[str]:
    """Take a promise back, and an action that was reported as done."""
    (case, about, by), *_ = house.ask(PROMISES)
    (action, elsewhere, owner), *_ = house.ask(ACTIONS)[2:]
    return [
        *_typed("acknowledge", case, about, "--by", by, "--withdraw", day=day),
        *_typed("complete-action", elsewhere, action, "--by", owner, day=day),
        *_typed("complete-action", elsewhere, action, "--by", owner, "--undo", day=day),
    ]


def correct_a_review(house: House, force: Force, day: date) -> list[str]:
    """Record another outcome of a review, take that back, and then the one before it."""
    (sitting, case, by), *_ = house.ask(OUTCOMES)
    named = ("record-review", sitting, case, "--by", by)
    return [
        *_typed(*named, "--held", "--police", "--no-cps", "--decision", "continue", day=day),
        *_typed(*named, "--undo", day=day),
        *_typed(*named, "--undo", day=day),
    ]


def move(house: House, force: Force, day: date) -> list[str]:
    """Move a case to an earlier sitting of its force and Area, and then to one that is none."""
    (case, by, sitting), *_ = house.ask(
        f"""select k.force_code || '/' || k.case_ref, c.supervisor_ref, t.ref from convenings v
            join sittings s on s.id = v.sitting_id join case_keys k on k.id = v.case_id join cases c on c.id = v.case_id
            join sittings t on t.force_code = s.force_code and t.cps_area = s.cps_area and t.cancelled_on is null
              and t.day > date '{day}' + 1 and t.day < s.day
            where v.ended_on is null and c.supervisor_ref is not null order by s.day desc, 1, t.day limit 1"""
    )
    wish = ("--by", by, "--sitting")
    return [
        *_typed("convene", case, *wish, sitting, day=day),
        *_typed("convene", case, *wish, "45-south-east-2026-03-23", day=day),
    ]


def move_back(house: House, force: Force, day: date) -> list[str]:
    """Take the move of a case back."""
    (case, by), *_ = house.ask(
        """select k.force_code || '/' || k.case_ref, v.chosen_by from convenings v join case_keys k on k.id = v.case_id
           where v.chosen_by is not null and v.ended_on is null order by 1"""
    )
    return _typed("convene", case, "--by", by, "--undo", day=day)


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
    return [deliver(at_london(day, NOON)).sentence]


def wrong_clock(house: House, force: Force, day: date) -> list[str]:
    """Run the round of a day that has not come, and undo it."""
    wrong = day + timedelta(days=1)
    back = ("undo-rounds", "--after", day.isoformat(), "--by", LEAD)
    ran = call("run", "--as-of", wrong.isoformat())
    return [f"$ run --as-of {wrong}", *ran, *_typed(*back, day=day), *_typed(*back, day=day)]


def slack_begins(house: House, force: Force, day: date) -> list[str]:
    """Connect Slack."""
    house.connect_slack()
    return []


def clicks(house: House, force: Force, day: date) -> list[str]:
    """Let people click: one takes on what a message is about, one looks at it, and one clicks another's button."""
    until, at = (day + timedelta(days=2)).isoformat(), at_london(day, NOON)
    posts = [
        (place, post)
        for place in sorted(house.slack.conversations)
        for post in sorted(house.slack.posts(place), key=lambda post: str(post["text"]))
        if buttons(post)
    ]
    direct = [(place, post) for place, post in posts if place.startswith("D")]
    said = []
    for (place, post), click, by in (
        *((each, "hold", f"U{each[0][1:]}") for each in direct[:2]),
        *((each, "show", f"U{each[0][1:]}") for each in direct[1:3]),
        *((each, "hold", user_of(POLICE_SPOC)) for each in direct[-1:]),
        *((each, "hold", user_of(POLICE_SPOC)) for each in posts[:1]),
    ):
        chosen = until if click == "hold" else None
        payload = block_actions(post, by, buttons(post)[0], click, channel_id=place, selected_date=chosen)
        again = slack_clicks.store(slack_clicks.read(payload, settings()), at)
        answer = slack_clicks.act(day, at) or again
        carrier = SlackApi(settings().slack, pace=0)
        sent = answer is not None and slack_clicks.whisper(carrier, answer)
        carrier.close()
        said.append(f"{by} {click}: {answer.text if answer else 'nothing'}{'' if sent else ' (not sent)'}")
    return said


def panels_change(house: House, force: Force, day: date) -> list[str]:
    """Let South East sit later, elsewhere and under another chair, and never on Wednesdays; London South twice less."""
    first, mark, rest = house.panels.partition("  # No SPOC")
    later = first.replace('"09:30"', '"10:15"').replace("chair: P45-SPOC1", "chair: CSE-SPOC1")
    elsewhere = later.replace("Room 2", "Room 5").replace("TU,WE,TH", "TU,TH")
    second, _, third = rest.partition("  # What the first fortnight")
    house.agree(elsewhere + mark + second + third[third.index('  - {force_code: "46"') :])
    return []


def policy_changes(house: House, force: Force, day: date) -> list[str]:
    """Let reminders of actions go out a day earlier, and no supervisor be asked to review."""
    text = settings().policy.read_text("utf-8")
    text = text.replace('edition: "2026-11"', 'edition: "2026-12"')
    before, mark, after = text.partition("  action:\n")
    changed = before + mark + after.replace("remind: -2wd", "remind: -3wd", 1)
    off = changed.replace("  supervisor-review:\n", "  supervisor-review:\n    enabled: false\n", 1)
    (house.home / "policy.yaml").write_text(off, "utf-8")
    house.set(POLICY=house.home / "policy.yaml")
    return []


def refused_for_good(house: House, force: Force, day: date) -> list[str]:
    """Let the mail server know one address no more, and Slack one user."""
    house.post.refused[_address(house, CPS_SPOC)] = "550 5.1.1"
    house.slack.users[user_of("P45-S04")] = False
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
    """Let a supervisor for whom a message waits leave without a word."""
    (ref,), *_ = house.ask(
        """select m.contact_ref from messages m join contacts c using (contact_ref)
           where m.state = 'queued' and 'officer' = any(c.roles) order by 1"""
    )
    force.leaves(ref, day)
    return [f"{ref} leaves"]


def held(house: House, force: Force, day: date) -> list[str]:
    """Report that both sides reviewed a case today, found gaps, and asked for an action."""
    action = f"CCTV,P45-001,{day + timedelta(days=6)}"
    found = ("--decision", "further_actions", "--pattern", "stalking", "--enquiries", "gaps_found", "--action", action)
    return _record(house, day, "--held", "--police", "--cps", *found)


def not_held(house: House, force: Force, day: date) -> list[str]:
    """Report that a case was not reached at its sitting of today."""
    return _record(house, day, "--not-held", "--decision", "not_reached")


def _record(house: House, day: date, *what: str) -> list[str]:
    """Report what came of a case at its sitting of today: of the one that was not held most often."""
    found = house.ask(
        f"""select s.ref, k.force_code || '/' || k.case_ref, s.chair_ref from convenings v
            join sittings s on s.id = v.sitting_id join case_keys k on k.id = v.case_id
            where s.day = '{day}' and v.ended_on is null
              and not exists (select from outcomes u where u.convening_id = v.id and u.stands)
            order by (select count(*) from convenings e where e.case_id = v.case_id and e."end" = 'not_held') desc, 2"""
    )
    for sitting, case, chair in found[:1]:
        return _typed("record-review", sitting, case, "--by", chair, *what, day=day)
    return []


def mistaken(house: House, force: Force, day: date) -> list[str]:
    """Ask for what is not there: a case, an obligation, an action, a sitting."""
    (action, case, owner), *_ = house.ask(ACTIONS)
    (ref,), *_ = house.ask(f"select ref from sittings where day > '{day}' order by 1")
    return [
        *_typed("explain", case[:-1], day=day),
        *_typed("acknowledge", case, "plea", "--by", owner, "--withdraw", day=day),
        *_typed("complete-action", case, f"{action}X", "--by", owner, day=day),
        *_typed("record-review", ref, case, "--by", owner, "--held", day=day),
    ]


def _address(house: House, ref: str) -> str:
    ((address,),) = house.ask(f"select email from contacts where contact_ref = '{ref}'")
    return str(address)


BEFORE: Mapping[date, tuple[Happening, ...]] = {  # the round of a day
    date(2026, 3, 27): (hold,),
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
    date(2026, 3, 24): (take_on, move, not_held),
    date(2026, 3, 25): (take_back, move_back, mistaken),
    date(2026, 3, 26): (reply("status", "P45-SPOC1"), reply("undo", ""), reply("thank you", "P45-SPOC2"), bounce),
    date(2026, 3, 27): (leaves, held),
    date(2026, 3, 28): (let_go,),
    date(2026, 3, 29): (wrong_clock,),
    date(2026, 3, 30): (not_held, held),
    date(2026, 3, 31): (clicks, not_held),
    date(2026, 4, 1): (correct_a_review, not_held, move),
    date(2026, 4, 2): (clicks,),
    date(2026, 4, 7): (neighbour.is_taken, not_held),
    date(2026, 4, 8): (sent_again,),
    date(2026, 4, 9): (server_back,),
}
