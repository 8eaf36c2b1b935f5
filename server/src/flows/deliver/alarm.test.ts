import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AlarmOut } from '@patchbay/protocol/open-channel.ts'
import { expect, test } from 'vitest'
import { testDesk, until } from '../reply/reply-testing.ts'
import { mailAlarms } from './alarm-mail.ts'

const desk = await testDesk()
const { server } = desk
const { pool } = server.ctx
const { call } = server

/** An account that is alarmed after so many failures. */
async function watched(status: number, alarmAfterFailures: number) {
  const there = await desk.replyUrl()
  there.status = status
  const bell = await desk.replyUrl()
  const { account, agent } = await desk.open(there.url)
  const body = { alarmUrl: bell.url, alarmEmail: 'ops@example.com', alarmAfterFailures }
  expect(
    (await call('PATCH /api/openchannel/accounts/:id', { params: { id: account.id }, body })).status,
  ).toBe(200)
  const answer = async () => {
    const OpenchannelInteractionId = await desk.write(account)
    await call('POST /api/openchannel/messages', {
      as: agent,
      body: { OpenchannelInteractionId, body: 'x' },
    })
  }
  const told = (): AlarmOut[] => bell.posted.map(({ text }) => JSON.parse(text) as AlarmOut)
  const alarms = async () =>
    (await pool.query('select reason, ended_at from alarm where account_id = $1 order by id', [account.id]))
      .rows
  return { there, bell, account, answer, told, alarms }
}

/** Subjects of the mails about the account, as they went out. */
async function subjects(accountId: number): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>('select name from account where id = $1', [accountId])
  const folder = join(server.ctx.config.dataDir, 'mail')
  const found = await readdir(folder).catch(() => [])
  // One that is being written has another name until it is whole.
  const files = found.filter((file) => file.endsWith('.eml')).sort()
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  return texts
    .map((text) => /^Subject: (.*)$/m.exec(text)?.[1]?.trim() ?? text)
    .filter((subject) => subject.includes(` of ${rows[0]?.name} are `))
}

test('refusals one after the other open the alarm once, the first answer that is taken ends it, and each is told once', async () => {
  const { there, account, answer, told, alarms } = await watched(401, 3)
  await answer()
  await answer()
  await until(async () => {
    const { rows } = await pool.query('select refusals from endpoint where account_id = $1 and purpose = 0', [
      account.id,
    ])
    return rows[0]?.refusals === 2
  })
  expect(await alarms()).toEqual([])
  for (let n = 0; n < 4; n++) await answer()
  await until(() => told().length === 1)
  there.status = 200
  await answer()
  await until(() => told().length === 2)
  const about = { OpenchannelAccountId: account.id, about: 'answers' }
  expect(told()).toMatchObject([
    { type: 'alarm.opened', data: about },
    { type: 'alarm.ended', data: about },
  ])
  expect(told()[0]?.data.reason).toMatch(/refused.*401 Unauthorized/)
  expect(await alarms()).toMatchObject([{ ended_at: expect.any(Date) }])
})

test('an endpoint that does not answer opens the alarm, and its recovery ends it', async () => {
  const { there, account, answer, told, alarms } = await watched(503, 1000)
  for (let n = 0; n < 6; n++) await answer()
  await until(() => told().length === 1)
  expect(told()[0]).toMatchObject({ type: 'alarm.opened' })
  expect((await alarms())[0]?.reason).toMatch(/5 attempts in a row failed\. .*503/)
  const health = () => call('GET /api/openchannel/accounts/:id/health', { params: { id: account.id } })
  expect((await health()).body).toMatchObject({
    breaker: { state: 'open' },
    alarm: { reason: expect.stringContaining('503') },
  })
  there.status = 200
  await pool.query('update endpoint set probe_at = now() where account_id = $1', [account.id])
  await until(() => told().length === 2)
  expect(told()[1]).toMatchObject({ type: 'alarm.ended' })
  expect((await health()).body.alarm).toBeNull()
})

test('a dead letter opens the alarm also where other answers are taken', async () => {
  const { there, account, answer, told } = await watched(200, 1000)
  await answer()
  await until(() => there.posted.length === 1)
  there.status = 503
  await answer()
  await until(async () => {
    // As if it had been tried for three days, between two attempts.
    await pool.query(
      `update delivery set attempts = 29, created_at = now() - interval '73 hours'
       where account_id = $1 and state = 'pending' and attempts between 1 and 28
         and interaction_id in (select interaction_id from lane where not claimed)`,
      [account.id],
    )
    return told().length === 1
  })
  expect(told()[0]?.data.reason).toMatch(/^A delivery was given up/)
  there.status = 200
  await answer()
  await until(() => told().length === 2)
  expect(told()[1]?.type).toBe('alarm.ended')
})

test('one mail tells of the opening and one of the end, also with two nodes at once', async () => {
  const { there, account, answer, alarms } = await watched(404, 1)
  await answer()
  await until(async () => (await alarms()).length === 1)
  await Promise.all([mailAlarms(server.ctx), mailAlarms(server.ctx)])
  await until(async () => (await subjects(account.id)).length === 1)
  there.status = 200
  await answer()
  await until(async () => (await alarms())[0]?.ended_at !== null)
  await mailAlarms(server.ctx)
  await mailAlarms(server.ctx)
  await until(async () => (await subjects(account.id)).length > 1)
  expect(await subjects(account.id)).toEqual([
    expect.stringMatching(/are not delivered$/),
    expect.stringMatching(/are delivered again$/),
  ])
})

test('an alarm that cannot be told raises none itself, and is told when its address is back', async () => {
  const { bell, account, answer, alarms, told } = await watched(403, 1)
  bell.status = 503
  await answer()
  await until(() => bell.posted.length > 0)
  expect(await alarms()).toHaveLength(1)
  bell.status = 200
  await until(async () => {
    const { rows } = await pool.query(
      `select state from delivery where account_id = $1 and event = 'alarm.opened'`,
      [account.id],
    )
    return rows[0]?.state === 'delivered'
  })
  expect(new Set(bell.posted.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect(told().at(-1)?.type).toBe('alarm.opened')
})
