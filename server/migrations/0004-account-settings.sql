-- What an account may ask for beyond the first settings: signatures on the way in, events, an alarm, a log without bodies, a sandbox.

alter table account
  add column require_signature boolean not null default false,
  add column sandbox boolean not null default false,
  add column keep_bodies boolean not null default true,
  -- Where events are posted; empty: to the Reply URL.
  add column events_url text not null default '',
  add column events text[] not null default '{}',
  add column alarm_email text not null default '',
  add column alarm_url text not null default '',
  add column alarm_after_failures integer not null default 5 check (alarm_after_failures between 1 and 1000);
