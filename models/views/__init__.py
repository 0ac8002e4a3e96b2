"""The views: what many statements ask in the same words, one SQL file each, whose name is the view's.

They are no part of a revision: every migration ends with all of them made as their files have them. So a file that
changes comes with a migration, which may be empty.
"""

from pathlib import Path

NAMES = ("live_obligations",)  # in the order in which they are made
_HERE = Path(__file__).parent


def making(*, temporary: bool = False) -> list[str]:
    """Return the statements that make the views; temporary ones read the temporary tables of their session."""
    texts = [(_HERE / f"{name}.sql").read_text("utf-8") for name in NAMES]
    return [text.replace("create view", "create temporary view") if temporary else text for text in texts]


def dropping() -> list[str]:
    """Return the statements that drop the views, where they are there, so that the tables below can change."""
    return [f"drop view if exists {name}" for name in reversed(NAMES)]
