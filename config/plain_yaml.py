"""YAML read as plain values: texts, whole numbers, yes and no, lists and mappings by text; nothing is constructed.

Days, times and fractions stay texts, which their field then reads. A fault ends the reading at once, so that no
depth exhausts the stack, and no anchor can multiply the document.
"""

import re
import unicodedata
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
    plain = "".join("?" if _is_unshown(character) else character for character in text[: longest + 1])
    return plain if len(plain) <= longest else f"{plain[:longest]}…"


def path(place: ValuePath) -> str:
    """Return a place as the path of a value: `panels[1].from`."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{shown(part)}" for part in place)
    return "".join(parts).removeprefix(".")


def _is_unshown(character: str) -> bool:
    return unicodedata.category(character) in _UNSHOWN


def read(text: str) -> Any:
    """Read one document; None if it is empty. Raises Misread at the first place that cannot be read."""
    try:
        loader = _PlainLoader(text)
    except yaml.reader.ReaderError as error:
        raise Misread("holds a character that YAML does not allow", text.count("\n", 0, error.position) + 1) from None
    try:
        return _value(loader.only_node())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = shown(error.problem or "is not YAML", 100)
        raise Misread(problem, mark.line + 1 if mark else 1, tuple(loader.place)) from None
    except Misread:
        raise
    except (ValueError, OverflowError, RecursionError):
        problem = "holds a number or a character that YAML does not allow"
        raise Misread(problem, loader.line + 1, tuple(loader.place)) from None


class _PlainLoader(yaml.SafeLoader):
    """Composes a document's nodes, and refuses the first that is not plain."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.place: list[int | str] = []  # the path of the value that is being read
        self._keys: set[ValuePath] = set()

    def only_node(self) -> yaml.Node | None:
        """Return the root of the only document, if there is any. Raises Misread, or an error of PyYAML's."""
        root = self.get_node() if self.check_node() else None
        if self.check_node():
            raise self._misread("holds more than one document")
        return root

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose the next node: the root, an item by its number, a key, or a key's value. Raises Misread."""
        is_key = isinstance(parent, yaml.MappingNode) and index is None
        problem = self._problem(self.peek_event(), is_key=is_key)  # type: ignore[no-untyped-call]
        if problem:
            raise self._misread(problem)
        node = super().compose_node(parent, index)
        if is_key and node:
            self.place.append(node.value)
            self._keys.add(tuple(self.place))
        elif isinstance(index, int):
            self.place[-1] = index + 1
        elif parent:
            self.place.pop()
        return node

    def compose_sequence_node(self, anchor: dict[Any, yaml.Node]) -> yaml.SequenceNode:
        """Compose a list, whose items' numbers are steps of the path."""
        self.place.append(0)
        node = super().compose_sequence_node(anchor)
        self.place.pop()
        return node

    def _problem(self, event: Any, *, is_key: bool) -> str | None:
        if event.anchor is not None:
            return "uses an anchor or an alias; write the value where it is meant"
        if event.tag is not None:
            return "has a tag; write the plain value"
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar_problem(event.value, is_key=is_key)
        if is_key:
            return "has a list or a mapping as a key; a key is one word"
        return f"is nested more than {DEEPEST} levels deep" if len(self.place) >= DEEPEST else None

    def _scalar_problem(self, text: str, *, is_key: bool) -> str | None:
        if any(map(_is_unshown, text)):
            return "holds a line break or a character that cannot be shown"
        return f'"{shown(text)}" is written twice' if is_key and (*self.place, text) in self._keys else None

    def _misread(self, problem: str) -> Misread:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        return Misread(problem, event.start_mark.line + 1 if event.start_mark else 1, tuple(self.place))


def _value(node: yaml.Node | None) -> Any:
    match node:
        case yaml.SequenceNode(value=items):
            return [_value(item) for item in items]
        case yaml.MappingNode(value=items):
            return {key.value: _value(item) for key, item in items}
        case yaml.ScalarNode(tag="tag:yaml.org,2002:bool", value=text):
            return yaml.SafeLoader.bool_values[text.lower()]
        case yaml.ScalarNode(tag="tag:yaml.org,2002:int", value=text) if _WHOLE.fullmatch(text):
            return int(text)
        case yaml.ScalarNode(tag=tag, value=text) if tag != "tag:yaml.org,2002:null":
            return text
        case _:
            return None
