"""An index of this machine's own: an empty wheel for each line of a lock, and newer releases of what extras ask for."""

import hashlib
import re
import zipfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ENTRY = re.compile(r"^([A-Za-z0-9._-]+)(\[[^]]*\])?==([^ ;\\\n]+)([^\\\n]*)", re.MULTILINE)
NEWER = "9999.0"
WHEEL = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@dataclass(frozen=True)
class Locked:
    name: str
    extras: str
    version: str
    marker: str

    @property
    def requirement(self):
        return f"{self.name}{self.extras}=={self.version}{self.marker}"


def entries(lock_text):
    return [Locked(name, extras, version, marker) for name, extras, version, marker in ENTRY.findall(lock_text)]


def needs(name):
    """The requirements that the installed release of a package declares; none for one that this platform leaves out."""
    try:
        return requires(name) or []
    except PackageNotFoundError:
        return []


def asked_for_by_an_extra(lock_text, direct):
    """Names of the locked packages that something asks for with an extra, as in `coverage[toml]`."""
    locked = {canonicalize_name(entry.name) for entry in entries(lock_text)}
    wanted = [Requirement(line) for line in [*direct, *(line for name in locked for line in needs(name))]]
    return {canonicalize_name(one.name) for one in wanted if one.extras} & locked


def wheel(folder, name, version):
    """Write an installable wheel without content that declares what the real package needs, and return its hash."""
    stem = f"{name.replace('-', '_').replace('.', '_')}-{version}"
    extras = {extra for line in needs(name) for extra in re.findall(r"extra *== *['\"]([^'\"]+)", line)}
    metadata = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        *(f"Provides-Extra: {extra}" for extra in sorted(extras)),
        *(f"Requires-Dist: {line}" for line in needs(name)),
    ]
    path = folder / f"{stem}-py3-none-any.whl"
    files = {"METADATA": "\n".join(metadata) + "\n", "WHEEL": WHEEL, "RECORD": ""}
    with zipfile.ZipFile(path, "w") as archive:
        for file, content in files.items():  # a ZipInfo has no time of day, so that the same wheel has the same hash
            archive.writestr(zipfile.ZipInfo(f"{stem}.dist-info/{file}"), content)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def build(folder, lock_text, direct):
    """Fill a folder with the lock's wheels and the newer ones; return the lock with these wheels' hashes."""
    for name in asked_for_by_an_extra(lock_text, direct):
        wheel(folder, name, NEWER)
    hashed = ((entry, wheel(folder, entry.name, entry.version)) for entry in entries(lock_text))
    return "".join(
        f"{entry.name}{entry.extras}=={entry.version}{entry.marker} --hash=sha256:{digest}\n"
        for entry, digest in hashed
    )
