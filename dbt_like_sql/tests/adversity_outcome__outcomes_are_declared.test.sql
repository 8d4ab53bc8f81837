-- Every outcome is declared, and read from its declared table; but a death may be known from the census alone.
select records.outcome, records.source_table
from int_outcome_record as records
left join reference.outcome_concepts as concepts on concepts.outcome = records.outcome
where
    concepts.outcome is null
    or (concepts.source_table <> records.source_table and records.outcome <> 'death')
