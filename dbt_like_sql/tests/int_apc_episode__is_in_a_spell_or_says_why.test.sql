-- Every delivered episode is part of a spell, or a rule leaves it out.
select _supplier, _period, _delivery, _row from int_apc_episode where spell_id is null and repairs is null
