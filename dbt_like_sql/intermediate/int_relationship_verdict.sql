-- One row per supplier, kind of relationship, basis and verdict: how many statements were used, and how many were
-- dropped because they contradict each other or nature. Nothing reads it but the people who watch the runs.
-- grain: supplier, kind, basis, verdict
-- columns:
--   supplier: Supplier of the statements. | not null
--   kind: What the related person is to the person. | not null
--   basis: Kind of record that says so. | not null
--   verdict: used, or why not. | not null
--   statements: Statements, a relationship without sides counted from both. | not null | unit: statements
with statements as (
    select supplier, kind, basis, verdict from int_relationship_statement
)

select supplier, kind, basis, verdict, cast(count(*) as integer) as statements
from statements
group by supplier, kind, basis, verdict
