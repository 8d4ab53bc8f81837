-- Every episode that counts is part of one spell, and a spell begins with its first episode.
select episodes.episode_id
from int_apc_episode as episodes
left join int_apc_spell as spells on spells.spell_id = episodes.spell_id
where episodes.spell_id is not null and (spells.spell_id is null or episodes.admission_date < spells.event_date)
