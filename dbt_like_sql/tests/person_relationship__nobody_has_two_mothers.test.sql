-- A person has at most one mother and one father, and is nobody's relative of their own.
select person_id, kind
from person_relationship
group by person_id, kind
having
    (kind in ('mother', 'father') and count(distinct related_person_id) > 1)
    or count(*) filter (where related_person_id = person_id) > 0
