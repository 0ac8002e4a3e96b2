"""A message's HTML says what its plain text says, and nothing else: every sample, phrase by phrase, day by day."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from config.message_kinds import MessageKind
from tasks.messages.rendering import render
from tests.worlds.samples import MAILED

BLOCKS = {"p", "td", "th", "h1", "h2", "h3", "li", "tr", "br", "div", "caption", "a"}
APART = re.compile(r"[.;:,](?:\s+|$)|\s{2,}|[()|]|\burn\b")  # between two phrases
LINK = re.compile(r"mailto:\S+")
DAY = re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun) \d{1,2} [a-z]{3} \d{4}\b")
HEAD = re.compile(
    r"casebeat, [a-z]{3} \d{1,2} [a-z]{3} \d{4}, for [^\n]*\n|casebeat, for operations, [^\n]*\n"
)  # a page's, as the text's is its headers
# Text that only the layout needs: column headings of a table, the label of a link.
LABELS = {
    MessageKind.ANSWER: (
        """to answer|fill in and send what a link begins|or write done|not mine or show in it|all that is owed""",
        """done|not mine|fill in what it leaves open|change its day if you wish|and send it|a link begins a mail
           |ask for all that is still owed|how it stands
           |not understood|passed on|recorded as done|what came of the meeting|refused|show me
           |taken on|taken back|the grade is confirmed|this does not end it|your reply""",
    ),
    MessageKind.LETTER: (
        """for the spoc of surrey|for the lead of surrey|for the legal manager of cps south east|45
           |to answer|fill in and send what a link begins|or write done|not mine or show in it|all that is owed""",
        """a link begins a mail|ask for all that is still owed|fill in what it leaves open
           |change its day if you wish|and send it|show me
           |done|not mine""",
    ),
    MessageKind.AT_ONCE: (
        """to answer|fill in and send what a link begins|or write done|not mine or show in it|all that is owed""",
        """a link begins a mail|ask for all that is still owed|fill in what it leaves open
           |change its day if you wish|and send it
           |what it is may be read only by those with access to it""",
    ),
    MessageKind.INVITATION: ("when", ""),
    MessageKind.AGENDA: (
        "apr 2025 to mar 2026|incidents a month|new|▁▁▁▁▁▂▁▂▂▁▃▃ new",
        """time|case|risk|decided|lines of enquiry|nothing due|police|cps|a|d|f|j|m|n|o|s|▁|▂|▃
           |continue|submit to cps|further actions|no further action proposed|close|not reached|all are pursued
           |gaps were found|they were not looked at|incidents a month incidents a month|1 dec jan|1 nov|1 sep oct
           |2 feb|3 mar|apr may jun jul aug""",
    ),
}


class Shown(HTMLParser):
    """The text of a page, each block on its own lines."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.links: set[str | None] = set()
        self.apart = 0  # how deep in what is not shown
        self.name = False  # whether within the name of a person, whose link stands in a sentence
        self.risk = False  # whether within a matter's risk, which only its colour sets apart
        self.feed(html)

    @property
    def words(self) -> str:
        return HEAD.sub("", re.sub(r" *\n\s*", "\n", "".join(self.parts)).lower(), count=1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.apart += tag in {"style", "head"}
        self.name = tag == "a" and not any(name == "href" and "?" in str(value) for name, value in attrs)
        self.parts += ["\n"] * (tag in BLOCKS and not self.name)
        self.risk = self.risk or any(name == "class" and str(value).startswith("risk ") for name, value in attrs)
        self.links |= {value for name, value in attrs if name == "href"}

    def handle_endtag(self, tag: str) -> None:
        self.apart -= tag in {"style", "head"}
        self.parts += ["\n"] * ((tag in BLOCKS and not self.name) or (tag == "span" and self.risk))
        self.name = False
        self.risk = self.risk and tag != "span"

    def handle_data(self, data: str) -> None:
        if not self.apart:
            self.parts.append(re.sub(r"\s+", " ", data))


def written(text: str) -> str:
    """A text in lower case, its foot on one line."""
    body, mark, foot = text.lower().partition("\n-- \n")
    return LINK.sub("\n", body + mark + foot.replace("\n", " "))


def phrases(words: str) -> set[str]:
    parts = (" ".join(part.split()).strip(' *.;:-"') for line in words.splitlines() for part in APART.split(line))
    found = {re.sub(r"^new (?=\w)|^the command | the command .*", "", part) for part in parts if part}
    return {part for part in found if not part.startswith("casebeat sittings")}


def labels(kind: MessageKind) -> tuple[set[str], set[str]]:
    of_text, of_html = ({" ".join(each.split()) for each in words.split("|")} for words in LABELS.get(kind, ("", "")))
    return of_text, of_html


@pytest.mark.parametrize("name", MAILED)
def test_html_and_plain_text_say_the_same(name: str) -> None:
    kind, context = MAILED[name]
    rendered = render(kind, context)
    text, html = phrases(written(rendered.text)), phrases(Shown(rendered.html).words)
    of_text, of_html = labels(kind)
    assert text - html - of_text == set()
    assert html - text - of_html == set()
    links = set(LINK.findall(rendered.text))
    assert links <= Shown(rendered.html).links
    assert getattr(context, "reply", "") in {"", *links}


@pytest.mark.parametrize("name", [name for name, (kind, _) in MAILED.items() if kind is not MessageKind.AGENDA])
def test_html_and_plain_text_name_the_same_days_as_often(name: str) -> None:
    rendered = render(*MAILED[name])
    text, html = written(rendered.text), Shown(rendered.html).words
    assert Counter(DAY.findall(html)) == Counter(DAY.findall(text))


@pytest.mark.parametrize("kind", LABELS)
def test_every_label_that_one_layout_has_alone_is_in_some_sample(kind: MessageKind) -> None:
    samples = [render(*sample) for sample in MAILED.values() if sample[0] is kind]
    of_text, of_html = labels(kind)
    assert of_text - {""} <= set().union(*(phrases(written(one.text)) for one in samples))
    assert of_html - {""} <= set().union(*(phrases(Shown(one.html).words) for one in samples))
