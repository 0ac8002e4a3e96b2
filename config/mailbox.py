"""The addresses that mail may go to: one plain mailbox in an allowed domain, and nothing that merely resembles one."""

import re
from collections.abc import Iterable

ALLOWED_DOMAINS = ("police.uk", "cps.gov.uk", "cjsm.net")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9#$&'*+?^_{}~-]+"  # without ! % / = ` |, by which a relay is told to send a mail on to elsewhere
_MAILBOX = re.compile(
    rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>(?:{_LABEL}\.)+(?![0-9]+\Z){_LABEL})",
    re.ASCII,
)


def domain_of(address: str) -> str | None:
    """Return the lower-case domain of one plain ASCII mailbox; None for anything else.

    Anything else is two addresses, a route by way of other hosts (`a%evil.test@police.uk`), or a host's number.
    """
    match = _MAILBOX.fullmatch(address) if len(address) <= 254 else None
    return match["domain"].lower() if match and len(match["local"]) <= 64 else None


def allowed(address: str, domains: Iterable[str] = ALLOWED_DOMAINS) -> bool:
    """Check that `address` is one mailbox in one of `domains` or a subdomain (RFC 5321 sizes, ASCII only)."""
    domain = domain_of(address)
    return domain is not None and any(domain == each or domain.endswith(f".{each}") for each in map(str.lower, domains))
