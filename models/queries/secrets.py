"""Which sources make their keys with one secret, as the policy says: keys of other sources are never compared."""

from collections.abc import Sequence

from models.queries.driver import array

# In the `with` of a statement, filled by `secrets_of`: each source that shares a secret, and the number of the secret.
SECRETS = """secrets as materialized (
    select s.id as source_id, g.number
    from unnest(%(names)s::text[], %(numbers)s::int[]) g(name, number) join sources s on s.name = g.name)"""


def of_one_secret(source: str, other: str) -> str:
    """Return the condition that the keys of two sources, given as columns, can be compared."""
    return f"""({source} = {other} or exists (
    select from secrets one join secrets other using (number)
    where one.source_id = {source} and other.source_id = {other}))"""


def secrets_of(shared_secrets: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return what `SECRETS` asks for: the names of sources in groups, each with the number of its group."""
    groups = [(name, number) for number, group in enumerate(shared_secrets) for name in group]
    return {"names": array(name for name, _ in groups), "numbers": array(number for _, number in groups)}
