"""A real Dovecot for tests: IMAP with TLS by its own certificate, and one mailbox with a Maildir for arriving mails.

With a key to check them by it takes tokens, and with a server to relay to it takes letters (submission).
"""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import NamedTuple

from tests.support.post import Maildir, certificate, free_port

DOVECOT = shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:/usr/bin")
WHY_NOT = "Dovecot 2.4 is not here: needs root and apt-get install dovecot-imapd"
WHY_NO_SUBMISSION = "Dovecot's submission is not here: needs root and apt-get install dovecot-submissiond"
_numbers = count(1)


def _is_here() -> bool:
    if DOVECOT is None or os.geteuid() != 0:
        return False
    told = subprocess.run([DOVECOT, "--version"], capture_output=True, text=True, check=False).stdout
    return bool(re.match(r"2\.[4-9]\.", told))


HERE = _is_here()
SUBMISSION = HERE and Path("/usr/lib/dovecot/submission").exists()


class Tokens(NamedTuple):
    """How a server takes tokens: the key that it checks them by, its mechanisms, and where it relays letters."""

    public: bytes  # PEM
    relay: int
    mechanisms: tuple[str, ...] = ("xoauth2", "oauthbearer")


@dataclass
class Dovecot(Maildir):
    """A running server: `port` is TLS from the start, `plain` offers STARTTLS. Any user, one password."""

    port: int
    plain: int
    cert: Path
    user: str
    log: Path
    submission: int = 0  # offers STARTTLS
    password: str = "secret-password"

    def drop(self, raw: bytes, received: datetime) -> Path:
        path = super().drop(raw, received)
        shutil.chown(path, self.user)
        return path

    def empty(self) -> None:
        for path in (*self.inbox(), *self.done()):
            path.unlink()


@contextlib.contextmanager
def dovecot(*, capabilities: str = "", tokens: Tokens | None = None) -> Iterator[Dovecot]:
    """Run Dovecot outside pytest's folder: pytest closes that to other users, and the mailbox has another user."""
    user = f"cbimap{os.getpid()}n{next(_numbers)}"  # of this server only; removed at the end
    subprocess.run(["useradd", "-r", "-M", "-d", "/nonexistent", "-s", "/usr/sbin/nologin", user], check=True)
    try:
        with tempfile.TemporaryDirectory(prefix="casebeat-dovecot-") as folder:
            yield from _serving(Path(folder), user, capabilities, tokens)
    finally:
        subprocess.run(["userdel", user], check=True, capture_output=True)


def _serving(folder: Path, user: str, capabilities: str, tokens: Tokens | None) -> Iterator[Dovecot]:
    box = folder / "box"
    Maildir(box).make()
    for path in (box, *box.iterdir()):
        shutil.chown(path, user)
    folder.chmod(0o711)
    key, cert = certificate(folder)
    port, plain, submission = free_port(), free_port(), free_port() if tokens else 0
    conf = folder / "dovecot.conf"
    conf.write_text(
        f"""dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap{" submission" if tokens else ""}
listen = 127.0.0.1
ssl = required
ssl_server_cert_file = {cert}
ssl_server_key_file = {key}
mail_driver = maildir
mail_path = {box}
mail_uid = {user}
mail_gid = {user}
first_valid_uid = 1
first_valid_gid = 1
{capabilities}
{_by_tokens(folder, tokens, submission) if tokens else _BY_PASSWORD}
userdb static {{
  fields {{
    uid = {user}
    gid = {user}
    home = {folder}/home
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
namespace inbox {{
  inbox = yes
}}
"""
    )
    with (folder / "out").open("wb") as out:
        running = subprocess.Popen([str(DOVECOT), "-F", "-c", conf], stdout=out, stderr=out)
        try:
            _wait(port, folder)
            yield Dovecot(box, port, plain, cert, user, folder / "log", submission)
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(timeout=20)


_BY_PASSWORD = f"""passdb static {{
  password = {Dovecot.password}
}}"""


def _by_tokens(folder: Path, tokens: Tokens, submission: int) -> str:
    keys = folder / "keys" / "default" / "RS256"
    keys.mkdir(parents=True)
    (keys / "default").write_bytes(tokens.public)
    mechanisms = "".join(f"  {each} = yes\n" for each in tokens.mechanisms)
    return f"""auth_failure_delay = 0
auth_mechanisms {{
{mechanisms}}}
oauth2 {{
  introspection_mode = local
  username_attribute = sub
  oauth2_local_validation {{
    dict fs {{
      fs posix {{
        prefix = {folder}/keys/
      }}
    }}
  }}
}}
passdb oauth2 {{
}}
service submission-login {{
  inet_listener submission {{
    port = {submission}
  }}
  inet_listener submissions {{
    port = 0
  }}
}}
submission_relay_host = 127.0.0.1
submission_relay_port = {tokens.relay}
submission_relay_ssl = no
hostname = submission.test"""


def _wait(port: int, folder: Path) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("Dovecot did not start: " + (folder / "out").read_text() + (folder / "log").read_text())
