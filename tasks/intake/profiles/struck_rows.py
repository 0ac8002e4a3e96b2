"""Which rows of a spreadsheet's sheet are struck through. It runs in the child that reads the sheet."""

import posixpath
import zipfile
from collections.abc import Callable, Mapping
from typing import BinaryIO, NamedTuple
from xml.parsers import expat

_BLOCK = 1 << 16
_ON = frozenset({"1", "true", "on"})
Begins = Callable[[str, Mapping[str, str]], None]


class Struck(NamedTuple):
    """The numbers of rows that are struck through, and of those of which only some filled cells are."""

    whole: frozenset[int] = frozenset()
    partly: tuple[int, ...] = ()


def struck_rows(content: BinaryIO, sheet: str) -> Struck:
    """Return the numbers of the rows whose filled cells are struck through, all of them or some.

    Raises ValueError if the file is not put together as a spreadsheet is.
    """
    with zipfile.ZipFile(content) as packed:
        book = _linked(packed, "")["officedocument"]
        links, names = _linked(packed, book), dict[str, str]()

        def begins(tag: str, attributes: Mapping[str, str]) -> None:
            if tag == "sheet":
                link = next(value for name, value in attributes.items() if name.rpartition(":")[2] == "id")
                names.setdefault(attributes["name"], links[link])

        _read(packed, book, begins)
        if "styles" not in links:
            return Struck()
        styles = _Styles()
        _read(packed, links["styles"], styles.begins, styles.ends)
        rows = _Rows(styles.struck())
        _read(packed, names[sheet], rows.begins, rows.ends)
        return Struck(frozenset(rows.struck), tuple(rows.partly))


def _linked(packed: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Return the parts that one links to, by the link's id and by its kind in small letters."""
    folder, name = posixpath.split(part)
    found: dict[str, str] = {}

    def begins(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "Relationship":
            target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"])).lstrip("/")
            found[attributes["Id"]] = target
            found.setdefault(attributes["Type"].rpartition("/")[2].lower(), target)

    _read(packed, posixpath.join(folder, "_rels", f"{name}.rels"), begins)
    return found


def _read(packed: zipfile.ZipFile, name: str, begins: Begins, ends: Callable[[str], None] | None = None) -> None:
    """Read the tags of a part. Raises ValueError if it is not there, is no XML, or declares an entity."""
    found = {entry.filename.lower().lstrip("/"): entry for entry in packed.infolist()}
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: begins(tag.rpartition(":")[2], attributes)
    parser.EndElementHandler = (lambda tag: ends(tag.rpartition(":")[2])) if ends else None
    parser.EntityDeclHandler = _refused
    try:
        with packed.open(found[name.lower()]) as part:
            while block := part.read(_BLOCK):
                parser.Parse(block, False)
            parser.Parse(b"", True)
    except (expat.ExpatError, KeyError, StopIteration) as fault:
        raise ValueError(name) from fault


def _refused(*_: object) -> None:
    raise ValueError("an entity is declared")


class _Styles:
    """Which of a book's styles of cells have a font that is struck through."""

    def __init__(self) -> None:
        self._fonts: list[bool] = []
        self._of_cells: list[int] = []
        self._inside: list[str] = []

    def begins(self, tag: str, attributes: Mapping[str, str]) -> None:
        above = self._inside[-1] if self._inside else ""
        if above == "fonts" and tag == "font":
            self._fonts.append(False)
        elif above == "font" and tag == "strike" and self._inside[-2] == "fonts":
            self._fonts[-1] = attributes.get("val", "1").lower() in _ON
        elif above == "cellXfs" and tag == "xf":
            self._of_cells.append(int(attributes.get("fontId", "0")))
        self._inside.append(tag)

    def ends(self, _: str) -> None:
        self._inside.pop()

    def struck(self) -> frozenset[str]:
        fonts = {number for number, struck in enumerate(self._fonts) if struck}
        return frozenset(str(number) for number, font in enumerate(self._of_cells) if font in fonts)


class _Rows:
    """The rows of a sheet, by the styles of their filled cells."""

    def __init__(self, styles: frozenset[str]) -> None:
        self.struck: list[int] = []
        self.partly: list[int] = []
        self._styles, self._number, self._style = styles, 0, ""
        self._some = self._others = False

    def begins(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "c":
            self._style = attributes.get("s", "0")
        elif tag in {"v", "is"}:
            self._some = self._some or self._style in self._styles
            self._others = self._others or self._style not in self._styles
        elif tag == "row":
            self._number = int(attributes.get("r", self._number + 1))
            self._some = self._others = False

    def ends(self, tag: str) -> None:
        if tag == "row" and self._some:
            (self.partly if self._others else self.struck).append(self._number)
