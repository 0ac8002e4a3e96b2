"""The filters of templates: what fits into a line, and a picture inside a page."""

from base64 import b64decode

import pytest

from tasks.platform.templates import environment


@pytest.fixture
def filters():
    return environment(html=False).filters


@pytest.mark.parametrize(
    ("longest", "shown"), [(1, "ab"), (5, "ab"), (6, "ab, cd"), (9, "ab, cd"), (10, "ab, cd, ef"), (99, "ab, cd, ef")]
)
def test_as_many_parts_are_shown_as_fit_and_always_the_first(filters, longest, shown):
    assert filters["fitting"](["ab", "cd", "ef"], longest) == shown


def test_a_part_that_is_too_long_is_left_out_and_a_shorter_one_after_it_is_not(filters):
    assert filters["fitting"](["ab", "much too long", "cd"], 6) == "ab, cd"
    assert filters["fitting"]([], 6) == ""


def test_a_picture_has_its_namespace_on_its_outermost_element_alone(filters):
    url = filters["image"]("\n<svg a><svg b></svg></svg>\n")
    kind, _, data = url.partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert b64decode(data).decode() == '<svg xmlns="http://www.w3.org/2000/svg" a><svg b></svg></svg>'
