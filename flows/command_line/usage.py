"""Wrong usages of the command line, each as one sentence with the way out: Typer's and pydantic's are not shown."""

from collections.abc import Iterator
from typing import Any

from typer._click.exceptions import BadOptionUsage, BadParameter, MissingParameter, NoSuchOption, UsageError
from typer.core import TyperGroup

from config.plain_yaml import shown
from models.errors import did_you_mean


def sentence(error: UsageError, context: Any) -> str:
    """Return the refusal of a command that was not understood. Every value in it was typed by its reader."""
    path = context.command_path
    fault = _fault(error, context)
    return f"{path}: {fault} {path} --help shows how it is used. Nothing was done."


def _fault(error: UsageError, context: Any) -> str:
    parameters = context.command.get_params(context)
    match error:
        case MissingParameter(param=parameter):
            return f"{_named(parameter)} is missing: {_help(parameter)}"
        case BadParameter(param=parameter):
            return _wrong_value(parameter, error)
        case NoSuchOption(option_name=name):
            return f"There is no option {shown(name)}.{did_you_mean(name, _options(parameters))}"
        case BadOptionUsage(option_name=name):
            return _wrong_option(name, parameters)
        case _ if isinstance(context.command, TyperGroup):  # the error's text is the name, as our own group raises it
            known = context.command.list_commands(context)
            return f'There is no command "{shown(error.message)}".{did_you_mean(error.message, known)}'
        case _:
            return _too_much(error, parameters)


def _named(parameter: Any) -> str:
    """Name a parameter as it is written: FORCE/CASE_REF, --until DAY."""
    value = parameter.metavar or parameter.name.upper()
    return str(value) if parameter.param_type_name == "argument" else f"{parameter.opts[0]} {value}"


def _help(parameter: Any) -> str:
    text = parameter.help or ""
    return f"{text[:1].lower()}{text[1:].rstrip('.')}."


def _wrong_value(parameter: Any, error: BadParameter) -> str:
    cause: Any = error.__cause__  # pydantic's error, which alone keeps the value that was typed
    typed = cause.errors(include_url=False, include_context=False)[0]["input"]
    kind = parameter.type_descriptor
    if kind.choices is None:
        return f'{_named(parameter)} is {_number(kind.parameter_info)}, and not "{shown(typed)}".'
    choices = [str(getattr(choice, "value", choice)) for choice in kind.choices]
    wrong = next(str(each) for each in (typed if isinstance(typed, list) else [typed]) if str(each) not in choices)
    ask = did_you_mean(wrong, choices)
    return f'{_named(parameter)} is one of {", ".join(choices)}, and not "{shown(wrong)}".{ask}'


def _number(given: Any) -> str:
    bounds = f" from {given.min} to {given.max}" if given.min is not None else ""
    return f"a whole number{bounds}"


def _wrong_option(name: str, parameters: list[Any]) -> str:
    parameter = next(each for each in parameters if name in (*each.opts, *each.secondary_opts))
    if getattr(parameter, "is_flag", False):
        return f"{name} takes no value: write it alone."
    return f"{name} needs a value: {_help(parameter)}"


def _too_much(error: UsageError, parameters: list[Any]) -> str:
    """Name the words that no parameter takes; Typer keeps them only between the brackets of its own sentence."""
    extra = error.message.partition("(s) (")[2].removesuffix(")")
    known = [_named(each) for each in parameters if each.param_type_name == "argument"]
    takes = f"only {' '.join(known)} is expected" if known else "no word is expected"
    ask = did_you_mean(f"--{extra.split(' ')[0]}", _options(parameters))
    return f'"{shown(extra)}" is too much: {takes} beside options.{ask}'


def _options(parameters: list[Any]) -> Iterator[str]:
    for each in parameters:
        if each.param_type_name == "option" and not each.hidden:
            yield from (*each.opts, *each.secondary_opts)
