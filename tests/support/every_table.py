"""Every table of a database as text, to compare what it holds before and after."""

from sqlalchemy import Engine, text

NAMES = "select tablename from pg_tables where schemaname = 'public' order by 1"


def every_table(engine: Engine) -> dict[str, list[str]]:
    """The rows of each table, in order."""
    with engine.connect() as connection:
        names = list(connection.execute(text(NAMES)).scalars())
        return {name: sorted(connection.execute(text(f"select t::text from {name} t")).scalars()) for name in names}
