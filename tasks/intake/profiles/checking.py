"""Whether a profile fits the files of an extract: what only the table of files and columns can tell."""

from collections.abc import Iterator
from pathlib import Path

from config import strict_yaml
from config.plain_yaml import path as written
from config.plain_yaml import shown
from config.sources.cells import own_name
from config.sources.profile import SUFFIX, ExportFile, MadeRows, Profile, is_name, load_profile
from config.terms import Agency
from tasks.intake.columns import File
from tasks.intake.files import FILES, WITHDRAWN
from tasks.intake.forms import DAY, FUTURE_DAY

Fault = tuple[str, str]  # the place in the file, and the sentence
_Place = tuple[int | str, ...]
_NO_FORM = "is a column of days: say under days how the file writes them."


def read_profile(path: Path) -> Profile:
    """Read a source's profile. Raises `config.strict_yaml.Faults` with every fault and its path."""
    if path.suffix != SUFFIX or not is_name(path.stem):
        raise strict_yaml.Faults(
            f"{path}: is not named for its source: 1 to 60 letters, digits, dots, dashes or underscores, and {SUFFIX}. "
            "Nothing was changed."
        )
    profile = load_profile(path)
    if faults := list(_faults(profile)):
        raise strict_yaml.refusal(path, faults)
    return profile


def _faults(profile: Profile) -> Iterator[Fault]:
    columns: dict[str, MadeRows] = {}
    for number, file in enumerate(profile.files):
        yield from _of_look_ups(profile, file, ("files", number, "look_up"))
        for made_number, rows in enumerate(file.makes):
            place: _Place = ("files", number, "makes", made_number)
            known = FILES.get(rows.rows_of)
            if known is None:
                yield written((*place, "rows_of")), f'"{shown(rows.rows_of)}" is none of {", ".join(FILES)}.'
                continue
            yield from _of_rows(profile, file, rows, known, place)
            yield from _beside(columns.setdefault(known.name, rows), rows, place)
    yield from _of_parts(profile)
    looked_up = {(look_up.in_, look_up.sheet) for file in profile.files for look_up in file.look_up}
    for number, file in enumerate(profile.files):
        if not file.makes and not {(file.read, None), (file.read, file.sheet)} & looked_up:
            yield written(("files", number)), "makes nothing, and nothing is looked up in it."


def _of_look_ups(profile: Profile, file: ExportFile, place: _Place) -> Iterator[Fault]:
    for number, look_up in enumerate(file.look_up):
        at = (*place, number)
        later = [one for one in file.look_up[number:] if any(name.startswith(one.begins) for name in look_up.own)]
        if any(_are_alike(look_up.begins, other.begins) for other in file.look_up[:number]):
            yield written((*at, "as")), f'"{shown(look_up.as_)}" is the name of another look_up too, or begins one.'
        elif later:
            yield written((*at, "by")), f'"{shown(later[0].as_)}" is not looked up before it: put that look_up first.'
        try:
            theirs = profile.looked_up(look_up)
        except ValueError as fault:
            yield written((*at, "in")), f"{fault}."
            continue
        if look_up.in_order_of and not (theirs.days or profile.days) and not theirs.is_workbook:
            yield written((*at, "newest_by" if look_up.newest_by else "oldest_by")), _NO_FORM
        for key in (side for each in look_up.by for side in (each.own, each.theirs)):
            if isinstance(key.codes, str) and profile.table(key.codes) is None:
                yield written((*at, "by")), f'there is no table "{shown(key.codes)}" under codes.'


def _are_alike(begins: str, other: str) -> bool:
    return begins.startswith(other) or other.startswith(begins)


def _beside(first: MadeRows, rows: MadeRows, place: _Place) -> Iterator[Fault]:
    """Yield what makes rows of one file unlike: merged ones share their key, and others have the same columns."""
    name = rows.rows_of
    if first.merged_by != rows.merged_by:
        yield written((*place, "merged_by")), f"differs from that of the other rows of {name}."
    elif rows.merged_by is None and set(first.columns) != set(rows.columns):
        other = ", ".join(sorted(map(shown, set(first.columns) ^ set(rows.columns))))
        yield (
            written((*place, "columns")),
            f'differs from the other rows of {name} in {other}: write always: "" where nothing is known.',
        )
    if lacking := [column for column in rows.merged_by or () if column not in rows.columns]:
        yield written((*place, "merged_by")), f"{', '.join(map(shown, lacking))} is none of its columns."


def _of_parts(profile: Profile) -> Iterator[Fault]:
    """Yield what a file must have and no part makes; parts that are merged make it together."""
    made: dict[str, set[str]] = {}
    asked: dict[str, dict[str, str]] = {}
    places: dict[str, _Place] = {}
    for number, file in enumerate(profile.files):
        for made_number, rows in enumerate(file.makes):
            if rows.rows_of in FILES:
                made.setdefault(rows.rows_of, set()).update(rows.columns)
                asked.setdefault(rows.rows_of, {}).update(questions(rows))
                places.setdefault(rows.rows_of, ("files", number, "makes", made_number, "columns"))
    for name, columns in made.items():
        known = FILES[name]
        lacking = [column.name for column in known.columns if column.required and column.name not in columns]
        if known.either and "urn" not in columns and not {"force_code", "case_ref"} <= columns:
            lacking.append("urn (or force_code and case_ref)")
        if lacking:
            yield written(places[name]), f"has no {', '.join(lacking)}, which {name} must have."
        for column, question in asked[name].items():
            if column not in columns and any(column in each for each in lacking):
                yield written(places[name]), f"{question}. Put one of them under columns."


def _of_rows(profile: Profile, file: ExportFile, rows: MadeRows, known: File, place: _Place) -> Iterator[Fault]:
    if known.only_from is not None and known.only_from is not Agency(profile.agency):
        yield written((*place, "rows_of")), f"{known.name} comes from {known.only_from} only."
    named = known.names | ({WITHDRAWN.name} if profile.mode == "delta" else set())
    days = {column.name for column in known.columns if column.form in {DAY, FUTURE_DAY}}
    for name in (each for each in (*rows.columns, *rows.ask) if each not in named):
        at = written((*place, "columns" if name in rows.columns else "ask", name))
        yield at, f"{known.name} has no such column. It has {', '.join(sorted(named))}."
    for name, recipe in rows.columns.items():
        at = written((*place, "columns", name))
        if isinstance(recipe.codes, str) and profile.table(recipe.codes) is None:
            yield at, f'codes: there is no table "{shown(recipe.codes)}" under codes.'
        if recipe.key and name in days:
            yield at, "key: a day is no key."
    if rows.in_order_of and not (file.days or profile.days) and not file.is_workbook:
        yield written((*place, "in_order_of")), _NO_FORM


def questions(rows: MadeRows) -> dict[str, str]:
    """Return each open question of a part of a profile as a sentence without its end, by its column."""
    return {name: f"{shown(name)} is an open question: {' or '.join(map(shown, of))}" for name, of in rows.ask.items()}


def own_columns(rows: MadeRows) -> Iterator[str]:
    """Yield the source's columns that these rows are made from, as they are compared; some more than once."""
    for recipe in rows.columns.values():
        yield from map(own_name, recipe.named())
    yield from (own_name(condition.column) for condition in rows.only or ())
    yield from map(own_name, rows.one_row_for or ())
    yield from map(own_name, [rows.in_order_of] if rows.in_order_of else [])
