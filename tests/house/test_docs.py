"""README, CONTRIBUTING and docs match the code: commands, paths, settings, make targets, extract columns."""

import re
from importlib.util import find_spec

import pytest
from click import Context

from config.settings import PREFIX
from flows.command_line.main import COMMANDS, load
from models import migrations
from tests.house.settings_named import setting_names
from tests.house.source import ROOT

AT_THE_TOP = ("README.md", "CONTRIBUTING.md")
PATHS = {name: ROOT / name for name in AT_THE_TOP} | {
    path.relative_to(ROOT / "docs").as_posix(): path for path in sorted((ROOT / "docs").rglob("*.md"))
}
DOCS = {name: path.read_text("utf-8") for name, path in PATHS.items()}
README = DOCS["README.md"]
TOP_LEVEL = r"(?:flows|tasks|models|config|tests|docs|benchmarks|packaging|\.ci)/"
COMMAND = re.compile(r"(?:^\$?\s*|`)(?:\.venv/bin/)?casebeat ([^`\n#]+)", re.MULTILINE)
SPOKEN = sorted({(name, line.strip()) for name, text in DOCS.items() for line in COMMAND.findall(text)})


@pytest.mark.parametrize(("document", "line"), SPOKEN, ids=[f"{name}: {line}" for name, line in SPOKEN])
def test_every_command_a_document_names_exists_with_its_options(document, line):
    name, *words = line.split()
    assert name in COMMANDS, f"{document}: there is no such command"
    command = load(name)
    if words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)} | {"--help"}
    passes_on = command.context_settings.get("ignore_unknown_options")  # to a program that has its own
    assert passes_on or {word for word in words if word.startswith("--")} <= known
    with Context(command, info_name=name) as context:
        assert command.get_help(context)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_told_in_the_readme(name):
    assert re.search(rf"\bcasebeat {name}\b", README) or name == "demo"


def test_the_readme_has_both_commands_in_its_first_screen():
    first_screen = "\n".join(README.splitlines()[:25])
    assert re.search(r"^make demo\b", first_screen, re.MULTILINE)
    assert re.search(r"^make test\b", first_screen, re.MULTILINE)


@pytest.mark.parametrize("document", DOCS)
def test_every_path_a_document_names_exists(document):
    text = DOCS[document]
    named = re.findall(rf"`({TOP_LEVEL}[\w./-]*)`", text)
    beside = PATHS[document].parent
    linked = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    missing = [path for path in named if not (ROOT / path).exists()]
    assert missing + [link for link in linked if not (beside / link).exists()] == []


@pytest.mark.parametrize("document", DOCS)
def test_every_heading_that_a_document_links_to_is_there(document):
    missing = []
    for page, heading in re.findall(r"\]\(([\w/.-]*)#([^)]+)\)", DOCS[document]):
        text = (PATHS[document].parent / page if page else PATHS[document]).read_text("utf-8")
        titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        there = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
        missing += [] if heading in there else [f"{page}#{heading}"]
    assert missing == []


def test_no_two_decisions_have_one_number():
    numbers = re.findall(r"^## (\d+)\.", DOCS["decisions.md"], re.MULTILINE)
    assert len(numbers) == len(set(numbers))


def test_the_revision_that_a_page_shows_is_that_of_the_code():
    shown = [text for text in DOCS.values() for text in re.findall(r"\brevision (\d{4})\b", text)]
    assert set(shown) == {migrations.HEAD}


MODULES = sorted({module for text in DOCS.values() for module in re.findall(r"\bpython -m ([\w.]+\w)", text)})


@pytest.mark.parametrize("module", MODULES)
def test_every_module_that_a_document_has_python_run_exists(module):
    assert find_spec(module)


def test_the_readme_tells_every_setting_and_no_other():
    section = README.split("## Settings")[1].split("\n## ")[0]
    told = set(re.findall(rf"`({PREFIX}\w+)`", section))
    assert told - {"CASEBEAT_SECRETS_DIR"} == setting_names()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))))
def test_every_make_target_the_readme_names_is_there(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
