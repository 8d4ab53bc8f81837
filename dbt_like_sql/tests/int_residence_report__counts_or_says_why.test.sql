-- Every reported residence may hold on a day, or a rule leaves it out.
select person_id, report from int_residence_report where not counts and repairs is null
