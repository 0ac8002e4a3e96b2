"""The deployment `listen`."""

import threading
from typing import Any

from prefect import flow
from prefect.states import Completed

from config.settings import settings
from flows.clock import moment, working_day
from flows.prefect_tasks import mute
from tasks.replies.slack_listening import Listener


@flow(name="listen", flow_run_name="listen", persist_result=False, log_prints=False)
def listen() -> Any:
    """Listen to the buttons of Slack messages until stopped.

    If it is red: its message names the missing setting, or the database is away. Its schedule starts it again. Nothing
    else waits for it. A click without a listener is lost; the command and the form do the same.
    """
    if not settings().slack.buttons:
        return Completed(message="Slack has no buttons: no listener is needed.")
    mute(_listen)()
    return Completed(message="No longer listening.")


def _listen() -> None:
    Listener(settings(), moment, working_day).run(threading.Event())
