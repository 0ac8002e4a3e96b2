"""The mails that the sink kept, as HTML files in one folder per person, with a page that lists them."""

import email
import html
import re
from collections import defaultdict
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import NamedTuple

_PAGE = """<!doctype html><html lang="en-GB"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>{title}</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}}</style>
<h1>{title}</h1>{body}</html>
"""


_ROLES = {  # in the order in which the list has them
    "spoc": "SPOC",
    "lead": "lead",
    "supervisor": "supervisor",
    "legal_manager": "legal manager",
    "officer": "officer",
    "prosecutor": "prosecutor",
}
_OTHERS = "operations"


class Kept(NamedTuple):
    """One mail: to whom, what it is about, the page, and what was attached."""

    to: str
    subject: str
    page: str
    attached: tuple[tuple[str, bytes], ...]


def write_pages(maildir: Path, folder: Path, roles: Mapping[str, str]) -> Path:
    """Write every mail as a page, in the order in which they came; returns the page that lists them.

    `roles` gives an address its role; who answers for the whole force or Area stands first in the list.
    """
    per_person: dict[str, list[Kept]] = defaultdict(list)
    for path in sorted((maildir / "new").iterdir(), key=_arrived):
        kept = _read(email.message_from_bytes(path.read_bytes(), policy=default))
        per_person[kept.to].append(kept)
    parts = []
    for person, mails in sorted(per_person.items(), key=lambda item: (_place(roles.get(item[0], "")), item[0])):
        links = "".join(f"<li>{_write(folder, number, kept)}</li>" for number, kept in enumerate(mails, 1))
        count = f"{len(mails)} mail{'' if len(mails) == 1 else 's'}"
        who = html.escape(f"{_ROLES.get(roles.get(person, ''), _OTHERS)}, {person}")
        parts.append(f"<details><summary>{who}: {count}</summary><ol>{links}</ol></details>")
    folder.mkdir(parents=True, exist_ok=True)
    index = folder / "index.html"
    index.write_text(_PAGE.format(title="Mails of the demo", body="".join(parts)), encoding="utf-8")
    return index


def _place(role: str) -> int:
    return list(_ROLES).index(role) if role in _ROLES else len(_ROLES)


def _arrived(path: Path) -> tuple[int, int]:
    """When the mail came, and its number within the process: what the names of a Maildir begin with."""
    seconds, rest = path.name.split(".", 1)
    found = re.search(r"Q(\d+)", rest)
    return int(seconds), int(found.group(1)) if found else 0


def _read(message: EmailMessage) -> Kept:
    part = message.get_body(("html", "plain"))
    content = str(part.get_content()) if part else ""
    if part is None or part.get_content_type() != "text/html":
        title = html.escape(str(message["Subject"]))
        content = _PAGE.format(title=title, body=f"<pre>{html.escape(content)}</pre>")
    attached = tuple(
        (Path(one.get_filename() or "attached").name, bytes(one.get_payload(decode=True) or b""))
        for one in message.iter_attachments()
    )
    return Kept(message["To"].addresses[0].addr_spec, str(message["Subject"]), content, attached)


def _write(folder: Path, number: int, kept: Kept) -> str:
    """Write one mail, and say the link to it."""
    own = folder / (re.sub(r"[^a-z0-9.@-]+", "-", kept.to.lower()).strip("-") or "nobody")
    own.mkdir(parents=True, exist_ok=True)
    page = own / f"{number:03}.html"
    page.write_text(kept.page, encoding="utf-8")
    links = [f'<a href="{own.name}/{page.name}">{html.escape(kept.subject)}</a>']
    for name, content in kept.attached:
        (own / f"{number:03}-{name}").write_bytes(content)
        links.append(f'<a href="{own.name}/{number:03}-{html.escape(name)}">{html.escape(name)}</a>')
    return ", ".join(links)
