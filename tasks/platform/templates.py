"""Jinja environments for config/templates, with the filters and names that templates may use.

`tasks/messages/rendering.py` renders messages. This module renders pages, notes to operations and command output.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from textwrap import shorten
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from config.days.london import LONDON
from models.rules.arithmetic import format_day
from tasks.platform.text import brief, clock, moment, plain

TEMPLATES = Path(__file__).parents[2] / "config" / "templates"
LONGEST_SUBJECT = 60  # characters, of a mail to operations
_MARKS = re.compile(r"[\\`*_\[\]<>|&~#!]")


def render_text(template: str, values: Mapping[str, Any]) -> str:
    """Render a template to plain text."""
    return plain(environment(html=False).get_template(template).render(values))


def note(name: str, values: Mapping[str, Any]) -> str:
    """Render a note to operations from `operations/<name>`: counts and references only."""
    return plain(environment(html=False).get_template(f"operations/{name}").render(values))


def page(template: str, **values: object) -> str:
    """Render an HTML page that is not a message."""
    return environment(html=True).get_template(template).render(values)


def command_output(name: str, values: Mapping[str, Any]) -> str:
    """Render the long output of a command, which nobody is sent, from `<name>/body.txt`."""
    return plain(environment(html=False).get_template(f"{name}/body.txt").render(values))


@cache
def names() -> Mapping[str, Any]:
    """Return the display names of codes: rules, roles, steps, endings."""
    found: Mapping[str, Any] = yaml.safe_load((TEMPLATES / "names.yaml").read_text("utf-8"))
    return found


@cache
def environment(*, html: bool) -> Environment:
    """Return the environment for text or for HTML; a macro shared by both is escaped only in HTML."""
    environment = Environment(  # nosec B701 # as below
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=html,  # noqa: S701  plain text needs no escaping; the HTML environment escapes everything
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # else each use asks the disk whether the template has changed
    )
    environment.globals["names"] = names()
    environment.filters["day"] = format_day
    environment.filters["brief"] = brief
    environment.filters["moment"] = moment
    environment.filters["clock"] = clock
    environment.filters["london_day"] = lambda value: format_day(value.astimezone(LONDON))
    environment.filters["brief_day"] = lambda value, near: brief(value.astimezone(LONDON).date(), near)
    environment.filters["zone"] = lambda value: f"{value.astimezone(LONDON):%Z}"
    environment.filters["literal"] = _literal
    environment.filters["image"] = _image
    environment.filters["capitalize_first"] = _capitalize_first
    environment.filters["fitting"] = _fitting
    environment.filters["shortened"] = _shortened
    return environment


def _shortened(text: str) -> str:
    """Shorten the subject of a mail to operations."""
    return shorten(text, LONGEST_SUBJECT, placeholder=" ...")


def _fitting(parts: Sequence[str], longest: int) -> str:
    """Join the first parts that fit into this many characters together; the first one is never left out."""
    said = ", ".join(parts[:1])
    for part in parts[1:]:
        if len(said) + len(part) + 2 <= longest:
            said = f"{said}, {part}"
    return said


def _capitalize_first(text: str) -> str:
    """Upper-case the first letter, and keep the rest and its escaping unchanged."""
    return text[:1].upper() + text[1:]


def _image(svg: str) -> str:
    """Encode an SVG as a data URL, since Markdown keeps images and drops inline SVG."""
    alone = svg.strip().replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f"data:image/svg+xml;base64,{b64encode(alone.encode()).decode()}"


def _literal(text: str) -> str:
    """Escape text so that Markdown shows it unchanged, in table cells too: a reference may hold any character."""
    return _MARKS.sub(r"\\\g<0>", text)
