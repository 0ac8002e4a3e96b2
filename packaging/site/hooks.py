"""What the site has beside docs/: the reference, made from the code, and the pages of the checkout's root."""

import re
from pathlib import Path
from typing import Any

import reference  # beside this file, where MkDocs looks while it loads it
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]

PROJECT = {f"{name}.md": f"project/{name.lower()}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG")}
_LINK = re.compile(r"(!?\[[^\]]*\])\(([^)\s#]*)(#[^)]*)?\)")


def on_files(files: Files, *, config: Any) -> Files:
    """Add the pages that are made here, and their style."""
    pages = {f"reference/{name}.md": text for name, text in reference.pages(ROOT)}
    pages["site.css"] = (Path(__file__).parent / "site.css").read_text("utf-8")
    pages |= {page: (ROOT / name).read_text("utf-8") for name, page in PROJECT.items()}
    for path, text in pages.items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Turn each link to a file of the checkout into one to its page; a file without a page is named, not linked."""
    if page.is_homepage:
        page.meta["hide"] = ["navigation"]
    made = page.file.src_uri.startswith(("project/", "reference/"))
    folder = ROOT if made else (ROOT / "docs" / page.file.src_uri).parent
    up = "../" * page.file.src_uri.count("/")
    return _LINK.sub(lambda found: _placed(found, folder, up), markdown)


def _placed(found: re.Match[str], folder: Path, up: str) -> str:
    label, target, heading = found[1], found[2], found[3] or ""
    if not target or "://" in target or target.startswith("mailto:"):
        return found[0]
    path = (folder / target).resolve()
    name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else ""
    if name in PROJECT:
        return f"{label}({up}{PROJECT[name]}{heading})"
    if name.startswith("docs/"):
        return f"{label}({up}{name.removeprefix('docs/')}{heading})"
    return f"{label[1:-1]} (`{name}`)" if name else found[0]
