-- Every repair is counted once: its rule is declared, for the table of its row.
with counted as (
    select sum(n_rows) as n from int_repair_count
),

repaired as (
    select count(*) as n from int_repair
)

select counted.n as counted, repaired.n as repaired
from counted
cross join repaired
where coalesce(counted.n, 0) <> repaired.n
