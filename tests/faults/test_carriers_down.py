"""The mail server or Slack is out for a day: no row ages, operations hear of it once, and all is sent afterwards."""

from datetime import timedelta

import pytest

from tests.faults import book
from tests.faults.checker import check
from tests.faults.ground import EIGHT
from tests.faults.loop import of_cases
from tests.faults.size import EVERYTHING, LONGEST, some
from tests.support.slack_stand_in import Fault

pytestmark = pytest.mark.timeout(LONGEST)
TUESDAY = EIGHT + timedelta(days=1)
WHEN = ("before", "after")


def a_day_passes(ground):
    """Run a round, and a delivery about every hour; return their exit codes, and the output of the round."""
    held = ground.round()
    codes = [held.join()]
    for hours in range(1, 24, 1 if EVERYTHING else 6):
        ground.time_passes()
        codes.append(ground.begin(deliver=EIGHT + timedelta(hours=hours), watched=False).join())
    return codes, held.said


def afterwards(ground, told):
    book.extracts(ground.drop, TUESDAY.date())
    ground.heal(TUESDAY)
    return check(ground, of_cases(told), at=TUESDAY)


def test_a_day_without_mail_ages_nothing_and_everything_is_said_the_next_morning(field, undisturbed):
    with field.ground() as ground:
        ground.mail.at, ground.mail.what, ground.mail.times = "banner", "drop", 10**9
        codes, said = a_day_passes(ground)
        assert set(codes) == {1}, codes
        assert "the carrier is down" in said
        assert ground.letters == ground.before
        waits = ground.ask(
            "select state, max(attempts) from messages where channel = 'email' and day = %(day)s group by 1",
            {"day": book.MONDAY},
        )
        assert waits == [("queued", 0)]
        paused = ground.ask("select channel, state from messages where key like 'paused:%%'")
        assert paused == [("slack", "sent")], "operations hear of it once, by the other carrier"
        ground.mail.at = ""
        found = afterwards(ground, undisturbed(2).story)
        assert found.repeated_letters == found.marked_letters == 0


@pytest.mark.parametrize("how", ["not_authed", "http503"])
def test_a_day_without_slack_ages_nothing_and_everything_is_said_the_next_morning(field, undisturbed, how):
    with field.ground() as ground:
        token, before = ground.slack.token, len(ground.slack.posts())
        given = ground.env
        if how == "http503":
            ground.slack.plan = [Fault("http503")] * 10_000
        else:
            ground.slack.token = "xoxb-another"
            ground.more = {"SLACK__TOKEN": given["CASEBEAT_SLACK__TOKEN"]}
        codes, said = a_day_passes(ground)
        assert set(codes) == {1}, codes
        assert "the carrier is down (slack" in said
        assert len(ground.slack.posts()) == before
        waits = ground.ask(
            "select state, max(attempts) from messages where channel = 'slack' and day = %(day)s group by 1",
            {"day": book.MONDAY},
        )
        assert waits == [("queued", 0)]
        paused = ground.ask("select channel, state from messages where key like 'paused:%%'")
        assert paused == [("email", "sent")], "operations hear of it once, by the other carrier"
        ground.slack.token, ground.slack.plan = token, []
        afterwards(ground, undisturbed(2).story)


BREAKS = [f"{how}, {when} it was posted" for how in ("fin", "rst", "partial", "garbage", "http500") for when in WHEN]


@pytest.mark.parametrize("breaks", some(BREAKS, 2))
def test_slack_breaks_at_every_post_of_a_morning_and_nothing_is_posted_twice(field, undisturbed, breaks):
    how, when = breaks.removesuffix(" it was posted").split(", ")
    with field.ground() as ground:
        ground.slack.plan = [Fault(how, when, "chat.postMessage")] * 5
        assert ground.round(watched=False).join() in {0, 1}
        assert ground.ask("select count(*) from messages where state = 'unknown' and channel = 'slack'")[0][0] >= 5
        ground.heal()
        check(ground, undisturbed().story)
