"""`make image`: run the lines of packaging/Containerfile in a root of Debian, and the installation in it. Needs root.

It stands in for a container where there is none. debootstrap makes the root; COPY and RUN do there what they do in a
build, in an unpacked release of this tree, and the last steps run as the image's user: a round on the embedded
PostgreSQL, then `serve` until SIGTERM. Packages come from where this machine's apt and pip are configured to find them.
"""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.upgrades.releases import release_of, unpack

ROOT = Path(__file__).parents[2]
CONTAINERFILE = ROOT / "packaging" / "Containerfile"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def mirror_of(release: str) -> str:
    """Return where this machine's apt has the packages of a release of Debian."""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI)", f"Codename: {release}", "Component: main"]
    mirrors = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    return mirrors[0] if mirrors else sys.exit(f"this machine's apt has no source of Debian's {release}")


class Image:
    """A root of Debian with what the lines of the Containerfile have set so far."""

    def __init__(self, root: Path, context: Path) -> None:
        self.root, self.context = root, context
        self.environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
        self.folder, self.user, self.entrypoint, self.command = "/", "root", [], []

    def chroot(self, *command: str) -> list[str]:
        inside = f"cd {shlex.quote(self.folder)} && exec {shlex.join(command)}"
        return ["chroot", f"--userspec={self.user}", str(self.root), "/bin/sh", "-ec", inside]

    def run(self, *command: str, code: int = 0) -> str:
        done = subprocess.run(
            self.chroot(*command),
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != code:
            sys.exit(f"exit code {done.returncode}: {shlex.join(command)}\n{done.stdout}")
        return done.stdout

    def line(self, word: str, rest: str) -> None:
        if word == "FROM":
            release = rest.rpartition(":")[2].removesuffix("-slim")
            subprocess.run(["debootstrap", "--variant=minbase", release, str(self.root), mirror_of(release)],
                           stdout=subprocess.DEVNULL, check=True)  # fmt: skip
            self.root.chmod(0o755)  # its users enter it
            self.join()
        elif word == "RUN":
            self.run("/bin/sh", "-ec", rest)
        elif word == "WORKDIR":
            self.folder = rest
            (self.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif word == "COPY":
            self.copy(*rest.split())
        elif word == "ENV":
            name, _, value = rest.partition("=")
            self.environment[name] = value
        elif word == "USER":
            self.user = f"{rest}:{rest}"
        elif word == "ENTRYPOINT":
            self.entrypoint = json.loads(rest)
        elif word == "CMD":
            self.command = json.loads(rest)

    def copy(self, *paths: str) -> None:
        *sources, target = paths
        into = self.root / self.folder.lstrip("/") / target
        for source in sources:
            shutil.copytree(self.context / source, into, dirs_exist_ok=True)

    def join(self) -> None:
        """Give the root processes, devices and names. The mounts end with this process's namespace."""
        for mount in (["-t", "proc", "proc", "proc"], ["--rbind", "/dev", "dev"], ["-t", "tmpfs", "shm", "dev/shm"]):
            subprocess.run(["mount", *mount[:-1], str(self.root / mount[-1])], check=True)
        shutil.copy("/etc/resolv.conf", self.root / "etc")


def use(image: Image) -> None:
    """Do what an installation does: a round by itself, then serve until it is stopped."""
    say(f"as {image.user}: a round, which fails because there is no book yet")
    say(image.run(*image.entrypoint, "run", code=1).rstrip())
    say(f"as {image.user}: {shlex.join(image.command)}")
    printed, began = image.root / "printed", time.monotonic()
    with printed.open("ab") as output:
        served = subprocess.Popen(
            image.chroot(*image.entrypoint, *image.command), env=image.environment, stdout=output, stderr=output
        )
    while "runs until Ctrl-C" not in printed.read_text("utf-8"):
        if served.poll() is not None or time.monotonic() > began + 180:
            sys.exit(f"it did not start:\n{printed.read_text('utf-8')}")
        time.sleep(0.2)
    say(f"started in {time.monotonic() - began:.0f} s")
    served.send_signal(signal.SIGTERM)
    code = served.wait(180)
    say(printed.read_text("utf-8").rstrip())
    if code:
        sys.exit(f"exit code {code}")


def build(root: Path) -> None:
    (root / "root").mkdir()
    image = Image(root / "root", next((root / "context").iterdir()))
    for line in CONTAINERFILE.read_text("utf-8").replace("\\\n", "").splitlines():
        if line and not line.startswith("#"):
            say(line)
            image.line(*line.split(maxsplit=1))
    use(image)
    say("The image's lines run, and so does what they make.")


def main() -> None:
    if os.geteuid() or shutil.which("debootstrap") is None:
        sys.exit("make image needs root, and apt-get install debootstrap")
    root = tempfile.mkdtemp(prefix="casebeat-image-")
    apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]  # its mounts and processes end with it
    try:
        unpack(release_of(ROOT, Path(root)), Path(root) / "context")
        done = subprocess.run([*apart, sys.executable, "-m", "tests.image", root], cwd=ROOT, check=False)
    finally:
        shutil.rmtree(root)
    sys.exit(done.returncode)


if __name__ == "__main__":
    build(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
