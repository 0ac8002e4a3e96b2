"""The columns of the extract guide, written from the table that the code goes by."""

from tasks.intake.columns import Column, File
from tasks.intake.files import FILES

BEGIN, END = "<!-- columns: written by tasks/intake/guide.py -->", "<!-- columns end -->"


def columns() -> str:
    """Every file and column, as the guide shows them."""
    return "\n\n".join([BEGIN, *map(_file, FILES.values()), END])


def _file(file: File) -> str:
    told = f"### {file.name}\n\n"
    told += f"Only from {file.only_from}. " if file.only_from else ""
    told += "One row is told from another by " + ", ".join(f"`{name}`" for name in file.key) + "."
    if file.either:
        told += " The case is named by `force_code` and `case_ref`, or by `urn`."
    rows = "\n".join(map(_column, file.columns))
    return f"{told}\n\n| column | needed | what it holds |\n|---|---|---|\n{rows}"


def _column(column: Column) -> str:
    needed = "yes" if column.required else ""
    kept = "" if column.kept_as else "; not stored"
    return f"| `{column.name}` | {needed} | {column.form.words}{kept} |"


def written_into(guide: str) -> str:
    """The guide with its columns written anew between the two marks."""
    before, _, rest = guide.partition(BEGIN)
    return before + columns() + rest.partition(END)[2]
