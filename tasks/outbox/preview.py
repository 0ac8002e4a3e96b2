"""Write a preview: every message with invented data as HTML and text files, and a page that lists them."""

from pathlib import Path

from config.mail import Subjects
from config.settings import settings
from models.errors import Refuse
from tasks.messages.kinds import MAILED
from tasks.messages.rendering import RenderedMessage, render
from tasks.platform.templates import page


def write(folder: Path) -> int:
    """Render every sample into `folder`; how many messages there are. Raises Refuse where it cannot be written."""
    mail = settings().mail
    bare = mail.subjects is Subjects.BARE
    rendered = {name: render(*sample, mail.marking, bare=bare) for name, sample in MAILED.items()}
    files = {"index.html": page("preview/index.html", messages=list(rendered.items()))}
    for name, one in rendered.items():
        files |= _files(name, one)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_text(content, "utf-8")
    except OSError as error:
        raise Refuse(f"{folder} cannot be written ({error.strerror}): name another folder with --to.") from None
    return len(rendered)


def _files(name: str, one: RenderedMessage) -> dict[str, str]:
    files = {f"{name}.html": one.html, f"{name}.txt": f"Subject: {one.subject}\n\n{one.text}"}
    return files | ({f"{name}.csv": one.csv} if one.csv is not None else {})
