"""A flow that does nothing: what handing out a run costs Prefect alone."""

from prefect import flow


@flow(name="nothing", persist_result=False)
def nothing(force_code: str) -> None:
    """Take a force's code, as `force-round` does."""
    del force_code
