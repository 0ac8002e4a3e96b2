"""Impossible values in policy, panels and calendar: each is refused with its place, within a second."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.days.overrides import load_overrides
from config.panels import SHIPPED as PANELS
from config.panels import load_panels
from config.policy import SHIPPED as POLICY
from config.policy import load_policy
from config.strict_yaml import Faults
from tests.unit.config.bad_files import ANY_FILES, CALENDAR_FILES, PANEL_FILES, POLICY_FILES, SECRET, BadFile

CALENDAR = PANELS.with_name("calendar.yaml")
LONGEST = 400  # characters of one line of a refusal


def refusal(load: Callable[[Path], Any], file: Path) -> str:
    """The refusal of a file, within a second of this process's own time."""
    began = time.process_time()
    with pytest.raises(Faults) as refused:
        load(file)
    assert time.process_time() - began < 5
    return str(refused.value)


def is_refused(load: Callable[[Path], Any], folder: Path, bad: BadFile) -> None:
    file = folder / "file.yaml"
    file.write_bytes(bad.content)
    sentence = refusal(load, file)
    assert sentence.startswith(f"{file}")
    assert bad.place in sentence.replace(str(file), "", 1)
    assert "othing was changed" in sentence
    assert max(map(len, sentence.splitlines())) <= LONGEST + len(str(file))
    assert all(line.isprintable() for line in sentence.splitlines())


def cases(files: dict[str, BadFile]) -> Any:
    return pytest.mark.parametrize("bad", [pytest.param(bad, id=name) for name, bad in files.items()])


@cases(PANEL_FILES)
def test_a_panel_with_an_impossible_value_is_refused_with_its_place(tmp_path: Path, bad: BadFile) -> None:
    is_refused(load_panels, tmp_path, bad)


@cases(POLICY_FILES)
def test_a_policy_with_an_impossible_value_is_refused_with_its_place(tmp_path: Path, bad: BadFile) -> None:
    is_refused(load_policy, tmp_path, bad)


@cases(CALENDAR_FILES)
def test_a_calendar_with_an_impossible_value_is_refused_with_its_place(tmp_path: Path, bad: BadFile) -> None:
    is_refused(load_overrides, tmp_path, bad)


@cases(ANY_FILES)
@pytest.mark.parametrize("load", [load_policy, load_panels, load_overrides])
def test_a_file_that_is_no_plain_yaml_is_refused_with_its_line(
    tmp_path: Path, load: Callable[[Path], Any], bad: BadFile
) -> None:
    is_refused(load, tmp_path, bad)


def test_the_files_that_are_shipped_are_read_with_a_mark_of_order_too(tmp_path: Path) -> None:
    for load, shipped in ((load_policy, POLICY), (load_panels, PANELS), (load_overrides, CALENDAR)):
        (tmp_path / "file.yaml").write_bytes(b"\xef\xbb\xbf" + shipped.read_bytes().replace(b"\n", b"\r\n"))
        assert load(tmp_path / "file.yaml") == load(shipped)


def test_a_long_value_is_cut_and_free_text_repeated_in_part_only(tmp_path: Path) -> None:
    (tmp_path / "file.yaml").write_text("panels: [{cps_area: " + SECRET * 99 + "}]", "utf-8")
    assert SECRET * 2 not in refusal(load_panels, tmp_path / "file.yaml")


@pytest.mark.parametrize("kind", ["pipe", "folder", "missing", "endless", "NUL"])
def test_what_is_no_plain_file_is_refused_without_waiting(tmp_path: Path, kind: str) -> None:
    file = tmp_path / kind
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    path = {"endless": Path("/dev/zero"), "NUL": Path("a\0b")}.get(kind, file)
    assert "othing was changed" in refusal(load_policy, path)


def test_a_mapping_by_numbers_and_a_time_without_quotes_are_read(tmp_path: Path) -> None:
    text = POLICY.read_text("utf-8").replace("overrides: {}", "overrides: {45: {action: {within: 10d}}}")
    (tmp_path / "file.yaml").write_text(text.replace('"08:00"', "10:00"), "utf-8")
    policy = load_policy(tmp_path / "file.yaml")
    assert (str(policy.for_force("45").action.within), policy.letter.from_.hour) == ("10d", 10)


PIECES = st.sampled_from(
    [
        "panels", "holidays", "rules", ": ", ":\n  ", "- ", "[", "]", "{", "}", ",", "? ", "&a ", "*a", "!!str ",
        "!x!y ", "|\n ",
        ">+2\n", '"', "'", "\\x", "\\U0011FFFF", "\n", "\n\t", "%YAML 1.", "---\n", "...\n", "<<", "2027-02-29", "1:30",
        "0x", "~",
        "\x85", "\u2028", "\ufeff", "\0", "#", "@", "`", "-", "=", ".inf", "9" * 5_000,
    ]
)  # fmt: skip


@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=60)))
def test_any_text_is_read_or_refused_and_never_a_fault(tmp_path: Path, text: str) -> None:
    (tmp_path / "file.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    for load in (load_overrides, load_panels, load_policy):
        try:
            load(tmp_path / "file.yaml")
        except Faults as refused:
            assert "othing was changed" in str(refused)  # noqa: PT017  most texts are refused, a few are a calendar
