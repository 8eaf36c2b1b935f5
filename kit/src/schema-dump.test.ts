// The schema page says everything, so that the database it makes has the same page; the row types follow the columns.
import { expect, test } from 'vitest'
import { generateRowTypes } from './row-types.ts'
import { dumpSchema } from './schema-dump.ts'
import { testDatabase } from './testing.ts'

const schema = `
create type mood as enum ('glad', 'it''s ok');
create sequence ticket_no;
create table person (
  id bigint generated always as identity primary key,
  "order" int default 7,
  name text not null collate "C" unique,
  role text not null default 'agent' check (role in ('admin', 'agent')),
  age int check (age > 0),
  mood mood not null,
  moods mood[],
  data jsonb not null default '{}',
  notes jsonb,
  born date,
  seen_at timestamptz not null default now(),
  twice int generated always as (age * 2) stored,
  boss_id bigint references person on delete set null
) with (fillfactor = 80);
create unique index person_lower_name on person (lower(name)) where age is not null;
create table log (at timestamptz not null, line text) partition by range (at);
create table log_2026 partition of log for values from ('2026-01-01') to ('2027-01-01');
create view adult as select id, name from person where age >= 18;
create function touch() returns trigger language plpgsql as $$
begin
  new.seen_at = now();
  return new;
end $$;
create trigger person_touch before update on person for each row execute function touch();
`
const { database } = await testDatabase()
const { pool } = database
await pool.query(schema)

test('the page names everything that was made', async () => {
  const page = await dumpSchema(pool)
  for (const part of [
    `create type mood as enum ('glad', 'it''s ok');`,
    'create sequence ticket_no;',
    '  id bigint not null generated always as identity,',
    '  "order" integer default 7,',
    '  name text collate "C" not null,',
    `  data jsonb not null default '{}'::jsonb,`,
    '  twice integer generated always as ((age * 2)) stored,',
    'FOREIGN KEY (boss_id) REFERENCES person(id) ON DELETE SET NULL',
    ') with (fillfactor=80);',
    'CREATE UNIQUE INDEX person_lower_name ON public.person USING btree (lower(name)) WHERE (age IS NOT NULL);',
    'CREATE TRIGGER person_touch BEFORE UPDATE ON person FOR EACH ROW EXECUTE FUNCTION touch();',
    'partition by RANGE (at);',
    'create table log_2026 partition of log FOR VALUES FROM',
    'create view adult as',
    '  new.seen_at = now();',
  ]) {
    expect(page).toContain(part)
  }
})

test('the page is the same whatever the order in which things were made', async () => {
  const before = await dumpSchema(pool)
  await pool.query(
    `drop trigger person_touch on person; drop function touch; drop view adult; drop index person_lower_name`,
  )
  const parts = schema.split(/(?=^create )/m)
  for (const name of ['view', 'function', 'trigger', 'unique index']) {
    await pool.query(parts.find((part) => part.startsWith(`create ${name}`)) ?? '')
  }
  expect(await dumpSchema(pool)).toBe(before)
})

test('negative control: a changed function changes the page', async () => {
  const before = await dumpSchema(pool)
  await pool.query(
    `create or replace function touch() returns trigger language plpgsql as $$ begin return new; end $$`,
  )
  expect(await dumpSchema(pool)).not.toBe(before)
})

test('each column becomes the type in which it is read and written', async () => {
  const types = await generateRowTypes(pool)
  const person = types.slice(types.indexOf('PersonTable'), types.indexOf('}', types.indexOf('PersonTable')))
  expect(
    person
      .split('\n')
      .slice(1, -1)
      .map((line) => line.trim()),
  ).toEqual([
    'id: GeneratedAlways<number>',
    'order: Generated<number | null>',
    'name: string',
    "role: Generated<'admin' | 'agent'>",
    'age: number | null',
    "mood: 'glad' | 'it\\'s ok'",
    "moods: ('glad' | 'it\\'s ok')[] | null",
    'data: ColumnType<unknown, string | undefined, string>',
    'notes: ColumnType<unknown, string | null, string | null>',
    'born: string | null',
    'seen_at: ColumnType<Date, Date | string | undefined, Date | string>',
    'twice: GeneratedAlways<number | null>',
    'boss_id: number | null',
  ])
  expect(types).toContain(
    'export interface DB {\n  adult: AdultTable\n  log: LogTable\n  person: PersonTable\n}',
  )
})

test('a type that nobody thought of is an error', async () => {
  await pool.query('create table odd (p point)')
  await expect(generateRowTypes(pool)).rejects.toThrow('row-types.ts does not know the type point of odd.p')
  await pool.query('drop table odd')
})
