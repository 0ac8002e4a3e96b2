"""The address of an outgoing proxy, by which a carrier or a sign-in reaches hosts on the internet."""

import re
from typing import Annotated

from pydantic import AfterValidator

_PROXY = re.compile(r"http://[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?:[0-9]{1,5}/?", re.ASCII)


def _one_proxy(value: str) -> str:
    if value and not _PROXY.fullmatch(value):
        raise ValueError("is not a proxy: write it as http://proxy.example.police.uk:8080, without a sign-in")
    return value.rstrip("/")


ProxyAddress = Annotated[str, AfterValidator(_one_proxy)]  # empty: hosts are reached directly
