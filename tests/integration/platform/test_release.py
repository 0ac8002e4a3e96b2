"""A release of this tree with a small lock, made of a tag, unpacked, and installed by Python alone, off the network."""

import hashlib
import shutil
import sysconfig
import zipfile
from pathlib import Path

import pytest

from models import migrations
from tests.support.ran import ROOT
from tests.upgrades.releases import git, install, made, ran, unpack

WHEEL = "tiny-1.0-py3-none-any.whl"
TREE = ("config", "models", "tasks", "flows", "packaging", "prefect.yaml", "pyproject.toml", "requirements.txt")


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A repository of this tree whose lock names one package, and has a tag."""
    folder = tmp_path_factory.mktemp("repository")
    for name in TREE:
        taken = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        taken(ROOT / name, folder / name)
    shutil.rmtree(folder / "packaging" / "site")
    with zipfile.ZipFile(folder.parent / WHEEL, "w") as wheel:
        about = {"METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n", "RECORD": "",
                 "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}  # fmt: skip
        wheel.writestr("others.pth", sysconfig.get_path("purelib"))  # in place of the packages of the whole lock
        for name, text in about.items():
            wheel.writestr(f"tiny-1.0.dist-info/{name}", text)
    digest = hashlib.sha256((folder.parent / WHEEL).read_bytes()).hexdigest()
    windows = f"absent==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:{'0' * 64}\n"
    (folder / "requirements.txt").write_text(f"{windows}tiny==1.0 \\\n    --hash=sha256:{digest}\n    # via casebeat\n")
    for command in ("init --quiet", "add --all", "commit --quiet --message=First", "tag v1.0.0"):
        git(*command.split(), folder=folder)
    return folder


@pytest.fixture(scope="module")
def archive(repository, tmp_path_factory):
    to = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_FIND_LINKS", str(repository.parent))
        done = made(repository, "", to)
    assert (done.code, done.out) == (0, f"{to}/casebeat-1.0.0.tar.gz\n"), done.err
    return Path(done.out.strip())


@pytest.fixture
def release(archive, tmp_path):
    return unpack(archive, tmp_path / "opt with a space")


def test_a_release_is_installed_without_a_network_and_units_reach_it_by_the_link_that_an_upgrade_turns(
    repository, release, tmp_path
):
    commit = git("rev-parse", "HEAD", folder=repository)
    said = f"casebeat 1.0.0 (release v1.0.0, commit {commit}), tables at revision {migrations.HEAD}\n"
    done = install(release)
    assert (done.code, done.out, done.err) == (0, said, "")
    (site,) = release.glob(".venv/lib/python3.*/site-packages")
    assert (site / "tiny-1.0.dist-info").exists()
    link = release.parent / "casebeat"
    link.symlink_to(release.name)
    done = ran(release / ".venv/bin/casebeat", "new", tmp_path / "own", folder=tmp_path)
    assert done.code == 0, done.err
    unit = (tmp_path / "own" / "systemd" / "casebeat.service").read_text("utf-8")
    assert f'ExecStart="{link}/.venv/bin/casebeat" serve\n' in unit


def test_the_archive_and_its_files_have_checksums_that_others_can_check(archive, release):
    assert ran("sha256sum", "--check", "--quiet", f"{archive.name}.sha256", folder=archive.parent).code == 0
    assert ran("sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS", folder=release).code == 0
    listed = [line.split("  ")[1] for line in (release / "SHA256SUMS").read_text("utf-8").splitlines()]
    there = [str(path.relative_to(release)) for path in release.rglob("*") if path.is_file()]
    assert sorted([*listed, "SHA256SUMS"]) == sorted(there)
    assert f"wheels/{WHEEL}" in listed


def test_a_damaged_release_installs_nothing(release):
    (release / "wheels" / WHEEL).write_bytes(b"other bytes")
    (release / "prefect.yaml").unlink()
    done = install(release)
    assert done.code == 2
    assert done.err.startswith(f"Damaged or missing: prefect.yaml, wheels/{WHEEL}. Unpack the release again")
    assert not (release / ".venv").exists()


def test_a_release_is_of_a_tag_that_names_its_version(repository, tmp_path):
    git("tag", "--force", "v9.0.0", folder=repository)
    assert "v9.0.0 is of a tree whose version is 1.0.0" in made(repository, "v9.0.0", tmp_path).err
    assert made(repository, "v8.0.0", tmp_path).err == "There is no tag v8.0.0.\n"
    assert list(tmp_path.iterdir()) == []
