"""Every text that Casebeat writes from a template, of every sample, by the name of its file."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial

from config.mail import Mail
from config.message_kinds import MessageKind
from tasks.messages.contexts import MessageContext, values
from tasks.messages.invitation.contexts import InvitationContext
from tasks.messages.invitation.event import event_file
from tasks.messages.rendering import render, render_for
from tasks.platform.templates import TEMPLATES, render_text
from tests.approved import extracts, first_mornings, meetings, pages, rehearsals, reports, statuses, trials, variants
from tests.worlds.samples import MAILED, SAMPLES

AT = datetime(2026, 3, 16, 8, tzinfo=UTC)
FROM = Mail(from_address="casebeat@example.police.uk")
MARKING = "OFFICIAL-SENSITIVE"
STYLE = re.compile(r"(?<=<style>\n).*?(?=</style>)", re.DOTALL)


def messages() -> dict[str, tuple[MessageKind, MessageContext]]:
    """The samples of `casebeat preview`, and those that only a template's branches need."""
    return {**SAMPLES, **variants.SAMPLES, **meetings.SAMPLES}


def texts() -> dict[str, str]:
    """All of them, each style once."""
    return _styles_apart({
        **{f"{name}.{suffix}": text for name, sample in messages().items() for suffix, text in _of_message(*sample)},
        **dict(_marked()),
        **pages.texts(),
        **extracts.texts(),
        **rehearsals.texts(),
        **first_mornings.texts(),
        **reports.texts(),
        **statuses.texts(),
        **trials.texts(),
    })  # fmt: skip


def _styles_apart(pages: Mapping[str, str]) -> dict[str, str]:
    """The pages, which name their styles, and these styles, each by the first page that has it."""
    styles: dict[str, str] = {}
    bodies = {}
    for page, text in pages.items():
        named = partial(_named, styles, f"style-of-{page.removesuffix('.html')}.css")
        bodies[page] = STYLE.sub(named, text)
    return bodies | {name: style for style, name in styles.items()}


def _named(styles: dict[str, str], first: str, style: re.Match[str]) -> str:
    return styles.setdefault(style[0], first) + "\n"


def _marked() -> Iterator[tuple[str, str]]:
    """One message of every kind as `mail.marking` and bare subjects make it."""
    for kind, context in dict(MAILED.values()).items():
        rendered = render(kind, context, MARKING, bare=True)
        yield f"marked-{kind}.txt", f"Subject: {rendered.subject}\n\n{rendered.text}"
        yield f"marked-{kind}.html", rendered.html


def _of_message(kind: MessageKind, context: MessageContext) -> Iterator[tuple[str, str]]:
    if (TEMPLATES / kind / "subject.txt").exists():
        rendered = render(kind, context)
        yield "txt", f"Subject: {rendered.subject}\n\n{rendered.text}"
        yield "html", rendered.html
        if rendered.csv is not None:
            yield "csv", rendered.csv
    for channel in ("slack", "teams"):
        if (TEMPLATES / kind / f"{channel}.txt").exists():
            yield f"{channel}.txt", render_for(channel, kind, context)
    if kind is MessageKind.AGENDA:
        yield "md", render_text("agenda/artifact.md", values(context))
    if isinstance(context, InvitationContext):
        yield (
            "ics",
            event_file("invitation:KEY:3", context, FROM, "p1@surrey.police.uk", AT).ics,
        )
