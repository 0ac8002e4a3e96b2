"""The mailbox that people reply to: read, and left as it is."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from config.replies import ReplyMailbox
from models.errors import Retry
from tasks.platform.configuration import Configuration
from tasks.replies import imap
from tasks.rounds.doctor.check import Verdict, fail, inspection, ok, warn

# what to do, by a part of the reader's own sentence
_REMEDIES = {
    "no token": "docs/microsoft365.md has the steps",
    "does not offer": "name a server that takes tokens in CASEBEAT_REPLIES__HOST, or set a password",
    "certificate": "or name it in CASEBEAT_REPLIES__HOST as its certificate does",
    "cannot be reached": (
        "correct CASEBEAT_REPLIES__HOST, CASEBEAT_REPLIES__PORT and CASEBEAT_REPLIES__SECURITY, start the server, or "
        "open the way to it in the firewall"
    ),
    "refused the sign-in": "correct CASEBEAT_REPLIES__USER and CASEBEAT_REPLIES__PASSWORD",
    "open": "have the account's inbox put right at its server",
}


@inspection("reply-mailbox", "The reply mailbox can be read.")
def _mailbox(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    chosen = configuration.settings.replies
    if chosen.host is not None:
        yield from _over_imap(chosen)
    elif chosen.maildir is not None:
        yield from _maildir(chosen.maildir)
    else:
        yield ok("No reply mailbox is set, so that no mail offers a reply.")


def _over_imap(chosen: ReplyMailbox) -> Iterator[Verdict]:
    try:
        done = imap.has_done_folder(chosen)
    except Retry as failed:
        yield fail(f"{str(failed).rstrip('.')}; {_remedy(str(failed), chosen)}. Until then no reply is read.")
        return
    if not done:
        yield warn(
            f'The reply mailbox has no folder "{chosen.done_folder}", into which handled mails are moved: the first '
            "reading makes it where the account may; otherwise have it made, or correct CASEBEAT_REPLIES__DONE_FOLDER."
        )


def _remedy(why: str, chosen: ReplyMailbox) -> str:
    if chosen.oauth.on and ("refused the sign-in" in why or "open" in why):
        return (
            "the app needs IMAP.AccessAsApp, a service principal in Exchange, and full access to the mailbox "
            "CASEBEAT_REPLIES__USER: docs/microsoft365.md has the steps"
        )
    return next((each for part, each in _REMEDIES.items() if part in why), "look at its server's log")


def _maildir(box: Path) -> Iterator[Verdict]:
    for folder in (box / "new", box / "cur"):
        if not folder.is_dir():
            yield fail(
                f"The reply Maildir has no folder {folder}: correct CASEBEAT_REPLIES__MAILDIR, or have the mail server "
                "deliver there. Until then no reply is read."
            )
        elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK, effective_ids=True):
            yield fail(
                f"The reply Maildir's folder {folder} cannot be read and changed by uid {os.geteuid()}: give that user "
                "the right. Until then no reply is read."
            )


CHECKS = (_mailbox,)
