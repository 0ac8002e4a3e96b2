"""Whose conversation in Slack is known, and which one is forgotten."""

from models.queries.outbox import slack_conversations


def test_a_person_in_slack_is_known_with_the_conversation_that_is_open(rows):
    for ref, user in (("open", "U1"), ("to-open", "U2"), ("not-there", None), ("not-asked", "U4")):
        rows.contact(ref, slack_user_id=user)
    for user in ("U1", "U4"):
        slack_conversations.keep(rows.connection, user, f"D-{user}")
    asked = ["open", "to-open", "not-there"]
    assert slack_conversations.known(rows.connection, asked) == {"open": ("U1", "D-U1"), "to-open": ("U2", None)}
    slack_conversations.forget(rows.connection, "D-U1")
    every = [*asked, "not-asked"]
    found = {ref: one.channel_id for ref, one in slack_conversations.known(rows.connection, every).items()}
    assert found == {"open": None, "to-open": None, "not-asked": "D-U4"}
