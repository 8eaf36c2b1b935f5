-- What came and went can be looked through, without the texts: those go when a parcel has arrived or is given up.
alter table parcel add column taken_as bigint;
comment on column parcel.taken_as is 'What the contact centre numbers the message.';
create index parcel_log_idx on parcel (integration_id, id);

-- What is kept of a parcel that has ended: whose it was and what, and none of its words. Of what stands in public a digest, by which
-- a change of it is known.
create function kept_of(in_content jsonb) returns jsonb language sql immutable parallel safe as $$
  select coalesce(jsonb_object_agg(key, value) filter (where key in ('type', 'person', 'threadId', 'conversation', 'messageId', 'answerTo',
      'metadata', 'answerId', 'id')), '{}')
    || case when in_content ? 'type' and in_content ? 'threadId' and in_content ? 'body'
      then jsonb_build_object('digest', encode(sha256(convert_to(in_content ->> 'body', 'UTF8')), 'hex')) else '{}' end
  from jsonb_each(in_content)
$$;
update parcel set content = kept_of(content) where ended_at is not null;
