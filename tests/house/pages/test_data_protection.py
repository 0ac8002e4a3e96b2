"""The page for the data protection officer describes every table, data file and channel."""

import re
from pathlib import Path

from config.routes import Channel
from config.settings import Settings
from models import Base
from tasks.platform import home

PAGE = Path(__file__).parents[3].joinpath("docs", "data-protection.md").read_text("utf-8")


def first_cells(heading: str) -> list[str]:
    """The names in the first column of the tables under a heading."""
    part = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("| ")]
    return [name for cell in rows for name in re.findall(r"`([^`]+)`", cell)]


def test_every_table_and_every_file_of_the_data_directory_is_described_once():
    told = first_cells("What is held")
    assert sorted(told) == sorted({*Base.metadata.tables, *home.OURS})


def test_every_channel_by_which_something_leaves_is_described():
    assert set(first_cells("What leaves")) == {channel.value for channel in Channel}


def test_every_setting_that_the_page_names_exists():
    named = set(re.findall(r"CASEBEAT_([A-Z_]+)", PAGE))
    groups = {name: field.annotation for name, field in Settings.model_fields.items()}
    for one in named:
        group, _, rest = one.lower().partition("__")
        assert group in groups, one
        assert not rest or rest in groups[group].model_fields, one


def test_each_table_is_of_somebody_or_of_nobody_and_comes_from_somewhere():
    rows = [line.split("|")[1:-1] for line in PAGE.splitlines() if line.startswith("| `") and line.count("|") == 5]
    assert rows
    for name, _, source, whom in rows:
        assert source.strip(), name
        assert set(re.split(r", ", whom.strip())) <= {"victim", "suspect", "staff", "case", "nobody"}, name
