-- Every delivered attendance stands for itself, or a rule leaves it out.
select _supplier, _period, _delivery, _row from int_ecds_attendance where not counts and repairs is null
