-- Every delivered referral stands for itself, or a rule leaves it out.
select _supplier, _period, _delivery, _row from int_cin_report where not counts and repairs is null
