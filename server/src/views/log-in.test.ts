import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type StoredSheet, unpack } from '../arrivals/arrivals.sql.ts'
import { until } from '../flows/reply/reply-testing.ts'
import { startTestServer, type TestAccount } from '../testing.ts'

const server = await startTestServer()
const { call } = server
const { db } = server.ctx

const log = async (account: TestAccount, query: object = {}) =>
  (await call('GET /api/openchannel/accounts/:id/log', { params: { id: account.id }, query })).body
const entry = async (account: TestAccount, entryId: string) =>
  (await call('GET /api/openchannel/accounts/:id/log/:entryId', { params: { id: account.id, entryId } })).body

/** What was sent is in the log soon after: waits for so many rows. */
async function logged(account: TestAccount, count: number, query: object = {}) {
  await until(async () => (await log(account, { limit: 200, ...query })).rows.length >= count)
  return (await log(account, { limit: 200, ...query })).rows
}

async function send(url: string, headers: Record<string, string>, body: string | Buffer) {
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: new Blob([new Uint8Array(Buffer.from(body))]),
  })
  return { status: response.status, text: await response.text() }
}
const json = { 'content-type': 'application/json' }
const message = (more: object = {}) => ({ from: '+39055', mapKey: 'phone', body: 'hello', ...more })

test('a message that was taken stands in the log as it came, with what was answered', async () => {
  const account = await server.makeAccount()
  const sent = JSON.stringify(message({ body: 'where is my order 👋' }))
  const answer = await send(account.receiveUrl, { ...json, 'x-shop': 'Rome' }, sent)
  const { message: stored, interaction } = JSON.parse(answer.text)
  const [row] = await logged(account, 1)
  expect(row).toMatchObject({
    direction: 'in',
    event: 'message',
    state: 'accepted',
    status: 200,
    code: null,
    note: null,
    messageId: stored.id,
    interactionId: interaction.id,
  })
  const found = await entry(account, row?.id ?? '')
  expect(found.row).toEqual(row)
  expect(found.attempts[0]).toMatchObject({
    request: { body: sent, sizeBytes: Buffer.byteLength(sent), headers: { 'x-shop': 'Rome' } },
    response: { body: answer.text, sizeBytes: Buffer.byteLength(answer.text) },
  })
  expect(found.diagnosis.diagnosis).toBe('ok')
})

test('a duplicate and a refusal are told from what was stored, the refusal with its code and the way to mend it', async () => {
  const account = await server.makeAccount()
  const id = randomUUID()
  await server.receive(account, message({ messageId: id }))
  await server.receive(account, message({ messageId: id }))
  await server.receive(account, message({ mapKey: 'telephone' }))
  await send(account.receiveUrl, json, '{"from":')
  const rows = await logged(account, 4)
  expect(rows.map(({ state, code, status }) => [state, code, status])).toEqual([
    ['refused', 'OC-111', 400],
    ['refused', 'OC-104', 400],
    ['duplicate', null, 200],
    ['accepted', null, 200],
  ])
  const refused = await entry(account, rows[0]?.id ?? '')
  expect(refused.attempts[0]?.request.body).toBe('{"from":')
  expect(refused.diagnosis).toMatchObject({ diagnosis: 'OC-111' })
  expect((await entry(account, rows[1]?.id ?? '')).diagnosis.detail).toContain('telephone')
})

test.each([
  ['no content type', () => ({}), 'named no content type', ''],
  ['a form', () => ({ 'content-type': 'application/x-www-form-urlencoded' }), 'was a form', ''],
  ['a slash at the end', () => json, 'ended with a slash', '/'],
])('the log says so when a message was taken with %s', async (_name, headers, sentence, slash) => {
  const account = await server.makeAccount()
  const isForm = sentence === 'was a form'
  const body = isForm ? new URLSearchParams(message()).toString() : JSON.stringify(message())
  const url = account.receiveUrl.replace('/notify?', `/notify${slash}?`)
  expect((await send(url, headers(), body)).status).toBe(200)
  const [row] = await logged(account, 1)
  expect(row?.note).toContain(sentence)
})

test('the log tells which token came while two work, and that a key came in place of a token', async () => {
  const account = await server.makeAccount()
  const { key } = await server.makeKey(server.admin, ['notify'])
  await call('POST /api/openchannel/accounts/:id/token', {
    params: { id: account.id },
    body: { oldWorksHours: 1 },
  })
  await server.receive(account, message())
  await send(account.receiveUrl.replace(/token=.*/, `apikey=${key}`), json, JSON.stringify(message()))
  const rows = await logged(account, 2)
  expect(rows[1]?.note).toContain('old token')
  expect(rows[0]?.note).toContain('API key')
})

test('no secret reaches the log, whatever it came in and whoever repeats it', async () => {
  const account = await server.makeAccount()
  const { key } = await server.makeKey(server.admin, ['notify'])
  const { body: signing } = await call('POST /api/openchannel/accounts/:id/secret', {
    params: { id: account.id },
    body: {},
  })
  const canaries = [
    account.token,
    key,
    signing.secret,
    'canary-password',
    'canary-cookie',
    'canary-signature',
  ]
  const headers = {
    ...json,
    cookie: 'patchbay_server=canary-cookie',
    'x-api-key': key,
    'x-hub-signature-256': 'sha256=canary-signature',
    'webhook-signature': 'v1,canary-signature',
    'x-forwarded-uri': account.receiveUrl,
    'x-debug': `key is ${key}`,
  }
  const body = (n: number) =>
    JSON.stringify(message({ from: `+3905${n}`, body: canaries.slice(0, 3).join(' '), n }))
  const bare = account.receiveUrl.replace(/\?.*/, '')
  await send(account.receiveUrl, headers, body(1))
  await send(bare, { ...headers, authorization: `Bearer ${account.token}` }, body(2))
  await send(`${bare}?apikey=${key}`, headers, body(3))
  await send(`${bare}?%74oken=%70${account.token.slice(1)}`, headers, body(4))
  await send(account.receiveUrl, headers, `{"from": ${account.token}`)
  await send(account.receiveUrl, headers, JSON.stringify(message({ mapKey: account.token })))
  await send(account.receiveUrl, headers, `${'x'.repeat(4090)}${account.token}`)
  const rows = await logged(account, 7)
  const entries = await Promise.all(rows.map(({ id }) => entry(account, id)))
  const stored = await sql<StoredSheet>`
    select count, entries, bodies from arrival_sheet where account_id = ${account.id}`.execute(db)
  const sheets = await Promise.all(stored.rows.map(unpack))
  const written = sheets.flatMap(({ entries, bodies }) => [String(entries), String(bodies)])
  expect(written.join()).toContain('x-debug')
  const shown = JSON.stringify([rows, entries, written])
  expect(shown).toContain('x-debug')
  for (const canary of canaries) expect(shown).not.toContain(canary.slice(4))
})

test('a refusal on its own is kept; of many at once ten a second are, and all are counted', async () => {
  const account = await server.makeAccount()
  const count = async (code: string) =>
    Number(
      new RegExp(`received_total\\{outcome="(?:refused|turned-away)",code="${code}"\\} (\\d+)`).exec(
        await server.ctx.metrics.text(),
      )?.[1] ?? 0,
    )
  const before = { refused: await count('OC-103'), strangers: await count('OC-102') }
  // At once: over six seconds all of them would be kept.
  await Promise.all(Array.from({ length: 60 }, () => server.receive(account, { mapKey: 'phone' })))
  for (let n = 0; n < 5; n++) await send(`${account.receiveUrl}x`, json, '{}')
  expect((await count('OC-103')) - before.refused).toBe(60)
  expect((await count('OC-102')) - before.strangers).toBe(5)
  const rows = await logged(account, 10)
  const seconds = Map.groupBy(rows, ({ at }) => at.slice(0, 19))
  for (const [, inSecond] of seconds) expect(inSecond.length).toBeLessThanOrEqual(10)
  expect(rows.length).toBeLessThan(60)
  expect(rows.every(({ code }) => code === 'OC-103')).toBe(true)
})

test('pages of hundreds of requests follow each other without a gap, and both directions stand by time', async () => {
  const account = await server.makeAccount()
  for (let n = 0; n < 4; n++) {
    await Promise.all(
      Array.from({ length: 60 }, (_, i) => server.receive(account, message({ from: `+39${n}${i}` }))),
    )
    await logged(account, Math.min(60 * (n + 1), 200))
  }
  const all: { id: string; at: string }[] = []
  let cursor: string | null | undefined
  do {
    const page = await log(account, { limit: 37, ...(cursor && { cursor }) })
    all.push(...page.rows)
    cursor = page.cursor
  } while (cursor)
  expect(new Set(all.map(({ id }) => id)).size).toBe(240)
  expect(all).toHaveLength(240)
  expect(all.map(({ at }) => at)).toEqual(
    all
      .map(({ at }) => at)
      .sort()
      .reverse(),
  )
})

test('requests are found by state, by interaction, by a text in the body and by time', async () => {
  const account = await server.makeAccount()
  const first = await server.receive(account, message({ body: 'the NEEDLE is here' }))
  await server.receive(account, message({ from: '+39066', body: 'hay' }))
  await server.receive(account, { from: '+39' })
  const all = await logged(account, 3)
  const found = async (query: object) => (await log(account, query)).rows.map(({ id }) => id)
  const [refused, hay, needle] = all.map(({ id }) => id)
  expect(await found({ state: 'refused' })).toEqual([refused])
  expect(await found({ text: 'Needle' })).toEqual([needle])
  expect(await found({ interactionId: first.body.interaction?.id })).toEqual([needle])
  expect(await found({ from: all[1]?.at, to: all[0]?.at })).toEqual(all[1]?.at === all[0]?.at ? [] : [hay])
  expect(await found({ event: 'receipt' })).toEqual([])
  expect(await found({ direction: 'out' })).toEqual([])
})

test('an account that keeps no bodies has sizes in its log and not a word of what was said', async () => {
  const account = await server.makeAccount()
  await call('PATCH /api/openchannel/accounts/:id', {
    params: { id: account.id },
    body: { keepBodies: false },
  })
  await server.receive(account, message({ body: 'between us' }))
  const [row] = await logged(account, 1)
  const { attempts } = await entry(account, row?.id ?? '')
  expect(attempts[0]).toMatchObject({
    request: { body: null, sizeBytes: expect.any(Number) },
    response: { body: null },
  })
  const { rows } =
    await sql`select from arrival_sheet where account_id = ${account.id} and bodies is not null`.execute(db)
  expect(rows).toEqual([])
})

test('erasing takes the bodies of what came in and leaves that it came', async () => {
  const account = await server.makeAccount()
  // At once: also what is not written yet.
  await server.receive(account, message({ body: 'forget me' }))
  const { body } = await call('DELETE /api/openchannel/accounts/:id/log', { params: { id: account.id } })
  expect(body.erased).toBe(1)
  const [row] = await logged(account, 1)
  expect((await entry(account, row?.id ?? '')).attempts[0]?.request.body).toBeNull()
  expect((await log(account, { text: 'forget me' })).rows).toEqual([])
})

test('a body longer than 4 KiB is kept up to there, in whole characters', async () => {
  const account = await server.makeAccount()
  await server.receive(account, message({ body: '👋'.repeat(3000) }))
  const [row] = await logged(account, 1)
  const [attempt] = (await entry(account, row?.id ?? '')).attempts
  expect(Buffer.byteLength(attempt?.request.body ?? '')).toBeLessThanOrEqual(4096)
  expect(attempt?.request.body).toMatch(/👋$/u)
  expect(attempt?.request.sizeBytes).toBeGreaterThan(12_000)
})

test('receipts, typing and events of a channel stand in the log beside messages, each by its name', async () => {
  const account = await server.makeAccount()
  await server.receive(account, message())
  const at = (name: string) => account.receiveUrl.replace('/notify?', `/${name}?`)
  const sent = [
    await send(at('typing'), json, JSON.stringify({ from: '+39055', mapKey: 'phone' })),
    await send(at('receipts'), json, JSON.stringify({ id: 999, status: 'melted' })),
    await send(
      at('events'),
      json,
      JSON.stringify({ eventId: 'e1', type: 'unheard.of', from: '+39055', mapKey: 'phone', data: {} }),
    ),
  ]
  const rows = await logged(account, 4)
  expect(rows.map(({ event, status }) => [event, status]).reverse()).toEqual([
    ['message', 200],
    ['typing', sent[0]?.status],
    ['receipt', sent[1]?.status],
    ['event', sent[2]?.status],
  ])
  expect((await log(account, { event: 'receipt' })).rows).toHaveLength(1)
})
