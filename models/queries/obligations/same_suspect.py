"""The statement of the other cases with the key of one of a case's suspects, of any force, open or not.

Keys are compared within the source that sent them, and among sources that the policy says make theirs with one secret.
Two exceptions: a case that is restricted, or from which anybody is barred, is known to its linked cases alone, and a
key of more than 50 cases tells nothing of any.
"""

from models.queries.intake.shared_keys import MOST_OF_ONE_KEY
from models.queries.intake.source_columns import SEEN
from models.queries.secrets import SECRETS, of_one_secret

# Whether the key of a case's own row is its suspect's: it has no supplied suspects, or their source sends no keys.
_OWN_COUNTS = f"""not exists (
    select from suspects s join source_columns k on k.source_id = s.source_id and k.file = 'suspects.csv'
                                                    and k.name = 'suspect_key' and k.state in {SEEN}
    where s.key_id = {{0}}.id and s.withdrawn_on is null)"""
_KEYS = f"""
    select s.suspect_key, s.source_id from suspects s
    where s.key_id = a.id and s.withdrawn_on is null and s.suspect_key is not null union
    select a.suspect_key, a.source_id where a.suspect_key is not null and {_OWN_COUNTS.format("a")}"""
_WITH_KEY = f"""
    select s.key_id, s.source_id from suspects s where s.suspect_key = mine.key and s.withdrawn_on is null union
    select c.id, c.source_id from cases c where c.suspect_key = mine.key and {_OWN_COUNTS.format("c")}
    limit {MOST_OF_ONE_KEY + 1}"""
SAME_SUSPECT = f"""
with {SECRETS}
select distinct a.id as key_id, o.force_code, o.case_ref, o.opened_on, o.finalised_on, o.victim_key,
       coalesce(o.urn_key_id = a.urn_key_id, false) as linked
from cases a cross join lateral ({_KEYS}) mine(key, source_id)
cross join lateral (select id, source_id, count(*) over () as sharing from ({_WITH_KEY}) found(id, source_id)) same
join disclosed o on o.id = same.id and o.id <> a.id
where a.id = any(%(keys)s::bigint[]) and same.sharing <= {MOST_OF_ONE_KEY}
  and {of_one_secret("mine.source_id", "same.source_id")}
  and (o.classification <> 'other' or o.declassified_on is not null)
  and (o.urn_key_id = a.urn_key_id or not o.kept_apart)
order by key_id, o.opened_on, o.force_code, o.case_ref"""
