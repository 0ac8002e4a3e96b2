"""Access tokens by client credentials: kept in memory only, renewed five minutes before they end, never in a log."""

import logging
import re
from functools import cache
from typing import Any

from config.carriers.oauth import OAuth
from tasks.network.oauth.refusals import NoToken, why_none
from tasks.network.one_request import NoAnswerError, NotReachedError

_BEARER = re.compile(r"[A-Za-z0-9._~+/-]{1,16000}=*")  # RFC 6750, in a length that mail servers take
logging.getLogger("msal").setLevel(logging.CRITICAL + 1)  # its errors quote answers


def access_token(chosen: OAuth) -> str:
    """Return a token that lasts at least five minutes where the provider gives such. Raises NoToken."""
    try:
        answer = _application(chosen).acquire_token_for_client([chosen.scope])
    except NotReachedError as error:
        if error.untrusted:
            raise NoToken("the token endpoint's certificate is not trusted on this machine") from None
        raise NoToken(f"the token endpoint cannot be reached ({error.why})") from None
    except NoAnswerError as error:
        raise NoToken(f"the token endpoint gives no whole answer ({error})") from None
    except NoToken:
        raise
    except Exception as error:  # noqa: BLE001  msal raises of many classes, with what the endpoint wrote
        raise NoToken(f"the token endpoint answers with a fault or nonsense ({type(error).__name__})") from None
    token = answer.get("access_token")
    if not isinstance(token, str):
        raise NoToken(why_none(answer))
    if not _BEARER.fullmatch(token):
        raise NoToken("the token endpoint's token is none that can be sent")
    return token


def forget() -> None:
    """Drop every token, so that the next sign-in asks for a new one: a server has refused the one that was kept."""
    _application.cache_clear()


@cache
def _application(chosen: OAuth) -> Any:
    """Build msal's application, which asks the authority where its token endpoint is, and keeps the tokens."""
    from msal import ConfidentialClientApplication  # noqa: PLC0415  it loads what few installations need

    from tasks.network.oauth.client import MsalHttp, credential  # noqa: PLC0415

    held = credential(chosen)
    place = {"oidc_authority": chosen.authority} if chosen.authority else {"authority": chosen.asked}
    try:
        return ConfidentialClientApplication(
            chosen.client_id,
            client_credential=held,
            http_client=MsalHttp(chosen.proxy),
            instance_discovery=False,
            **place,
        )
    except ValueError:
        where = "the authority" if chosen.authority else "the tenant"
        raise NoToken(f"no OpenID configuration is found there: correct {where}") from None
