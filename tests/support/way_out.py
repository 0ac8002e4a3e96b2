"""Whether this machine can watch what leaves it."""

import os
import subprocess

WAY_OUT = ["unshare", "--net", "--mount"]


def is_here() -> bool:
    probe = [*WAY_OUT, "sh", "-c", "ip link add way type veth peer name watched"]
    return os.geteuid() == 0 and not subprocess.run(probe, capture_output=True, check=False).returncode
