"""A reply's own text: the part above the quoted original, without banner, greeting, signature and disclaimer."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

MOST_LINES, LONGEST_LINE = 200, 500  # read from the start of a mail: an answer is short
_QUOTE = re.compile(
    r"""> | -{2,}\s*(?:original|forwarded)\ (?:message|mail|e-mail) | _{5,}\s*$ | begin\ forwarded\ message:
      | -{2,}\s*please\ reply\ above | \#{2,}\s*reply\ above""",
    re.VERBOSE,
)
_WROTE = re.compile(r"on .{4,300} (?:wrote|writes|said):?$")
_HEADER = re.compile(r"\*?(?:from|sent|date|to|cc|subject)\*?:")
_CLOSING = re.compile(
    r"""(?:(?:many|kind|kindest|best|warm|warmest|with)\ )*(?:thanks|thank\ you|regards|wishes|cheers|ta|yours|
        sincerely|faithfully|br|kr|rgds)(?:\ (?:and|&)\ (?:kind\ |best\ )?(?:thanks|regards))?(?:\ again)?[,.!]*
      | yours\ (?:sincerely|faithfully)[,.]? | --+ | sent\ from\ .{0,60} | get\ outlook\ for\ .{0,40}""",
    re.VERBOSE,
)
_NOTICE = re.compile(
    r"""[*\[(]*(?:caution|warning|disclaimer|confidential(?:ity)?|important(?:\ notice)?|notice|external(?:\ e-?mail)?|
        this\ (?:e-?mail|message|communication|mail)\b|the\ (?:information|contents?)\ (?:in|of|contained)|
        you\ don't\ often\ get\ e-?mail)""",
    re.VERBOSE,
)
_MARKING = re.compile(r"[*\[(]*(?:official|not protectively marked|restricted|unclassified)(?:[ :-]+sensitive)?[*\])]*")
_GREETING = re.compile(
    r"(?:hi|hello|hiya|dear|hey|(?:good )?(?:morning|afternoon|evening))\b[^,.!:;\d]{0,40}(?:[,.!:;-]+|$)\s*"
)
_POLITE = re.compile(r"[,.! -]*\b(?:please|pls|thanks|many thanks|thank you|cheers|ta)\b[ ,.!]*(\??)$")
_ABBREVIATED = re.compile(
    r"\b(mon|tues?|wed|thurs?|thu|fri|sat|sun|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.(?= |$)"
)
_END = re.compile(r"(?<=[\w)])[.!;]+(?:\s+|$)|(?<=\?)\s+")  # a colon ends no sentence: `Rest days: Friday`


def own_text(text: str) -> list[list[str]]:
    """List the paragraphs that the writer added, each as its lines: plain, in lower case, in order."""
    paragraphs: list[list[str]] = [[]]
    for line in _above(_plain(text)):
        if line:
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return [lines for lines in paragraphs if lines]


def sentences(line: str) -> list[str]:
    """Split a line into sentences, without greeting, courtesies and stops.

    A question keeps its mark; `Thurs. 3.3.26` is one.
    """
    bare = _POLITE.sub(r"\1", _GREETING.sub("", _ABBREVIATED.sub(r"\1", line), count=1))
    return [sentence for each in _END.split(bare) if (sentence := _POLITE.sub(r"\1", each).strip(" ,.!;:-*\"'()"))]


def _plain(text: str) -> list[str]:
    shown = "".join(
        " " if character == "\t" else character
        for character in unicodedata.normalize("NFKC", text[: MOST_LINES * LONGEST_LINE])
        if character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    )
    straight = shown.replace("\u2019", "'").replace("\u2018", "'").replace("\u2013", "-").lower()
    return [" ".join(line[:LONGEST_LINE].split()) for line in straight.splitlines()[:MOST_LINES]]


def _above(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines before the quoted original, the signature or the disclaimer. A banner at the top is skipped."""
    begun = in_banner = False
    for at, line in enumerate(lines):
        if _quotes(lines, at):
            return
        if in_banner or _MARKING.fullmatch(line):
            in_banner = in_banner and bool(line)
            continue
        if _CLOSING.fullmatch(line) or _NOTICE.match(line):
            if begun:
                return
            in_banner = bool(_NOTICE.match(line))
            continue
        begun = begun or bool(line and not _GREETING.fullmatch(line))
        yield line


def _quotes(lines: Sequence[str], at: int) -> bool:
    """Return whether the original starts at a line: its marks, `On … wrote:` however wrapped, or Outlook's header."""
    line = lines[at]
    wrapped = (" ".join(lines[at : at + count]) for count in range(1, 5))
    if _QUOTE.match(line) or any(_WROTE.fullmatch(each) for each in wrapped):
        return True
    following = [each for each in lines[at + 1 : at + 6] if each]
    return bool(_HEADER.match(line)) and sum(bool(_HEADER.match(each)) for each in following) >= 2
