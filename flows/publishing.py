"""Pages in the Prefect UI: of a round, and the answer to a person. They hold counts, codes and references only."""

from datetime import date

from prefect.artifacts import create_markdown_artifact
from prefect.settings import PREFECT_UI_URL

from flows.round_steps import RoundResult
from models.rules.arithmetic import format_day
from models.rules.reviews.sitting_plan import pair_of
from tasks.messages.agenda import send_agendas
from tasks.reviews import register
from tasks.rounds import summary


def publish(made: RoundResult, today: date) -> None:
    """Publish the round's summary, the register of joint reviews, and each agenda that was written.

    A panel has one key, whose versions are its sittings; of several on one day, the nearest is the newest version.
    """
    intake = made.intake.sentence if made.intake else ""
    delivery = made.delivered.sentence if made.delivered and not made.delivered.degraded else ""  # else in `trouble`
    page = summary.page(made.content, today, made.trouble, intake, delivery)
    create_markdown_artifact(key="daily-round", markdown=page, description=f"Round of {format_day(today)}")
    create_markdown_artifact(key="register", markdown=register.page(today), description="Joint reviews, their places")
    for ref in reversed(made.agendas):
        markdown = send_agendas.page(ref, today)
        create_markdown_artifact(key=f"agenda-{pair_of(ref)}", markdown=markdown, description=f"Sitting {ref}")


def answer(key: str, markdown: str) -> str:
    """Give the present run a page under a key, and return its address in the Prefect UI."""
    return f"{PREFECT_UI_URL.value()}/artifacts/artifact/{create_markdown_artifact(key=key, markdown=markdown)}"
