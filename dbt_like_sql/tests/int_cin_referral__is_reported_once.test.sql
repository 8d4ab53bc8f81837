-- Every referral stands on one report that counts.
select reports.person_id
from int_cin_report as reports
left join int_cin_referral as referrals
    on referrals.person_id = reports.person_id
    and referrals.supplier = reports._supplier
    and referrals.event_date = reports.event_date
where referrals.person_id is null
