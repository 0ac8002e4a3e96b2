"""The mail server: EHLO, TLS and the sign-in, without a mail."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

from config.mail import Mail, Security
from tasks.carriers.carrier import Down
from tasks.carriers.mail.graph import Graph
from tasks.carriers.mail.smtp import Smtp
from tasks.platform.configuration import Configuration
from tasks.rounds.doctor.check import Verdict, fail, inspection, ok, warn

# what to do, by a part of the carrier's own sentence
_REMEDIES = {
    "no token": "docs/microsoft365.md has the steps",
    "no longer takes a password": "docs/microsoft365.md has the steps",
    "as many connections": "it is tried again",
    "certificate": (
        "name the server in CASEBEAT_MAIL__HOST as its certificate does, or install the certificate of its authority "
        "on this machine"
    ),
    "refused the sign-in": "correct CASEBEAT_MAIL__USER and CASEBEAT_MAIL__PASSWORD",
    "does not offer": "correct CASEBEAT_MAIL__SECURITY and CASEBEAT_MAIL__PORT, or have it switched on at the server",
    "cannot be reached": (
        "correct CASEBEAT_MAIL__HOST and CASEBEAT_MAIL__PORT, start the server, or open the way to it in the firewall"
    ),
}


@inspection("mail-server", "The mail server answers, over trusted TLS, and accepts the sign-in.")
def _server(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    """Open a session as delivery does, and end it without a mail."""
    mail = configuration.settings.mail
    if mail.host is None:
        yield warn(
            "Nobody is mailed, since no mail server is set: mails are kept in the Maildir mail/ under the data "
            "directory. Set CASEBEAT_MAIL__HOST and CASEBEAT_MAIL__OPERATIONS."
        )
        return
    with closing(Graph(mail) if mail.graph else Smtp(mail)) as server:
        try:
            server.ready()
            unsigned = mail.user is None and server.demands_sign_in()
        except Down as down:
            yield fail(f"{_place(mail)}: {down}: {_remedy(str(down), mail)}. Until then every mail waits.")
        else:
            if unsigned:
                yield fail(
                    f"{_place(mail)} demands a sign-in, and none is set: set CASEBEAT_MAIL__USER and "
                    "CASEBEAT_MAIL__PASSWORD. Until then every mail waits."
                )
            elif mail.graph:
                yield ok("Microsoft gives a token for Graph; whether the mailbox may send shows with the first letter.")
            else:
                yield ok(_done(mail))


@inspection("operations-mailbox", "Operations have a mailbox.")
def _operations(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    if configuration.settings.mail.operations is None:
        yield warn(
            "Operations have no mailbox, so that nobody is written to when something is wrong: set "
            "CASEBEAT_MAIL__OPERATIONS."
        )


def _done(mail: Mail) -> str:
    """Return how the session was opened: what was not asked for was not tried."""
    if mail.security is Security.NONE:
        server, tls = "The mail server of this machine answers", "without TLS"
    else:
        server, tls = "The mail server answers", "over trusted TLS"
    if mail.user is not None:
        return f"{server}, {tls}, and accepts the sign-in."
    return f"{server}, {tls} or a sign-in." if tls == "without TLS" else f"{server}, {tls}, without a sign-in."


def _place(mail: Mail) -> str:
    return f"Mail server {mail.host}, port {mail.port}"


def _remedy(why: str, mail: Mail) -> str:
    if mail.oauth.on and "refused the sign-in" in why:
        return (
            "the app needs SMTP.SendAsApp, a service principal in Exchange, and the mailbox CASEBEAT_MAIL__USER: "
            "docs/microsoft365.md has the steps"
        )
    return next((remedy for part, remedy in _REMEDIES.items() if part in why), "look at its log")


CHECKS = (_server, _operations)
