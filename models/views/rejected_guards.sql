-- The marks of rejected rows whose case is not stored, by the key of the URN that they share with cases that are: they guard
-- these as the marks of a linked case do. There are few, and mostly none.
create view rejected_guards as
select k.id as urn_key_id, m.restricted, m.barred_refs
from rejected_marks m join case_keys k on k.urn_root = m.urn_root;
