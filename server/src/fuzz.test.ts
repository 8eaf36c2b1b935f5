/** Every endpoint of the API's document, fuzzed with what it describes and what it does not: refused in words, never an error of ours. */

import { type Call, callOf, operationsOf } from '@patchbay/kit/fuzz-testing.ts'
import { problems } from '@patchbay/protocol/problem.ts'
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { makeOpenApi } from './pages/openapi.ts'
import { type Person, startTestServer } from './testing.ts'

// `FUZZ_SECONDS=600 npx vitest run --project node server/src/fuzz.test.ts` looks longer.
const seconds = Number(process.env.FUZZ_SECONDS ?? 15)

const server = await startTestServer()
const { ctx } = server
const document = makeOpenApi('1.0.0')
const operations = operationsOf(document)

async function makeOffice() {
  const agent = await server.makeUser('agent')
  const second = await server.makeUser('admin')
  let token = ''
  for (let n = 0; n < 3; n++) {
    const account = await server.makeAccount({ replyUrl: 'http://127.0.0.1:9/', agents: [agent] })
    token = account.token
    for (let m = 0; m < 3; m++)
      await server.receive(account, { from: `${n}${m}`, body: 'hello', mapKey: 'phone' })
  }
  await server.call('POST /api/openchannel/queues', { body: { name: 'Queue' } })
  await server.call('POST /api/fields', { body: { name: 'Field' } })
  await server.call('POST /api/tags', { body: { name: 'Tag' } })
  await server.call('POST /api/teams', { body: { name: 'Team' } })
  return { agent, second, token }
}
const office = await makeOffice()

/** Whom the calls are made by: a key that is made anew when they have ended it, demoted its user or locked him out. */
async function callerOf(person: Person) {
  let { headers } = await server.makeKey(person)
  return {
    headers: () => headers,
    async restore() {
      await sql`update app_user set role = ${person.role}, disabled_at = null where id = ${person.id}`.execute(
        ctx.db,
      )
      ctx.gatekeeper.forget(person.id)
      headers = (await server.makeKey(person)).headers
    },
  }
}

interface Outcome {
  status: number
  fault: string | undefined
}

async function make(call: Call, headers: Record<string, string>): Promise<Outcome> {
  const answer = await fetch(`${server.url}${call.path}`, {
    method: call.method,
    headers: {
      ...headers,
      ...(call.body !== undefined && call.contentType && { 'content-type': call.contentType }),
    },
    ...(call.body !== undefined && { body: call.body }),
  })
  const text = await answer.text()
  return { status: answer.status, fault: faultOf(answer, text) }
}

function faultOf({ status, headers }: Response, text: string): string | undefined {
  if (status < 400) return undefined
  if (status >= 500) return `answers ${status}: ${text}`
  if (!headers.get('content-type')?.startsWith('application/problem+json'))
    return `refuses without a problem document: ${text}`
  const { code, detail } = JSON.parse(text) as { code: string; detail: string }
  const known = Object.entries(problems).find(([name]) => name === code)?.[1]
  if (known?.status !== status)
    return `refuses with ${status} and the code ${code}, which says ${known?.status}`
  return detail ? undefined : 'refuses without a word'
}

test.each([
  { who: 'an admin', person: office.second },
  { who: 'an agent', person: office.agent },
])(
  'whatever $who asks of any endpoint, it is answered or refused in words',
  { timeout: seconds * 1000 + 60_000 },
  async ({ person }) => {
    const caller = await callerOf(person)
    const met = new Map<number, number>()
    const touched = new Set<string>()
    let count = 0
    await fc.assert(
      fc.asyncProperty(
        callOf(document, operations, () => office.token),
        async (call) => {
          if (++count % 100 === 0) await caller.restore()
          const { status, fault } = await make(call, caller.headers())
          met.set(status, (met.get(status) ?? 0) + 1)
          touched.add(`${call.method} ${call.path.split('?')[0]?.replace(/\d+/, '{id}')}`)
          expect(fault).toBeUndefined()
        },
      ),
      { numRuns: 1_000_000, interruptAfterTimeLimit: seconds * 1000, endOnFailure: true },
    )
    // What is refused at the door finds nothing behind it.
    const succeeded = (met.get(200) ?? 0) + (met.get(201) ?? 0) + (met.get(204) ?? 0)
    expect(succeeded).toBeGreaterThan(count / 50)
    expect(touched.size).toBeGreaterThan(10)
  },
)

test('negative control: an answer of 500, one without a document and one with a code of nobody are told', () => {
  const problem = { headers: { 'content-type': 'application/problem+json' } }
  const told = [
    faultOf(new Response('', { status: 500 }), ''),
    faultOf(new Response('', { status: 404 }), 'gone'),
    faultOf(new Response('', { status: 404, ...problem }), '{"code":"GE-101","detail":"x"}'),
    faultOf(new Response('', { status: 404, ...problem }), '{"code":"XX-1","detail":"x"}'),
  ]
  expect(told).toEqual([
    expect.stringContaining('500'),
    expect.stringContaining('without a problem document'),
    expect.stringContaining('GE-101, which says 400'),
    expect.stringContaining('undefined'),
  ])
  expect(
    faultOf(new Response('', { status: 404, ...problem }), '{"code":"GE-105","detail":"x"}'),
  ).toBeUndefined()
})
