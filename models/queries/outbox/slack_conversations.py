"""The conversations with people in Slack: which are open, and who has none yet."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from models.queries.driver import execute, fetch


def known(connection: Connection, contact_refs: Sequence[str]) -> Mapping[str, tuple[str, str | None]]:
    """Of these contacts, those who are in Slack: their user id there, and the conversation's id where it is open."""
    rows = fetch(
        connection,
        """select p.contact_ref, p.slack_user_id, s.channel_id
           from contacts p left join slack_conversations s on s.slack_user_id = p.slack_user_id
           where p.contact_ref = any(%s) and p.slack_user_id is not null""",
        (list(contact_refs),),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def keep(connection: Connection, slack_user_id: str, channel_id: str) -> None:
    """Keep an open conversation; whoever opened it at the same time was given the same one."""
    execute(
        connection,
        "insert into slack_conversations (slack_user_id, channel_id) values (%s, %s) on conflict do nothing",
        (slack_user_id, channel_id),
    )


def forget(connection: Connection, channel_id: str) -> None:
    """Forget a conversation where nothing could be said, as after a move to another workspace: it is opened anew."""
    execute(connection, "delete from slack_conversations where channel_id = %s", (channel_id,))
