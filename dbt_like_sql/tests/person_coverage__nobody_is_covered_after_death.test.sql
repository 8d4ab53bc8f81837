-- Coverage begins no earlier than the month of birth and ends no later than death.
select person_coverage.person_id, person_coverage.source_table, person_coverage.interval_from
from person_coverage
inner join person on person.person_id = person_coverage.person_id
where
    person_coverage.interval_to > person.death_date
    or person_coverage.interval_from < person.birth_month
