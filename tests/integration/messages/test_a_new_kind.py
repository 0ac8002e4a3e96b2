"""A made-up kind of message, of eight files in a copy of the product: composed, previewed and sent in a letter."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from config.settings import settings
from tasks.carriers.mail.maildir import file_name
from tests.worlds.one_case import OneCase

ROOT = Path(__file__).parents[3]
NAMED = ("config/message_kinds.py", '    ACT = "act"', '    COURSE = "course", Facts(block=LetterBlock.YOURS)\n')
DECIDED = (
    "tasks/outbox/digests.py",
    "            grouped = digests.letters(",
    "            expiring_courses.write(connection, today, leaves)\n",
)
IMPORTED = (
    "tasks/outbox/digests.py",
    "from models.queries.rounds",
    "from models.queries.people import expiring_courses\n",
)
NEW = {
    "models/queries/people/expiring_courses.py": '''
"""The courses that expire within four weeks, each told once to whoever took it, and to operations."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import execute, keyed_as


class ExpiringCourse(NamedTuple):
    course: str
    expires_on: date


def write(connection: Connection, today: date, due_at: datetime) -> int:
    return execute(
        connection,
        """insert into messages (key, kind, contact_ref, channel, day, about, due_at)
           select format('course:%%s:%%s:%%s', contact_ref, course, coalesce(reader, 'operations')), 'course', reader,
                  'email', %(today)s, contact_ref || ':' || course, %(due_at)s
           from training, unnest(array[contact_ref, null]) reader
           where expires_on between %(today)s and %(today)s + 28 on conflict (key) do nothing""",
        {"today": today, "due_at": due_at},
    )


def notices(connection: Connection, ids: Sequence[int]) -> dict[int, ExpiringCourse]:
    statement = """select m.id, t.course, t.expires_on from messages m
                   join training t on t.contact_ref || ':' || t.course = m.about where m.id = any(%s)"""
    return dict(keyed_as(connection, "id", ExpiringCourse, statement, (list(ids),)))
''',
    "tasks/messages/course.py": '''
"""Messages about training that expires soon."""

from dataclasses import dataclass
from datetime import date

from config.message_kinds import MessageKind
from models.queries.people import expiring_courses
from models.rules.people.readdressing import LEFT
from tasks.messages.composing import ComposedMessage
from tasks.messages.kind import Kind, noticed
from tasks.messages.readers import in_role


@dataclass(frozen=True, kw_only=True)
class CourseContext:
    day: date
    reader: str
    course: str
    expires_on: date


def compose(course, held, world):
    reader = world.reader(held)
    if world.has_left(held):
        return ComposedMessage(held, reader, None, {}, LEFT)
    role, _ = in_role(reader)
    return ComposedMessage(held, reader, CourseContext(day=world.today, reader=role, **course._asdict()), {})


SAMPLE = CourseContext(day=date(2026, 3, 18), reader="spoc", course="spoc_role", expires_on=date(2026, 4, 1))
KIND = Kind(
    name=MessageKind.COURSE,
    about="that training expires soon, to whoever took it",
    context=CourseContext,
    samples=lambda: {"course-expires": SAMPLE},
    composing=noticed(expiring_courses.notices, compose),
)
''',
    "config/templates/course/subject.txt": """
The course {{ course }} expires on {{ expires_on | day }}
training
""",
    "config/templates/course/body.txt": """
The course {{ course }} expires on {{ expires_on | day }}. It is {{ day | day }}.
""",
    "config/templates/course/body.html": """
{% extends 'parts/page.html' %}
{% block title %}Training{% endblock %}
{% block head %}{% endblock %}
{% block body %}<p>The course {{ course }} expires on {{ expires_on | day }}.</p>{% endblock %}
{% block foot %}<p>Written {{ day | day }}.</p>{% endblock %}
""",
    "config/templates/course/line.txt": """
{% macro said(one, day, html) -%}
Your course {{ one.course }} expires on {{ one.expires_on | brief(day) }}.
{%- endmacro %}
""",
}  # fmt: skip
LIVED = """
from pathlib import Path
from config.days.london import at_london
from datetime import date
from flows.configured import configured
from tasks.outbox import delivery, digests, preview
import config
assert Path(config.__file__).is_relative_to(Path.cwd())
preview.write(configured(), Path("previews"))
at = at_london(date(2026, 3, 18)).replace(hour=8)
digests.group(configured(), at.date(), at)
delivery.deliver(configured(), at)
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The product with the new kind."""
    made = tmp_path / "copy"
    for package in ("config", "models", "tasks", "flows"):
        shutil.copytree(ROOT / package, made / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, before, line in (NAMED, DECIDED, IMPORTED):
        text = (made / name).read_text("utf-8")
        assert text.count(before) == 1
        (made / name).write_text(text.replace(before, line + before), "utf-8")
    for name, text in NEW.items():
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_text(text.removeprefix("\n"), "utf-8")
    return made


def said(key: str) -> str:
    found = settings().home / "mail" / "new" / file_name(key)
    return str(message_from_bytes(found.read_bytes(), policy=policy.default).get_body(("plain",)).get_content())


def test_a_new_kind_is_eight_files_and_is_composed_previewed_and_sent(
    copy: Path, database: Engine, run_cli: Callable[..., Any]
) -> None:
    assert len({NAMED[0], DECIDED[0], *NEW}) == 8
    case = OneCase(database, run_cli)
    case.say("insert into training (contact_ref, source_id, course, completed_on, expires_on) "
             "select 'SP1', id, 'spoc_role', '2024-04-01', '2026-04-01' from sources")  # fmt: skip
    subprocess.run([sys.executable, "-c", LIVED], cwd=copy, env=os.environ, check=True)
    assert "expires on Wed 1 Apr 2026" in (copy / "previews" / "course-expires.txt").read_text("utf-8")
    assert "Your course spoc_role expires on Wed 1 Apr" in said("letter:SP1:email:2026-03-18")
    assert "The course spoc_role expires on Wed 1 Apr 2026." in said("course:SP1:spoc_role:operations")
