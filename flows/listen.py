"""The deployment `listen`."""

import threading
from typing import Any

from prefect import flow
from prefect.states import Completed

from config.settings import settings
from flows.clock import london_day, moment
from flows.prefect_tasks import mute
from tasks.replies.slack_listening import Listener


@flow(name="listen", flow_run_name="listen", persist_result=False, log_prints=False)
def listen() -> Any:
    """Listen to the buttons of Slack's messages, for as long as it is let.

    If it is red: its message says what is not set, or the database is away. Its schedule starts it again. Nothing
    else waits for it: while nobody listens a click is lost, and the command and the form do the same.
    """
    if not settings().slack.buttons:
        return Completed(message="Slack has no buttons: nobody has to listen.")
    mute(_listen)()
    return Completed(message="No longer listening.")


def _listen() -> None:
    Listener(settings(), moment, london_day).run(threading.Event())
