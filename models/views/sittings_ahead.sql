-- The sittings that are not called off, each with how many of its places are taken and free. A statement gives the day
-- from which they are ahead: `day > %(today)s`.
create view sittings_ahead as
select s.*, s.places - s.taken as free
from (select s.*, (select count(*) from convenings v where v.sitting_id = s.id and v.ended_on is null)::int as taken
      from sittings s where s.cancelled_on is null) s;
