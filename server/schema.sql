-- The whole database on one page, as the migrations make it. Written by `npm run db:dump`.

create table account (
  id bigint not null generated always as identity,
  uid uuid not null default gen_random_uuid(),
  name text not null,
  reply_url text not null default ''::text,
  list_id bigint not null,
  description text not null default ''::text,
  map_key text,
  map_key_description text not null default ''::text,
  token_digest bytea not null,
  token_sealed bytea not null,
  old_token_digest bytea,
  old_token_until timestamp with time zone,
  secret_sealed bytea not null,
  old_secret_sealed bytea,
  old_secret_until timestamp with time zone,
  update_rule text not null default 'fill'::text,
  reopen_within_minutes integer not null default 0,
  notification_template text not null default ''::text,
  attachment_limit_bytes bigint,
  file_lifetime_hours integer,
  body_limit_bytes integer not null default 262144,
  rate_per_second integer not null default 100,
  rate_burst integer not null default 500,
  actions jsonb not null default '[]'::jsonb,
  version integer not null default 1,
  first_message_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  deleted_at timestamp with time zone,
  require_signature boolean not null default false,
  sandbox boolean not null default false,
  keep_bodies boolean not null default true,
  events_url text not null default ''::text,
  events text[] not null default '{}'::text[],
  alarm_email text not null default ''::text,
  alarm_url text not null default ''::text,
  alarm_after_failures integer not null default 5,
  disposition_required boolean not null default false,
  constraint account_pkey PRIMARY KEY (id),
  constraint account_alarm_after_failures_check CHECK (alarm_after_failures >= 1 AND alarm_after_failures <= 1000),
  constraint account_body_limit_bytes_check CHECK (body_limit_bytes >= 1024 AND body_limit_bytes <= 1048576),
  constraint account_rate_burst_check CHECK (rate_burst >= 1 AND rate_burst <= 1000000),
  constraint account_rate_per_second_check CHECK (rate_per_second >= 1 AND rate_per_second <= 1000000),
  constraint account_reopen_within_minutes_check CHECK (reopen_within_minutes >= 0),
  constraint account_update_rule_check CHECK (update_rule = ANY (ARRAY['fill'::text, 'never'::text, 'overwrite'::text])),
  constraint account_list_id_fkey FOREIGN KEY (list_id) REFERENCES list(id),
  constraint account_token_digest_key UNIQUE (token_digest),
  constraint account_uid_key UNIQUE (uid)
);

create table account_agent (
  account_id bigint not null,
  user_id bigint not null,
  constraint account_agent_pkey PRIMARY KEY (account_id, user_id),
  constraint account_agent_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint account_agent_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX account_agent_user ON public.account_agent USING btree (user_id);

create table account_team (
  account_id bigint not null,
  team_id bigint not null,
  constraint account_team_pkey PRIMARY KEY (account_id, team_id),
  constraint account_team_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint account_team_team_id_fkey FOREIGN KEY (team_id) REFERENCES team(id) ON DELETE CASCADE
);
CREATE INDEX account_team_team ON public.account_team USING btree (team_id);

create table action_call (
  interaction_id bigint not null,
  account_id bigint not null,
  run_id bigint not null,
  step_id text not null,
  state text not null,
  webhook_id text not null,
  message_id bigint,
  seq bigint not null,
  due_at timestamp with time zone not null,
  give_up_at timestamp with time zone not null,
  fence bigint not null default 0,
  constraint action_call_pkey PRIMARY KEY (interaction_id),
  constraint action_call_state_check CHECK (state = ANY (ARRAY['due'::text, 'talking'::text]))
);
CREATE INDEX action_call_due ON public.action_call USING btree (due_at);

create table action_run (
  id bigint not null generated always as identity,
  interaction_id bigint not null,
  account_id bigint not null,
  started_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  lines jsonb not null default '[]'::jsonb,
  vars jsonb not null default '{}'::jsonb,
  answered text[] not null default '{}'::text[],
  calls integer not null default 0,
  constraint action_run_pkey PRIMARY KEY (id)
) with (fillfactor=80);
CREATE INDEX action_run_interaction ON public.action_run USING btree (interaction_id, id);

create table alarm (
  id bigint not null generated always as identity,
  account_id bigint not null,
  purpose smallint not null,
  reason text not null,
  since timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  mailed_opened boolean not null default false,
  mailed_ended boolean not null default false,
  constraint alarm_pkey PRIMARY KEY (id)
);
CREATE INDEX alarm_account ON public.alarm USING btree (account_id, id);
CREATE INDEX alarm_unmailed ON public.alarm USING btree (id) WHERE ((NOT mailed_opened) OR ((ended_at IS NOT NULL) AND (NOT mailed_ended)));
CREATE UNIQUE INDEX alarm_open ON public.alarm USING btree (account_id, purpose) WHERE (ended_at IS NULL);

create table api_key (
  id bigint not null generated always as identity,
  user_id bigint not null,
  name text not null,
  start text not null,
  last4 text not null,
  digest bytea not null,
  scopes text[],
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  last_used_ip text,
  replaced_by bigint,
  constraint api_key_pkey PRIMARY KEY (id),
  constraint api_key_replaced_by_fkey FOREIGN KEY (replaced_by) REFERENCES api_key(id) ON DELETE SET NULL,
  constraint api_key_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE,
  constraint api_key_digest_key UNIQUE (digest)
);
CREATE INDEX api_key_user ON public.api_key USING btree (user_id);

create table app_user (
  id bigint not null generated always as identity,
  email text not null,
  name text not null,
  fullname text not null,
  role text not null,
  password_hash text,
  capacity integer not null default 5,
  locale text not null default 'en'::text,
  disabled_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  role_id bigint,
  sso_issuer text,
  sso_subject text,
  version integer not null default 1,
  constraint app_user_pkey PRIMARY KEY (id),
  constraint app_user_capacity_check CHECK (capacity >= 1 AND capacity <= 100),
  constraint app_user_has_role CHECK (role_id IS NOT NULL),
  constraint app_user_locale_check CHECK (locale = ANY (ARRAY['en'::text, 'it'::text])),
  constraint app_user_role_check CHECK (role = ANY (ARRAY['admin'::text, 'supervisor'::text, 'agent'::text])),
  constraint app_user_role_id_fkey FOREIGN KEY (role_id) REFERENCES role(id)
);
CREATE INDEX app_user_role ON public.app_user USING btree (role_id);
CREATE UNIQUE INDEX app_user_email ON public.app_user USING btree (lower(email));
CREATE UNIQUE INDEX app_user_name ON public.app_user USING btree (lower(name));
CREATE UNIQUE INDEX app_user_sso ON public.app_user USING btree (sso_issuer, sso_subject) WHERE (sso_subject IS NOT NULL);
CREATE TRIGGER app_user_keep_role BEFORE INSERT OR UPDATE OF role, role_id ON app_user FOR EACH ROW EXECUTE FUNCTION keep_role();

create table arrival_sheet (
  id bigint not null generated always as identity,
  account_id bigint not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  count integer not null,
  refused integer not null,
  entries bytea not null,
  bodies bytea,
  constraint arrival_sheet_pkey PRIMARY KEY (id)
) with (fillfactor=100);
CREATE INDEX arrival_sheet_account ON public.arrival_sheet USING btree (account_id, to_at);
CREATE INDEX arrival_sheet_refused ON public.arrival_sheet USING btree (account_id, to_at) WHERE (refused > 0);

create table attachment (
  id bigint not null generated always as identity,
  name text not null,
  type text not null,
  size_bytes bigint not null,
  path text not null,
  digest bytea not null,
  user_id bigint,
  account_id bigint,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone,
  removed_at timestamp with time zone,
  constraint attachment_pkey PRIMARY KEY (id)
);
CREATE INDEX attachment_expiry ON public.attachment USING btree (expires_at) WHERE ((expires_at IS NOT NULL) AND (removed_at IS NULL));
CREATE INDEX attachment_path ON public.attachment USING btree (path);

create table audit_entry (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  user_id bigint,
  key_id bigint,
  address text,
  action text not null,
  object text not null,
  object_id bigint,
  before jsonb,
  after jsonb,
  constraint audit_entry_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_entry_object ON public.audit_entry USING btree (object, object_id, id);
CREATE INDEX audit_entry_user ON public.audit_entry USING btree (user_id, id);
CREATE TRIGGER audit_entry_append_only BEFORE DELETE OR UPDATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table business_interval (
  id bigint not null generated always as identity,
  name text not null,
  time_zone text not null,
  always boolean not null default false,
  ranges jsonb not null default '[]'::jsonb,
  holidays jsonb not null default '[]'::jsonb,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint business_interval_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX business_interval_name ON public.business_interval USING btree (lower(name));

create table call_record (
  id bigint not null generated always as identity,
  account_id bigint not null,
  interaction_id bigint not null,
  message_id bigint,
  event text not null,
  asked_by text not null,
  key text not null,
  state text not null,
  attempt_limit integer not null,
  started_at timestamp with time zone not null,
  attempts jsonb not null,
  constraint call_record_pkey PRIMARY KEY (id),
  constraint call_record_event_check CHECK (event = ANY (ARRAY['bot'::text, 'web-request'::text, 'trigger'::text])),
  constraint call_record_state_check CHECK (state = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text, 'dead'::text])),
  constraint call_record_key_key UNIQUE (key)
);
CREATE INDEX call_record_account ON public.call_record USING btree (account_id, started_at);
CREATE INDEX call_record_interaction ON public.call_record USING btree (interaction_id);

create table channel_event (
  account_id bigint not null,
  event_id text not null,
  at timestamp with time zone not null default now(),
  constraint channel_event_pkey PRIMARY KEY (account_id, event_id)
);

create table contact (
  id bigint not null generated by default as identity,
  list_id bigint not null,
  first_name text,
  last_name text,
  tags text[] not null default '{}'::text[],
  street text,
  postal_code text,
  city text,
  country text,
  date_of_birth text,
  description text,
  phone text,
  mobile text,
  fax text,
  email text,
  url text,
  facebook text,
  twitter text,
  skype text,
  custom jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint contact_pkey PRIMARY KEY (id)
);
CREATE INDEX contact_last_name ON public.contact USING btree (lower("left"(last_name, 100)) text_pattern_ops) WHERE (last_name IS NOT NULL);
CREATE INDEX contact_list ON public.contact USING btree (list_id, id);
CREATE INDEX contact_name ON public.contact USING btree (lower((("left"(COALESCE(first_name, ''::text), 100) || ' '::text) || "left"(COALESCE(last_name, ''::text), 100))) text_pattern_ops);

create table contact_key (
  list_id bigint not null,
  field text not null,
  value text not null,
  contact_id bigint not null,
  claimed boolean not null default false,
  constraint contact_key_pkey PRIMARY KEY (list_id, field, value, contact_id)
);
CREATE INDEX contact_key_contact ON public.contact_key USING hash (contact_id);
CREATE UNIQUE INDEX contact_key_claim ON public.contact_key USING btree (list_id, field, value) WHERE claimed;

create table custom_field (
  id bigint not null generated always as identity,
  list_id bigint,
  name text not null,
  type text not null,
  required boolean not null default false,
  options text[],
  "position" integer not null default 0,
  created_at timestamp with time zone not null default now(),
  version integer not null default 1,
  link text not null default ''::text,
  constraint custom_field_pkey PRIMARY KEY (id),
  constraint custom_field_type_check CHECK (type = ANY (ARRAY['text'::text, 'select'::text, 'number'::text, 'switch'::text, 'datetime'::text, 'url'::text])),
  constraint custom_field_list_id_fkey FOREIGN KEY (list_id) REFERENCES list(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX custom_field_name ON public.custom_field USING btree (COALESCE(list_id, (0)::bigint), lower(name));

create table delivery (
  id bigint not null generated by default as identity,
  interaction_id bigint not null,
  account_id bigint not null,
  message_id bigint,
  webhook_id text not null,
  state text not null default 'pending'::text,
  attempts integer not null default 0,
  next_at timestamp with time zone not null default now(),
  last_status integer,
  last_error text,
  created_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  purpose smallint not null default 0,
  event text not null default 'reply'::text,
  payload jsonb,
  replayed_as bigint,
  constraint delivery_pkey PRIMARY KEY (id),
  constraint delivery_state_check CHECK (state = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text, 'dead'::text]))
);
CREATE INDEX delivery_account ON public.delivery USING btree (account_id, created_at, id);
CREATE INDEX delivery_message ON public.delivery USING btree (message_id);
CREATE INDEX delivery_open ON public.delivery USING btree (account_id, created_at, id) WHERE (state <> 'delivered'::text);
CREATE INDEX delivery_pending ON public.delivery USING btree (interaction_id, purpose, id) WHERE (state = 'pending'::text);
CREATE INDEX delivery_told ON public.delivery USING btree (interaction_id) WHERE (purpose <> 0);
CREATE INDEX delivery_undelivered ON public.delivery USING btree (account_id, id) WHERE ((state = ANY (ARRAY['failed'::text, 'dead'::text])) AND (replayed_as IS NULL));
CREATE CONSTRAINT TRIGGER delivery_dead AFTER UPDATE ON delivery DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.state = 'dead'::text AND old.state <> 'dead'::text) EXECUTE FUNCTION watch_dead_letter();

create table delivery_attempt (
  id bigint not null generated always as identity,
  delivery_id bigint not null,
  account_id bigint not null,
  attempt integer not null,
  started_at timestamp with time zone not null,
  duration_ms integer not null,
  status integer,
  error text,
  request_body text,
  response_body text,
  details jsonb,
  constraint delivery_attempt_pkey PRIMARY KEY (id)
);
CREATE INDEX delivery_attempt_account ON public.delivery_attempt USING btree (account_id, started_at);
CREATE INDEX delivery_attempt_delivery ON public.delivery_attempt USING btree (delivery_id, attempt);
CREATE INDEX delivery_attempt_failed ON public.delivery_attempt USING btree (account_id, started_at) WHERE (error IS NOT NULL);

create table disposition (
  id bigint not null generated always as identity,
  parent_id bigint,
  name text not null,
  level smallint not null,
  "position" integer not null default 0,
  list_id bigint,
  account_id bigint,
  queue_id bigint,
  created_at timestamp with time zone not null default now(),
  version integer not null default 1,
  constraint disposition_pkey PRIMARY KEY (id),
  constraint disposition_check CHECK ((parent_id IS NULL) = (level = 1)),
  constraint disposition_check1 CHECK (num_nonnulls(parent_id, list_id, account_id, queue_id) <= 1),
  constraint disposition_level_check CHECK (level >= 1 AND level <= 3),
  constraint disposition_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE,
  constraint disposition_list_id_fkey FOREIGN KEY (list_id) REFERENCES list(id) ON DELETE CASCADE,
  constraint disposition_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES disposition(id) ON DELETE CASCADE,
  constraint disposition_queue_id_fkey FOREIGN KEY (queue_id) REFERENCES queue(id) ON DELETE CASCADE
);
CREATE INDEX disposition_account ON public.disposition USING btree (account_id) WHERE (account_id IS NOT NULL);
CREATE INDEX disposition_list ON public.disposition USING btree (list_id) WHERE (list_id IS NOT NULL);
CREATE INDEX disposition_queue ON public.disposition USING btree (queue_id) WHERE (queue_id IS NOT NULL);
CREATE UNIQUE INDEX disposition_name ON public.disposition USING btree (COALESCE(parent_id, (0)::bigint), COALESCE(list_id, (0)::bigint), COALESCE(account_id, (0)::bigint), COALESCE(queue_id, (0)::bigint), lower(name));

create table echo (
  id bigint not null generated always as identity,
  account_id bigint not null,
  received_at timestamp with time zone not null default now(),
  headers jsonb not null,
  body text not null,
  constraint echo_pkey PRIMARY KEY (id),
  constraint echo_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE
);
CREATE INDEX echo_account ON public.echo USING btree (account_id, id);

create table endpoint (
  id bigint not null,
  account_id bigint not null,
  purpose smallint not null,
  state text not null default 'closed'::text,
  since timestamp with time zone not null default now(),
  failures integer not null default 0,
  refusals integer not null default 0,
  last_error text,
  probes integer not null default 0,
  probe_at timestamp with time zone,
  not_before timestamp with time zone,
  ramp integer not null default 0,
  probed_at timestamp with time zone[] not null default '{}'::timestamp with time zone[],
  constraint endpoint_pkey PRIMARY KEY (id),
  constraint endpoint_state_check CHECK (state = ANY (ARRAY['closed'::text, 'open'::text, 'ramping'::text]))
);
CREATE INDEX endpoint_open ON public.endpoint USING btree (probe_at) WHERE (state = 'open'::text);
CREATE INDEX endpoint_ramping ON public.endpoint USING btree (id) WHERE (state = 'ramping'::text);
CREATE TRIGGER endpoint_watched AFTER UPDATE ON endpoint FOR EACH ROW WHEN (old.state IS DISTINCT FROM new.state OR old.failures IS DISTINCT FROM new.failures OR old.refusals IS DISTINCT FROM new.refusals) EXECUTE FUNCTION watch_endpoint();

create table event (
  interaction_id bigint not null,
  seq bigint not null,
  type text not null,
  message_id bigint,
  user_id bigint,
  data jsonb,
  at timestamp with time zone not null default now(),
  constraint event_pkey PRIMARY KEY (interaction_id, seq)
);
CREATE INDEX event_at ON public.event USING brin (at) WITH (pages_per_range='16', autosummarize='on');

create table installation (
  id integer not null,
  key_fingerprint text not null,
  setup_digest bytea,
  created_at timestamp with time zone not null default now(),
  constraint installation_pkey PRIMARY KEY (id),
  constraint installation_id_check CHECK (id = 1)
);

create table interaction (
  id bigint not null generated by default as identity,
  account_id bigint not null,
  contact_id bigint not null,
  thread_id text not null default ''::text,
  state text not null default 'new'::text,
  user_id bigint,
  queue_id bigint,
  seq bigint not null default 0,
  to_address text,
  external_url text,
  subject text,
  unread integer not null default 0,
  last_message_id bigint,
  last_message_at timestamp with time zone not null default now(),
  last_message_direction text,
  last_message_preview text,
  waiting_since timestamp with time zone,
  first_reply_at timestamp with time zone,
  disposition text,
  created_at timestamp with time zone not null default now(),
  assigned_at timestamp with time zone,
  closed_at timestamp with time zone,
  closed_by bigint,
  window_until timestamp with time zone,
  human_until timestamp with time zone,
  disposition_id bigint,
  constraint interaction_pkey PRIMARY KEY (id),
  constraint interaction_state_check CHECK (state = ANY (ARRAY['new'::text, 'queued'::text, 'offered'::text, 'assigned'::text, 'closed'::text]))
) with (fillfactor=70);
CREATE INDEX interaction_account_contact ON public.interaction USING btree (account_id, contact_id);
CREATE INDEX interaction_closed ON public.interaction USING btree (account_id, closed_at, id) WHERE (closed_at IS NOT NULL);
CREATE INDEX interaction_contact ON public.interaction USING btree (contact_id, id);
CREATE INDEX interaction_created ON public.interaction USING btree (account_id, created_at, id);
CREATE INDEX interaction_disposition ON public.interaction USING btree (disposition_id) WHERE (disposition_id IS NOT NULL);
CREATE INDEX interaction_team ON public.interaction USING btree (account_id, assigned_at, id) INCLUDE (user_id) WHERE ((closed_at IS NULL) AND (user_id IS NOT NULL));
CREATE INDEX interaction_user_open ON public.interaction USING btree (user_id) WHERE ((closed_at IS NULL) AND (user_id IS NOT NULL));
CREATE INDEX interaction_waiting ON public.interaction USING btree (account_id, waiting_since, id) WHERE ((closed_at IS NULL) AND (user_id IS NULL));
CREATE UNIQUE INDEX interaction_open ON public.interaction USING btree (contact_id, account_id, thread_id) WHERE (closed_at IS NULL);

create table interaction_tag (
  interaction_id bigint not null,
  tag_id bigint not null,
  constraint interaction_tag_pkey PRIMARY KEY (interaction_id, tag_id),
  constraint interaction_tag_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES tag(id) ON DELETE CASCADE
);
CREATE INDEX interaction_tag_tag ON public.interaction_tag USING btree (tag_id);

create table lane (
  interaction_id bigint not null,
  account_id bigint not null,
  next_at timestamp with time zone,
  fence bigint not null default 0,
  purpose smallint not null default 0,
  parked_at timestamp with time zone,
  claimed boolean not null default false,
  constraint lane_pkey PRIMARY KEY (interaction_id, purpose)
) with (fillfactor=70);
CREATE INDEX lane_due ON public.lane USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE INDEX lane_endpoint ON public.lane USING btree (endpoint_id(account_id, purpose), next_at) WHERE (next_at IS NOT NULL);
CREATE INDEX lane_parked ON public.lane USING btree (endpoint_id(account_id, purpose), parked_at) WHERE (parked_at IS NOT NULL);

create table list (
  id bigint not null generated always as identity,
  name text not null,
  description text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  version integer not null default 1,
  constraint list_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX list_name ON public.list USING btree (lower(name));

create table message (
  id bigint not null generated by default as identity,
  interaction_id bigint not null,
  account_id bigint not null,
  contact_id bigint not null,
  seq bigint not null,
  direction text not null,
  secret boolean not null default false,
  body text not null,
  attachment_id bigint,
  user_id bigint,
  sent_by text,
  client_id text,
  part integer not null default 0,
  channel_id text,
  written_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  status text not null,
  status_reason text,
  next_attempt_at timestamp with time zone,
  status_at timestamp with time zone,
  marked boolean not null default false,
  edited_at timestamp with time zone,
  deleted_at timestamp with time zone,
  reactions text[],
  elsewhere boolean not null default false,
  constraint message_pkey PRIMARY KEY (id),
  constraint message_direction_check CHECK (direction = ANY (ARRAY['in'::text, 'out'::text])),
  constraint message_status_check CHECK (status = ANY (ARRAY['received'::text, 'note'::text, 'queued'::text, 'sending'::text, 'retrying'::text, 'sent'::text, 'delivered'::text, 'read'::text, 'failed'::text]))
) with (fillfactor=90);
CREATE INDEX message_at ON public.message USING brin (created_at) WITH (pages_per_range='16', autosummarize='on');
CREATE INDEX message_attachment ON public.message USING btree (attachment_id) WHERE (attachment_id IS NOT NULL);
CREATE INDEX message_channel ON public.message USING btree (account_id, channel_id, id) WHERE (channel_id IS NOT NULL);
CREATE UNIQUE INDEX message_client ON public.message USING btree (user_id, client_id, part) WHERE (client_id IS NOT NULL);
CREATE UNIQUE INDEX message_seq ON public.message USING btree (interaction_id, seq);
CREATE TRIGGER message_noted AFTER INSERT ON message REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_messages();

create table message_trigger (
  id bigint not null generated always as identity,
  name text not null,
  "position" integer not null,
  enabled boolean not null default true,
  direction text not null,
  account_ids bigint[],
  interval_id bigint,
  conditions jsonb not null default '{"all": [], "any": []}'::jsonb,
  actions jsonb not null default '[]'::jsonb,
  fired bigint not null default 0,
  last_fired_at timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint message_trigger_pkey PRIMARY KEY (id),
  constraint message_trigger_direction_check CHECK (direction = ANY (ARRAY['in'::text, 'out'::text, 'both'::text]))
);
CREATE UNIQUE INDEX message_trigger_name ON public.message_trigger USING btree (lower(name));

create table offer (
  id bigint not null generated always as identity,
  interaction_id bigint not null,
  queue_id bigint,
  user_id bigint not null,
  state text not null default 'open'::text,
  reason text,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  team_id bigint,
  takes_slot boolean not null default true,
  constraint offer_pkey PRIMARY KEY (id),
  constraint offer_state_check CHECK (state = ANY (ARRAY['open'::text, 'accepted'::text, 'declined'::text, 'timeout'::text, 'taken'::text, 'withdrawn'::text]))
);
CREATE INDEX offer_interaction ON public.offer USING btree (interaction_id, id);
CREATE INDEX offer_open_expiry ON public.offer USING btree (expires_at) WHERE (state = 'open'::text);
CREATE INDEX offer_open_user ON public.offer USING btree (user_id) WHERE (state = 'open'::text);
CREATE UNIQUE INDEX offer_open ON public.offer USING btree (interaction_id, user_id) WHERE (state = 'open'::text);

create table password_link (
  user_id bigint not null,
  digest bytea not null,
  kind text not null,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  constraint password_link_pkey PRIMARY KEY (user_id),
  constraint password_link_kind_check CHECK (kind = ANY (ARRAY['invitation'::text, 'reset'::text])),
  constraint password_link_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE,
  constraint password_link_digest_key UNIQUE (digest)
);

create table pause (
  id bigint not null generated always as identity,
  name text not null,
  key text,
  minutes integer,
  place integer not null default 0,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint pause_pkey PRIMARY KEY (id),
  constraint pause_minutes_check CHECK (minutes >= 1 AND minutes <= 1440)
);
CREATE UNIQUE INDEX pause_name ON public.pause USING btree (lower(name));

create table popup (
  id bigint not null generated always as identity,
  interaction_id bigint not null,
  trigger_id bigint not null,
  place integer not null,
  title text not null,
  body text not null,
  url text,
  created_at timestamp with time zone not null default now(),
  constraint popup_pkey PRIMARY KEY (id),
  constraint popup_interaction_id_trigger_id_place_key UNIQUE (interaction_id, trigger_id, place)
);
CREATE INDEX popup_created ON public.popup USING btree (created_at);

create table presence (
  user_id bigint not null,
  state text not null default 'offline'::text,
  reason text,
  since timestamp with time zone not null default now(),
  lease_until timestamp with time zone not null default '-infinity'::timestamp with time zone,
  by_program boolean not null default false,
  last_engaged_at timestamp with time zone,
  until timestamp with time zone,
  cause text not null default 'never'::text,
  set_by bigint,
  note text,
  missed integer not null default 0,
  away_since timestamp with time zone,
  constraint presence_pkey PRIMARY KEY (user_id),
  constraint presence_cause_check CHECK (cause = ANY (ARRAY['never'::text, 'self'::text, 'supervisor'::text, 'missed'::text, 'wrap-up'::text, 'silent'::text, 'signed-out'::text])),
  constraint presence_state_check CHECK (state = ANY (ARRAY['available'::text, 'paused'::text, 'offline'::text, 'wrap-up'::text, 'not-answering'::text])),
  constraint presence_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE TRIGGER presence_noted AFTER INSERT OR UPDATE OF state, reason, cause, away_since ON presence FOR EACH ROW EXECUTE FUNCTION note_presence();

create table presence_period (
  id bigint not null generated always as identity,
  user_id bigint not null,
  state text not null,
  reason text,
  cause text not null,
  by_user_id bigint,
  note text,
  since timestamp with time zone not null,
  until timestamp with time zone,
  constraint presence_period_pkey PRIMARY KEY (id),
  constraint presence_period_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX presence_period_user ON public.presence_period USING btree (user_id, since);
CREATE UNIQUE INDEX presence_period_open ON public.presence_period USING btree (user_id) WHERE (until IS NULL);

create table presence_rule (
  id integer not null default 1,
  pause_needs_reason boolean not null default false,
  missed_offers integer default 1,
  paused_is_absent boolean not null default false,
  absent_minutes integer default 60,
  version integer not null default 1,
  constraint presence_rule_pkey PRIMARY KEY (id),
  constraint presence_rule_absent_minutes_check CHECK (absent_minutes >= 1 AND absent_minutes <= 10080),
  constraint presence_rule_id_check CHECK (id = 1),
  constraint presence_rule_missed_offers_check CHECK (missed_offers >= 1 AND missed_offers <= 20)
);

create table queue (
  id bigint not null generated always as identity,
  name text not null,
  description text not null default ''::text,
  strategy text not null default 'rrmemory'::text,
  agent_timeout_seconds integer not null default 20,
  weight integer not null default 0,
  last_user_id bigint,
  version integer not null default 1,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  group_name text not null default ''::text,
  wrap_up_seconds integer not null default 0,
  auto_answer boolean not null default false,
  disposition_required boolean not null default false,
  constraint queue_pkey PRIMARY KEY (id),
  constraint queue_agent_timeout_seconds_check CHECK (agent_timeout_seconds >= 3 AND agent_timeout_seconds <= 3600),
  constraint queue_strategy_check CHECK (strategy = ANY (ARRAY['rrmemory'::text, 'beepall'::text, 'leastrecent'::text, 'fewestactive'::text])),
  constraint queue_weight_check CHECK (weight >= 0 AND weight <= 10),
  constraint queue_wrap_up_seconds_check CHECK (wrap_up_seconds >= 0 AND wrap_up_seconds <= 3600)
);
CREATE UNIQUE INDEX queue_name ON public.queue USING btree (lower(name));

create table queue_agent (
  queue_id bigint not null,
  user_id bigint not null,
  constraint queue_agent_pkey PRIMARY KEY (queue_id, user_id),
  constraint queue_agent_queue_id_fkey FOREIGN KEY (queue_id) REFERENCES queue(id) ON DELETE CASCADE,
  constraint queue_agent_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX queue_agent_user ON public.queue_agent USING btree (user_id);

create table queue_entry (
  interaction_id bigint not null,
  account_id bigint not null,
  queue_id bigint,
  entered_at timestamp with time zone not null default now(),
  until timestamp with time zone,
  step_id text,
  user_id bigint,
  team_id bigint,
  kind smallint not null generated always as (
CASE
    WHEN (queue_id IS NOT NULL) THEN 0
    WHEN (user_id IS NOT NULL) THEN 1
    ELSE 2
END) stored,
  target_id bigint not null generated always as (COALESCE(queue_id, user_id, team_id)) stored,
  return_to bigint,
  constraint queue_entry_pkey PRIMARY KEY (interaction_id),
  constraint queue_entry_target CHECK (num_nonnulls(queue_id, user_id, team_id) = 1),
  constraint queue_entry_queue_id_fkey FOREIGN KEY (queue_id) REFERENCES queue(id) ON DELETE CASCADE,
  constraint queue_entry_team_id_fkey FOREIGN KEY (team_id) REFERENCES team(id),
  constraint queue_entry_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX queue_entry_target ON public.queue_entry USING btree (kind, target_id, account_id, entered_at, interaction_id);
CREATE INDEX queue_entry_team ON public.queue_entry USING btree (team_id) WHERE (team_id IS NOT NULL);
CREATE INDEX queue_entry_until ON public.queue_entry USING btree (until) WHERE (until IS NOT NULL);

create table queue_skill (
  queue_id bigint not null,
  skill_id bigint not null,
  after_seconds integer not null,
  level smallint not null,
  constraint queue_skill_pkey PRIMARY KEY (queue_id, skill_id, after_seconds),
  constraint queue_skill_after_seconds_check CHECK (after_seconds >= 0 AND after_seconds <= 86400),
  constraint queue_skill_level_check CHECK (level >= 0 AND level <= 10),
  constraint queue_skill_queue_id_fkey FOREIGN KEY (queue_id) REFERENCES queue(id) ON DELETE CASCADE,
  constraint queue_skill_skill_id_fkey FOREIGN KEY (skill_id) REFERENCES skill(id)
);
CREATE INDEX queue_skill_skill ON public.queue_skill USING btree (skill_id);

create table queue_team (
  queue_id bigint not null,
  team_id bigint not null,
  constraint queue_team_pkey PRIMARY KEY (queue_id, team_id),
  constraint queue_team_queue_id_fkey FOREIGN KEY (queue_id) REFERENCES queue(id) ON DELETE CASCADE,
  constraint queue_team_team_id_fkey FOREIGN KEY (team_id) REFERENCES team(id) ON DELETE CASCADE
);
CREATE INDEX queue_team_team ON public.queue_team USING btree (team_id);

create table recovery_code (
  user_id bigint not null,
  digest bytea not null,
  constraint recovery_code_pkey PRIMARY KEY (user_id, digest),
  constraint recovery_code_user_id_fkey FOREIGN KEY (user_id) REFERENCES second_factor(user_id) ON DELETE CASCADE
);

create table relay (
  id bigint not null generated always as identity,
  url text not null,
  server_id text not null,
  key_sealed bytea not null,
  created_at timestamp with time zone not null default now(),
  constraint relay_pkey PRIMARY KEY (id),
  constraint relay_url_key UNIQUE (url)
);

create table replay (
  id bigint not null generated always as identity,
  account_id bigint not null,
  since timestamp with time zone not null,
  until_id bigint not null,
  "position" bigint not null default 0,
  per_second integer not null,
  next_at timestamp with time zone not null default now(),
  created_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  constraint replay_pkey PRIMARY KEY (id)
);
CREATE INDEX replay_due ON public.replay USING btree (next_at) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX replay_under_way ON public.replay USING btree (account_id) WHERE (ended_at IS NULL);

create table role (
  id bigint not null generated always as identity,
  name text not null,
  preset text,
  permissions text[] not null default '{}'::text[],
  may_answer boolean not null generated always as ((COALESCE((preset = 'admin'::text), false) OR (permissions @> ARRAY['openchannel'::text, 'openchannel.answer'::text]))) stored,
  sees_all boolean not null generated always as ((COALESCE((preset = 'admin'::text), false) OR (permissions @> ARRAY['openchannel'::text, 'accounts.all'::text]))) stored,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  version integer not null default 1,
  constraint role_pkey PRIMARY KEY (id),
  constraint role_preset_check CHECK (preset = ANY (ARRAY['admin'::text, 'supervisor'::text, 'agent'::text, 'integrator'::text, 'read-only'::text])),
  constraint role_preset_key UNIQUE (preset)
);
CREATE UNIQUE INDEX role_name ON public.role USING btree (lower(name));

create table route_request (
  interaction_id bigint not null,
  account_id bigint not null,
  constraint route_request_pkey PRIMARY KEY (interaction_id)
);

create table schema_migration (
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migration_pkey PRIMARY KEY (number)
);

create table second_factor (
  user_id bigint not null,
  secret_sealed bytea not null,
  confirmed_at timestamp with time zone,
  last_step bigint not null default 0,
  failures integer not null default 0,
  failures_since timestamp with time zone not null default now(),
  created_at timestamp with time zone not null default now(),
  constraint second_factor_pkey PRIMARY KEY (user_id),
  constraint second_factor_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);

create table sender_message (
  account_id bigint not null,
  sender_id text not null,
  message_id bigint not null,
  content bytea not null,
  constraint sender_message_pkey PRIMARY KEY (account_id, sender_id)
);

create table session (
  digest bytea not null,
  user_id bigint not null,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  address text,
  user_agent text,
  viewed_user_id bigint,
  viewed_until timestamp with time zone,
  id bigint not null generated always as identity,
  via text not null default 'password'::text,
  constraint session_pkey PRIMARY KEY (digest),
  constraint session_via_check CHECK (via = ANY (ARRAY['password'::text, 'second-factor'::text, 'single-sign-on'::text])),
  constraint session_viewed CHECK ((viewed_user_id IS NULL) = (viewed_until IS NULL)),
  constraint session_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE,
  constraint session_viewed_user_id_fkey FOREIGN KEY (viewed_user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX session_user_id ON public.session USING btree (user_id);
CREATE UNIQUE INDEX session_id ON public.session USING btree (id);

create table sign_in_challenge (
  digest bytea not null,
  user_id bigint not null,
  purpose text not null,
  tries integer not null default 0,
  expires_at timestamp with time zone not null,
  constraint sign_in_challenge_pkey PRIMARY KEY (digest),
  constraint sign_in_challenge_purpose_check CHECK (purpose = ANY (ARRAY['code'::text, 'set-up'::text])),
  constraint sign_in_challenge_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX sign_in_challenge_user ON public.sign_in_challenge USING btree (user_id);

create table sign_in_role (
  role_id bigint not null,
  constraint sign_in_role_pkey PRIMARY KEY (role_id),
  constraint sign_in_role_role_id_fkey FOREIGN KEY (role_id) REFERENCES role(id) ON DELETE CASCADE
);

create table sign_in_setting (
  id integer not null default 1,
  password_for text not null default 'everybody'::text,
  sso_enabled boolean not null default false,
  sso_issuer text not null default ''::text,
  sso_client_id text not null default ''::text,
  sso_secret_sealed bytea,
  sso_button text not null default ''::text,
  sso_domains text[] not null default '{}'::text[],
  sso_creates_users boolean not null default false,
  sso_role_id bigint,
  version integer not null default 1,
  updated_at timestamp with time zone not null default now(),
  constraint sign_in_setting_pkey PRIMARY KEY (id),
  constraint sign_in_setting_id_check CHECK (id = 1),
  constraint sign_in_setting_password_for_check CHECK (password_for = ANY (ARRAY['everybody'::text, 'admins'::text])),
  constraint sign_in_setting_sso_role_id_fkey FOREIGN KEY (sso_role_id) REFERENCES role(id) ON DELETE SET NULL
);

create table sign_in_team (
  team_id bigint not null,
  constraint sign_in_team_pkey PRIMARY KEY (team_id),
  constraint sign_in_team_team_id_fkey FOREIGN KEY (team_id) REFERENCES team(id) ON DELETE CASCADE
);

create table skill (
  id bigint not null generated always as identity,
  name text not null,
  created_at timestamp with time zone not null default now(),
  version integer not null default 1,
  constraint skill_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX skill_name ON public.skill USING btree (lower(name));

create table tag (
  id bigint not null generated always as identity,
  name text not null,
  color text not null default 'neutral'::text,
  created_at timestamp with time zone not null default now(),
  version integer not null default 1,
  constraint tag_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX tag_name ON public.tag USING btree (lower(name));

create table team (
  id bigint not null generated always as identity,
  name text not null,
  created_at timestamp with time zone not null default now(),
  version integer not null default 1,
  constraint team_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX team_name ON public.team USING btree (lower(name));

create table team_member (
  team_id bigint not null,
  user_id bigint not null,
  constraint team_member_pkey PRIMARY KEY (team_id, user_id),
  constraint team_member_team_id_fkey FOREIGN KEY (team_id) REFERENCES team(id) ON DELETE CASCADE,
  constraint team_member_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX team_member_user ON public.team_member USING btree (user_id);

create table trigger_request (
  message_id bigint not null,
  interaction_id bigint not null,
  attempts integer not null default 0,
  not_before timestamp with time zone not null default now(),
  constraint trigger_request_pkey PRIMARY KEY (message_id)
);

create table user_skill (
  user_id bigint not null,
  skill_id bigint not null,
  level smallint not null,
  constraint user_skill_pkey PRIMARY KEY (user_id, skill_id),
  constraint user_skill_level_check CHECK (level >= 1 AND level <= 10),
  constraint user_skill_skill_id_fkey FOREIGN KEY (skill_id) REFERENCES skill(id) ON DELETE CASCADE,
  constraint user_skill_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX user_skill_skill ON public.user_skill USING btree (skill_id);

create view account_member as
 SELECT account_agent.account_id,
    account_agent.user_id
   FROM account_agent
UNION
 SELECT t.account_id,
    m.user_id
   FROM account_team t
     JOIN team_member m USING (team_id);

create view disposition_tree as
 SELECT d.id,
    d.name,
    concat_ws(' / '::text, g.name, p.name, d.name) AS path,
    d.parent_id,
    d.level,
    d."position",
    root.list_id,
    root.account_id,
    root.queue_id,
    d.created_at,
    (ARRAY[
        CASE
            WHEN root.queue_id IS NOT NULL THEN 0
            WHEN root.account_id IS NOT NULL THEN 1
            WHEN root.list_id IS NOT NULL THEN 2
            ELSE 3
        END::bigint, COALESCE(root.queue_id, root.account_id, root.list_id, 0::bigint), root."position"::bigint, root.id] ||
        CASE
            WHEN g.id IS NOT NULL THEN ARRAY[p."position"::bigint, p.id]
            ELSE '{}'::bigint[]
        END) ||
        CASE
            WHEN d.level > 1 THEN ARRAY[d."position"::bigint, d.id]
            ELSE '{}'::bigint[]
        END AS sort,
    d.version
   FROM disposition d
     LEFT JOIN disposition p ON p.id = d.parent_id
     LEFT JOIN disposition g ON g.id = p.parent_id
     JOIN disposition root ON root.id = COALESCE(g.id, p.id, d.id);

create view interaction_log as
 SELECT event.interaction_id,
    event.seq,
    event.type,
    event.message_id,
    event.user_id,
    event.data,
    event.at
   FROM event
UNION ALL
 SELECT message.interaction_id,
    message.seq,
    'message'::text AS type,
    message.id AS message_id,
    NULL::bigint AS user_id,
    NULL::jsonb AS data,
    message.created_at AS at
   FROM message
  WHERE message.direction = 'in'::text;

create view presence_now as
 SELECT u.id AS user_id,
    jsonb_build_object('state', COALESCE(p.state, 'offline'::text), 'reason', p.reason, 'since', wire_instant(COALESCE(p.since, u.created_at)), 'until', wire_instant(p.until), 'cause', COALESCE(p.cause, 'never'::text), 'setBy',
        CASE
            WHEN s.id IS NOT NULL THEN jsonb_build_object('id', s.id, 'fullname', s.fullname)
            ELSE NULL::jsonb
        END, 'note', p.note, 'capacity', u.capacity) AS presence
   FROM app_user u
     LEFT JOIN presence p ON p.user_id = u.id
     LEFT JOIN app_user s ON s.id = p.set_by;

create view queue_member as
 SELECT queue_agent.queue_id,
    queue_agent.user_id
   FROM queue_agent
UNION
 SELECT t.queue_id,
    m.user_id
   FROM queue_team t
     JOIN team_member m USING (team_id);

CREATE OR REPLACE FUNCTION public.append_event(in_interaction_id bigint, in_type text, in_user_id bigint, in_message_id bigint, in_data jsonb)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  new_seq bigint;
  told text;
begin
  update interaction set seq = seq + 1 where id = in_interaction_id returning seq into new_seq;
  if new_seq is null then
    raise exception 'interaction % does not exist', in_interaction_id using errcode = 'no_data_found';
  end if;
  insert into event (interaction_id, seq, type, user_id, message_id, data)
    values (in_interaction_id, new_seq, in_type, in_user_id, in_message_id, in_data);
  told := case
    when in_type in ('opened', 'assigned', 'transferred', 'closed', 'reopened') then 'interaction.' || in_type
    when in_type = 'status' and in_data->>'status' in ('delivered', 'failed') then 'message.' || (in_data->>'status') end;
  if told is not null then
    perform tell_event(in_interaction_id, told, in_user_id, in_message_id, case when in_type = 'status' then in_data end);
  end if;
  return new_seq;
end $function$;

CREATE OR REPLACE FUNCTION public.begin_interaction(in_account_id bigint, in_list_id bigint, in_contact_id bigint, in_field text, in_key text, in_plain_key text, in_from text, in_thread_id text, in_reopen_minutes integer, in_user_id bigint)
 RETURNS TABLE(interaction_id bigint, contact_id bigint, begun boolean)
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.begin_runs(in_runs jsonb)
 RETURNS bigint[]
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  ids bigint[];
begin
  if jsonb_array_length(in_runs) = 0 then
    return '{}';
  end if;
  with begun as (
    insert into action_run (interaction_id, account_id, lines, vars, answered, calls)
    select r.interaction_id, r.account_id, r.lines, r.vars,
      case when before.answered <> '{}' then array(select distinct unnest(before.answered || r.answered)) else r.answered end, r.calls
    from rows from (jsonb_to_recordset(in_runs) as (interaction_id bigint, account_id bigint, lines jsonb, vars jsonb, answered text[],
        calls int)) with ordinality as r (interaction_id, account_id, lines, vars, answered, calls, nr)
    left join lateral (
      select old.answered from action_run old where old.interaction_id = r.interaction_id order by old.id desc limit 1) before on true
    order by r.nr
    returning id)
  select array_agg(id) into ids from begun;
  return ids;
end $function$;

CREATE OR REPLACE FUNCTION public.claim_attachment(in_id bigint, in_account_id bigint)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
begin
  perform from attachment where id = in_id and account_id = in_account_id and removed_at is null;
  if found then
    return true;
  end if;
  update attachment set account_id = in_account_id
    where id = in_id and removed_at is null and (expires_at is null or expires_at > now())
      and (account_id is null or account_id = in_account_id);
  return found;
end $function$;

CREATE OR REPLACE FUNCTION public.claim_lanes(in_limit integer, in_lease_ms integer, in_only bigint[], in_besides bigint[])
 RETURNS TABLE(next_due_ms double precision, parked integer, to_tend boolean, interaction_id bigint, account_id bigint, purpose smallint, fence bigint, due_at timestamp with time zone, head_id bigint, head_message_id bigint, head_event text, head_webhook_id text, head_attempts integer, head_created_at timestamp with time zone)
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
#variable_conflict use_column
declare
  oldest boolean := in_only is null and cardinality(in_besides) = 0;
begin
  -- Nobody is to be left alone, as nearly always: then the oldest are had without asking for endpoints.
  if oldest then
    return query
    with due as (
      select l.interaction_id, l.purpose, l.next_at, e.state is not distinct from 'open' as is_shut
      from lane l left join endpoint e on e.id = endpoint_id(l.account_id, l.purpose)
      where l.next_at <= now()
      order by l.next_at limit in_limit for update of l skip locked),
    changed as (
      update lane l set next_at = case when not due.is_shut then now() + in_lease_ms * interval '1 ms' end,
          parked_at = case when due.is_shut then due.next_at end, claimed = not due.is_shut, fence = l.fence + 1
      from due where l.interaction_id = due.interaction_id and l.purpose = due.purpose
      returning l.interaction_id, l.account_id, l.purpose, l.fence, due.next_at as due_at, due.is_shut)
    select n.ms, (select count(*)::int from changed where is_shut), coalesce(n.probe_at <= now(), false) or exists (select from endpoint where state = 'ramping'),
      c.interaction_id, c.account_id, c.purpose, c.fence, c.due_at, d.*
    from (
      select extract(epoch from least(l.next_at, p.probe_at) - now())::float8 * 1000 as ms, p.probe_at
      from (select min(next_at) as next_at from lane where next_at > now()) l,
           (select min(probe_at) as probe_at from endpoint where state = 'open') p) n
    left join changed c on not c.is_shut
    left join lateral (
      select id, message_id, event, webhook_id, attempts, created_at from delivery
      where interaction_id = c.interaction_id and purpose = c.purpose and state = 'pending' order by id limit 1) d on true
    order by c.due_at;
    return;
  end if;

  return query
  with recursive known (id) as (
    -- Endpoints that may not be called now can have any number of due lanes: then this goes from endpoint to endpoint, never through
    -- them (2.8 ms with 1000 endpoints, whether 0 or 100 000 lanes lie behind one that is left alone).
    (select endpoint_id(l.account_id, l.purpose) from lane l
     where in_only is null and not oldest and l.next_at is not null order by endpoint_id(l.account_id, l.purpose) limit 1)
    union all
    select (select endpoint_id(l.account_id, l.purpose) from lane l
            where l.next_at is not null and endpoint_id(l.account_id, l.purpose) > known.id
            order by endpoint_id(l.account_id, l.purpose) limit 1)
    from known where known.id is not null),
  chosen (id) as (
    select id from known where id is not null and id <> all(in_besides)
    union all
    select unnest(in_only)),
  candidate (interaction_id, purpose) as (
    (select interaction_id, purpose from lane where oldest and next_at <= now() order by next_at limit in_limit * 2)
    union all
    (select l.interaction_id, l.purpose from chosen, lateral (
       select o.interaction_id, o.purpose, o.next_at from lane o
       where endpoint_id(o.account_id, o.purpose) = chosen.id and o.next_at <= now() order by o.next_at limit in_limit * 2) l
     order by l.next_at limit in_limit * 2)),
  due as (
    select l.interaction_id, l.purpose, l.next_at, e.state is not distinct from 'open' as is_shut
    from candidate c
    join lane l on l.interaction_id = c.interaction_id and l.purpose = c.purpose
    left join endpoint e on e.id = endpoint_id(l.account_id, l.purpose)
    where l.next_at <= now()
    limit in_limit for update of l skip locked),
  shut as (
    update lane l set next_at = null, parked_at = due.next_at, claimed = false, fence = l.fence + 1
    from due where due.is_shut and l.interaction_id = due.interaction_id and l.purpose = due.purpose
    returning l.interaction_id),
  claimed as (
    update lane l set next_at = now() + in_lease_ms * interval '1 ms', claimed = true, fence = l.fence + 1
    from due where not due.is_shut and l.interaction_id = due.interaction_id and l.purpose = due.purpose
    returning l.interaction_id, l.account_id, l.purpose, l.fence, due.next_at as due_at)
  select n.ms, (select count(*)::int from shut), coalesce(n.probe_at <= now(), false) or exists (select from endpoint where state = 'ramping'),
    c.*, d.*
  from (
    select extract(epoch from least(l.next_at, p.probe_at) - now())::float8 * 1000 as ms, p.probe_at
    from (select min(next_at) as next_at from lane where next_at > now()) l,
         (select min(probe_at) as probe_at from endpoint where state = 'open') p) n
  left join claimed c on true
  left join lateral (
    select id, message_id, event, webhook_id, attempts, created_at from delivery
    where interaction_id = c.interaction_id and purpose = c.purpose and state = 'pending' order by id limit 1) d on true
  order by c.due_at;
end $function$;

CREATE OR REPLACE FUNCTION public.contact_changes(in_contact jsonb, in_plain_key text, in_rule text, in_sent jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  made_by text;
  made_as text;
  changes jsonb;
begin
  select field, value into made_by, made_as from contact_key
    where contact_id = (in_contact ->> 'id')::bigint and claimed limit 1;
  select jsonb_agg(sent) into changes
    from jsonb_array_elements(in_sent) as sent,
      lateral (select sent ->> 'field' as field, sent -> 'value' as value) as new,
      lateral (select case when field like 'cf\_%' then in_contact -> 'custom' -> substr(field, 4)
        else in_contact -> contact_column(field) end as value) as old
    where new.value <> 'null' and new.value is distinct from old.value and (
      in_rule = 'overwrite'
      or coalesce(old.value, 'null') in ('null', '""', '[]')
      or field in ('firstName', 'phone') and field is distinct from made_by
        and normalize(btrim(old.value #>> '{}')) in (in_plain_key, made_as)
      or field in ('firstName', 'phone') and made_by = 'email' and lower(btrim(old.value #>> '{}')) = made_as);
  return changes;
end $function$;

CREATE OR REPLACE FUNCTION public.contact_column(in_field text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when in_field like 'cf\_%' then 'custom' else lower(regexp_replace(in_field, '([A-Z])', '_\1', 'g')) end
$function$;

CREATE OR REPLACE FUNCTION public.endpoint_id(in_account_id bigint, in_purpose smallint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN ((in_account_id * 4) + in_purpose);

CREATE OR REPLACE FUNCTION public.fill_contact(in_id bigint, in_plain_key text, in_rule text, in_sent jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.free_stray_lanes()
 RETURNS integer
 LANGUAGE sql
AS $function$
  with recursive known (id) as (
    (select endpoint_id(account_id, purpose) from lane where parked_at is not null order by endpoint_id(account_id, purpose) limit 1)
    union all
    select (
      select endpoint_id(l.account_id, l.purpose) from lane l
      where l.parked_at is not null and endpoint_id(l.account_id, l.purpose) > known.id
      order by endpoint_id(l.account_id, l.purpose) limit 1)
    from known where known.id is not null
  ), freed as (
    update lane l set next_at = l.parked_at, parked_at = null
    from known
    where endpoint_id(l.account_id, l.purpose) = known.id and l.parked_at is not null
      and not exists (select from endpoint e where e.id = known.id and e.state in ('open', 'ramping'))
    returning 1)
  select count(*)::int from freed
$function$;

CREATE OR REPLACE FUNCTION public.interaction_of(in_account_id bigint, in_contact_id bigint, in_thread_id text)
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$
  select id from interaction
  where contact_id = in_contact_id and account_id + 0 = in_account_id and thread_id = in_thread_id
  order by closed_at is null desc, id desc limit 1
$function$;

CREATE OR REPLACE FUNCTION public.keep_role()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.role_id is null or tg_op = 'UPDATE' and new.role_id = old.role_id and new.role <> old.role then
    new.role_id := (select id from role where preset = new.role);
  else
    new.role := coalesce((select preset from role where id = new.role_id and preset in ('admin', 'supervisor')), 'agent');
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.keep_runs(in_runs jsonb)
 RETURNS bigint[]
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  r record;
  run bigint;
  ids bigint[] := '{}';
begin
  for r in
    select * from jsonb_to_recordset(in_runs) as r (run_id bigint, interaction_id bigint, account_id bigint, lines jsonb, vars jsonb,
      answered text[], calls int)
  loop
    if r.run_id is null then
      insert into action_run (interaction_id, account_id, lines, vars, answered, calls)
        values (r.interaction_id, r.account_id, r.lines, r.vars, r.answered, r.calls)
        returning id into run;
    else
      run := r.run_id;
      update action_run set vars = r.vars, answered = r.answered, calls = r.calls, updated_at = now(),
          lines = case when jsonb_array_length(lines) < 500 then lines || r.lines else lines end
        where id = run;
    end if;
    ids := ids || run;
  end loop;
  return ids;
end $function$;

CREATE OR REPLACE FUNCTION public.make_contact(in_list_id bigint, in_field text, in_key text, in_plain_key text, in_from text, in_sent jsonb)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  made contact;
  fields jsonb;
  custom jsonb;
begin
  made.id := nextval('contact_id_seq');
  insert into contact_key (list_id, field, value, contact_id, claimed) values (in_list_id, in_field, in_key, made.id, true)
    on conflict (list_id, field, value) where claimed do nothing;
  if not found then
    return null;
  end if;
  fields := jsonb_build_object('first_name', in_from, 'phone', in_from);
  if in_sent is not null then
    select fields || coalesce(jsonb_object_agg(contact_column(sent.field), sent.value) filter (where sent.field not like 'cf\_%'), '{}'),
        jsonb_object_agg(substr(sent.field, 4), sent.value) filter (where sent.field like 'cf\_%')
      into fields, custom
      from jsonb_to_recordset(in_sent) as sent(field text, value jsonb);
    insert into contact_key (list_id, field, value, contact_id)
      select in_list_id, sent.field, key, made.id
      from jsonb_to_recordset(in_sent) as sent(field text, keys text[]), unnest(sent.keys) as key
      on conflict do nothing;
  end if;
  if in_field like 'cf\_%' then
    custom := coalesce(custom, '{}') || jsonb_build_object(substr(in_field, 4), in_from);
  else
    fields := fields || jsonb_build_object(contact_column(in_field),
      case in_field when 'tags' then jsonb_build_array(in_from) else to_jsonb(in_from) end);
  end if;
  insert into contact_key (list_id, field, value, contact_id)
    select in_list_id, field, in_plain_key, made.id from unnest(array['firstName', 'phone']) as field
    where fields ->> contact_column(field) = in_from
    on conflict do nothing;

  made.list_id := in_list_id;
  made.tags := '{}';
  made.custom := coalesce(custom, '{}');
  made.created_at := now();
  made.updated_at := now();
  made := jsonb_populate_record(made, fields);
  insert into contact values (made.*);
  return made.id;
end $function$;

CREATE OR REPLACE FUNCTION public.message_of(in_account_id bigint, in_channel_id text)
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(
    (select message_id from sender_message where account_id = in_account_id and sender_id = in_channel_id),
    (select id from message where account_id = in_account_id and channel_id = in_channel_id order by id desc limit 1))
$function$;

CREATE OR REPLACE FUNCTION public.note_messages()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from message_trigger where enabled) then
    insert into trigger_request (message_id, interaction_id)
      select id, interaction_id from added
      where not secret and exists (
        select from message_trigger t
        where t.enabled and t.direction in ('both', added.direction)
          and (t.account_ids is null or added.account_id = any (t.account_ids)));
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.note_outcomes(in_account_id bigint, in_purpose smallint, in_failures integer, in_refusals integer, in_taken integer, in_error text, in_retry_after_ms bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  e endpoint;
  is_answered boolean := in_refusals + in_taken > 0;
  opens boolean;
begin
  insert into endpoint (id, account_id, purpose) values (endpoint_id(in_account_id, in_purpose), in_account_id, in_purpose)
    on conflict do nothing;
  select * into e from endpoint where id = endpoint_id(in_account_id, in_purpose) for update;
  e.failures := case when is_answered then 0 else e.failures + in_failures end;
  e.refusals := case when in_taken > 0 then 0 else e.refusals + in_refusals end;
  e.last_error := coalesce(in_error, e.last_error);
  if is_answered then
    e.not_before := null;
  elsif in_retry_after_ms > 0 then
    e.not_before := greatest(e.not_before, now() + least(in_retry_after_ms, 14400000) * interval '1 ms');
  end if;
  opens := e.state <> 'open' and e.failures >= 5;
  if opens then
    if e.state = 'closed' then
      e.probes := 0;
    end if;
    e.state := 'open';
    e.since := now();
    e.probed_at := '{}';
    e.probe_at := now() + probe_delay(e.probes);
  elsif e.state = 'open' and is_answered then
    e.state := 'ramping';
    e.since := now();
    e.ramp := 8;
  elsif e.state = 'ramping' and in_failures > 0 then
    e.ramp := greatest(e.ramp / 2, 2);
  end if;
  e.probe_at := case when e.state = 'open' then greatest(e.probe_at, e.not_before) end;
  update endpoint set state = e.state, since = e.since, failures = e.failures, refusals = e.refusals, last_error = e.last_error,
      probes = e.probes, probe_at = e.probe_at, not_before = e.not_before, ramp = e.ramp, probed_at = e.probed_at
    where id = e.id;
  if e.state = 'open' and in_failures > 0 then
    perform park_lanes(e.id, 1000);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.note_presence()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  is_away boolean := new.away_since is not null;
  at timestamptz := case when is_away then least(greatest(new.lease_until, new.since), now()) else now() end;
  current presence_period;
  next presence_period;
begin
  next.state := case when is_away then 'offline' else new.state end;
  next.cause := case when is_away and new.state <> 'offline' then 'silent' else new.cause end;
  if not is_away then
    next.reason := new.reason;
    next.by_user_id := new.set_by;
    next.note := new.note;
  end if;
  select * into current from presence_period where user_id = new.user_id and until is null;
  if found then
    if (current.state, current.reason, current.cause, current.by_user_id, current.note)
        is not distinct from (next.state, next.reason, next.cause, next.by_user_id, next.note) then
      return null;
    end if;
    update presence_period set until = greatest(at, since) where id = current.id;
  end if;
  insert into presence_period (user_id, state, reason, cause, by_user_id, note, since)
    values (new.user_id, next.state, next.reason, next.cause, next.by_user_id, next.note, greatest(at, current.since));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.outgoing(in_message_ids bigint[])
 RETURNS TABLE(message_id bigint, status text, body text, account_id bigint, interaction_id bigint, to_address text, thread_id text, external_url text, subject text, created_at timestamp with time zone, contact jsonb, custom_field_ids bigint[], user_id bigint, user_name text, user_fullname text, file_id bigint, file_name text, file_type text, file_size_bytes bigint, file_gone boolean)
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
#variable_conflict use_column
begin
  return query
  select m.id, m.status, m.body, m.account_id, i.id, i.to_address, i.thread_id, i.external_url, i.subject, i.created_at, to_jsonb(c),
    array(select f.id from custom_field f where f.list_id is null or f.list_id = c.list_id order by f.id),
    u.id, u.name, u.fullname, a.id, a.name, a.type, a.size_bytes, a.removed_at is not null or a.expires_at <= now()
  from message m
  join interaction i on i.id = m.interaction_id
  join contact c on c.id = m.contact_id
  left join app_user u on u.id = m.user_id
  left join attachment a on a.id = m.attachment_id
  where m.id = any(in_message_ids);
end $function$;

CREATE OR REPLACE FUNCTION public.park_lanes(in_endpoint_id bigint, in_limit integer)
 RETURNS void
 LANGUAGE sql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
AS $function$
  update lane set parked_at = least(next_at, now()), next_at = null, claimed = false
  where (interaction_id, purpose) in (
    select interaction_id, purpose from lane
    where endpoint_id(account_id, purpose) = in_endpoint_id and (next_at <= now() or next_at is not null and not claimed)
    order by next_at limit in_limit for update skip locked)
$function$;

CREATE OR REPLACE FUNCTION public.probe_delay(in_probes integer)
 RETURNS interval
 LANGUAGE sql
RETURN ((LEAST(((2)::double precision ^ (LEAST(in_probes, 10))::double precision), (25)::double precision) * ((0.8)::double precision + ((0.2)::double precision * random()))) * '00:00:01'::interval);

CREATE OR REPLACE FUNCTION public.put_in_lane(in_interaction_id bigint, in_account_id bigint, in_purpose smallint DEFAULT 0)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into lane (interaction_id, account_id, purpose, next_at) values (in_interaction_id, in_account_id, in_purpose, now())
  on conflict (interaction_id, purpose) do update set next_at = now() where lane.next_at is null and lane.parked_at is null
$function$;

CREATE OR REPLACE FUNCTION public.raise_alarm(in_account_id bigint, in_purpose smallint, in_reason text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  new_id bigint;
begin
  if in_purpose = 2 or not exists (select from account where id = in_account_id and deleted_at is null) then
    return;
  end if;
  insert into alarm (account_id, purpose, reason) values (in_account_id, in_purpose, in_reason)
    on conflict (account_id, purpose) where ended_at is null do nothing returning id into new_id;
  if new_id is not null then
    perform tell_alarm(new_id, 'alarm.opened');
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.readdress_endpoint(in_account_id bigint, in_purpose smallint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into endpoint (id, account_id, purpose, state, ramp)
    values (endpoint_id(in_account_id, in_purpose), in_account_id, in_purpose, 'ramping', 8)
    on conflict (id) do update set state = 'ramping', since = now(), failures = 0, refusals = 0, last_error = null, probes = 0,
      probe_at = null, not_before = null, ramp = 8;
  perform park_lanes(endpoint_id(in_account_id, in_purpose), 2147483647);
end $function$;

CREATE OR REPLACE FUNCTION public.receive(in_account bigint[], in_list bigint[], in_field text[], in_key text[], in_plain_key text[], in_from text[], in_sent text[], in_rule text[], in_thread text[], in_to text[], in_url text[], in_reopen_minutes integer[], in_has_actions boolean[], in_body text[], in_attachment bigint[], in_written_at timestamp with time zone[], in_marked boolean[], in_sender text[], in_content bytea[], in_may_be_first boolean)
 RETURNS TABLE(outcomes text[], messages bigint[], interactions bigint[], contacts bigint[], contents bytea[], to_route boolean, is_first boolean, is_begun boolean)
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
#variable_conflict use_column
declare
  amount int := cardinality(in_account);
  seqs bigint[];
  claims bigint[];
  filled boolean[];
  row_number int;
  groups int := 0;
  group_number int;
  group_rows int[];
  group_contacts bigint[] := '{}';
  group_accounts bigint[] := '{}';
  group_threads text[] := '{}';
  group_tos text[] := '{}';
  group_urls text[] := '{}';
  group_sizes int[] := '{}';
  group_lasts int[] := '{}';
  group_ids bigint[];
  group_seqs bigint[];
  missing int[] := '{}';
  made_ones int := 0;
  places int[];
  routed bigint[] := '{}';
  routed_accounts bigint[] := '{}';
  place int := 0;
  opened bigint[] := '{}';
  found_id bigint;
  found_contact bigint;
  found_seq bigint;
  is_waiting boolean;
  found_message bigint;
  found_content bytea;
begin
  to_route := false;
  messages := array(select nextval('message_id_seq') from generate_series(1, amount));
  interactions := array_fill(null::bigint, array[amount]);
  seqs := interactions;
  contacts := interactions;

  if in_sender is not null or in_attachment is not null then
    outcomes := array_fill('stored'::text, array[amount]);
  end if;
  if in_sender is not null then
    contents := array_fill(null::bytea, array[amount]);
    with claimed as (
      insert into sender_message (account_id, sender_id, message_id, content)
        select account, sender, message, content
        from unnest(in_account, in_sender, messages, in_content) with ordinality as u(account, sender, message, content, nr)
        where sender is not null order by account, sender, nr
        on conflict do nothing
        returning message_id)
    select array_agg(message_id) into claims from claimed;
    if coalesce(cardinality(claims), 0) < (select count(sender) from unnest(in_sender) as sender) then
      foreach row_number in array array(select nr from unnest(messages, in_sender) with ordinality as u(message, sender, nr)
        where sender is not null and message = any (claims) is not true order by nr)
      loop
        select message_id, content into found_message, found_content from sender_message
          where account_id = in_account[row_number] and sender_id = in_sender[row_number];
        outcomes[row_number] := 'duplicate';
        messages[row_number] := found_message;
        contents[row_number] := found_content;
      end loop;
    end if;
  end if;

  if in_attachment is not null then
    for row_number in
      select nr from unnest(in_attachment, outcomes) with ordinality as u(attachment, outcome, nr)
      where attachment is not null and outcome = 'stored' order by attachment, nr
    loop
      if not claim_attachment(in_attachment[row_number], in_account[row_number]) then
        outcomes[row_number] := 'no-file';
        delete from sender_message where account_id = in_account[row_number] and sender_id = in_sender[row_number];
      end if;
    end loop;
  end if;

  -- A contact that is renamed changes its interactions, so first what is said of those that are known.
  if in_sent is not null then
    filled := array_fill(false, array[amount]);
    for row_number, found_contact in
      select u.nr, k.contact_id
      from unnest(in_list, in_field, in_key, outcomes, in_sent, in_rule) with ordinality as u(list, field, key, outcome, sent, rule, nr)
      cross join lateral (select contact_id from contact_key where list_id = u.list and field = u.field and value = u.key
        order by contact_id limit 1) k
      where u.sent is not null and u.rule <> 'never' and coalesce(u.outcome, 'stored') = 'stored' order by k.contact_id, u.nr
    loop
      perform fill_contact(found_contact, in_plain_key[row_number], in_rule[row_number], in_sent[row_number]::jsonb);
      filled[row_number] := true;
    end loop;
  end if;

  -- Nearly always a contact is known, his interaction open, and this his only message of the batch. Found and changed in the order of
  -- contacts, as by every batch of every node; of several rows of one interaction the first is taken. A row that somebody else has
  -- changed since it was found is not where it was, so it is left to what follows, which meets the open interaction. `account_id + 0`
  -- keeps the planner from an index over all of an account's interactions; a condition that an index of open ones has, where the row is
  -- changed, would let a plan made while nothing was stored read all of that index.
  for row_number, found_id, found_contact, found_seq, is_waiting in
    update interaction i
      set seq = i.seq + 1, unread = i.unread + 1, to_address = coalesce(u.to_address, i.to_address),
        external_url = coalesce(u.url, i.external_url), last_message_id = u.message, last_message_at = now(),
        last_message_direction = 'in', last_message_preview = case when u.body <> '' then left(u.body, 200)
          else (select name from attachment where id = u.attachment) end
      from (
        select u.*, k.contact_id as contact,
          (select i.ctid from interaction i
            where i.contact_id = k.contact_id and i.account_id + 0 = u.account and i.thread_id = u.thread and i.closed_at is null) as tid
        from unnest(in_list, in_field, in_key, in_account, in_thread, in_to, in_url, messages, in_body, in_attachment, outcomes)
          with ordinality as u(list, field, key, account, thread, to_address, url, message, body, attachment, outcome, nr)
        cross join lateral (select contact_id from contact_key where list_id = u.list and field = u.field and value = u.key
          order by contact_id limit 1) k
        where coalesce(u.outcome, 'stored') = 'stored'
        order by contact, account, thread, nr) u
      where i.ctid = u.tid and i.contact_id + 0 = u.contact and i.state <> 'closed'
      returning u.nr, i.id, i.contact_id, i.seq, i.state = 'new'
  loop
    interactions[row_number] := found_id;
    contacts[row_number] := found_contact;
    seqs[row_number] := found_seq;
    -- One that is `new` was never routed, or its actions came to their end; then the customer's next message starts them anew.
    if is_waiting and in_has_actions[row_number] then
      routed := routed || found_id;
      routed_accounts := routed_accounts || in_account[row_number];
    end if;
  end loop;

  if array_position(seqs, null) is not null then
    for row_number in 1 .. amount loop
      if seqs[row_number] is null and coalesce(outcomes[row_number], 'stored') = 'stored' then
        missing := missing || row_number;
      end if;
    end loop;
    -- Whoever is new mostly says nothing but his name, in a field of every contact: then all are made at once. Rows are sorted by what they
    -- claim. Somebody may come twice in a batch, by the same field or by two: what his first row made is found by the others.
    if in_sent is null and cardinality(missing) > 0 then
      for row_number, found_contact, found_id in
        with wanted as materialized (
          select nr, in_list[nr] as list, in_field[nr] as field, in_key[nr] as key, in_plain_key[nr] as plain_key, in_from[nr] as name,
            nextval('contact_id_seq') as id, nextval('interaction_id_seq') as interaction_id
          from unnest(missing) as nr
          where in_field[nr] = in_field[missing[1]] and in_field[nr] not like 'cf\_%' and in_field[nr] <> 'tags' and not exists (
            select from contact_key where list_id = in_list[nr] and field = in_field[nr] and value = in_key[nr])
        ), claimed as (
          insert into contact_key (list_id, field, value, contact_id, claimed)
          select list, field, key, id, true from wanted
          on conflict (list_id, field, value) where claimed do nothing
          returning contact_id
        ), made as materialized (
          select w.* from wanted w where exists (select from claimed c where c.contact_id = w.id)
        ), plain as (
          insert into contact_key (list_id, field, value, contact_id)
          select m.list, f.field, m.plain_key, m.id
          from made m cross join unnest(array['firstName', 'phone']) as f (field)
          where f.field <> m.field or m.plain_key <> m.key
        ), kept as (
          insert into contact (id, list_id, first_name, phone, last_name, street, postal_code, city, country, date_of_birth, description,
              mobile, fax, email, url, facebook, twitter, skype)
          select id, list, name, name, case field when 'lastName' then name end, case field when 'street' then name end,
            case field when 'postalCode' then name end, case field when 'city' then name end, case field when 'country' then name end,
            case field when 'dateOfBirth' then name end, case field when 'description' then name end,
            case field when 'mobile' then name end, case field when 'fax' then name end, case field when 'email' then name end,
            case field when 'url' then name end, case field when 'facebook' then name end, case field when 'twitter' then name end,
            case field when 'skype' then name end
          from made
        ), begun as (
          -- A new one has two events at once, `opened` and its first message.
          insert into interaction (id, account_id, contact_id, thread_id, seq, unread, waiting_since, to_address, external_url,
              last_message_id, last_message_direction, last_message_preview)
          select interaction_id, in_account[nr], id, in_thread[nr], 2, 1, now(), in_to[nr], in_url[nr], messages[nr], 'in',
            case when in_body[nr] <> '' then left(in_body[nr], 200)
              else (select name from attachment where id = in_attachment[nr]) end
          from made
        ), told as (
          insert into event (interaction_id, seq, type) select interaction_id, 1, 'opened' from made)
        select nr, id, interaction_id from made
      loop
        interactions[row_number] := found_id;
        contacts[row_number] := found_contact;
        seqs[row_number] := 2;
        made_ones := made_ones + 1;
        if in_has_actions[row_number] then
          routed := routed || found_id;
          routed_accounts := routed_accounts || in_account[row_number];
        end if;
      end loop;
      if made_ones = cardinality(missing) then
        missing := '{}';
      else
        missing := array(select nr from unnest(missing) as nr where seqs[nr] is null order by nr);
      end if;
    end if;
  end if;

  -- What else there is: contacts that say more of themselves when they come, known ones without an open interaction, further messages of
  -- somebody in the same batch, and those whom another transaction was faster to change.
  if cardinality(missing) > 0 then
    foreach row_number in array missing loop
      loop
        select contact_id into found_contact from contact_key
          where list_id = in_list[row_number] and field = in_field[row_number] and value = in_key[row_number]
          order by contact_id limit 1;
        if found then
          if in_sent[row_number] is not null and not filled[row_number] and in_rule[row_number] <> 'never' then
            perform fill_contact(found_contact, in_plain_key[row_number], in_rule[row_number], in_sent[row_number]::jsonb);
          end if;
          exit;
        end if;
        found_contact := make_contact(in_list[row_number], in_field[row_number], in_key[row_number], in_plain_key[row_number],
          in_from[row_number], in_sent[row_number]::jsonb);
        exit when found_contact is not null;
      end loop;
      contacts[row_number] := found_contact;
    end loop;

    places := array_fill(null::int, array[amount]);
    group_rows := places;
    -- Rows of one interaction form a group, in the order in which they came.
    foreach row_number in array array(
      select nr from unnest(missing) as nr order by contacts[nr], in_account[nr], in_thread[nr], nr)
    loop
      if contacts[row_number] = group_contacts[groups] and in_account[row_number] = group_accounts[groups]
        and in_thread[row_number] = group_threads[groups]
      then
        group_sizes[groups] := group_sizes[groups] + 1;
        group_tos[groups] := coalesce(in_to[row_number], group_tos[groups]);
        group_urls[groups] := coalesce(in_url[row_number], group_urls[groups]);
      else
        groups := groups + 1;
        group_contacts[groups] := contacts[row_number];
        group_accounts[groups] := in_account[row_number];
        group_threads[groups] := in_thread[row_number];
        group_tos[groups] := in_to[row_number];
        group_urls[groups] := in_url[row_number];
        group_sizes[groups] := 1;
      end if;
      group_lasts[groups] := row_number;
      group_rows[row_number] := groups;
      places[row_number] := group_sizes[groups];
    end loop;
    group_ids := array_fill(null::bigint, array[groups]);
    group_seqs := group_ids;
    for group_number in 1 .. groups loop
      row_number := group_lasts[group_number];
      group_ids[group_number] := nextval('interaction_id_seq');
      if in_reopen_minutes[row_number] > 0 then
        perform reopen_interaction(in_account[row_number], contacts[row_number], in_thread[row_number],
          in_reopen_minutes[row_number]);
      end if;
    end loop;
    -- Rows come back in the order in which they went in. One that is open, or was just reopened, is changed.
    for found_id, found_seq, is_waiting in
      insert into interaction (id, account_id, contact_id, thread_id, seq, unread, waiting_since, to_address, external_url,
          last_message_id, last_message_direction, last_message_preview)
        select group_ids[nr], group_accounts[nr], group_contacts[nr], group_threads[nr], 1 + group_sizes[nr],
          group_sizes[nr], now(), group_tos[nr], group_urls[nr], messages[group_lasts[nr]], 'in',
          case when in_body[group_lasts[nr]] <> '' then left(in_body[group_lasts[nr]], 200)
            else (select name from attachment where id = in_attachment[group_lasts[nr]]) end
        from generate_series(1, groups) as nr
        order by nr
      on conflict (contact_id, account_id, thread_id) where closed_at is null do update
        set seq = interaction.seq + excluded.seq - 1, unread = interaction.unread + excluded.unread,
          to_address = coalesce(excluded.to_address, interaction.to_address),
          external_url = coalesce(excluded.external_url, interaction.external_url), last_message_id = excluded.last_message_id,
          last_message_at = now(), last_message_direction = 'in', last_message_preview = excluded.last_message_preview
      returning id, seq, state = 'new'
    loop
      place := place + 1;
      if found_id = group_ids[place] then
        opened := opened || found_id;
      end if;
      group_ids[place] := found_id;
      group_seqs[place] := found_seq;
      if is_waiting and in_has_actions[group_lasts[place]] then
        routed := routed || found_id;
        routed_accounts := routed_accounts || group_accounts[place];
      end if;
    end loop;
    insert into event (interaction_id, seq, type) select id, 1, 'opened' from unnest(opened) as id;
    foreach row_number in array missing loop
      group_number := group_rows[row_number];
      interactions[row_number] := group_ids[group_number];
      seqs[row_number] := group_seqs[group_number] - group_sizes[group_number] + places[row_number];
    end loop;
  end if;

  if cardinality(routed) > 0 then
    insert into route_request (interaction_id, account_id)
      select interaction, account from unnest(routed, routed_accounts) as u (interaction, account) on conflict do nothing;
    to_route := true;
  end if;

  insert into message (id, interaction_id, account_id, contact_id, seq, direction, body, attachment_id, written_at, status, marked)
    select message, interaction, account, contact, seq, 'in', body, attachment, written_at, 'received', marked
    from unnest(messages, interactions, in_account, contacts, seqs, in_body, in_attachment, in_written_at, in_marked)
      as u(message, interaction, account, contact, seq, body, attachment, written_at, marked)
    where seq is not null;

  if outcomes is null or 'stored' = all (outcomes) then
    outcomes := null;
    contents := null;
  else
    for row_number in 1 .. amount loop
      continue when outcomes[row_number] <> 'duplicate';
      select interaction_id, contact_id into found_id, found_contact from message where id = messages[row_number];
      interactions[row_number] := found_id;
      contacts[row_number] := found_contact;
      -- A copy in the same batch of a message whose file is missing.
      if not found then
        outcomes[row_number] := 'no-file';
      end if;
    end loop;
  end if;

  -- What the page that connects an account waits for. Whoever else is at it will have written the same.
  is_first := false;
  is_begun := true;
  if in_may_be_first then
    update account set first_message_at = now()
      where id in (select id from account where id = any (in_account) and first_message_at is null for update skip locked);
    is_first := found;
    is_begun := not exists (select from account where id = any (in_account) and first_message_at is null);
  end if;
  return next;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $function$;

CREATE OR REPLACE FUNCTION public.release_lanes(in_interaction_ids bigint[], in_purposes smallint[], in_fences bigint[], in_due_at timestamp with time zone[])
 RETURNS void
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  r record;
begin
  for r in
    select * from unnest(in_interaction_ids, in_purposes, in_fences, in_due_at) as x (interaction_id, purpose, fence, due_at) order by 1, 2
  loop
    perform from lane where interaction_id = r.interaction_id and purpose = r.purpose and fence = r.fence for update;
    continue when not found;
    -- A statement of its own: it must see what was committed before the lock was had.
    update lane set claimed = false, next_at = case
        when exists (select from delivery where interaction_id = r.interaction_id and purpose = r.purpose and state = 'pending')
        then r.due_at end
      where interaction_id = r.interaction_id and purpose = r.purpose;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.reopen_interaction(in_account_id bigint, in_contact_id bigint, in_thread_id text, in_within_minutes integer)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  last_id bigint;
begin
  select id into last_id from interaction
    where contact_id = in_contact_id and account_id + 0 = in_account_id and thread_id = in_thread_id
      and closed_at > now() - make_interval(mins => in_within_minutes)
    order by closed_at desc limit 1;
  if last_id is null then
    return;
  end if;
  update interaction
    set state = 'new', closed_at = null, closed_by = null, disposition = null, disposition_id = null, user_id = null, queue_id = null,
      assigned_at = null, waiting_since = now()
    where id = last_id and closed_at is not null;
  if found then
    perform append_event(last_id, 'reopened', null, null, null);
  end if;
exception when unique_violation then
  null;
end $function$;

CREATE OR REPLACE FUNCTION public.replay_delivery(in_delivery_id bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  old delivery;
  new_id bigint;
begin
  select * into strict old from delivery where id = in_delivery_id;
  perform from interaction where id = old.interaction_id for no key update;
  if exists (select from delivery where interaction_id = old.interaction_id and purpose = old.purpose and webhook_id = old.webhook_id
             and state = 'pending') then
    return null;
  end if;
  insert into delivery (interaction_id, account_id, purpose, event, message_id, webhook_id, payload)
    values (old.interaction_id, old.account_id, old.purpose, old.event, old.message_id, old.webhook_id, old.payload) returning id into new_id;
  update delivery set replayed_as = new_id where id = in_delivery_id;
  perform put_in_lane(old.interaction_id, old.account_id, old.purpose);
  return new_id;
end $function$;

CREATE OR REPLACE FUNCTION public.replay_some()
 RETURNS integer
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  job replay;
  old record;
  reached bigint;
  found_some int;
  is_held boolean;
  made int := 0;
begin
  for job in select * from replay where ended_at is null and next_at <= now() order by next_at limit 1 for update skip locked loop
    reached := job.position;
    found_some := 0;
    is_held := false;
    for old in
      select id, interaction_id from delivery
      where account_id = job.account_id and state in ('failed', 'dead') and replayed_as is null and id > job.position
        and id <= job.until_id and ended_at >= job.since
      order by id limit job.per_second
    loop
      perform from interaction where id = old.interaction_id for no key update skip locked;
      if not found and exists (select from interaction where id = old.interaction_id) then
        is_held := true;
        exit;
      end if;
      if replay_delivery(old.id) is not null then
        made := made + 1;
      end if;
      reached := old.id;
      found_some := found_some + 1;
    end loop;
    update replay set position = reached,
        next_at = case when is_held then now() + interval '50 ms' else now() + interval '1 second' end,
        ended_at = case when not is_held and found_some < job.per_second then now() end
      where id = job.id;
  end loop;
  return made;
end $function$;

CREATE OR REPLACE FUNCTION public.reply_to_many(in_sends json)
 RETURNS TABLE(place integer, outcome text, newest bigint, account bigint, contact bigint, messages json)
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  held bigint[];
  places int[];
  seqs bigint[];
  accounts bigint[];
  contacts bigint[];
  written json[];
  r record;
begin
  select array_agg(h.id) into held from (
    select i.id from interaction i
    where i.id = any (array(select (s->>'interaction_id')::bigint from json_array_elements(in_sends) s))
    order by i.id for no key update skip locked) h;

  -- A statement of its own: its snapshot is younger than the locks.
  with send as materialized (
    select x.*, count(*) over (partition by x.interaction_id) as beside,
      case when x.client_id is not null then count(*) over (partition by x.user_id, x.client_id) end as copies
    from json_to_recordset(in_sends) as x (
      place int, interaction_id bigint, viewer_id bigint, account_id bigint, contact_id bigint, user_id bigint, secret boolean,
      bodies text[], attachment_ids bigint[], client_id text, seen_seq bigint, sent_by text, must_be_taken boolean)),
  plain as materialized (
    select s.place, s.user_id, s.client_id, s.sent_by, s.bodies[1] as body, i.id as interaction_id, i.account_id, i.contact_id,
      i.seq + 1 as seq, nextval('message_id_seq') as message_id
    from send s
    join interaction i on i.id = s.interaction_id
    join account a on a.id = i.account_id
    where s.beside = 1 and s.interaction_id = any (held)
      and not s.secret and cardinality(s.bodies) = 1 and s.attachment_ids[1] is null
      and (s.viewer_id is null or exists (
        select from account_member m where m.account_id = i.account_id and m.user_id = s.viewer_id))
      and coalesce(s.account_id = i.account_id, true) and coalesce(s.contact_id = i.contact_id, true)
      and i.closed_at is null and a.reply_url <> '' and a.deleted_at is null
      and (s.client_id is null or s.copies = 1 and not exists (
        select from message m where m.user_id = s.user_id and m.client_id = s.client_id))
      and not (coalesce(s.seen_seq < i.seq, false) and exists (
        select from message m where m.interaction_id = i.id and m.seq > s.seen_seq and m.direction = 'in'))
      and not coalesce(i.window_until <= now() and coalesce(i.human_until, i.window_until) <= now(), false)
      and not (s.must_be_taken and i.user_id is null)),
  told as (
    insert into event (interaction_id, seq, type, user_id, message_id)
      select p.interaction_id, p.seq, 'message', p.user_id, p.message_id from plain p),
  owed as (
    insert into delivery (interaction_id, account_id, message_id, webhook_id)
      select p.interaction_id, p.account_id, p.message_id, 'msg_' || replace(gen_random_uuid()::text, '-', '') from plain p),
  due as (
    insert into lane as l (interaction_id, account_id, purpose, next_at)
      select p.interaction_id, p.account_id, 0, now() from plain p
      on conflict (interaction_id, purpose) do update set next_at = now() where l.next_at is null and l.parked_at is null),
  moved as (
    update interaction i set
        seq = p.seq, last_message_id = p.message_id, last_message_at = now(), last_message_direction = 'out',
        last_message_preview = left(p.body, 200), unread = 0,
        first_reply_at = case when p.user_id is null then i.first_reply_at else coalesce(i.first_reply_at, now()) end
      from plain p where i.id = p.interaction_id),
  kept as (
    insert into message as m (id, interaction_id, account_id, contact_id, seq, direction, body, user_id, sent_by, client_id, status)
      select p.message_id, p.interaction_id, p.account_id, p.contact_id, p.seq, 'out', p.body, p.user_id, p.sent_by, p.client_id, 'queued'
      from plain p
      returning m.id, to_json(m) as message)
  select array_agg(p.place), array_agg(p.seq), array_agg(p.account_id), array_agg(p.contact_id), array_agg(json_build_array(k.message))
    into places, seqs, accounts, contacts, written
    from plain p join kept k on k.id = p.message_id;

  return query
  select u.place, 'sent', u.newest, u.account, u.contact, u.message
  from unnest(places, seqs, accounts, contacts, written) as u (place, newest, account, contact, message);
  if cardinality(places) = json_array_length(in_sends) then
    return;
  end if;

  for r in
    select * from json_to_recordset(in_sends) as x (
      place int, interaction_id bigint, viewer_id bigint, account_id bigint, contact_id bigint, user_id bigint, secret boolean,
      bodies text[], attachment_ids bigint[], client_id text, seen_seq bigint, sent_by text, must_be_taken boolean)
    where x.place <> all (coalesce(places, '{}'))
    order by x.interaction_id, x.place
  loop
    place := r.place; outcome := 'busy'; newest := null; account := null; contact := null; messages := null;
    if r.interaction_id = any (held) then
      select * into outcome, newest, account, contact, messages
        from reply(r.interaction_id, r.viewer_id, r.account_id, r.contact_id, r.user_id, r.secret, r.bodies, r.attachment_ids,
                   r.client_id, r.seen_seq, r.sent_by, r.must_be_taken);
    end if;
    return next;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.reply(in_interaction_id bigint, in_viewer_id bigint, in_account_id bigint, in_contact_id bigint, in_user_id bigint, in_secret boolean, in_bodies text[], in_attachment_ids bigint[], in_client_id text, in_seen_seq bigint, in_sent_by text, in_must_be_taken boolean)
 RETURNS TABLE(outcome text, newest bigint, account bigint, contact bigint, messages json)
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.routing_outlook(OUT is_due boolean, OUT has_agents boolean, OUT due_ms double precision)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  next_offer timestamptz := (select min(expires_at) from offer where state = 'open');
  next_step timestamptz := (select min(until) from queue_entry where until is not null);
  next_skill timestamptz;
begin
  if exists (select from queue_skill) then
    select min(e.entered_at + make_interval(secs => step.after_seconds)) into next_skill
    from (select distinct queue_id, after_seconds from queue_skill where after_seconds > 0) step
    cross join lateral (
      select min(oldest.entered_at) as entered_at
      from account a cross join lateral (
        select entered_at from queue_entry
        where kind = 0 and target_id = step.queue_id and account_id = a.id and entered_at > now() - make_interval(secs => step.after_seconds)
        order by entered_at limit 1) oldest) e;
  end if;
  is_due := next_offer is not null or next_step <= now();
  is_due := coalesce(is_due, false);
  has_agents := exists (select from presence where state = 'available' and lease_until > now());
  due_ms := extract(epoch from least(next_offer, next_step, next_skill) - clock_timestamp()) * 1000;
end $function$;

CREATE OR REPLACE FUNCTION public.settle_deliveries(in_rows json, in_lease_ms integer, in_wait boolean)
 RETURNS TABLE(place integer, outcome text, head_id bigint, head_message_id bigint, head_event text, head_webhook_id text, head_attempts integer, head_created_at timestamp with time zone)
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
#variable_conflict use_column
declare
  held bigint[];
  plain_places int[];
  heads bigint[];
  rest json;
begin
  select array_agg(h.id) into held from (
    select i.id
    from json_to_recordset(in_rows) as x (interaction_id bigint, purpose smallint, fence bigint, state text)
    join interaction i on i.id = x.interaction_id
    join lane l on l.interaction_id = x.interaction_id and l.purpose = x.purpose and l.fence = x.fence
    where x.purpose = 0 and x.state = 'delivered'
    for no key update of i skip locked for update of l skip locked) h;

  -- A statement of its own: its snapshot is younger than the locks.
  with given as materialized (
    select x.*, count(*) over (partition by x.interaction_id, x.purpose) as beside
    from json_to_recordset(in_rows) as x (
      place int, interaction_id bigint, account_id bigint, purpose smallint, delivery_id bigint, message_id bigint,
      message_status text, attempt int, state text, status int, reason text, channel_id text, started_at timestamptz,
      duration_ms int, request_body text, response_body text, details jsonb)),
  plain as materialized (
    select g.*, i.seq + 1 as seq, m.channel_id as known_as,
      (select n.id from delivery n
       where n.interaction_id = g.interaction_id and n.purpose = 0 and n.state = 'pending' and n.id <> g.delivery_id
       order by n.id + 0 limit 1) as next_id
    from given g
    join interaction i on i.id = g.interaction_id
    join message m on m.id = g.message_id and m.status = g.message_status and m.status in ('queued', 'sending', 'retrying', 'failed')
    left join endpoint e on e.id = endpoint_id(g.account_id, g.purpose)
    where g.beside = 1 and g.purpose = 0 and g.state = 'delivered' and g.started_at is not null and g.interaction_id = any (held)
      and (select d.state from delivery d where d.id = g.delivery_id) = 'pending'
      and (e.id is null or e.state = 'closed' and e.failures = 0 and e.refusals = 0)),
  tried as (
    insert into delivery_attempt (
        delivery_id, account_id, attempt, started_at, duration_ms, status, error, request_body, response_body, details)
      select p.delivery_id, p.account_id, p.attempt, p.started_at, p.duration_ms, p.status, p.reason, p.request_body, p.response_body,
        p.details
      from plain p),
  ended as (
    update delivery d set state = 'delivered', attempts = p.attempt, last_status = p.status, last_error = p.reason, next_at = now(),
        ended_at = now()
      from plain p where d.id = p.delivery_id),
  marked as (
    update message m set status = 'sent', status_reason = p.reason, status_at = now(), channel_id = coalesce(p.channel_id, p.known_as),
        next_attempt_at = null
      from plain p where m.id = p.message_id),
  moved as (
    update interaction i set seq = p.seq from plain p where i.id = p.interaction_id),
  told as (
    insert into event (interaction_id, seq, type, message_id, data)
      select p.interaction_id, p.seq, 'status', p.message_id,
        jsonb_build_object('status', 'sent', 'reason', p.reason, 'nextAttemptAt', null)
      from plain p),
  let_go as (
    update lane l set claimed = p.next_id is not null, parked_at = null,
        next_at = case when p.next_id is not null then now() + in_lease_ms * interval '1 ms' end
      from plain p where l.interaction_id = p.interaction_id and l.purpose = 0)
  select array_agg(p.place), array_agg(p.next_id) into plain_places, heads from plain p;

  return query
  select u.place, 'settled', d.id, d.message_id, d.event, d.webhook_id, d.attempts, d.created_at
  from unnest(plain_places, heads) as u (place, next_id) left join delivery d on d.id = u.next_id;
  if cardinality(plain_places) = json_array_length(in_rows) then
    return;
  end if;
  rest := (
    select json_agg(x) from json_array_elements(in_rows) x where (x->>'place')::int <> all (coalesce(plain_places, '{}')));
  return query select * from settle_one_by_one(rest, in_lease_ms, in_wait);
end $function$;

CREATE OR REPLACE FUNCTION public.settle_one_by_one(in_rows json, in_lease_ms integer, in_wait boolean)
 RETURNS TABLE(place integer, outcome text, head_id bigint, head_message_id bigint, head_event text, head_webhook_id text, head_attempts integer, head_created_at timestamp with time zone)
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  r record;
  e record;
  moved text;
  due_at timestamptz;
  reached int;
  sort text;
  noted jsonb := '[]';
begin
  for r in
    select * from json_to_recordset(in_rows) as x (
      place int, interaction_id bigint, account_id bigint, purpose smallint, fence bigint, delivery_id bigint, message_id bigint,
      message_status text, attempt int, state text, delay_ms bigint, retry_after_ms bigint, status int, reason text, channel_id text,
      started_at timestamptz, duration_ms int, request_body text, response_body text, details jsonb)
    order by x.interaction_id, x.purpose
  loop
    place := r.place; head_id := null; head_message_id := null; head_event := null; head_webhook_id := null; head_attempts := null;
    head_created_at := null;
    -- Only answers move a message's status.
    if r.purpose = 0 and in_wait then
      perform from interaction where id = r.interaction_id for no key update;
    elsif r.purpose = 0 then
      perform from interaction where id = r.interaction_id for no key update skip locked;
      if not found then
        outcome := 'busy'; return next; continue;
      end if;
    elsif not in_wait then
      perform from lane where interaction_id = r.interaction_id and purpose = r.purpose for update skip locked;
      if not found then
        outcome := 'busy'; return next; continue;
      end if;
    end if;

    perform from lane where interaction_id = r.interaction_id and purpose = r.purpose and fence = r.fence for update;
    outcome := case when found then 'settled' else 'lost' end;
    if r.started_at is not null then
      insert into delivery_attempt (delivery_id, account_id, attempt, started_at, duration_ms, status, error, request_body,
                                    response_body, details)
        values (r.delivery_id, r.account_id, r.attempt, r.started_at, r.duration_ms, r.status,
                case when outcome = 'settled' then r.reason else 'Finished after another worker had taken over.' end,
                r.request_body, r.response_body, r.details);
    end if;
    if outcome = 'lost' then
      return next; continue;
    end if;

    select state, failures, refusals, probe_at into e from endpoint where id = endpoint_id(r.account_id, r.purpose);
    update delivery set state = r.state, attempts = r.attempt, last_status = r.status, last_error = r.reason,
        next_at = now() + r.delay_ms * interval '1 ms', ended_at = case when r.state <> 'pending' then now() end
      where id = r.delivery_id and state = 'pending'
      returning case state when 'delivered' then 'sent' when 'pending' then 'retrying' else 'failed' end, next_at
      into moved, due_at;
    if not found then
      -- This outcome was written before and its answer got lost on the way: whatever followed stands.
      outcome := 'lost'; return next; continue;
    end if;
    if e.state = 'open' then
      -- When the endpoint is back, not at a time.
      due_at := null;
    end if;
    if r.message_id is not null then
      update message set status = moved, status_reason = r.reason, status_at = now(), channel_id = coalesce(r.channel_id, channel_id),
          next_attempt_at = case when moved = 'retrying' then due_at end
        where id = r.message_id and status = r.message_status and status in ('queued', 'sending', 'retrying', 'failed');
      get diagnostics reached = row_count;
      if reached > 0 then
        perform append_event(r.interaction_id, 'status', null, r.message_id, jsonb_build_object(
          'status', moved, 'reason', r.reason, 'nextAttemptAt',
          case when moved = 'retrying' then to_char(due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end));
      elsif r.channel_id is not null then
        update message set channel_id = r.channel_id where id = r.message_id;
      end if;
    end if;

    if r.state <> 'pending' then
      select d.id, d.message_id, d.event, d.webhook_id, d.attempts, d.created_at
        into head_id, head_message_id, head_event, head_webhook_id, head_attempts, head_created_at
        from delivery d where d.interaction_id = r.interaction_id and d.purpose = r.purpose and d.state = 'pending'
        order by d.id limit 1;
    end if;
    update lane set claimed = head_id is not null,
        parked_at = case when r.state = 'pending' and e.state = 'open' then now() end,
        next_at = case
          when r.state = 'pending' then due_at
          when head_id is not null then now() + in_lease_ms * interval '1 ms' end
      where interaction_id = r.interaction_id and purpose = r.purpose;
    return next;

    if r.started_at is not null then
      sort := case when r.state in ('pending', 'dead') then 'failure' when r.status in (401, 403, 404, 410) then 'refusal' else 'taken' end;
      -- An endpoint in good order has nothing to note.
      if sort <> 'taken' or e.state <> 'closed' or e.failures > 0 or e.refusals > 0 then
        noted := noted || jsonb_build_object('account_id', r.account_id, 'purpose', r.purpose, 'sort', sort, 'reason', r.reason,
                                             'retry_after_ms', r.retry_after_ms);
      end if;
    end if;
  end loop;

  for r in
    select account_id, purpose, count(*) filter (where n.sort = 'failure')::int as failures,
      count(*) filter (where n.sort = 'refusal')::int as refusals, count(*) filter (where n.sort = 'taken')::int as taken,
      max(reason) as reason, max(retry_after_ms) as retry_after_ms
    from jsonb_to_recordset(noted) as n (account_id bigint, purpose smallint, sort text, reason text, retry_after_ms bigint)
    group by account_id, purpose order by endpoint_id(account_id, purpose)
  loop
    perform note_outcomes(r.account_id, r.purpose, r.failures, r.refusals, r.taken, r.reason, r.retry_after_ms);
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.status_rank(in_status text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case in_status when 'sent' then 1 when 'failed' then 2 when 'delivered' then 3 when 'read' then 4 else 0 end
$function$;

CREATE OR REPLACE FUNCTION public.take_channel_event(in_account_id bigint, in_event_id text, in_type text, in_message_ref text, in_contact_id bigint, in_thread_id text, in_detail jsonb, in_attachment_id bigint)
 RETURNS TABLE(outcome text, message_id bigint, interaction_id bigint)
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.take_receipt(in_account_id bigint, in_id bigint, in_channel_id text, in_status text, in_reason text)
 RETURNS TABLE(outcome text, message_id bigint, interaction_id bigint, status text)
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.take_requests(in_limit integer, OUT settled bigint[], OUT opened bigint[], OUT accounts bigint[], OUT calls bigint[], OUT is_left boolean)
 RETURNS record
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  wanted bigint[];
begin
  wanted := array(select r.interaction_id from route_request r order by r.interaction_id limit in_limit for update skip locked);
  select coalesce(array_agg(held.id), '{}'), coalesce(array_agg(held.id) filter (where held.state = 'new'), '{}'),
      coalesce(array_agg(held.account_id) filter (where held.state = 'new'), '{}')
    into settled, opened, accounts
    from (select i.id, i.account_id, i.state from interaction i where i.id = any (wanted) order by i.id for no key update skip locked) held;
  is_left := cardinality(settled) < cardinality(wanted) or cardinality(wanted) = in_limit;
  delete from route_request r where r.interaction_id = any (settled);
  -- A statement of its own: it must see what was committed before the locks were had.
  calls := array(select c.interaction_id from action_call c where c.interaction_id = any (opened));
end $function$;

CREATE OR REPLACE FUNCTION public.take_steps(in_interactions bigint[], in_types text[], in_texts text[], in_data jsonb[], in_queues bigint[], in_users bigint[], in_steps text[], in_timeouts integer[])
 RETURNS void
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  told record;
begin
  if cardinality(in_interactions) = 0 then
    return;
  end if;
  with given as materialized (
    select g.*,
      row_number() over (partition by g.interaction_id order by g.nr) as place,
      case when g.type = 'message' then nextval('message_id_seq') end as message_id
    from unnest(in_interactions, in_types, in_texts, in_data, in_queues, in_users, in_steps, in_timeouts)
      with ordinality as g (interaction_id, type, text, data, queue_id, user_id, step_id, timeout, nr)
  ), newest as (
    select interaction_id, count(*) as steps, max(message_id) as message_id,
      bool_or(type = 'queued') as is_queued, max(queue_id) as queue_id,
      (array_agg(text order by nr desc) filter (where message_id is not null))[1] as text
    from given group by interaction_id
  ), moved as (
    update interaction i set
      seq = i.seq + newest.steps,
      last_message_id = coalesce(newest.message_id, i.last_message_id),
      last_message_at = case when newest.message_id is null then i.last_message_at else now() end,
      last_message_direction = case when newest.message_id is null then i.last_message_direction else 'out' end,
      last_message_preview = case when newest.message_id is null then i.last_message_preview else left(newest.text, 200) end,
      state = case when newest.is_queued then 'queued' else i.state end,
      user_id = case when not newest.is_queued then i.user_id end,
      queue_id = case when newest.is_queued then newest.queue_id else i.queue_id end,
      assigned_at = case when not newest.is_queued then i.assigned_at end,
      waiting_since = case when newest.is_queued then coalesce(i.waiting_since, now()) else i.waiting_since end
    from newest
    where i.id = newest.interaction_id
    returning i.id, i.account_id, i.contact_id, i.seq - newest.steps as before
  ), steps as materialized (
    select given.*, moved.account_id, moved.contact_id, moved.before + given.place as seq
    from given join moved on moved.id = given.interaction_id
  ), events as (
    insert into event (interaction_id, seq, type, message_id, data)
    select interaction_id, seq, type, message_id, case when type <> 'message' then data end from steps order by nr
  ), messages as (
    insert into message (id, interaction_id, account_id, contact_id, seq, direction, secret, body, part, status)
    select message_id, interaction_id, account_id, contact_id, seq, 'out', false, text, 0, 'queued'
    from steps where message_id is not null order by nr
  ), deliveries as (
    insert into delivery (interaction_id, account_id, message_id, webhook_id)
    select interaction_id, account_id, message_id, 'msg_' || replace(gen_random_uuid()::text, '-', '')
    from steps where message_id is not null order by nr
  ), entries as (
    insert into queue_entry (interaction_id, account_id, queue_id, user_id, step_id, until)
    select interaction_id, account_id, queue_id, user_id, step_id, now() + make_interval(secs => timeout)
    from steps where type = 'queued' order by nr
    on conflict (interaction_id) do update set
      queue_id = excluded.queue_id, user_id = excluded.user_id, team_id = null, entered_at = excluded.entered_at,
      step_id = excluded.step_id, until = excluded.until, return_to = null
  )
  insert into lane (interaction_id, account_id, purpose, next_at, parked_at)
  select l.interaction_id, l.account_id, 0, case when not l.is_shut then now() end, case when l.is_shut then now() end
  from (
    select s.interaction_id, s.account_id, exists (
      select from endpoint e where e.id = endpoint_id(s.account_id, 0::smallint) and e.state = 'open') as is_shut
    from (select interaction_id, min(account_id) as account_id from steps where message_id is not null group by interaction_id) s) l
  order by l.interaction_id
  on conflict (interaction_id, purpose) do update set next_at = excluded.next_at, parked_at = excluded.parked_at
    where lane.next_at is null and lane.parked_at is null;

  -- As `append_event` does.
  for told in
    select g.interaction_id, g.type from unnest(in_interactions, in_types) as g (interaction_id, type)
    where g.type in ('opened', 'assigned', 'transferred', 'closed', 'reopened')
  loop
    perform tell_event(told.interaction_id, 'interaction.' || told.type, null, null, null);
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.tell_alarm(in_alarm_id bigint, in_event text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  told record;
begin
  select m.*, a.uid, a.name, a.alarm_url into told from alarm m join account a on a.id = m.account_id where m.id = in_alarm_id;
  if told.alarm_url = '' then
    return;
  end if;
  insert into delivery (interaction_id, account_id, purpose, event, webhook_id, payload)
    values (-told.account_id, told.account_id, 2, in_event, 'alm_' || replace(gen_random_uuid()::text, '-', ''), jsonb_build_object(
      'type', in_event, 'timestamp', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'data', jsonb_build_object(
        'id', told.id, 'OpenchannelAccountId', told.account_id, 'OpenchannelAccountUid', told.uid, 'account', told.name,
        'about', case told.purpose when 0 then 'answers' else 'events' end, 'reason', told.reason,
        'since', to_char(told.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))));
  perform put_in_lane(-told.account_id, told.account_id, 2::smallint);
end $function$;

CREATE OR REPLACE FUNCTION public.tell_event(in_interaction_id bigint, in_event text, in_user_id bigint, in_message_id bigint, in_data jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  target record;
  told jsonb;
begin
  select i.*, a.uid into target from interaction i join account a on a.id = i.account_id
    where i.id = in_interaction_id and in_event = any(a.events) and a.deleted_at is null;
  if not found then
    return false;
  end if;
  told := jsonb_build_object(
    'OpenchannelAccountId', target.account_id, 'OpenchannelAccountUid', target.uid, 'OpenchannelInteractionId', target.id,
    'ContactId', target.contact_id, 'UserId', in_user_id,
    'Interaction', jsonb_build_object(
      'id', target.id, 'to', target.to_address, 'threadId', nullif(target.thread_id, ''), 'externalUrl', target.external_url,
      'subject', target.subject, 'createdAt', to_char(target.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'closed', target.closed_at is not null, 'UserId', target.user_id, 'queueId', target.queue_id, 'disposition', target.disposition));
  if in_message_id is not null then
    told := told || (
      select jsonb_build_object('message', jsonb_build_object(
        'id', m.id, 'channelId', m.channel_id, 'direction', m.direction, 'body', m.body, 'AttachmentId', m.attachment_id,
        'createdAt', to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
      from message m where m.id = in_message_id);
  end if;
  if in_data ? 'reason' then
    told := told || jsonb_build_object('reason', in_data->>'reason');
  end if;
  insert into delivery (interaction_id, account_id, purpose, event, webhook_id, payload)
    values (in_interaction_id, target.account_id, 1, in_event, 'evt_' || replace(gen_random_uuid()::text, '-', ''), jsonb_build_object(
      'type', in_event, 'timestamp', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', told));
  perform put_in_lane(in_interaction_id, target.account_id, 1::smallint);
  return true;
end $function$;

CREATE OR REPLACE FUNCTION public.tell_received(in_messages bigint[], in_interactions bigint[], in_outcomes text[])
 RETURNS boolean
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  r record;
  told boolean := false;
begin
  for r in
    select m.id, m.interaction_id, m.seq, a.events
    from unnest(in_messages, in_outcomes) as u (id, outcome)
    join message m on m.id = u.id
    join account a on a.id = m.account_id
    where coalesce(u.outcome, 'stored') = 'stored' and a.events && array['interaction.opened', 'message.received']
    order by m.interaction_id, m.seq
  loop
    -- A message that opens an interaction comes right behind `opened`.
    if r.seq = 2 and exists (select from event e where e.interaction_id = r.interaction_id and e.seq = 1 and e.type = 'opened') then
      told := tell_event(r.interaction_id, 'interaction.opened', null, null, null) or told;
    end if;
    told := tell_event(r.interaction_id, 'message.received', null, r.id, null) or told;
  end loop;
  return told;
end $function$;

CREATE OR REPLACE FUNCTION public.tend_endpoints(in_limit integer, in_lease_ms integer, in_give_up_attempts integer, in_give_up_age_ms bigint)
 RETURNS TABLE(over_until timestamp with time zone, interaction_id bigint, account_id bigint, purpose smallint, fence bigint, due_at timestamp with time zone, head_id bigint, head_message_id bigint, head_event text, head_webhook_id text, head_attempts integer, head_created_at timestamp with time zone)
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
#variable_conflict use_column
declare
  e endpoint;
  ready int;
  given_up timestamptz;
begin
  for e in
    select * from endpoint where state = 'open' and probe_at <= now() order by probe_at limit in_limit for update skip locked
  loop
    if not exists (select from lane l where endpoint_id(l.account_id, l.purpose) = e.id and l.parked_at is not null) then
      if exists (select from lane l where endpoint_id(l.account_id, l.purpose) = e.id and l.next_at is not null and l.claimed) then
        -- All that waited there are under way: what comes of them decides.
        update endpoint set probe_at = now() + interval '1 second' where id = e.id;
      else
        -- Nobody asks for it: the next attempt decides.
        update endpoint set state = 'closed', since = now(), failures = 4, probe_at = null where id = e.id;
      end if;
      continue;
    end if;
    given_up := e.probed_at[cardinality(e.probed_at)] - in_give_up_age_ms * interval '1 ms';
    given_up := case when cardinality(e.probed_at) >= in_give_up_attempts and e.since <= given_up
      then least(e.probed_at[1], given_up) end;
    update endpoint set probes = e.probes + 1, probe_at = now() + probe_delay(e.probes + 1),
        probed_at = (e.probed_at || now())[greatest(cardinality(e.probed_at) + 2 - in_give_up_attempts, 1):]
      where id = e.id;
    return query
    with over as (
      select l.interaction_id, l.purpose, l.parked_at, given_up as over_until
      from (select o.interaction_id, o.purpose from lane o
            where given_up is not null and endpoint_id(o.account_id, o.purpose) = e.id and o.parked_at is not null
            order by o.parked_at limit 500) o
      join lane l on l.interaction_id = o.interaction_id and l.purpose = o.purpose
      where l.parked_at is not null
        and (select d.created_at from delivery d where d.interaction_id = l.interaction_id and d.purpose = l.purpose
             and d.state = 'pending' order by d.id limit 1) <= given_up
      for update of l skip locked),
    chosen as (
      select l.interaction_id, l.purpose, l.parked_at, null::timestamptz as over_until from lane l
      where endpoint_id(l.account_id, l.purpose) = e.id and l.parked_at is not null
        and l.interaction_id not in (select o.interaction_id from over o)
      order by l.parked_at limit 1 for update skip locked),
    claimed as (
      update lane l set next_at = now() + in_lease_ms * interval '1 ms', parked_at = null, claimed = true, fence = l.fence + 1
      from (select * from chosen union all select * from over) c where l.interaction_id = c.interaction_id and l.purpose = c.purpose
      returning c.over_until, l.interaction_id, l.account_id, l.purpose, l.fence, c.parked_at)
    select c.*, d.*
    from claimed c
    left join lateral (
      select id, message_id, event, webhook_id, attempts, created_at from delivery
      where interaction_id = c.interaction_id and purpose = c.purpose and state = 'pending' order by id limit 1) d on true;
  end loop;

  for e in select * from endpoint where state = 'ramping' order by id for update skip locked loop
    select count(*) into ready from (
      select from lane l where endpoint_id(l.account_id, l.purpose) = e.id and l.next_at <= now() limit e.ramp) due;
    continue when ready >= e.ramp;
    update lane l set next_at = l.parked_at, parked_at = null
      where (l.interaction_id, l.purpose) in (
        select o.interaction_id, o.purpose from lane o
        where endpoint_id(o.account_id, o.purpose) = e.id and o.parked_at is not null
        order by o.parked_at limit e.ramp - ready for update skip locked);
    if found then
      update endpoint set ramp = least(e.ramp * 2, 2048) where id = e.id;
    elsif not exists (select from lane l where endpoint_id(l.account_id, l.purpose) = e.id and l.parked_at is not null) then
      update endpoint set state = 'closed', since = now(), failures = 0, probes = 0 where id = e.id;
    end if;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.waiting_for(in_agents bigint[], in_slots integer[], in_ringable bigint[], in_alone integer, in_limit integer, in_first boolean)
 RETURNS TABLE(interaction_id bigint, strategy text, weight integer, queue_id bigint, user_id bigint, team_id bigint, entered_at bigint, timeout_seconds double precision, last_user_id bigint, candidates bigint[], past json, pool bigint, pool_limit integer)
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
#variable_conflict use_column
begin
  return query
  with recursive target as materialized (
    select kind, target_id, array_agg(user_id order by user_id) as user_ids
    from (
      select 0 as kind, queue_id as target_id, user_id from queue_agent where user_id = any (in_agents)
      union
      select 0, t.queue_id, m.user_id from team_member m join queue_team t on t.team_id = m.team_id where m.user_id = any (in_agents)
      union all
      select 1, id, id from unnest(in_agents) as agent (id)
      union all
      select 2, team_id, user_id from team_member where user_id = any (in_ringable)
    ) member
    group by kind, target_id
  ),
  hop as (
    select target.kind, target.target_id, target.user_ids, first.account_id
    from target cross join lateral (
      select e.account_id from queue_entry e where e.kind = target.kind and e.target_id = target.target_id order by e.account_id limit 1) first
    union all
    select hop.kind, hop.target_id, hop.user_ids, next.account_id
    from hop cross join lateral (
      select e.account_id from queue_entry e
      where e.kind = hop.kind and e.target_id = hop.target_id and e.account_id > hop.account_id order by e.account_id limit 1) next
  ),
  patience as materialized (
    select queue_id, after_seconds, lead(after_seconds) over (partition by queue_id order by after_seconds) as until_seconds
    from (select distinct queue_id, after_seconds from queue_skill) step
  ),
  chosen as (
    select hop.kind, hop.target_id, hop.account_id, hop.user_ids, q.id as queue_id, patience.after_seconds, patience.until_seconds,
      case hop.kind when 0 then q.strategy when 1 then 'rrmemory' else 'beepall' end as strategy,
      case hop.kind when 0 then q.weight when 1 then 11 else 0 end as weight,
      case hop.kind when 0 then q.agent_timeout_seconds when 1 then 60 else 20 end as timeout_seconds,
      q.last_user_id
    from hop
    left join queue q on hop.kind = 0 and q.id = hop.target_id
    left join patience on patience.queue_id = q.id
  ),
  pool as materialized (
    select chosen.*, suiting.user_ids as suiting_ids, row_number() over () as nr,
      case when in_first and chosen.strategy <> 'beepall' then least(in_limit, suiting.slots) else in_limit end as pool_limit
    from chosen cross join lateral (
      select array_agg(u.id order by u.id) as user_ids, sum(in_slots[array_position(in_agents, u.id)])::int as slots
      from unnest(chosen.user_ids) as member (id) join app_user u on u.id = member.id
      where (chosen.strategy <> 'beepall' or u.id = any (in_ringable))
        and (exists (select from role r where r.id = u.role_id and r.sees_all)
          or exists (select from account_agent m where m.account_id = chosen.account_id and m.user_id = u.id)
          or exists (select from team_member m join account_team t on t.team_id = m.team_id
            where m.user_id = u.id and t.account_id = chosen.account_id))
        -- Every level that the queue asks for in this step of its patience.
        and (chosen.after_seconds is null or not exists (
          select from queue_skill s
          where s.queue_id = chosen.queue_id and s.after_seconds = (
              select max(after_seconds) from queue_skill
              where queue_id = chosen.queue_id and skill_id = s.skill_id and after_seconds <= chosen.after_seconds)
            and s.level > coalesce((select level from user_skill where user_id = u.id and skill_id = s.skill_id), 0)))
    ) suiting
    where suiting.user_ids is not null
  ),
  ready as materialized (
    select pool.*, e.interaction_id, e.entered_at, e.until
    from pool cross join lateral (
      select e.interaction_id, e.entered_at, e.until
      from queue_entry e
      where e.kind = pool.kind and e.target_id = pool.target_id and e.account_id = pool.account_id
        and coalesce(e.until > now(), true)
        and e.entered_at <= case when pool.after_seconds > 0 then now() - make_interval(secs => pool.after_seconds) else 'infinity' end
        and e.entered_at > coalesce(now() - make_interval(secs => pool.until_seconds), '-infinity')
        and (pool.strategy = 'beepall' or not exists (
          select from offer o where o.interaction_id = e.interaction_id and o.created_at >= e.entered_at and o.state = 'open'))
        and exists (
          select from unnest(pool.suiting_ids) as candidate (user_id) where not exists (
            select from offer o
            where o.interaction_id = e.interaction_id and o.created_at >= e.entered_at and o.user_id = candidate.user_id and (
              o.state = 'open' or o.state = 'declined' and o.ended_at > now() - make_interval(secs => in_alone)
              or o.state in ('timeout', 'declined') and exists (
                select from offer o
                where o.interaction_id = e.interaction_id and o.created_at >= e.entered_at and o.state = 'open'))))
      order by e.entered_at, e.interaction_id
      limit pool.pool_limit
    ) e
    order by pool.weight desc, e.entered_at, e.interaction_id
    limit in_limit
  )
  select ready.interaction_id, ready.strategy, ready.weight::int, case kind when 0 then target_id end, case kind when 1 then target_id end,
    case kind when 2 then target_id end, (extract(epoch from ready.entered_at) * 1000000)::bigint,
    case when kind = 1 and until is not null then extract(epoch from until - now())::float8 else ready.timeout_seconds::float8 end,
    ready.last_user_id, ready.suiting_ids, asked.past, ready.nr, ready.pool_limit
  from ready cross join lateral (
    select coalesce(json_agg(json_build_object('userId', newest.user_id, 'past', newest.past, 'endedAt', newest.ended_at)), '[]') as past
    from (
      select distinct on (o.user_id) o.user_id, coalesce(extract(epoch from o.ended_at), 0) as ended_at,
        case when o.state = 'declined' and o.ended_at > now() - make_interval(secs => in_alone) then 'alone' else o.state end as past
      from offer o
      where o.interaction_id = ready.interaction_id and o.created_at >= ready.entered_at and o.state in ('open', 'timeout', 'declined')
      order by o.user_id, o.id desc
    ) newest) asked;
end $function$;

CREATE OR REPLACE FUNCTION public.watch_dead_letter()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.purpose < 2 then
    perform raise_alarm(new.account_id, new.purpose, format('A delivery was given up. %s', new.last_error));
    -- So that the next one that is taken is noted, and ends it.
    update endpoint set failures = 1 where id = endpoint_id(new.account_id, new.purpose) and state = 'closed' and failures = 0;
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.watch_endpoint()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  ended_id bigint;
  after_failures int;
begin
  if new.state = 'closed' and new.failures = 0 and new.refusals = 0 then
    update alarm set ended_at = now() where account_id = new.account_id and purpose = new.purpose and ended_at is null
      returning id into ended_id;
    if ended_id is not null then
      perform tell_alarm(ended_id, 'alarm.ended');
    end if;
    return null;
  end if;
  if new.state = 'open' and old.state <> 'open' then
    perform raise_alarm(new.account_id, new.purpose, format('%s attempts in a row failed. %s', new.failures, new.last_error));
    return null;
  end if;
  select alarm_after_failures into after_failures from account where id = new.account_id;
  if new.failures >= after_failures and new.failures > old.failures then
    perform raise_alarm(new.account_id, new.purpose, format('%s attempts in a row failed. %s', new.failures, new.last_error));
  elsif new.refusals >= after_failures and new.refusals > old.refusals then
    perform raise_alarm(new.account_id, new.purpose, format('%s deliveries in a row were refused. %s', new.refusals, new.last_error));
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.wire_instant(at timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
RETURN to_char((at AT TIME ZONE 'utc'::text), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'::text);
