"""The house stays as small as it aims to be, and a new thing of a kind stays as few files."""

import pytest

from tests.house.aims import AIMS, of_carriers, of_kinds, of_rules, of_states


@pytest.mark.parametrize("aim", AIMS, ids=lambda aim: aim.what)
def test_the_house_is_no_larger_than_it_aims_to_be(aim):
    assert aim.counted() <= aim.most, aim.line


def test_the_lists_that_are_counted_are_those_that_the_documents_name():
    assert of_rules() == [
        "config/policy.yaml", "config/rules.py", "config/templates/names.yaml", "docs/policy-guide.md",
        "models/rules/catalogue/contents.py",
    ]  # fmt: skip
    assert of_states() == [
        "config/templates/explain/body.txt", "config/terms.py", "models/rules/outbox/message_states.py",
    ]  # fmt: skip
    assert of_kinds() == ["config/message_kinds.py"]
    assert of_carriers() == [
        "config/routes.py", "config/settings.py", "tasks/carriers/registry.py", "tasks/rounds/doctor/examination.py",
    ]  # fmt: skip
