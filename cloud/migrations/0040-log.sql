-- What came and went can be looked through, without the texts: those go when a parcel has arrived or is given up.
alter table parcel add column taken_as bigint;
comment on column parcel.taken_as is 'What the contact centre numbers the message.';
create index parcel_log_idx on parcel (integration_id, id);
update parcel set content = coalesce((
    select jsonb_object_agg(key, value) from jsonb_each(content)
    where key in ('type', 'person', 'threadId', 'messageId', 'metadata', 'answerId', 'id')), '{}')
  where ended_at is not null;
