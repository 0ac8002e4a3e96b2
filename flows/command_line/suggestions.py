"""What a shell may complete in an argument. Only names of this code: nothing is read from the database."""


def rules(incomplete: str) -> list[str]:
    """Return the names of the rules that begin with what was typed."""
    from models.rules.obligations.rulebook import RULES  # noqa: PLC0415  help does not need it

    return sorted(name for name in RULES if name.startswith(incomplete))
