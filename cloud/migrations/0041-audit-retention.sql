-- Entries of the audit log may go when they are old, and only then: whoever deletes has to say how many days are kept, at least thirty.

drop trigger audit_entry_append_only on audit_entry;
create trigger audit_entry_append_only before update on audit_entry for each statement execute function refuse_change();

create function refuse_early_removal() returns trigger language plpgsql as $$
declare
  days int := nullif(current_setting('patchbay.audit_days', true), '')::int;
begin
  if days >= 30 and old.at < now() - make_interval(days => days) then return old; end if;
  raise exception '% keeps what is not old enough to go', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger audit_entry_kept before delete on audit_entry for each row execute function refuse_early_removal();
