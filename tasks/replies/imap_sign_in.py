"""Sign in to the reply mailbox, by a password or by a token."""

import imaplib

from config.replies import ReplyMailbox
from models.errors import Retry
from tasks.network.oauth import sasl
from tasks.network.oauth.access import access_token, forget
from tasks.network.oauth.refusals import NoToken


def token_for(chosen: ReplyMailbox) -> str | None:
    """Ask for a token where one is shown; before a session, whose time for connecting is short. Raises Retry."""
    try:
        return access_token(chosen.oauth) if chosen.oauth.on else None
    except NoToken as none:
        raise Retry(f"The reply mailbox has no token for its sign-in: {none}.") from None


def sign_in(session: imaplib.IMAP4, chosen: ReplyMailbox, token: str | None) -> None:
    """Sign in. Raises Retry where the server takes no tokens, and whatever imaplib raises where it refuses."""
    if token is None:
        session.login(str(chosen.user), chosen.password.get_secret_value() if chosen.password else "")
        return
    offered = [
        capability.removeprefix("AUTH=") for capability in session.capabilities if capability.startswith("AUTH=")
    ]
    mechanism = sasl.mechanism(offered)
    if mechanism is None:
        raise Retry("The reply mailbox does not offer a sign-in by token (OAUTHBEARER, XOAUTH2).")
    answers = sasl.conversation(mechanism, str(chosen.user), token)
    try:
        session.authenticate(mechanism, lambda _: answers().encode("ascii"))
    except imaplib.IMAP4.error:
        forget()  # it may have been withdrawn before its end
        raise
