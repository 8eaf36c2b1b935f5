-- The whole database on one page, as the migrations make it. Written by `npm run db:dump`.

create table app_user (
  id bigint not null generated always as identity,
  email text not null,
  password_hash text not null,
  locale text not null default 'en'::text,
  verified_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint app_user_pkey PRIMARY KEY (id),
  constraint app_user_locale_check CHECK (locale = ANY (ARRAY['en'::text, 'it'::text]))
);
CREATE UNIQUE INDEX app_user_email_key ON public.app_user USING btree (lower(email));
CREATE TRIGGER audit_app_user AFTER INSERT OR DELETE OR UPDATE ON app_user FOR EACH ROW EXECUTE FUNCTION record_change('id', 'id', 'locale,verified_at', 'password_hash');

create table audit_entry (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  user_id bigint,
  address text,
  action text not null,
  object text not null,
  object_id bigint,
  owner_id bigint,
  before jsonb,
  after jsonb,
  constraint audit_entry_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_entry_object ON public.audit_entry USING btree (object, object_id, id);
CREATE INDEX audit_entry_owner ON public.audit_entry USING btree (owner_id, id);
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_early_removal();

create table catch_up (
  integration_id bigint not null,
  until timestamp with time zone not null,
  constraint catch_up_pkey PRIMARY KEY (integration_id),
  constraint catch_up_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id) ON DELETE CASCADE
);

create table connect_attempt (
  digest bytea not null,
  session_id bigint not null,
  expires_at timestamp with time zone not null,
  constraint connect_attempt_pkey PRIMARY KEY (digest),
  constraint connect_attempt_session_id_fkey FOREIGN KEY (session_id) REFERENCES session(id) ON DELETE CASCADE
);
CREATE INDEX connect_attempt_session_id_idx ON public.connect_attempt USING btree (session_id);

create table customer (
  integration_id bigint not null,
  person text not null,
  first_name text,
  last_name text,
  named_at timestamp with time zone,
  last_sign_at timestamp with time zone,
  constraint customer_pkey PRIMARY KEY (integration_id, person),
  constraint customer_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id) ON DELETE CASCADE
);

create table deletion_request (
  code text not null,
  requested_at timestamp with time zone not null default now(),
  done_at timestamp with time zone,
  constraint deletion_request_pkey PRIMARY KEY (code)
);

create table facebook_login (
  user_id bigint not null,
  token_sealed bytea not null,
  token_expires_at timestamp with time zone,
  facebook_user_id text not null,
  name text not null,
  granted text[] not null,
  declined text[] not null,
  created_at timestamp with time zone not null default now(),
  constraint facebook_login_pkey PRIMARY KEY (user_id),
  constraint facebook_login_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX facebook_login_facebook_user_id_idx ON public.facebook_login USING btree (facebook_user_id);
CREATE TRIGGER audit_facebook_login AFTER INSERT OR DELETE OR UPDATE ON facebook_login FOR EACH ROW EXECUTE FUNCTION record_change('user_id', 'user_id', 'granted,declined', 'token_sealed');

create table file_copy (
  id bigint not null generated always as identity,
  integration_id bigint not null,
  parcel_key text not null,
  place integer not null,
  url text not null,
  kind text not null,
  state text not null default 'wanted'::text,
  attempts integer not null default 0,
  next_at timestamp with time zone not null default now(),
  reason text,
  name text,
  type text,
  size_bytes bigint,
  attachment_id bigint,
  created_at timestamp with time zone not null default now(),
  constraint file_copy_pkey PRIMARY KEY (id),
  constraint file_copy_state_check CHECK (state = ANY (ARRAY['wanted'::text, 'here'::text, 'failed'::text, 'gone'::text])),
  constraint file_copy_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id) ON DELETE CASCADE,
  constraint file_copy_integration_id_parcel_key_place_key UNIQUE (integration_id, parcel_key, place)
);
CREATE INDEX file_copy_created_at_idx ON public.file_copy USING btree (created_at) WHERE (state = 'here'::text);
CREATE INDEX file_copy_next_at_idx ON public.file_copy USING btree (next_at) WHERE (state = 'wanted'::text);

create table installation (
  id integer not null default 1,
  key_fingerprint text not null,
  created_at timestamp with time zone not null default now(),
  constraint installation_pkey PRIMARY KEY (id),
  constraint installation_id_check CHECK (id = 1)
);

create table integration (
  id bigint not null generated always as identity,
  user_id bigint not null,
  kind text not null default 'facebook'::text,
  page_id text not null,
  page_name text not null,
  facebook_user_id text not null,
  page_token_sealed bytea,
  receive_url text not null,
  receive_url_sealed bytea,
  account_id bigint not null,
  api_key_sealed bytea,
  secret_sealed bytea,
  uid_sealed bytea,
  uid_digest bytea,
  server_name text,
  messenger boolean not null default true,
  wall_posts boolean not null default true,
  comment_depth integer not null default 2,
  wall_files boolean not null default false,
  language text not null default 'en'::text,
  state text not null default 'connected'::text,
  state_reason text,
  state_since timestamp with time zone not null default now(),
  token_expires_at timestamp with time zone,
  token_checked_at timestamp with time zone,
  missing_permissions text[] not null default '{}'::text[],
  subscribed_fields text[] not null default '{}'::text[],
  subscription_checked_at timestamp with time zone,
  last_event_at timestamp with time zone,
  last_forwarded_at timestamp with time zone,
  last_reply_at timestamp with time zone,
  last_failure_at timestamp with time zone,
  last_failure text,
  failures_in_row integer not null default 0,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  linked_page_id text,
  linked_page_name text,
  wrong_secret_since timestamp with time zone,
  constraint integration_pkey PRIMARY KEY (id),
  constraint integration_comment_depth_check CHECK (comment_depth >= 0 AND comment_depth <= 2),
  constraint integration_kind_check CHECK (kind = ANY (ARRAY['facebook'::text, 'instagram'::text])),
  constraint integration_language_check CHECK (language = ANY (ARRAY['en'::text, 'it'::text])),
  constraint integration_linked_page_check CHECK ((kind = 'instagram'::text) = (linked_page_id IS NOT NULL)),
  constraint integration_state_check CHECK (state = ANY (ARRAY['connected'::text, 'paused'::text, 'reconnect'::text, 'replaced'::text, 'disconnected'::text])),
  constraint integration_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX integration_facebook_user_id_idx ON public.integration USING btree (facebook_user_id);
CREATE INDEX integration_linked_page_id_idx ON public.integration USING btree (linked_page_id) WHERE (linked_page_id IS NOT NULL);
CREATE INDEX integration_uid_digest_idx ON public.integration USING btree (uid_digest);
CREATE INDEX integration_user_id_idx ON public.integration USING btree (user_id);
CREATE UNIQUE INDEX integration_live_page_key ON public.integration USING btree (kind, page_id) WHERE (state = ANY (ARRAY['connected'::text, 'paused'::text, 'reconnect'::text]));
CREATE TRIGGER audit_integration_changed AFTER UPDATE OF user_id, page_name, receive_url, account_id, server_name, messenger, wall_posts, comment_depth, wall_files, language, state, state_reason, api_key_sealed, secret_sealed, page_token_sealed ON integration FOR EACH ROW EXECUTE FUNCTION record_change('id', 'user_id', 'user_id,page_name,receive_url,account_id,server_name,messenger,wall_posts,comment_depth,wall_files,language,state,state_reason', 'receive_url_sealed,api_key_sealed,secret_sealed,page_token_sealed');
CREATE TRIGGER audit_integration_made AFTER INSERT OR DELETE ON integration FOR EACH ROW EXECUTE FUNCTION record_change('id', 'user_id', 'kind,page_id,page_name,receive_url,account_id,server_name,messenger,wall_posts,comment_depth,wall_files,language,state,state_reason', '');

create table lane (
  id bigint not null generated always as identity,
  integration_id bigint not null,
  direction text not null,
  conversation text not null,
  next_at timestamp with time zone,
  is_claimed boolean not null default false,
  fence integer not null default 0,
  constraint lane_pkey PRIMARY KEY (id),
  constraint lane_direction_check CHECK (direction = ANY (ARRAY['in'::text, 'out'::text])),
  constraint lane_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id) ON DELETE CASCADE,
  constraint lane_integration_id_direction_conversation_key UNIQUE (integration_id, direction, conversation)
);
CREATE INDEX lane_next_at_idx ON public.lane USING btree (next_at) WHERE (next_at IS NOT NULL);

create table lane_end (
  integration_id bigint not null,
  direction text not null,
  failures integer not null default 0,
  held_until timestamp with time zone,
  complaint text,
  succeeded_at timestamp with time zone,
  freed integer not null default 0,
  constraint lane_end_pkey PRIMARY KEY (integration_id, direction),
  constraint lane_end_direction_check CHECK (direction = ANY (ARRAY['in'::text, 'out'::text])),
  constraint lane_end_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id) ON DELETE CASCADE
);

create table mail_code (
  user_id bigint not null,
  purpose text not null,
  digest bytea,
  tries integer not null default 0,
  expires_at timestamp with time zone not null,
  password_hash text,
  constraint mail_code_pkey PRIMARY KEY (user_id, purpose),
  constraint mail_code_purpose_check CHECK (purpose = ANY (ARRAY['verify'::text, 'reset'::text])),
  constraint mail_code_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);

create table pairing (
  code_digest bytea not null,
  target_sealed bytea not null,
  server_name text not null,
  host text not null,
  address text not null,
  expires_at timestamp with time zone not null,
  constraint pairing_pkey PRIMARY KEY (code_digest)
);
CREATE INDEX pairing_expires_at_idx ON public.pairing USING btree (expires_at);

create table parcel (
  id bigint not null generated always as identity,
  lane_id bigint not null,
  integration_id bigint not null,
  direction text not null,
  key text not null,
  content jsonb not null,
  happened_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  attempts integer not null default 0,
  state text not null default 'pending'::text,
  reason text,
  ended_at timestamp with time zone,
  taken_as bigint,
  constraint parcel_pkey PRIMARY KEY (id),
  constraint parcel_state_check CHECK (state = ANY (ARRAY['pending'::text, 'done'::text, 'dead'::text])),
  constraint parcel_lane_id_fkey FOREIGN KEY (lane_id) REFERENCES lane(id) ON DELETE CASCADE,
  constraint parcel_integration_id_direction_key_key UNIQUE (integration_id, direction, key)
);
CREATE INDEX parcel_ended_at_idx ON public.parcel USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX parcel_lane_id_idx ON public.parcel USING btree (lane_id);
CREATE INDEX parcel_log_idx ON public.parcel USING btree (integration_id, id);
CREATE INDEX parcel_pending_idx ON public.parcel USING btree (lane_id, happened_at, id) WHERE (state = 'pending'::text);

create table schema_migration (
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migration_pkey PRIMARY KEY (number)
);

create table sent (
  id bigint not null generated always as identity,
  integration_id bigint not null,
  parcel_id bigint not null,
  part integer not null,
  is_last boolean not null,
  answer_id bigint not null,
  person text not null,
  thread_id text,
  message_id text,
  status text not null default 'sent'::text,
  created_at timestamp with time zone not null default now(),
  sent_at timestamp with time zone,
  private_to text,
  words_digest text,
  constraint sent_pkey PRIMARY KEY (id),
  constraint sent_status_check CHECK (status = ANY (ARRAY['asked'::text, 'sent'::text, 'delivered'::text, 'read'::text])),
  constraint sent_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id) ON DELETE CASCADE,
  constraint sent_parcel_id_part_key UNIQUE (parcel_id, part)
);
CREATE INDEX sent_created_at_idx ON public.sent USING btree (created_at);
CREATE INDEX sent_person_idx ON public.sent USING btree (integration_id, person, sent_at) WHERE (status = ANY (ARRAY['sent'::text, 'delivered'::text]));
CREATE UNIQUE INDEX sent_message_id_key ON public.sent USING btree (integration_id, message_id);
CREATE UNIQUE INDEX sent_private_to_key ON public.sent USING btree (integration_id, private_to) WHERE (private_to IS NOT NULL);

create table session (
  id bigint not null generated always as identity,
  digest bytea not null,
  user_id bigint not null,
  address text not null,
  user_agent text,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  constraint session_pkey PRIMARY KEY (id),
  constraint session_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE,
  constraint session_digest_key UNIQUE (digest)
);
CREATE INDEX session_expires_at_idx ON public.session USING btree (expires_at);
CREATE INDEX session_user_id_idx ON public.session USING btree (user_id);
CREATE TRIGGER audit_session AFTER INSERT ON session FOR EACH ROW EXECUTE FUNCTION record_sign_in();

create table wall_place (
  integration_id bigint not null,
  thread_id text not null,
  person text not null,
  answer_to text not null,
  constraint wall_place_pkey PRIMARY KEY (integration_id, thread_id, person),
  constraint wall_place_integration_id_fkey FOREIGN KEY (integration_id) REFERENCES integration(id) ON DELETE CASCADE
);

CREATE OR REPLACE FUNCTION public.kept_of(in_content jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select coalesce(jsonb_object_agg(key, value) filter (where key in ('type', 'person', 'threadId', 'conversation', 'messageId', 'answerTo',
      'metadata', 'answerId', 'id')), '{}')
    || case when in_content ? 'type' and in_content ? 'threadId' and in_content ? 'body'
      then jsonb_build_object('digest', encode(sha256(convert_to(in_content ->> 'body', 'UTF8')), 'hex')) else '{}' end
  from jsonb_each(in_content)
$function$;

CREATE OR REPLACE FUNCTION public.record_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.record_sign_in()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into audit_entry (user_id, address, action, object, object_id, owner_id)
  values (new.user_id, new.address, 'signed-in', 'app_user', new.user_id, new.user_id);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_early_removal()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  days int := nullif(current_setting('patchbay.audit_days', true), '')::int;
begin
  if days >= 30 and old.at < now() - make_interval(days => days) then return old; end if;
  raise exception '% keeps what is not old enough to go', tg_table_name using errcode = 'insufficient_privilege';
end $function$;
