"""The folder whose files are secrets: why it cannot be read, before anything is read from it."""

import os
from pathlib import Path

from pydantic_settings import NestedSecretsSettingsSource, PydanticBaseSettingsSource

from config.plain_yaml import shown
from config.strict_yaml import Faults


def source(settings: PydanticBaseSettingsSource, folder: str) -> NestedSecretsSettingsSource:
    """Return the files of a folder as a source of settings, each named for its setting (`mail__password`)."""
    return NestedSecretsSettingsSource(
        settings, secrets_dir=folder, secrets_dir_missing="error", secrets_prefix="", secrets_nested_delimiter="__"
    )


def refuse(variable: str) -> None:
    """Raise Faults where the folder that a variable names is not there, is no folder, or may not be read."""
    name = os.environ.get(variable)
    if not name:
        return
    if not os.access(name, os.F_OK, effective_ids=True):
        why = "is not there: mount it, or correct the setting"
    elif not Path(name).is_dir():
        why = "is no folder: name the one whose files are secrets"
    elif not os.access(name, os.R_OK | os.X_OK, effective_ids=True):
        why = f"cannot be read by the user who runs this, uid {os.geteuid()}: give it to that user, with mode 700"
    else:
        return
    place = name if name.isprintable() else shown(name)
    raise Faults(f"Settings refused: {variable} names {place}, which {why}. Nothing was done.")
