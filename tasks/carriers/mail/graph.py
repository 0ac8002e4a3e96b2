"""Send letters by Microsoft Graph: one request each, of which every end shows whether the letter may have left.

`sendMail` takes a letter as it is, in base64: https://learn.microsoft.com/graph/api/user-sendmail. It answers 202 once
Exchange has the letter; what becomes of a recipient comes back as a bounce, if at all.
"""

import base64
import json
from urllib.parse import quote

from config.mail import Mail
from config.terms import State
from tasks.carriers.carrier import Answer, Down, seconds_asked
from tasks.carriers.mail.submission import ACT_SECONDS, LATER_SECONDS
from tasks.network.oauth.access import access_token, forget
from tasks.network.oauth.refusals import NoToken
from tasks.network.one_request import LIMITS, HttpAnswer, NoAnswerError, NotReachedError, reach, request
from tasks.network.wire import Limits

LONGEST_WAIT = 3600  # seconds, whatever Retry-After says
LARGEST = 4_000_000  # bytes of a request that Graph takes

# Refusals of the app or the mailbox, and so of every letter: the carrier is down until somebody acts.
_OF_ALL = {
    401: "Microsoft Graph refused the token",
    403: "the app may not send as this mailbox: give it Application Mail.Send for the mailbox, in Exchange",
    404: "Microsoft Graph knows no such mailbox: correct mail.user, or give it a licence",
    507: "the mailbox that sends is full: empty its Sent Items, or have them kept shorter",
}
# Refusals by Graph's own code, which stands in the answer's JSON.
_BY_CODE = {
    "ErrorSendAsDenied": "the mailbox may not send as mail.from_address: name the mailbox, or grant Send As",
    "ErrorMessageSubmissionBlocked": "Microsoft has stopped this mailbox from sending: have it allowed again",
    "MailboxNotEnabledForRESTAPI": "the mailbox is not in Exchange Online: name one that is",
}


class Graph:
    """Microsoft Graph for one mailbox, in the place of a mail server."""

    def __init__(self, mail: Mail, limits: Limits = LIMITS) -> None:
        self._mail, self._limits = mail, limits

    def ready(self) -> None:
        """Get a token, and see that Graph can be reached. Raises Down."""
        self._token()
        try:
            reach(self._mail.graph, self._limits, self._mail.oauth.proxy)
        except NotReachedError as error:
            raise _away(error) from None

    def send(self, to: str, body: bytes, key: str) -> Answer:
        """Send one letter to whom its header names, once. Raises Down where none can be sent now."""
        del to, key
        encoded = base64.b64encode(body)
        if len(encoded) > LARGEST:
            return Answer(State.DEAD, "the letter is too large for Microsoft Graph")
        url = f"{self._mail.graph}/v1.0/users/{quote(str(self._mail.user))}/sendMail"
        headers = {"Authorization": f"Bearer {self._token()}", "Content-Type": "text/plain"}
        try:
            answer = request("POST", url, headers, encoded, self._limits, self._mail.oauth.proxy)
        except NotReachedError as error:
            raise _away(error) from None
        except NoAnswerError as error:
            return Answer(State.UNKNOWN, f"no whole answer of Microsoft Graph ({error})")
        return _outcome(answer)

    def takes(self, to: str) -> bool:
        """Return true: Graph says nothing of a recipient before a letter is sent."""
        del to
        return True

    def demands_sign_in(self) -> bool:
        """Return false: without a sign-in nobody gets as far as this."""
        return False

    def close(self) -> None:
        """Close nothing: nothing is kept open."""

    def _token(self) -> str:
        try:
            return access_token(self._mail.oauth)
        except NoToken as none:
            raise Down(f"no token for the sign-in: {none}") from None


def _away(error: NotReachedError) -> Down:
    why = "its certificate is not trusted" if error.untrusted else error.why
    return Down(f"Microsoft Graph cannot be reached ({why})")


def _outcome(answer: HttpAnswer) -> Answer:
    """Interpret an answer by its status, and by Graph's code where that is known. Raises Down."""
    status, code = answer.status, _code(answer.text)
    if 200 <= status < 300:
        return Answer(State.SENT, "", answer.headers.get("request-id", "")[:200] or None)
    if status == 429:
        wait = seconds_asked(answer.headers.get("retry-after", ""), otherwise=LATER_SECONDS, most=LONGEST_WAIT)
        raise Down("Microsoft Graph has too much to do for this mailbox (429)", wait)
    if status in _OF_ALL or code in _BY_CODE:
        if status == 401:
            forget()
        sentence = _BY_CODE.get(code) or _OF_ALL[status]
        raise Down(f"{sentence} ({status})", LATER_SECONDS if status == 401 else ACT_SECONDS)
    if status >= 500 or status == 408:
        return Answer(State.UNKNOWN, f"no sure answer of Microsoft Graph ({status})")
    if status == 413:
        return Answer(State.DEAD, "the letter is too large for Microsoft Graph (413)")
    return Answer(State.DEAD, f"Microsoft Graph refused the message ({status})")


def _code(text: str) -> str:
    """Return Graph's own code of a fault, or nothing."""
    try:
        return str(json.loads(text)["error"]["code"])
    except (ValueError, TypeError, KeyError):
        return ""
