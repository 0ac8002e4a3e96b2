"""Run as a program in the place of `prefect server`: the same, but browsers keep its pages from calling other hosts.

Prefect's pages load logos from two hosts. No setting is against it, so that each answer carries a
Content-Security-Policy. Its newer pages, which report to a third and know none of Casebeat's links, are left out: what
asks for one gets the same of the others. The first page is the status, and a run has its plain name once it is made.
Where the settings name the header by which a proxy says who signed in, each run keeps who created it, and each answer
carries a mark of that header.
"""

import runpy
from pathlib import Path
from typing import Any
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
    from tasks.platform import logs

    logs.begin()  # before Prefect gives its loggers their handlers
    import prefect
    import uvicorn
    from prefect.server.api import dependencies
    from prefect.server.models import deployments, flow_runs
    from prefect.settings import PREFECT_UI_API_URL

    from config.settings import settings
    from tasks.servers import first_page, run_names, signed_in

    headers = [("Content-Security-Policy", policy(PREFECT_UI_API_URL.value()))]
    if identity_header := settings().forms.identity_header:  # before Prefect makes its routes of it
        dependencies.get_created_by = signed_in.read_from(identity_header, dependencies.get_created_by)
        headers.append((signed_in.TOLD, signed_in.mark_of_header(identity_header)))
    deployments._generate_scheduled_flow_runs = run_names.scheduled(deployments._generate_scheduled_flow_runs)  # noqa: SLF001
    flow_runs.create_flow_run = run_names.asked_for(flow_runs.create_flow_run)
    prefect.__ui_v2_static_path__ = Path("/nowhere")
    run = uvicorn.run

    def serve(app: Any, **more: Any) -> None:
        """Run the server with its headers, and its status as the first page."""
        first_page.open_with_status(app)
        run(app, headers=headers, **more)

    uvicorn.run = serve
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)
