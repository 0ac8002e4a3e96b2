"""Settings and their files, read at the door of a round, a command or a form. Below a door they are a parameter."""

from config.settings import settings
from tasks.platform.configuration import Configuration


def configured() -> Configuration:
    """Return the settings that this process's environment names, and their files. Raises Faults for wrong settings."""
    return Configuration(settings())
