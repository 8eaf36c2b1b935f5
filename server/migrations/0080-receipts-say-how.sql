-- A receipt may say how an answer went, in words for the agent: in private in place of a comment, a file as its address. The words stay
-- while what is known grows; those of a failure go with it. They may also come later than the step that they are about.

create or replace function take_receipt(in_account_id bigint, in_id bigint, in_channel_id text, in_status text, in_reason text)
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
  update message m set status = in_status, status_at = now(), next_attempt_at = null,
      status_reason = case when in_status = 'failed' or in_reason is not null then in_reason
        when m.status in ('sent', 'delivered', 'read') then m.status_reason end
    where m.id = target.id and status_rank(in_status) > status_rank(m.status);
  outcome := case when found then 'moved' else 'unchanged' end;
  if found then
    perform append_event(target.interaction_id, 'status', null, target.id, jsonb_build_object('status', in_status, 'reason', in_reason));
  elsif in_reason is not null and in_status <> 'failed' then
    update message m set status_reason = in_reason
      where m.id = target.id and m.status in ('sent', 'delivered', 'read') and m.status_reason is null;
    if found then
      outcome := 'moved';
      -- As the step that everything has passed, so that nobody is told of a later one twice.
      perform append_event(target.interaction_id, 'status', null, target.id, jsonb_build_object('status', 'sent', 'reason', in_reason));
    end if;
  end if;
  select m.status into status from message m where m.id = target.id;
  return next;
end $$;
