"""Write a preview: every message with invented data as HTML and text files, and a page that lists them."""

from pathlib import Path

from config.mail import Subjects
from models.errors import Refuse
from tasks.messages.kinds import mailed
from tasks.messages.rendering import RenderedMessage, render
from tasks.platform.configuration import Configuration
from tasks.platform.templates import page


def write(configuration: Configuration, folder: Path) -> int:
    """Render every sample into `folder`; how many messages there are. Raises Refuse where it cannot be written."""
    mail = configuration.settings.mail
    bare = mail.subjects is Subjects.BARE
    rendered = {name: render(*sample, mail.marking, bare=bare) for name, sample in mailed().items()}
    files = {"index.html": page("preview/index.html", messages=list(rendered.items()))}
    for name, message in rendered.items():
        files |= _files(name, message)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_text(content, "utf-8")
    except OSError as error:
        raise Refuse(f"{folder} cannot be written ({error.strerror}): name another folder with --to.") from None
    return len(rendered)


def _files(name: str, message: RenderedMessage) -> dict[str, str]:
    files = {f"{name}.html": message.html, f"{name}.txt": f"Subject: {message.subject}\n\n{message.text}"}
    return files | ({f"{name}.csv": message.csv} if message.csv is not None else {})
