"""The views: what many statements ask in the same words, one SQL file each, whose name is the view's.

They are no part of a revision: every migration ends with all of them made as their files have them. So a file that
changes comes with a migration, which may be empty.
"""

from pathlib import Path

NAMES = (
    "live_obligations",
    "same_people",
    "rejected_guards",
    "disclosure",
    "disclosed",
    "case_parties",
    "cases_apart",
    "sittings_ahead",
)  # a view after what it reads
_HERE = Path(__file__).parent


def making(*, temporary: bool = False) -> list[str]:
    """Return the statements that make the views, and the functions that they call.

    Temporary views read the temporary tables of their session; so does a function by itself.
    """
    if not temporary:
        return [_text(name) for name in NAMES]
    return [_text(name).replace("create view", "create temporary view") for name in NAMES if not _is_function(name)]


def dropping() -> list[str]:
    """Return the statements that drop all of them where they are there, so that the tables below can change."""
    return [f"drop {'function' if _is_function(name) else 'view'} if exists {name}" for name in reversed(NAMES)]


def _text(name: str) -> str:
    return (_HERE / f"{name}.sql").read_text("utf-8")


def _is_function(name: str) -> bool:
    return "create function" in _text(name)
