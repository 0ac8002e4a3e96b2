"""The exit codes of `casebeat`. Beside these: 128 plus the signal's number if a signal ended it."""

DEGRADED = 1  # done, and something wants a look
FAILED = 1  # stopped by a fault
REFUSED = 2  # nothing done
FAULT = 3  # of `casebeat assure`, whose 1 is for what it found
