"""The first page of Prefect's UI: the status, which shows what is wrong now. The dashboard shows how runs ended."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi import FastAPI

STATUS = "status"  # the key of the page that the end of each run makes again
_DASHBOARD = "/dashboard"


def open_with_status(app: "FastAPI") -> None:
    """Let a server's bare address lead to the status, and to the dashboard while no run has made one."""
    from fastapi.responses import RedirectResponse  # noqa: PLC0415  Prefect takes a second to import
    from fastapi.routing import APIRoute  # noqa: PLC0415  as above
    from prefect.server.database import provide_database_interface  # noqa: PLC0415  as above
    from prefect.server.models import artifacts  # noqa: PLC0415  as above

    read: Any = artifacts.read_latest_artifact  # whose type Prefect's own decorator hides

    async def first_page() -> RedirectResponse:
        async with provide_database_interface().session_context() as session:
            status = await read(session=session, key=STATUS)
        return RedirectResponse(f"/artifacts/artifact/{status.latest_id}" if status else _DASHBOARD)

    app.router.routes.insert(0, APIRoute("/", first_page, response_model=None))
