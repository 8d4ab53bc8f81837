-- Time that is not covered has a reason, and covered time has none.
select person_id, source_table, supplier, interval_from
from person_coverage
where covered = (reason is not null)
