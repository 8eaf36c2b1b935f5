-- People of the cloud, the pages they have connected, and what connecting needs on the way.

create table installation (
  id integer primary key default 1 check (id = 1),
  key_fingerprint text not null,
  created_at timestamptz not null default now()
);

create table app_user (
  id bigint generated always as identity primary key,
  email text not null,
  password_hash text not null,
  locale text not null default 'en' check (locale in ('en', 'it')),
  -- Null: the code that was mailed has not come back yet, and nobody can sign in.
  verified_at timestamptz,
  created_at timestamptz not null default now()
);
create unique index app_user_email_key on app_user (lower(email));

create table session (
  id bigint generated always as identity primary key,
  digest bytea not null unique,
  user_id bigint not null references app_user on delete cascade,
  address text not null,
  user_agent text,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index session_user_id_idx on session (user_id);
create index session_expires_at_idx on session (expires_at);

-- A code of 8 digits that proves an e-mail address.
create table mail_code (
  user_id bigint not null references app_user on delete cascade,
  purpose text not null check (purpose in ('verify', 'reset')),
  -- Keyed with the sealing key. Null: asked for, and made when the mail is sent.
  digest bytea,
  tries integer not null default 0,
  expires_at timestamptz not null,
  -- What verifying makes valid: the password of whoever registered last.
  password_hash text,
  primary key (user_id, purpose)
);

-- Who logged in at Facebook, in which session, with a token that reads his pages.
create table facebook_login (
  user_id bigint primary key references app_user on delete cascade,
  -- Sealed for `facebook_login:<user id>`.
  token_sealed bytea not null,
  token_expires_at timestamptz,
  facebook_user_id text not null,
  name text not null,
  granted text[] not null,
  declined text[] not null,
  created_at timestamptz not null default now()
);
create index facebook_login_facebook_user_id_idx on facebook_login (facebook_user_id);

-- A way to the dialog and back: its state works once, in the session that set out.
create table connect_attempt (
  digest bytea primary key,
  session_id bigint not null references session on delete cascade,
  expires_at timestamptz not null
);
create index connect_attempt_session_id_idx on connect_attempt (session_id);

/*
 * A page bound to an account.
 *   connected     messages go both ways
 *   paused        by its owner: nothing is forwarded, the subscription at Meta is off
 *   reconnect     a token, a permission or a secret no longer works: its owner has to do something, `state_reason` says what
 *   replaced      somebody else connected the same page later
 *   disconnected  Facebook took the permission back, or the page is gone
 * One integration per page is connected, paused or to be reconnected.
 */
create table integration (
  id bigint generated always as identity primary key,
  user_id bigint not null references app_user on delete cascade,
  kind text not null default 'facebook' check (kind in ('facebook')),
  page_id text not null,
  page_name text not null,
  -- Who connected it, as Meta names him to this app.
  facebook_user_id text not null,
  -- Sealed for `integration:<id>:page_token`. Null: taken back.
  page_token_sealed bytea,
  -- Without its query, in which the token stands; the whole address is sealed for `integration:<id>:receive_url`.
  receive_url text not null,
  receive_url_sealed bytea,
  account_id bigint not null,
  -- Sealed for `integration:<id>:api_key`.
  api_key_sealed bytea,
  -- Sealed for `integration:<id>:secret`, `...:uid`; what the account signs its answers with and is called there.
  secret_sealed bytea,
  uid_sealed bytea,
  -- By it the integrations of a reply are found.
  uid_digest bytea,
  -- What a pairing gave: the name of the contact centre.
  server_name text,

  messenger boolean not null default true,
  wall_posts boolean not null default true,
  -- Of the wall: 0 posts alone, 1 and comments on them, 2 and answers to comments.
  comment_depth integer not null default 2 check (comment_depth between 0 and 2),
  -- Whether files on the wall are fetched.
  wall_files boolean not null default false,
  -- Of what the cloud itself writes into a thread.
  language text not null default 'en' check (language in ('en', 'it')),

  state text not null default 'connected'
    check (state in ('connected', 'paused', 'reconnect', 'replaced', 'disconnected')),
  state_reason text,
  state_since timestamptz not null default now(),

  -- Health. What Meta granted:
  token_expires_at timestamptz,
  token_checked_at timestamptz,
  missing_permissions text[] not null default '{}',
  subscribed_fields text[] not null default '{}',
  subscription_checked_at timestamptz,
  -- What came and went:
  last_event_at timestamptz,
  last_forwarded_at timestamptz,
  last_reply_at timestamptz,
  last_failure_at timestamptz,
  last_failure text,
  failures_in_row integer not null default 0,

  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index integration_live_page_key on integration (kind, page_id)
  where state in ('connected', 'paused', 'reconnect');
create index integration_user_id_idx on integration (user_id);
create index integration_facebook_user_id_idx on integration (facebook_user_id);
create index integration_uid_digest_idx on integration (uid_digest);
