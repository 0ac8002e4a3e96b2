"""The account that runs a command, kept beside the name that its user gives."""

import os
import pwd
from pathlib import Path

from config.doors import Door
from models.rules.people.act import Act

SIGNED_IN = Path("/proc/self/loginuid")
_NOBODY = 2**32 - 1  # of a process that no sign-in began: a service, a container


def by_command(by: str) -> Act:
    """Return the act of a command in the name of a contact."""
    return Act(by, Door.COMMAND, account())


def account() -> str:
    """Return the name of the account, and who was signed in where that is another one.

    The account is that of the process, not of LOGNAME or USER, which anyone may set. Behind sudo it is root's or
    that of Casebeat: the kernel keeps who signed in. Where it does not, SUDO_USER names whose session it was, which
    any account but root may set as it likes.
    """
    own = os.getuid()
    signed_in = _signed_in()
    if signed_in is not None and signed_in != own:
        return f"{_name(own)} (signed in as {_name(signed_in)})"
    if session := os.environ.get("SUDO_USER", ""):
        unsure = "" if os.geteuid() == 0 else ", unconfirmed"
        return f"{_name(own)} (sudo by {session}{unsure})"
    return _name(own)


def _signed_in() -> int | None:
    """Return the number of the account whose sign-in began this process, as the kernel keeps it."""
    try:
        number = int(SIGNED_IN.read_text("ascii"))
    except (OSError, ValueError):  # not Linux, or a kernel without audit
        return None
    return None if number == _NOBODY else number


def _name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # a container may run under a number without a name
        return f"uid {number}"
