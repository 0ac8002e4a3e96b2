"""`make histories`: live the histories, and write docs/histories.md again, to be read in the diff."""

import sys
import tempfile
from pathlib import Path

from tests.support.copies import Copies, migrated_server
from tests.whole.histories.history import histories
from tests.whole.histories.lived import Lived, installed
from tests.whole.histories.page import PAGE, page


def main() -> None:
    """Live the histories on a server of their own, and write the page."""
    with migrated_server() as server, tempfile.TemporaryDirectory(prefix="casebeat-histories-") as folder:
        Copies(server).give("histories")
        with installed(Path(folder, "home"), server, "histories"):
            lived = Lived(Path(folder), histories()).run()
    PAGE.write_text(page(lived), "utf-8")
    sys.stdout.write(f"{len(lived.histories)} histories in docs/{PAGE.name}: read `git diff` before you commit it.\n")


if __name__ == "__main__":
    main()
