"""Days as people write them in a table of tests; a wrong weekday is refused."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

NOW = datetime(2026, 3, 17, 9, tzinfo=UTC)  # a Tuesday


def day(written: str) -> date:
    """`Mon 2 Mar 2026`. Raises ValueError where 2 March 2026 is no Monday."""
    found = datetime.strptime(written, "%a %d %b %Y").date()  # noqa: DTZ007  a civil day has no zone
    if f"{found:%a}" != written[:3]:
        raise ValueError(f"{written}: that day is a {found:%A}")
    return found


def row(label: str, *values: Any) -> Any:
    """A row of a parametrised table, named; every text that is a day with its weekday becomes that day."""
    return pytest.param(*(_value(value) for value in values), id=label)


def _value(value: Any) -> Any:
    is_day = isinstance(value, str) and value[:4] in {"Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun "}
    return day(value) if is_day else value
