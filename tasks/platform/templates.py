"""The templates under config/templates: the environments that render them, and what any of them may use.

What a *message* says is rendered by `tasks/messages/rendering.py`; pages, notes to operations and printed output are
rendered from here.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from config.london import LONDON
from models.rules.arithmetic import format_day
from tasks.platform.text import brief, clock, moment, plain

TEMPLATES = Path(__file__).parents[2] / "config" / "templates"
_MARKS = re.compile(r"[\\`*_\[\]<>|&~#!]")


def plainly(template: str, values: Mapping[str, Any]) -> str:
    """Lines of plain text, from a template's name and what it uses."""
    return plain(environment(html=False).get_template(template).render(values))


def note(name: str, values: Mapping[str, Any]) -> str:
    """A word to operations, from `operations/<name>`: counts and references only."""
    return plain(environment(html=False).get_template(f"operations/{name}").render(values))


def page(template: str, **values: object) -> str:
    """A page of HTML that is not a message, from a template's name and what it uses."""
    return environment(html=True).get_template(template).render(values)


def printed(name: str, values: Mapping[str, Any]) -> str:
    """What a command prints at length and nobody is sent, from `<name>/body.txt`."""
    return plain(environment(html=False).get_template(f"{name}/body.txt").render(values))


@cache
def names() -> Mapping[str, Any]:
    """The words for codes: rules, roles, steps, endings."""
    found: Mapping[str, Any] = yaml.safe_load((TEMPLATES / "names.yaml").read_text("utf-8"))
    return found


@cache
def environment(*, html: bool) -> Environment:
    """One environment each for text and HTML: a macro shared by both is escaped in the one where it must be."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=html,  # noqa: S701  plain text has nothing to escape; the HTML environment escapes everything
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["names"] = names()
    environment.filters["day"] = format_day
    environment.filters["brief"] = brief
    environment.filters["moment"] = moment
    environment.filters["clock"] = clock
    environment.filters["london_day"] = lambda value: format_day(value.astimezone(LONDON))
    environment.filters["zone"] = lambda value: f"{value.astimezone(LONDON):%Z}"
    environment.filters["literal"] = _literal
    environment.filters["image"] = _image
    environment.filters["capitalize_first"] = _capitalize_first
    return environment


def _capitalize_first(text: str) -> str:
    """Upper-case the first letter and leave the rest, and its being escaped, as it is."""
    return text[:1].upper() + text[1:]


def _image(svg: str) -> str:
    """A drawing as the address of an image, which Markdown keeps where it drops the drawing itself."""
    alone = svg.strip().replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f"data:image/svg+xml;base64,{b64encode(alone.encode()).decode()}"


def _literal(text: str) -> str:
    """Text that Markdown shows as it stands, in a table's cell too: a reference may hold any sign."""
    return _MARKS.sub(r"\\\g<0>", text)
