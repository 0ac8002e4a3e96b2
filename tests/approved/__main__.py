"""`make approve`: write the approved texts and nights again, to be read in the diff before they are committed."""

import sys
from pathlib import Path

from tests.approved import rendered
from tests.approved.nights import files

FOLDER = Path(__file__).with_name("texts")


def main() -> None:
    """Write the texts that are rendered now, and remove all others."""
    texts = rendered.texts()
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.iterdir():
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (FOLDER / name).write_bytes(text.encode())
    nights = files.write()
    where = f"{FOLDER.relative_to(Path.cwd())}, {nights} nights in {files.FOLDER.relative_to(Path.cwd())}"
    sys.stdout.write(f"{len(texts)} texts in {where}: read `git diff` before you commit them.\n")


if __name__ == "__main__":
    main()
