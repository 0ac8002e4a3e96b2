"""A real disk that is small, and that can be filled."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

NEEDS_ROOT = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("mount"), reason="a small disk needs root and mount"
)


@contextmanager
def small_disk(at, megabytes):
    """Mount a disk of that size here, with the former content copied into it."""
    at.mkdir(parents=True, exist_ok=True)
    before = Path(tempfile.mkdtemp())
    shutil.copytree(at, before, dirs_exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "none", at], check=False)
    if mounted.returncode:
        pytest.skip("this machine forbids mounting a small disk")
    try:
        shutil.copytree(before, at, dirs_exist_ok=True)
        yield
    finally:
        shutil.rmtree(before)
        subprocess.run(["umount", "-l", at], check=True)


@contextmanager
def full(disk):
    """Keep the disk completely full within this context."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    yield
    filler.unlink()
