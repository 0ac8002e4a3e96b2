"""The rendered texts equal the approved ones, and include every branch of every template."""

from pathlib import Path

import pytest

from tasks.platform import templates
from tests.approved import rendered
from tests.approved.__main__ import FOLDER
from tests.approved.branches import Traced, never_rendered

TEXTS = rendered.texts()


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_rendered_is_what_was_approved(name: str) -> None:
    approved = (FOLDER / name).read_bytes().decode() if (FOLDER / name).exists() else ""
    assert TEXTS[name] == approved, f"{name} is not what was approved; if it should be so: make approve"


def test_nothing_is_approved_that_is_not_rendered_any_more() -> None:
    assert {path.name for path in Path(FOLDER).iterdir()} == set(TEXTS)


def test_every_branch_of_every_template_is_among_what_is_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Traced] = []

    def traced(**options: object) -> Traced:
        made.append(Traced(**options))
        return made[-1]

    monkeypatch.setattr(templates, "Environment", traced)
    templates.environment.cache_clear()
    try:
        plain, html = templates.environment(html=False), templates.environment(html=True)
        assert rendered.texts() == TEXTS
        assert [plain, html] == made
        assert never_rendered(made, templates.TEMPLATES) == []
    finally:
        templates.environment.cache_clear()
