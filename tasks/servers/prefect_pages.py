"""Run as a program in the place of `prefect server`: the same, but browsers keep its pages from calling other hosts.

Prefect's newer pages report to a host of an analytics firm, and others load logos from two more. No setting is against
it, so that each answer carries a Content-Security-Policy.
"""

import runpy
from functools import partial
from urllib.parse import urlsplit

_HERE = "'self' http://127.0.0.1:* ws://127.0.0.1:* http://localhost:* ws://localhost:*"


def policy(api_url: str | None) -> str:
    """Return the policy for pages that ask the API at `api_url`: the server itself, this machine and nothing else."""
    asked = urlsplit(api_url or "")
    api = (
        f" {asked.scheme}://{asked.netloc} {asked.scheme.replace('http', 'ws')}://{asked.netloc}"
        if asked.netloc
        else ""
    )
    return f"default-src {_HERE}{api} 'unsafe-inline' 'unsafe-eval' data: blob:"


if __name__ == "__main__":
    import uvicorn
    from prefect.settings import PREFECT_UI_API_URL

    header = ("Content-Security-Policy", policy(PREFECT_UI_API_URL.value()))
    uvicorn.run = partial(uvicorn.run, headers=[header])
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)
