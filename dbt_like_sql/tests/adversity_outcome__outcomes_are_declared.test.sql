-- Every outcome is declared, and read from its declared table; but a death may be known from the census alone.
with measures as (
    select measure, source_table from reference.measures where mart = 'outcome_event'
)

select records.outcome, records.source_table
from int_outcome_record as records
left join measures on measures.measure = records.outcome
where
    measures.measure is null
    or (measures.source_table <> records.source_table and records.outcome <> 'death')
