/** Every endpoint of the cloud, fuzzed with what its document describes and what it does not: refused in words, never an error of ours. */
import { createHmac } from 'node:crypto'
import { type Call, callOf, operationsOf } from '@patchbay/kit/fuzz-testing.ts'
import { problems } from '@patchbay/protocol/problem.ts'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { secret, startTraffic, uid } from './flows/testing.ts'
import { makeOpenApi } from './openapi.ts'
import { testApp } from './testing.ts'

// `FUZZ_SECONDS=600 npx vitest run --project node cloud/src/fuzz.test.ts` looks longer.
const seconds = Number(process.env.FUZZ_SECONDS ?? 5)

const cloud = await startTraffic()
const document = makeOpenApi('1.0.0')
const operations = operationsOf(document)
const { pageId } = await cloud.bind()
/** Whatever its owner does to it. */
const owned = await cloud.bind()

interface Outcome {
  status: number
  fault: string | undefined
}

async function send(path: string, given: RequestInit): Promise<Outcome> {
  const answer = await fetch(`${cloud.url}${path}`, { redirect: 'manual', ...given })
  const text = await answer.text()
  return { status: answer.status, fault: faultOf(answer, text) }
}

// Of 5xx, what the caller is to wait for and what Meta refuses are no fault of ours.
const waiting = new Set(['CL-104', 'CL-203', 'GE-109'])

function faultOf({ status, headers }: Response, text: string): string | undefined {
  if (status < 400) return undefined
  if (!headers.get('content-type')?.startsWith('application/problem+json'))
    return `answers ${status} without a problem document: ${text}`
  const { code, detail } = JSON.parse(text) as { code: string; detail: string }
  if (status >= 500 && !waiting.has(code)) return `answers ${status}: ${text}`
  const known = Object.entries(problems).find(([name]) => name === code)?.[1]
  if (known?.status !== status)
    return `refuses with ${status} and the code ${code}, which says ${known?.status}`
  return detail ? undefined : 'refuses without a word'
}

const toRequest = ({ method, contentType, body }: Call, headers: Record<string, string>): RequestInit => ({
  method,
  headers: { ...headers, ...(body !== undefined && contentType && { 'content-type': contentType }) },
  ...(body !== undefined && { body }),
})

test('whatever somebody who is signed in asks of any endpoint, it is answered or refused in words', {
  timeout: seconds * 1000 + 60_000,
}, async () => {
  const make = async () => {
    const person = await cloud.makeUser()
    await cloud.ctx.db
      .updateTable('integration')
      .set({ user_id: person.id })
      .where('id', '=', owned.id)
      .execute()
    return person
  }
  let person = await make()
  const met = new Map<number, number>()
  let count = 0
  await fc.assert(
    fc.asyncProperty(
      callOf(document, operations, () => 'token'),
      async (call) => {
        // Calls sign out, delete the user and use up what he may try.
        if (++count % 30 === 0) person = await make()
        const { status, fault } = await send(call.path, toRequest(call, person.headers))
        met.set(status, (met.get(status) ?? 0) + 1)
        expect(fault).toBeUndefined()
      },
    ),
    { numRuns: 1_000_000, interruptAfterTimeLimit: seconds * 1000, endOnFailure: true },
  )
  // What is refused at the door finds nothing behind it.
  const succeeded = [...met].reduce((sum, [status, times]) => sum + (status < 400 ? times : 0), 0)
  expect(succeeded).toBeGreaterThan(count / 50)
})

/** Something like the example, with members that are missing, strange, or of another kind. */
function like(example: unknown): fc.Arbitrary<unknown> {
  const strange = fc.oneof(
    fc.jsonValue({ noUnicodeString: false }),
    fc.constantFrom<unknown>(null, -1, 1e308, 'a\0b', '\ud800', 'x'.repeat(70_000), '9'.repeat(500), [], {}),
  )
  const fitting = Array.isArray(example)
    ? fc.array(like(example[0]), { maxLength: 3 })
    : typeof example === 'object' && example !== null
      ? fc.record(Object.fromEntries(Object.entries(example).map(([name, value]) => [name, like(value)])), {
          requiredKeys: [],
        })
      : fc.constant(example)
  return fc.oneof({ weight: 12, arbitrary: fitting }, { weight: 1, arbitrary: strange })
}

const message = {
  mid: 'm_1',
  text: 'x',
  is_echo: true,
  is_deleted: true,
  metadata: 'patchbay:1:0',
  attachments: [
    { type: 'image', payload: { url: 'http://127.0.0.1:9/a', coordinates: { lat: 1, long: 2 } } },
  ],
}
const exampleHook = {
  object: 'page',
  entry: [
    {
      id: pageId,
      time: 1_698_637_601_363,
      messaging: [
        {
          sender: { id: '42' },
          recipient: { id: pageId },
          timestamp: 1_698_637_600_838,
          message,
          read: { watermark: 1 },
          delivery: { watermark: '1', mids: ['m_1'] },
          reaction: { mid: 'm_1', action: 'react', emoji: 'x' },
          postback: { title: 'x', payload: 'y' },
        },
      ],
      changes: [
        {
          field: 'feed',
          value: {
            item: 'comment',
            verb: 'add',
            post_id: `${pageId}_1`,
            comment_id: '1_2',
            parent_id: '1_1',
            from: { id: '42', name: 'x' },
            message: 'x',
            created_time: 1,
          },
        },
      ],
    },
  ],
}

test('whatever Meta signs is taken or refused in words, and never costs what came beside it', {
  timeout: seconds * 1000 + 60_000,
}, async () => {
  const hook = (text: string) => {
    const hex = createHmac('sha256', testApp.FACEBOOK_APP_SECRET).update(text).digest('hex')
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${hex}` }
    return send('/webhook/facebook', { method: 'POST', headers, body: text })
  }
  let taken = 0
  await fc.assert(
    fc.asyncProperty(like(exampleHook), async (body) => {
      const { status, fault } = await hook(JSON.stringify(body) ?? '')
      if (status === 200) taken++
      expect(fault).toBeUndefined()
    }),
    { numRuns: 1_000_000, interruptAfterTimeLimit: (seconds * 1000) / 2, endOnFailure: true },
  )
  expect(taken).toBeGreaterThan(0)
  const entry = {
    id: pageId,
    messaging: [
      { sender: { id: '77' }, recipient: { id: pageId }, message: { mid: 'm_sound', text: 'sound' } },
    ],
  }
  expect(await hook(JSON.stringify({ object: 'page', entry: [entry] }))).toMatchObject({ status: 200 })
  const kept = await cloud.ctx.pool.query(`select 1 from parcel where key = 'message:m_sound'`)
  expect(kept.rowCount).toBe(1)
})

test('whatever an account signs as an answer is taken or refused in words', {
  timeout: seconds * 1000 + 60_000,
}, async () => {
  const example = {
    id: 1,
    body: 'Hello',
    Contact: { id: 5, facebook: '42' },
    Interaction: { id: 31, to: pageId, threadId: null },
    agent: { id: 3, name: 'marta' },
    AttachmentId: 7,
    attachment: { name: 'a', type: 'image/png', url: 'http://127.0.0.1:9/a' },
    OpenchannelAccountUid: uid,
  }
  const id = fc.oneof(fc.string({ minLength: 1, maxLength: 600 }), fc.uuid())
  const printable = id.map((text) => text.replace(/[^\x21-\x7e]/g, 'x'))
  let taken = 0
  await fc.assert(
    fc.asyncProperty(like(example), printable, async (answer, name) => {
      const body = JSON.stringify(answer) ?? ''
      const at = new Date()
      const { status, fault } = await send('/api/reply', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': name,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
          'webhook-signature': new Webhook(secret).sign(name, at, body),
        },
        body,
      })
      if (status === 200) taken++
      expect(fault).toBeUndefined()
    }),
    { numRuns: 1_000_000, interruptAfterTimeLimit: (seconds * 1000) / 2, endOnFailure: true },
  )
  expect(taken).toBeGreaterThan(0)
})

test('negative control: an answer of 500, one without a document and one with a code of nobody are told', () => {
  const problem = { headers: { 'content-type': 'application/problem+json' } }
  const told = [
    faultOf(new Response('', { status: 500, ...problem }), '{"code":"GE-100","detail":"x"}'),
    faultOf(new Response('', { status: 404 }), 'gone'),
    faultOf(new Response('', { status: 404, ...problem }), '{"code":"XX-1","detail":"x"}'),
  ]
  expect(told).toEqual([
    expect.stringContaining('500'),
    expect.stringContaining('without a problem document'),
    expect.stringContaining('undefined'),
  ])
})
