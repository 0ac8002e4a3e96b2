"""Reads and writes of the conversations with people in Slack."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, keyed_as


class SlackPerson(NamedTuple):
    """A person's id in Slack, and the id of the conversation with them where one is open."""

    slack_user_id: str
    channel_id: str | None


def known(connection: Connection, contact_refs: Sequence[str]) -> Mapping[str, SlackPerson]:
    """Return the conversations of those of these contacts who are in Slack."""
    statement = """
        select p.contact_ref, p.slack_user_id, s.channel_id
        from contacts p left join slack_conversations s on s.slack_user_id = p.slack_user_id
        where p.contact_ref = any(%s) and p.slack_user_id is not null"""
    return dict(keyed_as(connection, "contact_ref", SlackPerson, statement, (list(contact_refs),)))


def keep(connection: Connection, slack_user_id: str, channel_id: str) -> None:
    """Store an open conversation; Slack gives a worker that opens it at the same time the same one."""
    statement = "insert into slack_conversations (slack_user_id, channel_id) values (%s, %s) on conflict do nothing"
    execute(connection, statement, (slack_user_id, channel_id))


def forget(connection: Connection, channel_id: str) -> None:
    """Delete a conversation that Slack refuses, for instance after a move to another workspace: it is opened again."""
    execute(connection, "delete from slack_conversations where channel_id = %s", (channel_id,))
