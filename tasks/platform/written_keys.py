"""Keys in running text, as `tokens` makes them: how one begins, and how it is found."""

import re

MARK = "cb1."  # identifies a key in running text, and its construction
WRITTEN = re.compile(r"(?<![A-Za-z0-9_.-])cb1\.[A-Za-z0-9_-]{1,1000}")
