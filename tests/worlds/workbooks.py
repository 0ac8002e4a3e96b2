"""Spreadsheets' own files for tests: as a person keeps them, and as an enemy makes them."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

OFFICE = "http://schemas.openxmlformats.org"
DOCUMENT, MIME = f"{OFFICE}/officeDocument/2006/relationships", "application/vnd.openxmlformats-officedocument"
MAIN, LINKS = f'xmlns="{OFFICE}/spreadsheetml/2006/main"', f'xmlns="{OFFICE}/package/2006/relationships"'
SHEET, LINKED = "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"
PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{OFFICE}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{MIME}.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{MIME}.spreadsheetml.worksheet+xml"/></Types>""",
    "_rels/.rels": f"""<Relationships {LINKS}>
<Relationship Id="r1" Type="{DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": f"""<workbook {MAIN} xmlns:r="{DOCUMENT}"><sheets>
<sheet name="Log " sheetId="1" r:id="r1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships {LINKS}>
<Relationship Id="r1" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="{DOCUMENT}/styles" Target="styles.xml"/></Relationships>""",
    "xl/styles.xml": f"""<styleSheet {MAIN}><cellXfs count="3">
<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="46"/></cellXfs>
</styleSheet>""",
}


STRUCK = f"""<styleSheet {MAIN}><fonts><font><b/></font><font><strike/></font><font><strike val="0"/></font></fonts>
<cellStyleXfs><xf fontId="1"/></cellStyleXfs>
<cellXfs><xf fontId="0"/><xf fontId="1"/><xf fontId="2"/><xf fontId="1" numFmtId="14"/></cellXfs></styleSheet>"""


def cell(place: str, value: Any) -> str:
    """A cell of a sheet: a text, yes or no, a number, or either with its style before it."""
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    if isinstance(value, tuple) and isinstance(value[1], str) and not value[1][:1].isdigit():
        return f'<c r="{place}" s="{value[0]}" t="inlineStr"><is><t>{value[1]}</t></is></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    style, number = value if isinstance(value, tuple) else (0, value)
    return f'<c r="{place}" s="{style}"><v>{number}</v></c>'


def book(path: Path, rows: Mapping[int, Mapping[str, Any]], merged: Sequence[str] = (), **parts: str) -> Path:
    """A file with one sheet, its rows by their number and their cells by their column; and parts of other content."""
    written = "".join(
        f'<row r="{line}">{"".join(cell(f"{column}{line}", value) for column, value in row.items())}</row>'
        for line, row in rows.items()
    )
    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    cells = f"<mergeCells>{ranges}</mergeCells>" if merged else ""
    others = {f"xl/{name}.xml": content for name, content in parts.items()}
    return of_parts(path, {**others, SHEET: f"<worksheet {MAIN}><sheetData>{written}</sheetData>{cells}</worksheet>"})


def of_sheets(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """A file of several sheets, each by its name and its rows from the first on; an empty text is no cell."""
    named, linked, parts = "", "", {}
    for number, (name, rows) in enumerate(sheets.items(), 1):
        named += f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>'
        linked += f'<Relationship Id="r{number}" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        written = (
            "".join(cell(f"{chr(65 + place)}{line}", value) for place, value in enumerate(row) if value != "")
            for line, row in enumerate(rows, 1)
        )
        parts[f"xl/worksheets/sheet{number}.xml"] = sheet(
            "".join(f'<row r="{line}">{cells}</row>' for line, cells in enumerate(written, 1))
        )
    book_part = f'<workbook {MAIN} xmlns:r="{DOCUMENT}"><sheets>{named}</sheets></workbook>'
    links = f"<Relationships {LINKS}>{linked}</Relationships>"
    return of_parts(path, {"xl/workbook.xml": book_part, LINKED: links, **parts})


def of_parts(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """A file of these parts, and of the usual ones beside them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in {**PARTS, **parts}.items():
            packed.writestr(name, content)
    return path


def sheet(cells: str, head: str = "") -> str:
    """The XML of a sheet."""
    return f"{head}<worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>"


def hostile() -> dict[str, dict[str, str | bytes]]:
    """Parts of small files that take an unguarded reader's whole memory or time, by what they do."""
    first, far = '<row r="1"><c r="A1"><v>1</v></c></row>', "<row>{}<v>1</v></c></row>"
    shared = f"""<Relationships {LINKS}>
<Relationship Id="r1" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="{DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"""
    elsewhere = PARTS[LINKED].replace("worksheets/sheet1.xml", "/other/place.bin")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return {
        "a cell far away in single quotes": {SHEET: sheet(first + far.format("<c r='XFD1048576'>"))},
        "a cell far away after a tab": {SHEET: sheet(first + far.format('<c\tr="XFD1048576">'))},
        "a cell far away after another attribute": {SHEET: sheet(first + far.format('<c s="0"\n r = "xfd1048576">'))},
        "a cell far away behind a sign that ends no tag": {
            SHEET: sheet(first + far.format('<c s=">" r="XFD1048576">'))
        },
        "a cell far away in a sheet elsewhere": {
            LINKED: elsewhere,
            "other/place.bin": sheet(first + far.format('<c r="XFD1048576">')),
        },
        "one long text in every cell": {
            LINKED: shared,
            "xl/sharedStrings.xml": f"<sst {MAIN}><si><t>{'x' * (50 << 20)}</t></si></sst>",
            SHEET: sheet("".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 3001))),
        },
        "entities that grow": {
            SHEET: sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&l11;</t></is></c></row>',
                         f'<!DOCTYPE w [<!ENTITY l0 "ha">{laughs}]>'),
        },
    }  # fmt: skip
