"""`casebeat acknowledge`."""

from datetime import date, timedelta
from typing import Annotated

import typer

from flows.case_act import CaseAct
from flows.command_line.account import by_command
from flows.command_line.options import CaseArgument, Json, answer
from flows.typed import read_as_of, read_day
from models.errors import Refuse
from models.rules.arithmetic import format_day
from models.rules.obligations.acknowledgement import AcknowledgementRequest
from models.rules.references import ObligationReference
from tasks.obligations import acknowledge as duty
from tasks.obligations.acknowledge import AcknowledgementResult


def _rules(incomplete: str) -> list[str]:
    """Return the names of the rules that begin with what was typed, for a shell that completes it."""
    from models.rules.obligations.rulebook import RULES  # noqa: PLC0415  help does not need it

    return sorted(name for name in RULES if name.startswith(incomplete))


def acknowledge(  # noqa: PLR0913, PLR0917  one parameter for each part of a promise
    case: CaseArgument,
    rule: Annotated[
        str,
        typer.Argument(metavar="RULE[/SUBJECT]", help="What is owed, as action/action:A1.", autocompletion=_rules),
    ],
    by: Annotated[str, typer.Option(metavar="CONTACT_REF", help="The person who takes it on, or takes that back.")],
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="A working day, as 2026-03-23 or 23/03/2026.")
    ] = None,
    reason: Annotated[str, typer.Option(help="The reason. Only explain shows it; it is never sent.")] = "",
    kind: Annotated[str | None, typer.Option("--type", help="For leads: why it may be longer than for others.")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take back the promise that stands.")] = False,  # noqa: FBT002
    as_json: Json = False,  # noqa: FBT002
    as_of: Annotated[str | None, typer.Option(hidden=True, help="The day of the promise.")] = None,
) -> None:
    """Take on an obligation until a day. No further step is taken until then; its due day does not move.

    A hard clock does not pause: the promise is recorded and shown, and its steps are still taken. With --withdraw, the
    live promise is taken back, and the steps go on. The person named reads of either in their next letter.
    """
    day = read_day(until)
    if withdraw and (day or reason or kind):
        raise Refuse("Give --withdraw alone, without --until, --reason and --type. Nothing was done.")
    if day is None and not withdraw:
        raise Refuse("A promise needs its day: give --until. Nothing was done.")
    typed = duty.type_named(kind)
    begun = CaseAct.begin(case, by_command(by), read_as_of(as_of))
    begun.project()
    name, _, subject = rule.partition("/")
    asked = ObligationReference(begun.case, name, subject or None)
    parts = {**begun.case._asdict(), "rule": name, "by": by}
    if day is None:
        back = begun.do("withdraw", duty.withdraw, asked)
        answer(back.sentence, as_json=as_json, **parts, withdrawn_until=back.until_on)
        return
    request = AcknowledgementRequest(by, day, typed)
    result = duty.acknowledge(begun.configuration, asked, request, begun.act, reason, begun.today, begun.at)
    answer(_sentence(asked, request, result), as_json=as_json, **parts | result._asdict())


def _sentence(asked: ObligationReference, request: AcknowledgementRequest, result: AcknowledgementResult) -> str:
    about = asked.rule if result.subject == "case" else f"{asked.rule}/{result.subject}"
    renewed = {0: "", 1: " (renewed once)"}.get(result.renewals, f" (renewed {result.renewals} times)")
    promised = f"{request.by} has taken on {about} of {asked.case} until {format_day(request.until)}{renewed}."
    return f"{promised} It stays due on {format_day(result.due_on)}. {_meanwhile(result.hard, request.until)}"


def _meanwhile(hard: bool, until: date) -> str:  # noqa: FBT001  a property of the obligation
    if hard:
        return "It is a time limit, which cannot be paused: its notices still go out."
    return f"No further notice goes out until then; notices resume on {format_day(until + timedelta(days=1))}."
