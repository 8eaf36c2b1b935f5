-- What happens in the channel beside messages: edits, deletions, reactions, answers that were written elsewhere, and until when the
-- channel takes answers.

alter table message
  add column edited_at timestamptz,
  add column deleted_at timestamptz,                           -- taken back: body and file are gone
  add column reactions text[],
  add column elsewhere boolean not null default false;         -- written in the channel's own inbox: never delivered by us

alter table interaction
  add column window_until timestamptz,                         -- until when the channel takes answers; null: always
  add column human_until timestamptz;                          -- until when it takes those of a person

-- The channels' own ids of what they reported, for ever: the same again is nothing new.
create table channel_event (
  account_id  bigint not null,
  event_id    text not null,
  at          timestamptz not null default now(),
  primary key (account_id, event_id)
);

-- The contact's interaction of which a channel speaks: the open one on this account and thread, else the last.
create function interaction_of(in_account_id bigint, in_contact_id bigint, in_thread_id text) returns bigint language sql stable as $$
  select id from interaction
  where contact_id = in_contact_id and account_id + 0 = in_account_id and thread_id = in_thread_id
  order by closed_at is null desc, id desc limit 1
$$;

-- A message by the id that it has in the channel: the sender's own, or what the Reply URL answered.
create function message_of(in_account_id bigint, in_channel_id text) returns bigint language sql stable as $$
  select coalesce(
    (select message_id from sender_message where account_id = in_account_id and sender_id = in_channel_id),
    (select id from message where account_id = in_account_id and channel_id = in_channel_id order by id desc limit 1))
$$;

-- `in_detail` by `in_type`: message.edited {body}, message.reacted {emoji} (null: taken back), message.sent {body}, window {until,
-- humanAgentUntil}. `outcome`, of which only `taken` and `unchanged` remember the event's id:
--   taken, unchanged   what it says is so now, or was before
--   repeated           the event came before
--   missing            the message is not known
--   nowhere            the contact is not known, or has no interaction here
--   no-file            the file is not to be had
create function take_channel_event(
  in_account_id bigint, in_event_id text, in_type text, in_message_ref text, in_contact_id bigint, in_thread_id text, in_detail jsonb,
  in_attachment_id bigint
) returns table (outcome text, message_id bigint, interaction_id bigint) language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  target message;
  file_name text;
  text_shown text;
begin
  -- A copy that comes at the same moment waits here until the first is committed.
  insert into channel_event (account_id, event_id) values (in_account_id, in_event_id) on conflict do nothing;
  if not found then
    outcome := 'repeated'; return next; return;
  end if;

  if in_type in ('message.edited', 'message.deleted', 'message.reacted') then
    select * into target from message where id = message_of(in_account_id, in_message_ref);
    interaction_id := target.interaction_id;
    message_id := target.id;
  else
    interaction_id := interaction_of(in_account_id, in_contact_id, in_thread_id);
  end if;
  outcome := case
    when in_type in ('message.edited', 'message.deleted', 'message.reacted') and message_id is null then 'missing'
    when interaction_id is null then 'nowhere'
    -- Before the interaction, as everybody takes them.
    when in_attachment_id is not null and not claim_attachment(in_attachment_id, in_account_id) then 'no-file'
    else 'unchanged' end;
  if outcome <> 'unchanged' then
    delete from channel_event where account_id = in_account_id and event_id = in_event_id;
    return next; return;
  end if;
  perform from interaction where id = interaction_id for no key update;

  case in_type
  when 'message.edited' then
    update message set body = in_detail ->> 'body', edited_at = now()
      where id = message_id and deleted_at is null and body <> in_detail ->> 'body';
    if found then
      outcome := 'taken';
      update interaction set last_message_preview = left(in_detail ->> 'body', 200)
        where id = interaction_id and last_message_id = message_id;
    end if;
  when 'message.deleted' then
    update message set body = '', attachment_id = null, reactions = null, deleted_at = now() where id = message_id and deleted_at is null;
    if found then
      outcome := 'taken';
      update interaction set last_message_preview = '' where id = interaction_id and last_message_id = message_id;
      -- Its bytes go with the next round of those whose time is over.
      update attachment set expires_at = now()
        where id = target.attachment_id and not exists (select from message where attachment_id = target.attachment_id);
    end if;
  when 'message.reacted' then
    -- A conversation has one customer, and he one reaction to a message: a new one takes the place of the former.
    update message set reactions = case when in_detail ->> 'emoji' is not null then array[in_detail ->> 'emoji'] end
      where id = message_id and deleted_at is null
        and reactions is distinct from case when in_detail ->> 'emoji' is not null then array[in_detail ->> 'emoji'] end;
    outcome := case when found then 'taken' else outcome end;
  when 'message.sent' then
    -- A channel that reports all that was sent reports our own answers too.
    select id into message_id from message where account_id = in_account_id and channel_id = in_message_ref limit 1;
    if message_id is null then
      select name into file_name from attachment where id = in_attachment_id;
      text_shown := coalesce(nullif(in_detail ->> 'body', ''), file_name);
      message_id := nextval('message_id_seq');
      insert into message (id, interaction_id, account_id, contact_id, seq, direction, body, attachment_id, channel_id, status, status_at,
                           elsewhere)
        select message_id, i.id, i.account_id, i.contact_id, append_event(i.id, 'message', null, message_id, null), 'out', text_shown,
          in_attachment_id, in_message_ref, 'sent', now(), true
        from interaction i where i.id = interaction_id;
      update interaction set last_message_id = message_id, last_message_at = now(), last_message_direction = 'out',
          last_message_preview = left(text_shown, 200)
        where id = interaction_id;
      outcome := 'taken';
    end if;
    return next; return;
  when 'window' then
    update interaction set window_until = (in_detail ->> 'until')::timestamptz, human_until = (in_detail ->> 'humanAgentUntil')::timestamptz
      where id = interaction_id and (window_until is distinct from (in_detail ->> 'until')::timestamptz
        or human_until is distinct from (in_detail ->> 'humanAgentUntil')::timestamptz);
    if found then
      outcome := 'taken';
      perform append_event(interaction_id, 'window', null, null, in_detail);
    end if;
    return next; return;
  end case;
  if outcome = 'taken' then
    perform append_event(interaction_id, 'revised', null, message_id, null);
  end if;
  return next;
end $$;

-- As before, but that an answer after the channel's window is `late`.
create or replace function reply(
  in_interaction_id bigint, in_viewer_id bigint, in_account_id bigint, in_contact_id bigint, in_user_id bigint, in_secret boolean,
  in_bodies text[], in_attachment_ids bigint[], in_client_id text, in_seen_seq bigint, in_sent_by text, in_must_be_taken boolean
) returns table (outcome text, newest bigint, account bigint, contact bigint, messages json) language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
declare
  target interaction;
  new_id bigint;
  new_seq bigint;
  message_ids bigint[];
begin
  select * into target from interaction where id = in_interaction_id for no key update;
  if not found or in_viewer_id is not null
      and not exists (select from account_member where account_id = target.account_id and user_id = in_viewer_id) then
    outcome := 'missing'; return next; return;
  end if;
  newest := target.seq; account := target.account_id; contact := target.contact_id;
  if in_account_id <> target.account_id or in_contact_id <> target.contact_id then
    outcome := 'elsewhere'; return next; return;
  end if;
  -- Under the lock, so that of two copies of one send the second sees the first.
  if in_client_id is not null then
    select json_agg(m order by m.part) into messages
      from message m where m.user_id = in_user_id and m.client_id = in_client_id;
    if messages is not null then
      outcome := 'repeated'; return next; return;
    end if;
  end if;
  if not in_secret then
    outcome := case
      when target.closed_at is not null then 'closed'
      when not exists (select from account where id = target.account_id and reply_url <> '' and deleted_at is null) then 'mute'
      when in_seen_seq < target.seq and exists (
        select from message m
        where m.interaction_id = in_interaction_id and m.seq > in_seen_seq and m.direction = 'in') then 'held'
      when target.window_until <= now() and coalesce(target.human_until, target.window_until) <= now() then 'late'
      when in_must_be_taken and target.user_id is null then 'untaken'
    end;
    if outcome is not null then
      return next; return;
    end if;
  end if;

  for i in 1 .. cardinality(in_bodies) loop
    new_id := nextval('message_id_seq');
    new_seq := append_event(in_interaction_id, case when in_secret then 'note' else 'message' end, in_user_id, new_id, null);
    insert into message (id, interaction_id, account_id, contact_id, seq, direction, secret, body, attachment_id, user_id, sent_by,
                         client_id, part, status)
      values (new_id, in_interaction_id, target.account_id, target.contact_id, new_seq, 'out', in_secret, in_bodies[i],
              in_attachment_ids[i], in_user_id, in_sent_by, in_client_id, i - 1, case when in_secret then 'note' else 'queued' end);
    if not in_secret then
      insert into delivery (interaction_id, account_id, message_id, webhook_id)
        values (in_interaction_id, target.account_id, new_id, 'msg_' || replace(gen_random_uuid()::text, '-', ''));
    end if;
    message_ids := message_ids || new_id;
  end loop;
  if not in_secret then
    perform put_in_lane(in_interaction_id, target.account_id);
    update interaction set
        last_message_id = new_id, last_message_at = now(), last_message_direction = 'out',
        last_message_preview = left(in_bodies[cardinality(in_bodies)], 200), unread = 0,
        first_reply_at = case when in_user_id is null then first_reply_at else coalesce(first_reply_at, now()) end
      where id = in_interaction_id;
  end if;
  select json_agg(m order by m.part) into messages from message m where m.id = any(message_ids);
  outcome := 'sent'; newest := new_seq; return next;
end $$;
