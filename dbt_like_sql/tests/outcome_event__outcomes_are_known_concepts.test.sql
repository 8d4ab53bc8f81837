-- Every outcome, and the table it is read from, is declared.
select outcome_event.event_id, outcome_event.outcome
from outcome_event
left join reference.outcome_concepts as concepts
    on concepts.outcome = outcome_event.outcome and concepts.source_table = outcome_event.source
where concepts.outcome is null
