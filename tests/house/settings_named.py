"""The names of all settings."""

from pydantic import BaseModel

from config.settings import PREFIX, Settings


def setting_names():
    """The names of all settings, as a person writes them."""
    return set(_setting_names(Settings, PREFIX))


def _setting_names(model, prefix):
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _setting_names(field.annotation, f"{prefix}{name}__".upper())
        else:
            yield f"{prefix}{name}".upper()
