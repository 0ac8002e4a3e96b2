"""Messages by Slack: the same content as the e-mail, and nothing of a restricted case for any reader."""

from uuid import uuid4

from sqlalchemy import Connection

from config.routes import Channel
from flows.configured import configured
from models.queries.outbox import outbox
from models.queries.outbox.outbox import ClaimTerms
from tasks.messages.composing import ComposedMessage, never_named_on
from tasks.messages.composing import MessageBatch as Composing
from tasks.messages.letter.composing import LetterBatch
from tasks.messages.letter.contexts import Count, LetterContext
from tests.worlds.rows import AT_NINE, World

SLACK = {"channel": Channel.SLACK}


def composed(connection: Connection) -> list[ComposedMessage]:
    """Compose all waiting messages, each channel by itself."""
    made = []
    for channel in (Channel.EMAIL, Channel.SLACK):
        batch = outbox.claim(connection, uuid4(), ClaimTerms(channel, AT_NINE), 50)
        world = Composing(configured(), connection, batch, AT_NINE)
        letters = LetterBatch(connection, batch, world)
        made.extend(letters.compose(one, world) for one in batch)
    return made


def shown(one: ComposedMessage) -> set[str]:
    assert isinstance(one.context, LetterContext)
    standing = one.context.standing
    found = {item.reference for item in one.context.yours}
    return found | ({case.reference for case in standing.stalled} if standing else set())


def test_a_restricted_case_falls_silent_and_leaves_not_even_its_number(connection: Connection) -> None:
    world = World(connection)
    ref = world.contact("P45spoc1", roles=("spoc",), restricted_access=True, slack_user_id="U0SPOC")
    for given in ({}, SLACK):
        message = world.message(ref, **given)
        for case_ref, restricted in ((f"OPEN-{len(given)}", False), (f"SECRET-{len(given)}", True)):
            world.notification(world.critical(world.case(case_ref, restricted=restricted)), message, ref, **given)
    by_mail, by_slack = composed(connection)
    assert shown(by_mail) == {"45/OPEN-0", "45/SECRET-0"}
    assert shown(by_slack) == {"45/OPEN-1"}
    assert list(by_slack.silent.values()) == [never_named_on(configured(), Channel.SLACK)]
    assert isinstance(by_slack.context, LetterContext)
    assert by_slack.context.restricted == 0


def test_a_message_about_a_restricted_case_alone_is_not_said(connection: Connection) -> None:
    world = World(connection)
    ref = world.contact("P45spoc1", roles=("officer",), restricted_access=True, slack_user_id="U0SPOC")
    message = world.message(ref, **SLACK)
    world.notification(world.critical(world.case("SECRET", restricted=True)), message, ref, **SLACK)
    (one,) = composed(connection)
    assert (one.context, one.nothing) == (None, never_named_on(configured(), Channel.SLACK))


def test_a_weeks_standing_has_the_restricted_cases_in_the_mail_only(connection: Connection) -> None:
    world = World(connection)
    ref = world.contact("P45spoc1", roles=("spoc",), restricted_access=True, slack_user_id="U0SPOC")
    world.critical(world.case("OPEN"))
    world.critical(world.case("SECRET", restricted=True))
    world.message(ref, standing=True)
    world.message(ref, standing=True, **SLACK)
    by_mail, by_slack = composed(connection)
    assert shown(by_mail) == {"45/OPEN", "45/SECRET"}
    assert shown(by_slack) == {"45/OPEN"}
    assert isinstance(by_slack.context, LetterContext)
    assert by_slack.context.counts == (Count("stalled", 1),)
    assert by_slack.context.restricted == 0
