"""Whether a profile fits the files of an extract: what only the table of files and columns can tell."""

from collections.abc import Iterator
from pathlib import Path

from config import strict_yaml
from config.plain_yaml import path as written
from config.plain_yaml import shown
from config.sources.cells import Recipe, own_name
from config.sources.profile import SUFFIX, ExportFile, MadeRows, Profile, is_name, load_profile
from config.terms import Agency
from tasks.intake.columns import File
from tasks.intake.files import FILES, WITHDRAWN
from tasks.intake.forms import DAY, FUTURE_DAY

Fault = tuple[str, str]  # the place in the file, and the sentence


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
    columns: dict[str, set[str]] = {}
    for number, file in enumerate(profile.files):
        for made_number, rows in enumerate(file.makes):
            place: tuple[int | str, ...] = ("files", number, "makes", made_number)
            known = FILES.get(rows.rows_of)
            if known is None:
                yield written((*place, "rows_of")), f'"{shown(rows.rows_of)}" is none of {", ".join(FILES)}.'
                continue
            yield from _of_rows(profile, file, rows, known, place)
            if columns.setdefault(known.name, set(rows.columns)) != set(rows.columns):
                other = ", ".join(sorted(map(shown, columns[known.name] ^ set(rows.columns))))
                yield (
                    written((*place, "columns")),
                    f'differs from the other rows of {known.name} in {other}: write always: "" where nothing is known.',
                )


def _of_rows(
    profile: Profile, file: ExportFile, rows: MadeRows, known: File, place: tuple[int | str, ...]
) -> Iterator[Fault]:
    if known.only_from is not None and known.only_from is not Agency(profile.agency):
        yield written((*place, "rows_of")), f"{known.name} comes from {known.only_from} only."
    named = known.names | ({WITHDRAWN.name} if profile.mode == "delta" else set())
    days = {column.name for column in known.columns if column.form in {DAY, FUTURE_DAY}}
    for name, recipe in rows.columns.items():
        at = written((*place, "columns", name))
        if name not in named:
            yield at, f"{known.name} has no such column. It has {', '.join(sorted(named))}."
        if isinstance(recipe.codes, str) and recipe.codes not in profile.codes:
            yield at, f'codes: there is no table "{shown(recipe.codes)}" under codes.'
        if recipe.key and name in days:
            yield at, "key: a day is no key."
    lacking = [column.name for column in known.columns if column.required and column.name not in rows.columns]
    if known.either and "urn" not in rows.columns and not {"force_code", "case_ref"} <= set(rows.columns):
        lacking.append("urn (or force_code and case_ref)")
    if lacking:
        yield written((*place, "columns")), f"has no {', '.join(lacking)}, which {known.name} must have."
    if rows.in_order_of and not (file.days or profile.days) and not file.is_workbook:
        yield written((*place, "in_order_of")), "is a column of days: say under days how the file writes them."


def own_columns(rows: MadeRows) -> Iterator[str]:
    """Yield the source's columns that these rows are made from, as they are compared; some more than once."""
    for recipe in rows.columns.values():
        yield from map(own_name, _of_recipe(recipe))
    yield from (own_name(condition.column) for condition in rows.only or ())
    yield from map(own_name, rows.one_row_for or ())
    yield from map(own_name, [rows.in_order_of] if rows.in_order_of else [])


def _of_recipe(recipe: Recipe) -> Iterator[str]:
    yield from recipe.from_ or ()
    yield from (condition.column for condition in recipe.where or ())
