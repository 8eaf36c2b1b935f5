import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@patchbay/kit/log.ts'
import { createDoor } from '@patchbay/kit/outbound.ts'
import { parseOutboundAllow } from '@patchbay/kit/outbound-policy.ts'
import { testDatabase } from '@patchbay/kit/testing.ts'
import { afterAll, expect, test } from 'vitest'
import { migrationsDir } from '../boot.ts'
import type { DB } from '../database.gen.ts'
import { type Copies, forgetOld } from './copies.ts'
import { fileNameOf, isAllowedHost } from './file-links.ts'

const hosts = ['*.fbcdn.net', 'cdn.fbsbx.com']
const addresses: [url: string, allowed: boolean][] = [
  ['https://scontent.xx.fbcdn.net/v/a.jpg?oe=6574893B', true],
  ['https://CDN.fbsbx.com/v/a.pdf', true],
  ['https://fbcdn.net.evil.example/a', false],
  ['https://evilfbcdn.net/a', false],
  ['https://fbcdn.net@evil.example/a', false],
  ['ftp://a.fbcdn.net/a', false],
  ['not an address', false],
]
for (const [url, allowed] of addresses)
  test(`${url} is ${allowed ? '' : 'not '}an address of the channel`, () => {
    expect(isAllowedHost(url, hosts)).toBe(allowed)
  })

const names: [url: string, kind: string, type: string, name: string][] = [
  ['https://cdn.fbsbx.com/v/bill%20of%20May.pdf?oe=1', 'file', 'application/pdf', 'bill of May.pdf'],
  ['https://scontent.xx.fbcdn.net/v/1234_5678_n.jpg', 'image', 'image/jpeg', 'image.jpg'],
  ['https://scontent.xx.fbcdn.net/v/', 'video', 'video/mp4', 'video.mp4'],
  ['https://cdn.fbsbx.com/v/..%2F..%2Fetc%2Fpasswd', 'file', 'text/plain', '_.._etc_passwd'],
  ['https://cdn.fbsbx.com/v/%E0%A4%A', 'file', 'application/pdf', '_E0_A4_A.pdf'],
]
for (const [url, kind, type, name] of names)
  test(`the file at ${url} is called ${name}`, () => {
    expect(fileNameOf(url, kind, type)).toBe(name)
  })

const folder = await mkdtemp(join(tmpdir(), 'patchbay-copies-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

test('after a day the bytes of a file are gone, also those that no row knows any more', async () => {
  const { database } = await testDatabase<DB>(migrationsDir)
  const door = createDoor({
    allow: parseOutboundAllow([], { host: '127.0.0.1', publicUrl: 'http://localhost' }),
  })
  const copies: Copies = {
    db: database.query,
    door,
    log: createLog({ program: 'test', level: 'silent' }),
    folder,
    hosts,
  }
  await mkdir(folder, { recursive: true })
  const { rows } = await database.pool.query(
    `with owner as (insert into app_user (email, password_hash) values ('a@example.com', 'none') returning id),
     page as (insert into integration (user_id, page_id, page_name, facebook_user_id, receive_url, account_id)
       select id, '1', 'Bakery', '1', 'https://desk.example', 7 from owner returning id)
     insert into file_copy (integration_id, parcel_key, place, url, kind, state, created_at)
     select id, age::text, 0, 'https://a.fbcdn.net/a', 'file', 'here', now() - make_interval(hours => age)
     from page, unnest(array[25, 23]) as age order by age desc returning id`,
  )
  for (const name of [...rows.map(({ id }) => String(id)), '999'])
    await writeFile(join(folder, name), 'bytes')
  const longAgo = new Date(Date.now() - 25 * 3_600_000)
  await utimes(join(folder, '999'), longAgo, longAgo)
  expect(await forgetOld(copies)).toBe(1)
  expect(await readdir(folder)).toEqual([String(rows[1].id)])
  const states = await database.pool.query('select state, url from file_copy order by id')
  expect(states.rows).toEqual([
    { state: 'gone', url: '' },
    { state: 'here', url: 'https://a.fbcdn.net/a' },
  ])
  await door.close()
})
