-- Receipts: what a channel says of an answer after its Reply URL took it.

-- By the id that the Reply URL answered. A receiver that answers the same id always means the newest.
create index message_channel on message (account_id, channel_id, id) where channel_id is not null;

-- What is known of an answer only grows, so receipts may come twice and in any order: the end is the same. That it reached the customer
-- outweighs a failure, which may be our own after a time-out.
create function status_rank(in_status text) returns int language sql immutable as $$
  select case in_status when 'sent' then 1 when 'failed' then 2 when 'delivered' then 3 when 'read' then 4 else 0 end
$$;

-- By `in_id`, or else by `in_channel_id`. `outcome`: missing, unchanged (what is known already says more) or moved.
create function take_receipt(in_account_id bigint, in_id bigint, in_channel_id text, in_status text, in_reason text)
returns table (outcome text, message_id bigint, interaction_id bigint, status text) language plpgsql
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  target message;
begin
  if in_id is not null then
    select * into target from message where id = in_id and account_id = in_account_id and direction = 'out' and not secret;
  else
    select * into target from message
      where account_id = in_account_id and channel_id = in_channel_id and direction = 'out' order by id desc limit 1;
  end if;
  if target.id is null then
    outcome := 'missing'; return next; return;
  end if;
  message_id := target.id; interaction_id := target.interaction_id;
  -- First the interaction, as everybody locks it.
  perform from interaction where id = target.interaction_id for no key update;
  update message set status = in_status, status_at = now(), next_attempt_at = null,
      status_reason = case when in_status = 'failed' then in_reason end
    where id = target.id and status_rank(in_status) > status_rank(status);
  outcome := case when found then 'moved' else 'unchanged' end;
  if found then
    perform append_event(target.interaction_id, 'status', null, target.id,
      jsonb_build_object('status', in_status, 'reason', case when in_status = 'failed' then in_reason end));
  end if;
  select m.status into status from message m where m.id = target.id;
  return next;
end $$;
