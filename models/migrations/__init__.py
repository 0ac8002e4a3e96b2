"""Migrations. A revision is named by its number, so that the newest is known without Alembic."""

from pathlib import Path

HERE = Path(__file__).parent
HEAD = max(path.name[:4] for path in (HERE / "versions").glob("[0-9]*.py"))
