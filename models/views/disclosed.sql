-- The cases, each with what decides who may know of it. A statement that names a case to anybody reads it here.
create view disclosed as
select c.*, d.* from cases c cross join lateral disclosure(c.restricted, c.barred_refs, c.urn_key_id) d;
