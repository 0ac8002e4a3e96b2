"""Text of an HTML mail, up to the quoted original.

It avoids html.parser: Python 3.11.7's took three minutes for 400 kB of broken comments.
"""

import html
import re

_LINE = frozenset({"br", "div", "tr", "li", "table", "ul", "ol", "pre"})
_PARAGRAPH = frozenset({"p", "h1", "h2", "h3", "h4"})
_MUTE = frozenset({"style", "script", "title", "head", "template", "noscript"})
_QUOTED = re.compile(
    r"""\b(?:class|id)\s*=\s*["']?[^"'>]{0,200}(?:gmail_quote|gmail_attr|moz-cite-prefix|yahoo_quoted|divrplyfwdmsg|
        appendonsend|reference-message)""",
    re.VERBOSE,
)
_NAME = re.compile(r"<(/?)([a-z][a-z0-9:]{0,20})")
_ENDLESS = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")  # no character; Python reads no number of 5,000 digits
LONGEST = 500_000  # characters of HTML
LONGEST_TAG = 10_000


def html_text(source: str) -> str:
    """Convert HTML to text, one line for each block, without the original that a mail program quotes."""
    parts: list[str] = []
    at, mute, end = 0, "", min(len(source), LONGEST)
    while at < end:
        opens = source.find("<", at, end)
        if not mute:
            text = _ENDLESS.sub("\ufffd", source[at : opens if opens >= 0 else end])
            parts.append(" ".join(html.unescape(text).split("\n")))
        if opens < 0:
            break
        comment = source.startswith("<!--", opens)
        closes = source.find("-->" if comment else ">", opens, end)
        if closes < 0:
            break  # an unclosed tag: a mail program shows nothing after it
        at = closes + (3 if comment else 1)
        tag = "" if comment else source[opens : min(at, opens + LONGEST_TAG)].lower()
        named = _NAME.match(tag)
        if named is None:
            continue
        closing, name = named[1], named[2]
        if not closing and (name in {"blockquote", "hr"} or _QUOTED.search(tag)):
            break
        if name in _MUTE:
            mute = name if not closing and not mute else "" if closing and name == mute else mute
        elif name in _LINE | _PARAGRAPH:
            parts.append("\n\n" if name in _PARAGRAPH else "\n")
    return "".join(parts)
