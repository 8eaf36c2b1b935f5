-- A contact whose name a message changes is told to the interactions that desks may show of it, not only to the one that the message comes
-- to. Their ids are left in a setting of the transaction, which whoever calls `receive` reads in the same statement: its answer stays as
-- it is.

create or replace function fill_contact(in_id bigint, in_plain_key text, in_rule text, in_sent jsonb) returns void language plpgsql as $$
declare
  changed contact;
  changes jsonb;
  found_id bigint;
  told bigint[] := '{}';
begin
  -- Most messages change nothing, and those need no lock.
  select contact_changes(to_jsonb(contact), in_plain_key, in_rule, in_sent) into changes from contact where id = in_id;
  if changes is null then
    return;
  end if;
  select * into changed from contact where id = in_id for update;
  changes := contact_changes(to_jsonb(changed), in_plain_key, in_rule, in_sent);
  if changes is null then
    return;
  end if;
  changed := jsonb_populate_record(changed, (
    select jsonb_object_agg(contact_column(field), value) from jsonb_to_recordset(changes) as change(field text, value jsonb)
      where field not like 'cf\_%'));
  update contact set (first_name, last_name, tags, street, postal_code, city, country, date_of_birth, description, phone, mobile,
      fax, email, url, facebook, twitter, skype, updated_at)
    = (changed.first_name, changed.last_name, changed.tags, changed.street, changed.postal_code, changed.city, changed.country,
      changed.date_of_birth, changed.description, changed.phone, changed.mobile, changed.fax, changed.email, changed.url,
      changed.facebook, changed.twitter, changed.skype, now()),
    custom = custom || coalesce((
      select jsonb_object_agg(substr(field, 4), value) from jsonb_to_recordset(changes) as change(field text, value jsonb)
        where field like 'cf\_%'), '{}')
    where id = in_id;
  delete from contact_key using jsonb_to_recordset(changes) as change(field text, keys text[])
    where contact_id = in_id and contact_key.field = change.field and value <> all (change.keys);
  insert into contact_key (list_id, field, value, contact_id)
    select changed.list_id, field, key, in_id
    from jsonb_to_recordset(changes) as change(field text, keys text[]), unnest(keys) as key
    on conflict do nothing;

  if changes @? '$[*] ? (@.field == "firstName" || @.field == "lastName")' then
    told := array(select id from interaction where contact_id = in_id order by id desc limit 200);
    -- Interactions are locked later, in an order of their own: one that is held is left out, and told without an event of its own.
    for found_id in select id from interaction where id = any (told) order by id for no key update skip locked loop
      perform append_event(found_id, 'changed', null, null, jsonb_build_object('what', 'contact', 'fields', (
        select string_agg(field, ', ') from jsonb_to_recordset(changes) as change(field text))));
    end loop;
  end if;
  if cardinality(told) > 0 then
    perform set_config('patchbay.renamed',
      concat_ws(',', nullif(current_setting('patchbay.renamed', true), ''), array_to_string(told, ',')), true);
  end if;
end $$;
