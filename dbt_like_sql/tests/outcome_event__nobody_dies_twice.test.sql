-- A person has one death, on the day that the person table knows.
select outcome_event.person_id, outcome_event.event_date
from outcome_event
inner join person on person.person_id = outcome_event.person_id
where outcome_event.outcome = 'death' and outcome_event.event_date <> person.death_date
