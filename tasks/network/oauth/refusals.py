"""Why there is no token, in a sentence each: Microsoft's numbers first, then the errors of RFC 6749."""

from collections.abc import Mapping
from typing import Any

from models.errors import Retry

# https://learn.microsoft.com/entra/identity-platform/reference-error-codes
BY_NUMBER = {
    7000222: "the client secret has ended: make a new one in Entra, and set it",
    7000215: "the client secret is wrong: set its value, not its id",
    700027: "the certificate is not one of the app's, or has ended: upload it to the app in Entra",
    700016: "the tenant has no app with this client id: correct the client id or the tenant",
    700030: "the certificate is not valid: make a new one, and upload it to the app in Entra",
    7000112: "the app is switched off in Entra: have it switched on",
    90002: "there is no such tenant: correct the tenant",
    900023: "the tenant is neither an id nor a domain: correct the tenant",
    70011: "the scope is not valid: correct the scope",
    1002012: "the scope is not valid: end it with /.default",
    500011: "the tenant does not know the scope's resource: correct the scope",
    65001: "an administrator has not consented to the app's permissions: have them granted in Entra",
    53003: "conditional access forbids this sign-in: have a policy allow the app from this machine's address",
    90033: "Microsoft's sign-in service is away for a moment: it is tried again",
}
BY_ERROR = {
    "invalid_client": "the endpoint does not accept the client id with its secret or certificate: correct them",
    "unauthorized_client": "the app may not ask for a token by client credentials: have that allowed at the provider",
    "invalid_scope": "the scope is not valid: correct the scope",
    "invalid_request": "the endpoint finds the request wrong: correct the authority and the scope",
    "invalid_grant": "the endpoint grants the app no token: have its permissions looked at",
    "access_denied": "the provider denies the app access: have its permissions looked at",
    "unsupported_grant_type": "the provider has no client credentials: name another provider",
    "temporarily_unavailable": "the endpoint is away for a moment: it is tried again",
    "server_error": "the endpoint has a fault of its own: it is tried again",
}


class NoToken(Retry):
    """There is no token now. The sentence says why, and what to do."""


def why_none(answer: Mapping[str, Any]) -> str:
    """Say why an answer without a token has none. Nothing that the endpoint wrote is repeated but a known code."""
    given = answer.get("error_codes")
    numbers = [each for each in given if isinstance(each, int)] if isinstance(given, list) else []
    for number in numbers:
        if number in BY_NUMBER:
            return f"{BY_NUMBER[number]} (AADSTS{number})"
    error = answer.get("error")
    sentence = BY_ERROR.get(error) if isinstance(error, str) else None
    code = f"AADSTS{numbers[0]}" if numbers else error
    return f"{sentence} ({code})" if sentence else "the endpoint gives no token, and no reason that is known"
