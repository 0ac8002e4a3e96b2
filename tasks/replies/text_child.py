"""The child that reads kept mails: it answers each line, a mail, with all that it says."""

import json
import sys

from tasks.replies.incoming import all_text


def main() -> None:
    """Answer the lines of standard input, one by one."""
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(json.dumps(all_text(json.loads(line).encode("latin-1"))).encode() + b"\n")
        sys.stdout.buffer.flush()
