"""YAML read as plain values: texts, whole numbers, yes and no, lists and mappings by text; nothing is constructed.

Days, times and fractions stay texts, which their field then reads. The document is followed event by event, so that no
depth exhausts the stack, and no anchor can multiply it.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

import yaml

DEEPEST = 20  # levels
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,14})", re.ASCII)  # others stay texts, which no number takes
_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # categories of characters that break lines or hide
_SHOWN = 40  # characters of a key or value in a sentence

ValuePath = tuple[int | str, ...]


class Misread(ValueError):
    """The text is not such YAML. `line` counts from 1, `place` is the path of the value."""

    def __init__(self, problem: str, line: int, place: ValuePath = ()) -> None:
        super().__init__(problem)
        self.problem, self.line, self.place = problem, line, place


def shown(value: object, longest: int = _SHOWN) -> str:
    """Return a value as a sentence may repeat it: short, on one line."""
    text = str(value) if isinstance(value, str | int | float) else f"a {type(value).__name__}"
    plain = "".join(each if unicodedata.category(each) not in _UNSHOWN else "?" for each in text[: longest + 1])
    return plain if len(plain) <= longest else f"{plain[:longest]}…"


def path(place: ValuePath) -> str:
    """Return a place as the path of a value: `panels[1].from`."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{shown(part)}" for part in place)
    return "".join(parts).removeprefix(".")


def read(text: str) -> Any:
    """Read one document; None if it is empty. Raises Misread at the first place that cannot be read."""
    try:
        loader = yaml.SafeLoader(text)
    except yaml.reader.ReaderError as error:
        raise Misread("holds a character that YAML does not allow", text.count("\n", 0, error.position) + 1) from None
    document = _Document(loader)
    try:
        while loader.check_event():
            document.take(loader.get_event())  # type: ignore[no-untyped-call]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = shown(error.problem or "is not YAML", 100)
        raise Misread(problem, mark.line + 1 if mark else 1, document.place) from None
    except (ValueError, OverflowError, RecursionError) as error:
        if isinstance(error, Misread):
            raise
        raise Misread(
            "holds a number or a character that YAML does not allow", loader.line + 1, document.place
        ) from None
    return document.root


@dataclass
class _Level:
    """A list or mapping that is being read, and the key whose value comes next."""

    held: Any
    key: str | None = None
    seen: set[str] = field(default_factory=set)


class _Document:
    """The plain values of one document, built from its events."""

    def __init__(self, loader: yaml.SafeLoader) -> None:
        self._loader = loader
        self._levels: list[_Level] = []
        self._documents = 0
        self.root: Any = None

    @property
    def place(self) -> ValuePath:
        """The path of the value that is being read."""
        found: list[int | str] = []
        for level in self._levels:
            if isinstance(level.held, list):
                found.append(len(level.held))
            elif level.key is not None:
                found.append(level.key)
        return tuple(found)

    def take(self, event: yaml.Event) -> None:
        """Take the next event. Raises Misread."""
        if getattr(event, "anchor", None) is not None:
            raise self._misread(event, "uses an anchor or an alias; write the value where it is meant")
        if getattr(event, "tag", None) is not None:
            raise self._misread(event, "has a tag; write the plain value")
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._misread(event, "holds more than one document")
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            self._begin(event, [] if isinstance(event, yaml.SequenceStartEvent) else {})
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self._put(self._levels.pop().held)

    def _begin(self, event: yaml.Event, held: Any) -> None:
        if self._key_is_next:
            raise self._misread(event, "has a list or a mapping as a key; a key is one word")
        if len(self._levels) >= DEEPEST:
            raise self._misread(event, f"is nested more than {DEEPEST} levels deep")
        self._levels.append(_Level(held))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        text: str = event.value
        if any(unicodedata.category(each) in _UNSHOWN for each in text):
            raise self._misread(event, "holds a line break or a character that cannot be shown")
        if not self._key_is_next:
            return self._put(self._value(text, event))
        level = self._levels[-1]
        if text in level.seen:
            raise self._misread(event, f'"{shown(text)}" is written twice')
        level.seen.add(text)
        level.key = text
        return None

    @property
    def _key_is_next(self) -> bool:
        return bool(self._levels) and isinstance(self._levels[-1].held, dict) and self._levels[-1].key is None

    def _value(self, text: str, event: yaml.ScalarEvent) -> Any:
        resolved: str = self._loader.resolve(yaml.ScalarNode, text, event.implicit)  # type: ignore[no-untyped-call]
        tag = resolved.rpartition(":")[2]
        if tag == "null":
            return None
        if tag == "bool":
            return yaml.SafeLoader.bool_values[text.lower()]
        return int(text) if tag == "int" and _WHOLE.fullmatch(text) else text

    def _put(self, value: Any) -> None:
        if not self._levels:
            self.root = value
            return
        level = self._levels[-1]
        if isinstance(level.held, list):
            level.held.append(value)
        else:
            level.held[level.key] = value
            level.key = None

    def _misread(self, event: yaml.Event, problem: str) -> Misread:
        return Misread(problem, event.start_mark.line + 1 if event.start_mark else 1, self.place)
