/** A clock for a test's database that stands still between transactions: what `now()` tells goes on by a microsecond with each, and by what the test says. */
import { sql } from 'kysely'
import type { Db } from '../../db.ts'

export interface OwnClock {
  pass(seconds: number): Promise<void>
}

/** Holds for connections that are opened afterwards: they find this `now()` before PostgreSQL's. */
export async function standStill(db: Db): Promise<OwnClock> {
  await sql`create schema own_clock`.execute(db)
  await sql`create table own_clock.passed (seconds bigint not null)`.execute(db)
  await sql`insert into own_clock.passed values (0)`.execute(db)
  // Transactions that write get ids in the order in which they begin to; one that only reads is given one here.
  await sql`
    create function own_clock.now() returns timestamptz language plpgsql stable as $$
    begin
      return timestamptz '2026-01-01 00:00Z' + (select make_interval(secs => seconds) from own_clock.passed)
        + pg_current_xact_id()::text::bigint * interval '1 microsecond';
    end $$`.execute(db)
  // What a column has by itself was bound to PostgreSQL's when the table was made.
  await sql`
    do $$
    declare col record;
    begin
      for col in
        select d.adrelid::regclass as of, a.attname as name, pg_get_expr(d.adbin, d.adrelid) as value
        from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
        where pg_get_expr(d.adbin, d.adrelid) ~ '\\mnow\\(\\)'
      loop
        execute format('alter table %s alter column %I set default %s', col.of, col.name,
          replace(col.value, 'now()', 'own_clock.now()'));
      end loop;
      execute format('alter database %I set search_path = own_clock, pg_catalog, public', current_database());
    end $$`.execute(db)
  return {
    async pass(seconds) {
      await sql`update own_clock.passed set seconds = seconds + ${seconds}`.execute(db)
    },
  }
}
