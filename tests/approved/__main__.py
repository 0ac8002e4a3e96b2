"""`make approve`: write the approved texts again, to be read in the diff before they are committed."""

import sys
from pathlib import Path

from tests.approved import rendered

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
    sys.stdout.write(
        f"{len(texts)} texts in {FOLDER.relative_to(Path.cwd())}: read `git diff` before you commit them.\n"
    )


if __name__ == "__main__":
    main()
