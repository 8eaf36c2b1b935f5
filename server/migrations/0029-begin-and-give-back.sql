-- Agents begin interactions, and pass them to somebody who is rung first.

-- Where it goes when nobody takes it up; null: nobody passed it on.
alter table queue_entry add column return_to bigint;

-- The open interaction of a contact on an account and thread, or a new one that the agent has. The contact is given, or found by a key
-- and made by the same rules as when he writes. What closed a moment ago is reopened, as when he writes, and then counts as open.
-- Locks as `receive` does: the contact's key, then the interaction.
create function begin_interaction(
  in_account_id bigint, in_list_id bigint, in_contact_id bigint, in_field text, in_key text, in_plain_key text, in_from text,
  in_thread_id text, in_reopen_minutes int, in_user_id bigint
) returns table (interaction_id bigint, contact_id bigint, begun boolean) language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  contact_id := in_contact_id;
  while contact_id is null loop
    select k.contact_id into contact_id from contact_key k
      where k.list_id = in_list_id and k.field = in_field and k.value = in_key order by k.contact_id limit 1;
    if contact_id is null then
      contact_id := make_contact(in_list_id, in_field, in_key, in_plain_key, in_from, null);
    end if;
  end loop;
  if in_reopen_minutes > 0 and not exists (
    select from interaction i where i.contact_id = begin_interaction.contact_id and i.account_id + 0 = in_account_id
      and i.thread_id = in_thread_id and i.closed_at is null)
  then
    perform reopen_interaction(in_account_id, contact_id, in_thread_id, in_reopen_minutes);
  end if;
  loop
    -- A channel with several addresses of its own is answered through the one that the customer used.
    insert into interaction (account_id, contact_id, thread_id, state, user_id, assigned_at, to_address)
      select in_account_id, begin_interaction.contact_id, in_thread_id, 'assigned', in_user_id, now(), (
        select i.to_address from interaction i
        where i.contact_id = begin_interaction.contact_id and i.account_id + 0 = in_account_id order by i.id desc limit 1)
      on conflict (contact_id, account_id, thread_id) where closed_at is null do nothing
      returning id into interaction_id;
    begun := interaction_id is not null;
    if begun then
      perform append_event(interaction_id, 'opened', in_user_id, null, null);
      perform append_event(interaction_id, 'assigned', in_user_id, null, null);
    else
      select i.id into interaction_id from interaction i
        where i.contact_id = begin_interaction.contact_id and i.account_id + 0 = in_account_id and i.thread_id = in_thread_id
          and i.closed_at is null;
    end if;
    exit when interaction_id is not null;
  end loop;
  return next;
end $$;
