-- Intervals: business hours by name, to which steps of an account's actions are limited.

create table business_interval (
  id bigint generated always as identity primary key,
  name text not null,
  -- As the IANA database names it, such as Europe/Rome.
  time_zone text not null,
  -- True: no range and no holiday limits it.
  always boolean not null default false,
  -- [{"from": "09:00", "to": "17:59", "weekDays": [1, 2], "monthDays": [], "months": []}]; an empty array of days or months: every.
  ranges jsonb not null default '[]',
  -- [{"date": "2026-12-25" or "12-25", "name": "Christmas"}]
  holidays jsonb not null default '[]',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index business_interval_name on business_interval (lower(name));

insert into business_interval (name, time_zone, always, ranges) values
  ('Always', 'UTC', true, '[]'),
  ('Business hours', 'UTC', false, '[{"from": "09:00", "to": "17:59", "weekDays": [1, 2, 3, 4, 5], "monthDays": [], "months": []}]');
