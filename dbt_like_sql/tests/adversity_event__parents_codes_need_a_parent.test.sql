-- Until relationships are delivered, no code that is read from a parent's record appears.
select event_id, whose_record from adversity_event where whose_record <> 'child'
