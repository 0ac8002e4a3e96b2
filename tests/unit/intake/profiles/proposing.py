"""Folders of small files for which a profile is proposed, and what it says of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from config.sources.cells import Recipe
from config.sources.profile import MadeRows, Profile
from flows.configured import configured
from tasks.intake.profiles.checking import read_profile
from tasks.intake.profiles.proposal.composing import propose

CASES = [
    "Case URN,Lawyer,Registered", "45-AB-10011-26,L1,01/11/2026", "45AB1002126(M),L1,02/11/2026",
    "45/AB/10031/26,L2,03/11/2026",
]  # fmt: skip


@pytest.fixture
def proposal(tmp_path: Path) -> Callable[[Path], tuple[str, Profile]]:
    """The text that is proposed for a folder, and the profile that it is."""

    def made(folder: Path) -> tuple[str, Profile]:
        text = propose(configured(), folder).text
        path = tmp_path / f"{folder.name}.yaml"
        path.write_text(text, "utf-8")
        return text, read_profile(path)

    return made


def written(folder: Path, files: Mapping[str, Sequence[str]]) -> Path:
    folder.mkdir()
    for name, lines in files.items():
        (folder / name).write_text("\n".join([*lines, ""]), "utf-8")
    return folder


def part(profile: Profile, rows_of: str) -> MadeRows:
    return next(made for file in profile.files for made in file.makes if made.rows_of == rows_of)


def columns(profile: Profile, rows_of: str) -> dict[str, Recipe]:
    return part(profile, rows_of).columns


def said_of(text: str, column: str) -> str:
    found = re.search(rf"^ +{column}: .*# (.*)$", text, re.MULTILINE)
    assert found is not None, column
    return found[1]
