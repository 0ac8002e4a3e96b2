"""`make upgrades`: releases of 1.0.0 and of this tree, installed beside each other without a network, and both ways.

It makes both archives, unpacks each in an empty folder, and installs it in a namespace without a network. With 1.0.0 it
keeps a book; this tree upgrades it by `casebeat migrate`, and 1.0.0 restores what that backed up. It begins this tree's
demo too. Wheels come from where this machine's pip is configured to find them.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.support import way_out
from tests.support.ran import ROOT, Ran
from tests.upgrades.releases import NO_INDEX, git, install, ran, release_of, unpack
from tests.worlds.extracts import a_case, a_contact, write

NEXT = "1.1.0"  # a name for this tree, beside the version that it still has


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def first_version() -> str:
    """Return the last commit whose changelog ends with 1.0.0 as the newest version."""
    later = git("log", "--format=%H", "-S## Unreleased", "--", "CHANGELOG.md", folder=ROOT).splitlines()[0]
    return git("rev-parse", f"{later}^", folder=ROOT)


class Installed:
    """A release in a folder of its own, which may reach no other machine."""

    def __init__(self, archive: Path, into: Path, python: str) -> None:
        began = time.monotonic()
        self.folder = unpack(archive, into)
        done = install(self.folder, python)
        assert done.code == 0, done.err
        size, seconds = archive.stat().st_size / 1e6, time.monotonic() - began
        say(f"{archive.name}, {size:.0f} MB, unpacked and installed in {seconds:.0f} s: {done.out.strip()}")

    def command(self, *arguments: str) -> list[str]:
        apart = ["unshare", "--net", "sh", "-c", 'ip link set lo up; exec "$@"', "sh"] if way_out.is_here() else []
        return [*apart, str(self.folder / ".venv" / "bin" / "casebeat"), *arguments]

    def casebeat(self, home: Path, *arguments: str, code: int = 0) -> Ran:
        told = NO_INDEX | {"CASEBEAT_HOME": str(home), "CASEBEAT_CLOCK": "virtual"}
        done = ran(*self.command(*arguments), folder=self.folder.parent, told=told)
        assert done.code == code, f"{arguments}: {done}"
        return done


def both_ways(older: Installed, newer: Installed, folder: Path) -> None:
    """Keep a book with the older release, upgrade it with the newer one, and go back."""
    book, elsewhere = folder / "book", folder / "elsewhere"
    extract = write(folder / "E1", {"cases.csv": [a_case()], "contacts.csv": [a_contact()]})
    older.casebeat(book, "intake", str(extract))
    owed = older.casebeat(book, "obligations", "--json").out
    assert "joint-review" in owed
    say(newer.casebeat(book, "status", code=2).err.strip())
    say(newer.casebeat(book, "migrate").out.strip())
    assert newer.casebeat(book, "obligations", "--json").out == owed
    (saved,) = (book / "backups").iterdir()
    say(older.casebeat(book, "obligations", code=2).err.strip())
    say(older.casebeat(elsewhere, "restore", str(saved), "--hold").out.strip())
    assert older.casebeat(elsewhere, "obligations", "--json").out == owed
    for home in (book, elsewhere):
        newer.casebeat(home, "stop")


def first_steps(newer: Installed, folder: Path) -> None:
    """Look at a new installation, and begin its demo."""
    examined = newer.casebeat(folder / "new", "doctor", code=1)
    say(examined.out.splitlines()[-1])
    newer.casebeat(folder / "new", "stop")
    shown = newer.casebeat(folder / "new", "demo", "--days", "1", "--home", str(folder / "demo"))
    say("\n".join(["casebeat demo:", *shown.out.strip().splitlines()[:3]]))


def main() -> None:
    python = sys.argv[1] if len(sys.argv) > 1 else sys.executable
    folder = Path(tempfile.mkdtemp(prefix="casebeat-upgrades-"))
    folder.chmod(0o755)
    try:
        releases = [release_of(first_version(), folder), release_of("HEAD", folder, NEXT)]
        older, newer = (Installed(made, folder / "opt", python) for made in releases)
        both_ways(older, newer, folder)
        first_steps(newer, folder)
    finally:
        shutil.rmtree(folder)
    say("Both releases run beside each other, and the way leads on and back.")


if __name__ == "__main__":
    main()
