-- Who changed what: written by the database itself, in the change's own transaction, whichever program or person makes it.

create table audit_entry (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  -- Null: the cloud itself, Facebook, or its operator in the database.
  user_id bigint,
  address text,
  action text not null,
  object text not null,
  object_id bigint,
  -- Who may read it: whose the object was.
  owner_id bigint,
  before jsonb,
  after jsonb
);
create index audit_entry_owner on audit_entry (owner_id, id);
create index audit_entry_object on audit_entry (object, object_id, id);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger audit_entry_append_only before update or delete on audit_entry
  for each statement execute function refuse_change();

-- Arguments: the columns of id and owner, what is shown of a row, and what is only said to have changed.
create function record_change() returns trigger language plpgsql as $$
declare
  was jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  becomes jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
  present jsonb := coalesce(becomes, was);
  actor jsonb := nullif(current_setting('patchbay.actor', true), '')::jsonb;
  shown_before jsonb;
  shown_after jsonb;
  blanked jsonb;
begin
  select jsonb_object_agg(name, was -> name), jsonb_object_agg(name, becomes -> name) into shown_before, shown_after
  from unnest(string_to_array(tg_argv[2], ',')) as name
  where tg_op <> 'UPDATE' or was -> name is distinct from becomes -> name;
  select jsonb_object_agg(name, '[secret]') into blanked
  from unnest(string_to_array(tg_argv[3], ',')) as name
  where tg_op = 'UPDATE' and was -> name is distinct from becomes -> name;
  if tg_op = 'UPDATE' and shown_after is null and blanked is null then return null; end if;
  insert into audit_entry (user_id, address, action, object, object_id, owner_id, before, after)
  values ((actor ->> 'userId')::bigint, actor ->> 'address',
    case tg_op when 'INSERT' then 'created' when 'UPDATE' then 'changed' else 'deleted' end,
    tg_table_name, (present ->> tg_argv[0])::bigint, (present ->> tg_argv[1])::bigint,
    case when was is not null then coalesce(shown_before, '{}') || coalesce(blanked, '{}') end,
    case when becomes is not null then coalesce(shown_after, '{}') || coalesce(blanked, '{}') end);
  return null;
end $$;

create trigger audit_integration_made after insert or delete on integration for each row execute function record_change(
  'id', 'user_id', 'kind,page_id,page_name,receive_url,account_id,server_name,messenger,wall_posts,comment_depth,wall_files,language,state,state_reason', '');
-- Named columns: what every message writes into the health of an integration does not even ask the function.
create trigger audit_integration_changed after update of user_id, page_name, receive_url, account_id, server_name, messenger, wall_posts,
  comment_depth, wall_files, language, state, state_reason, api_key_sealed, secret_sealed, page_token_sealed on integration
  for each row execute function record_change(
  'id', 'user_id', 'user_id,page_name,receive_url,account_id,server_name,messenger,wall_posts,comment_depth,wall_files,language,state,state_reason',
  'receive_url_sealed,api_key_sealed,secret_sealed,page_token_sealed');
create trigger audit_app_user after insert or update or delete on app_user
  for each row execute function record_change('id', 'id', 'locale,verified_at', 'password_hash');
-- Without the names and numbers that Facebook gives to people: those have to be forgotten when they ask for it.
create trigger audit_facebook_login after insert or update or delete on facebook_login
  for each row execute function record_change('user_id', 'user_id', 'granted,declined', 'token_sealed');

create function record_sign_in() returns trigger language plpgsql as $$
begin
  insert into audit_entry (user_id, address, action, object, object_id, owner_id)
  values (new.user_id, new.address, 'signed-in', 'app_user', new.user_id, new.user_id);
  return null;
end $$;
create trigger audit_session after insert on session for each row execute function record_sign_in();
