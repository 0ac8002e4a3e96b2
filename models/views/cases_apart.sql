-- The few cases that are named in no place that several people read: those that `disclosed` keeps apart, some of them
-- twice. A statement about many cases reads them once, by their own indexes; `bars_any` is true of those that bar anybody.
create view cases_apart as
select id as case_id, false as bars_any from cases where restricted union all
select linked.id, false
from cases marked join cases linked on linked.urn_key_id = marked.urn_key_id where marked.restricted union all
select id, true from cases where barred_refs <> array[]::text[] union all
select linked.id, true
from cases marked join cases linked on linked.urn_key_id = marked.urn_key_id where marked.barred_refs <> array[]::text[]
union all
select linked.id, false
from rejected_guards guard join cases linked on linked.urn_key_id = guard.urn_key_id where guard.restricted union all
select linked.id, true
from rejected_guards guard join cases linked on linked.urn_key_id = guard.urn_key_id
where guard.barred_refs <> array[]::text[];
