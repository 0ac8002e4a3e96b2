-- The cases, as `disclosed` has them, each with who answers for it today: `oic_ref`, `supervisor_ref` and `spoc_ref`, its
-- leading SPOC, for the police; `prosecutor_ref` and `cps_spoc_ref` for CPS, under the case's own reference before its URN.
create view case_parties as
select c.*, coalesce(own.prosecutor_ref, shared.prosecutor_ref) as prosecutor_ref,
       coalesce(own.spoc_ref, shared.spoc_ref) as cps_spoc_ref
from disclosed c
left join cps_cases own on own.key_id = c.id and own.withdrawn_on is null
left join cps_cases shared on shared.key_id = c.urn_key_id and shared.withdrawn_on is null;
