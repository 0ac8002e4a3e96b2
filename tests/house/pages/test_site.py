"""docs/ as a site: it builds without a dead link, its reference is that of the code, and it fetches nothing."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
import yaml

from config.policy import SHIPPED
from flows.command_line.main import COMMANDS
from models.rules.obligations.rulebook import RULES
from tasks.intake.files import FILES
from tests.house.settings_named import setting_names
from tests.house.source import ROOT

CONFIG = ROOT / "packaging" / "site" / "mkdocs.yml"
FETCHED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src")}


def built(folder, *, docs=None):
    config = CONFIG
    if docs:
        config = docs.parent / "mkdocs.yml"
        told = (
            CONFIG.read_text("utf-8")
            .replace("../../docs", str(docs))
            .replace("[hooks.py]", f"[{CONFIG.parent}/hooks.py]")
        )
        config.write_text(told, "utf-8")
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--config-file", config, "--site-dir", folder],
        cwd=ROOT, env={"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    done = built(folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("NicheRMS", "systems/nicherms.html"), ("DPIA", "it/dpia.html"), ("offline", "it/offline.html"),
        ("Red Hat", "it/red-hat.html"), ("accessibility", "it/accessibility.html"), ("Athena", "systems/index.html"),
    ],
)  # fmt: skip
def test_its_search_finds_what_people_ask_for_in_a_page_s_title_or_text(site, asked, page):
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))["docs"]
    found = {
        entry["location"].partition("#")[0]
        for entry in index
        if asked.casefold() in f"{entry['title']} {entry['text']}".casefold()
    }
    assert page in found


class Page(HTMLParser):
    """The addresses that a page fetches, and its text."""

    def __init__(self, path):
        super().__init__()
        self.fetched, self.ids, self.said = [], set(), []
        self.feed(path.read_text("utf-8"))
        self.text = " ".join(self.said)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.fetched += [value for name, value in attrs if (tag, name) in FETCHED and values.get("rel") != "canonical"]
        self.ids |= {values["id"]} if "id" in values else set()

    def handle_data(self, data):
        self.said.append(data)


def reference(site, name):
    return Page(site / "reference" / f"{name}.html")


def test_every_command_is_in_the_reference_with_its_help(site):
    page = reference(site, "commands")
    assert {f"casebeat-{name}" for name in COMMANDS} <= page.ids
    assert page.text.count("Usage: ") >= len(COMMANDS)


def test_every_setting_is_in_the_reference(site):
    assert setting_names() <= set(re.findall(r"CASEBEAT_\w+", reference(site, "settings").text))


def test_every_column_is_in_the_reference(site):
    page = reference(site, "columns")
    assert [column.name for file in FILES.values() for column in file.columns if column.name not in page.text] == []


def test_every_rule_is_in_the_reference_with_what_ends_it(site):
    page = reference(site, "rules")
    assert set(RULES) <= page.ids
    words = " ".join(page.text.split())
    assert [rule.name for rule in RULES.values() if rule.title not in words or rule.ends_when not in words] == []


def test_every_key_of_the_policy_is_in_the_reference(site):
    assert set(yaml.safe_load(SHIPPED.read_text("utf-8"))) <= reference(site, "policy").ids


@pytest.mark.parametrize(
    "said",
    [
        "is a quotation mark missing?",
        "a source's extract is missing",
        "the mail server's certificate is not trusted",
    ],
)
def test_who_searches_for_what_casebeat_said_finds_it_among_the_troubles(site, said):
    assert said in reference(site, "troubleshooting").text


def test_a_page_of_the_site_fetches_nothing_from_elsewhere(site):
    pages = {path: Page(path) for path in site.rglob("*.html")}
    assert len(pages) > 30
    fetched = {(path, address) for path, page in pages.items() for address in page.fetched}
    assert [address for _, address in fetched if "://" in address or address.startswith("//")] == []
    styles = "".join(path.read_text("utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"(?:url\(|@import )[\"']?(?:https?:)?//[^)\s]*", styles) == []
    missing = [
        address
        for path, address in fetched
        if not (
            (site / address[1:]) if address.startswith("/") else path.parent / unquote(address.split("?")[0])
        ).exists()
    ]
    assert missing == []


def test_a_dead_link_stops_the_build(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text("# Home\n\n[nowhere](nowhere.md)\n", "utf-8")
    done = built(tmp_path / "site", docs=docs)
    assert done.returncode != 0
    assert "nowhere.md" in done.stderr
