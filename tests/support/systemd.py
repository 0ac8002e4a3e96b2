"""Whether systemd's own tools are here."""

import shutil

import pytest

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here: needs apt-get install systemd"
)
