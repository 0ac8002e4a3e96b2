"""Whose fault it is when an extract cannot be loaded: the folder's, or that of the machine and the database."""

import errno

from models.errors import FORESEEN, database_fault
from tasks.platform.diagnosis import reason

_OF_THE_MACHINE = frozenset(
    {
        errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE,
        errno.EACCES, errno.EPERM,  # of Casebeat's own folders: reading a source's file refuses in words
    }
)  # fmt: skip


def refusal_of(error: Exception) -> str:
    """Return the reason why one folder is refused. Raises the error again if it would meet every folder alike."""
    if isinstance(error, FORESEEN):
        return str(error)
    if database_fault(error) or (isinstance(error, OSError) and error.errno in _OF_THE_MACHINE):
        raise error
    return (
        f"An unexpected fault ended its loading ({reason(error)}). Other extracts are loaded, and this one is tried "
        "again at every intake. Send it again, and pass this sentence on to whoever maintains Casebeat."
    )
