-- Every delivered episode is part of a period of care, or a rule leaves it out.
select _supplier, _period, _delivery, _row from int_care_episode where period_from is null and repairs is null
