"""The reference of the site, made from the code: commands, settings, columns, rules, policy, messages, troubles."""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import troubleshooting  # beside this file, where MkDocs looks while it loads hooks.py
import typer
import yaml
from pydantic import BaseModel

from config.message_kinds import Reach
from config.policy import SHIPPED, Policy, load_policy
from flows.command_line.main import COMMANDS, load
from models.rules.obligations.rulebook import RULES
from tasks.intake.files import FILES
from tasks.messages.kinds import KINDS
from tasks.platform.templates import names


def pages(root: Path) -> Iterator[tuple[str, str]]:
    """Yield each page: its name and its Markdown."""
    yield "commands", _page("Commands", "What `casebeat --help` and each command's `--help` print.", _commands())
    yield "settings", _page("Settings", *_settings(root))
    yield "columns", _page("Columns of an extract", _COLUMNS, _columns())
    yield "rules", _page("Rules", _RULES, _rules())
    yield "policy", _page("Policy keys", _POLICY, _policy())
    yield "messages", _page("Kinds of message", _MESSAGES, _messages())
    yield "troubleshooting", _page("Troubleshooting", _TROUBLES, troubleshooting.page(root))


_COLUMNS = (
    "Each file of an extract, its columns, and the rules that look at them. "
    "See [what a source sends](docs/extract-guide.md)."
)
_RULES = (
    "Who owes what by when, rule by rule, with the numbers as shipped. "
    "See [the policy guide](docs/policy-guide.md) to change one."
)
_POLICY = (
    "Each key of `config/policy.yaml`, with its shipped value. "
    "See [the policy guide](docs/policy-guide.md) for what each does."
)
_MESSAGES = "What Casebeat sends, kind by kind. `casebeat preview` writes an example of each that goes by mail."
_TROUBLES = (
    "What Casebeat says when something is wrong, in its own words: search this page for yours. Each sentence says what "
    "is wrong and what to do; … stands for what differs, as a file, a line or a number."
)


def _page(title: str, head: str, parts: Iterable[str]) -> str:
    return "\n\n".join([f"# {title}", head, *parts]) + "\n"


def _commands() -> Iterator[str]:
    for name in COMMANDS:
        command = load(name)
        yield f"## casebeat {name}\n\n```text\n{_help(command, f'casebeat {name}')}\n```"
        for inner, each in getattr(command, "commands", {}).items():
            yield f"### casebeat {name} {inner}\n\n```text\n{_help(each, f'casebeat {name} {inner}')}\n```"


def _help(command: Any, path: str) -> str:
    with typer.Context(command, info_name=path, terminal_width=100, max_content_width=100) as context:
        return str(command.get_help(context)).rstrip()


def _settings(root: Path) -> tuple[str, list[str]]:
    section = (root / "README.md").read_text("utf-8").split("## Settings\n")[1].split("\n## ")[0].strip()
    head, _, table = section.partition("\n\n")
    return head, [table]


def _columns() -> Iterator[str]:
    asked: dict[tuple[str, str], list[str]] = {}
    for rule in RULES.values():
        for column in (*rule.needs, *rule.begins, *rule.also):
            asked.setdefault((column.file, column.name), []).append(rule.name)
    for file in FILES.values():
        rows = (
            (f"`{column.name}`", "yes" if column.required else "", column.form.description,
             ", ".join(f"[{rule}](#{rule})" for rule in dict.fromkeys(asked.get((file.name, column.name), []))))
            for column in file.columns
        )  # fmt: skip
        table = _table(("column", "required", "a cell holds", "rules"), rows)
        yield f"## {file.name}\n\n" + re.sub(r"\]\(#", "](docs/reference/rules.md#", table)


def _rules() -> Iterator[str]:
    shipped, owes = yaml.safe_load(SHIPPED.read_text("utf-8"))["rules"], names()["owes"]
    for rule in RULES.values():
        rows = (
            ("ends", rule.ends_when),
            ("protects", rule.why_it_protects),
            ("whose duty", rule.duty.value),
            ("whose number of days", rule.number.value),
            ("numbers as shipped", "; ".join(f"`{key}: {_value(value)}`" for key, value in shipped[rule.name].items())),
        )
        table = _table(("owed", owes[rule.name]), rows)
        yield f"## {rule.name}\n\n**{rule.title}.** {_prose(rule.function)}\n\n{table}"


def _prose(function: Any) -> str:
    return inspect.cleandoc(function.__doc__ or "").replace("\n\n", "<br><br>").replace("\n", " ")


def _policy() -> Iterator[str]:
    load_policy(SHIPPED)  # what is shown is a policy that would be taken
    for key, value in yaml.safe_load(SHIPPED.read_text("utf-8")).items():
        model = Policy.model_fields[key].annotation
        about = _prose(model) if isinstance(model, type) and issubclass(model, BaseModel) else ""
        if key == "rules":
            links = ", ".join(f"[{name}](docs/reference/rules.md#{name})" for name in value)
            yield f"## {key}\n\nThe numbers of each rule: {links}."
            continue
        rows = ((f"`{path}`", f"`{_value(each)}`") for path, each in _leaves(key, value))
        yield f"## {key}\n\n{about}\n\n" + _table(("key", "shipped"), rows)


def _messages() -> Iterator[str]:
    ways = {
        Reach.MAIL: "mail alone",
        Reach.PERSONS: "every channel that reaches people",
        Reach.PLACES: "the channels that forces and CPS Areas share",
    }
    rows = (
        (f"`{name}`", kind.about, ways[name.reach], "in their letter" if name.block else "by itself")
        for name, kind in KINDS.items()
    )
    yield _table(("kind", "tells", "goes by", "reaches a person"), rows)


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value and not set(value) <= {"high", "medium", "standard"}:
        for key, inner in value.items():
            yield from _leaves(f"{path}.{key}", inner)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for at, inner in enumerate(value, 1):
            yield f"{path}[{at}]", inner
    else:
        yield path, value


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_value(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return {True: "true", False: "false", None: ""}.get(value, str(value)) if not isinstance(value, str) else value


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
