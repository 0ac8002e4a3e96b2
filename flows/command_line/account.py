"""The account that runs a command, kept beside the name that its user gives."""

import os
import pwd

from config.doors import Door
from models.rules.people.act import Act


def by_command(by: str) -> Act:
    """Return the act of a command in the name of a contact.

    The account is that of the process, not of LOGNAME or USER, which anyone may set. Behind sudo it is root's, and
    SUDO_USER names whose session it was.
    """
    session = os.environ.get("SUDO_USER", "") if os.geteuid() == 0 else ""
    return Act(by, Door.COMMAND, f"{account()} (sudo by {session})" if session else account())


def account() -> str:
    """Return the name of the account."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run under a number without a name
        return f"uid {os.getuid()}"
