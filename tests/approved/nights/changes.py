"""What changes in the installation and around it: Slack, panels, policy, and who leads."""

from datetime import date, timedelta

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from flows.demo import NOON
from tasks.carriers.slack.api import SlackApi
from tasks.replies import slack_clicks
from tests.approved.nights.book import Force, user_of
from tests.approved.nights.house import House
from tests.support.slack_socket import block_actions
from tests.worlds.slack import buttons

POLICE_SPOC = "P45-SPOC1"


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
    wrong = (direct[-1], "hold", user_of(POLICE_SPOC))
    said = []
    for (place, post), click, by in (
        *((each, "hold", f"U{each[0][1:]}") for each in direct[:2]),
        *((each, "show", f"U{each[0][1:]}") for each in direct[1:3]),
        (direct[0], "hold", f"U{direct[0][0][1:]}"),
        *(wrong, wrong),
        *((each, "hold", user_of(POLICE_SPOC)) for each in posts[:1]),
    ):
        chosen = until if click == "hold" else None
        payload = block_actions(post, by, buttons(post)[0], click, channel_id=place, selected_date=chosen)
        again = slack_clicks.store(slack_clicks.read(payload, settings()), at)
        answer = slack_clicks.act(configured(), day, at) or again
        carrier = SlackApi(settings().slack, pace=0)
        sent = answer is not None and slack_clicks.whisper(carrier, answer)
        carrier.close()
        said.append(f"{by} {click}: {answer.text if answer else 'nothing'}{'' if sent else ' (not sent)'}")
    return said


def panels_change(house: House, force: Force, day: date) -> list[str]:
    """Let South East sit later, elsewhere, under another chair and no more on Tuesdays; London South twice less."""
    first, mark, rest = house.panels.partition("  # No SPOC")
    later = first.replace('"09:30"', '"10:15"').replace("chair: P45-SPOC1", "chair: CSE-SPOC1").replace("TU,", "")
    elsewhere = later.replace("Room 2", "Room 5")
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


def led_anew(house: House, force: Force, day: date) -> list[str]:
    """Let the second SPOC lead on cases that have reached the first, and bar an officer from another."""
    found = house.ask(
        """select distinct k.case_ref from obligations o join case_keys k on k.id = o.case_id
           where o.ended_on is null and 'P45-SPOC1' = any(o.addressed) order by 1"""
    )
    reached = [ref for (ref,) in found if ref in force.book.cases]
    for ref in reached[:2]:
        force.book.cases[ref].case.spoc_ref = "P45-SPOC2"
    barred = force.book.cases[reached[-1]].case
    barred.barred_refs = (barred.oic_ref,)
    return [f"{', '.join(reached[:2])} led again; an officer barred from {barred.case_ref}"]
