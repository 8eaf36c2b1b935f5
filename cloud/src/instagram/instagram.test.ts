import { expect, test } from 'vitest'
import type { ChannelEvent } from '../channels/channel-event.ts'
import type { Answer } from '../channels/outward.ts'
import { members } from '../channels/values.ts'
import { instagram } from './instagram.ts'

const account = '17841400000000001'
const person = '5712345678901234'
const ms = 1_789_000_000_123
const at = new Date(ms).toISOString()
const url = 'https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1'

function one(item: object, list: 'messaging' | 'standby' = 'messaging'): ChannelEvent | undefined {
  const envelope = { sender: { id: person }, recipient: { id: account }, timestamp: ms }
  const entry = { id: account, time: ms, [list]: [{ ...envelope, ...item }] }
  return instagram.readEntry({ pageId: account, at: new Date(ms) }, entry)[0]
}

const message = (content: object) => one({ message: { mid: 'aWdf_1', ...content } })
const attached = (type: string, payload?: object) =>
  message({ attachments: [{ type, ...(payload && { payload }) }] })

test('a text comes with its ids, its time and its conversation', () => {
  expect(message({ text: 'Ciao 👋' })).toEqual({
    type: 'message',
    key: 'message:aWdf_1',
    pageId: account,
    conversation: `m:${person}`,
    person,
    at,
    messageId: 'aWdf_1',
    body: 'Ciao 👋',
    files: [],
  })
})

const bodies: [name: string, event: ChannelEvent | undefined, body: string, files: object[]][] = [
  ['a picture', attached('image', { url }), '', [{ url, kind: 'image' }]],
  ['a film', attached('video', { url }), '', [{ url, kind: 'video' }]],
  ['a voice message', attached('audio', { url }), '', [{ url, kind: 'audio' }]],
  ['a shared post', attached('share', { url }), url, []],
  ['a shared reel', attached('ig_reel', { url, title: 'Wheels', reel_video_id: '9' }), `Wheels\n${url}`, []],
  [
    'a reel by a relative address',
    attached('ig_reel', { url: '/reel/9' }),
    'https://www.instagram.com/reel/9',
    [],
  ],
  ['a heart', attached('like_heart'), '❤️', []],
  [
    'a mention in a story',
    attached('story_mention', { url }),
    '(Mention in a story)',
    [{ url, kind: 'story' }],
  ],
  ['a mention in a story that is gone', attached('story_mention'), '(Mention in a story)', []],
  [
    'an answer to a story',
    message({ text: 'Lovely', reply_to: { story: { id: '1', url } } }),
    'Lovely\n(Answer to a story)',
    [{ url, kind: 'story' }],
  ],
  ['an answer to a message', message({ text: 'That one', reply_to: { mid: 'aWdf_0' } }), 'That one', []],
  ['a tapped quick reply', message({ text: 'Green', quick_reply: { payload: 'G' } }), 'Green', []],
  [
    'a tapped button',
    one({ postback: { mid: 'aWdf_2', title: 'Opening hours', payload: 'H' } }),
    'Opening hours',
    [],
  ],
  [
    'what Instagram does not pass on',
    attached('unsupported_type'),
    '(The customer sent something that Instagram does not pass on.)',
    [],
  ],
  [
    'what it calls unsupported',
    message({ is_unsupported: true }),
    '(The customer sent something that Instagram does not pass on.)',
    [],
  ],
  ['something new', attached('hologram', { url: 'https://x.example' }), '(hologram: https://x.example)', []],
  ['a message seen on standby', one({ message: { mid: 'aWdf_1', text: 'x' } }, 'standby'), 'x', []],
]
for (const [name, event, body, files] of bodies)
  test(`${name} becomes a message`, () => {
    expect(event).toMatchObject({ type: 'message', person, body, files })
  })

const others: [name: string, event: ChannelEvent | undefined, shape: object | undefined][] = [
  ['a message taken back', message({ is_deleted: true }), { type: 'deleted', messageId: 'aWdf_1', person }],
  [
    'an edit',
    one({ message_edit: { mid: 'aWdf_1', text: 'New', num_edit: 1 } }),
    { type: 'edited', messageId: 'aWdf_1', body: 'New' },
  ],
  [
    'a reaction',
    one({ reaction: { mid: 'aWdf_1', action: 'react', reaction: 'love', emoji: '❤️' } }),
    { type: 'reacted', action: 'react', emoji: '❤️' },
  ],
  ['a reaction taken back', one({ reaction: { mid: 'aWdf_1', action: 'unreact' } }), { action: 'unreact' }],
  [
    'a reading',
    one({ read: { mid: 'aWdf_1' } }),
    { type: 'read', messageIds: ['aWdf_1'], until: null, isUpTo: true },
  ],
  ['a followed link', one({ referral: { ref: 'x', source: 'IGME' } }), { type: 'window', person }],
  ['a time written as a date', one({ timestamp: at, message: { mid: 'aWdf_1', text: 'x' } }), { at }],
  ['an opt-in', one({ optin: { type: 'notification_messages' } }), undefined],
  ['a handover', one({ take_thread_control: { new_owner_app_id: 1 } }), undefined],
  ['an unknown kind', one({ telepathy: {} }), undefined],
]
for (const [name, event, shape] of others)
  test(`${name} is ${shape ? 'told' : 'passed over'}`, () => {
    if (shape) expect(event).toMatchObject(shape)
    else expect(event).toBeUndefined()
  })

test('an answer written in Instagram’s own app is never a message of the customer', () => {
  const echo = { mid: 'aWdf_5', text: 'We', is_echo: true }
  const shape = { type: 'echo', person, body: 'We', messageId: 'aWdf_5' }
  expect(one({ sender: { id: account }, recipient: { id: person }, message: echo })).toMatchObject(shape)
  expect(one({ message: echo })).toMatchObject({ ...shape, person })
})

test('comments and mentions of the account are passed over', () => {
  const changes = [
    {
      field: 'comments',
      value: { id: '1', text: 'Nice', from: { id: person, username: 'g' }, media: { id: '2' } },
    },
    { field: 'mentions', value: { media_id: '2' } },
    null,
  ]
  expect(instagram.readEntry({ pageId: account, at: new Date(ms) }, { changes })).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test('a customer is known by a key that is nobody’s on Facebook', () => {
  const { toKey, readPerson } = instagram.contact
  expect(readPerson({ facebook: toKey(person) })).toBe(person)
  for (const facebook of [person, '', null, undefined, 'instagram:'])
    expect(readPerson({ facebook })).toBeUndefined()
})

const names: [answer: object, name: object | null][] = [
  [
    { name: 'Giulia Ferri', username: 'giu.ferri' },
    { firstName: 'Giulia', lastName: 'Ferri' },
  ],
  [
    { name: ' ', username: 'giu.ferri' },
    { firstName: 'giu.ferri', lastName: '' },
  ],
  [{ username: 'giu.ferri' }, { firstName: 'giu.ferri', lastName: '' }],
  [{}, null],
]
for (const [answer, name] of names)
  test(`the profile ${JSON.stringify(answer)} says ${name ? 'who it is' : 'nothing'}`, () => {
    expect(instagram.profile.read(members(answer))).toEqual(name)
  })

const answer = { id: 1, body: '', file: null, person, threadId: null, isPerson: true }

/** What its parts say; null: a file. */
async function textsOf(change: Partial<Answer>): Promise<(string | null)[]> {
  const nobody = (): never => {
    throw new Error('nothing is sent here')
  }
  const parts = await instagram.toParts({
    graph: { call: nobody, get: nobody },
    pageId: '1',
    nodeId: '2',
    token: 't',
    answer: { ...answer, ...change },
    mark: String,
    sendAs: async () => 'response',
    mayTag: false,
    fetchFile: async ({ name, type }) => ({ name, type, bytes: Buffer.from('bytes') }),
    placeOf: nobody,
    privateBefore: nobody,
    writtenInThread: nobody,
    isSent: nobody,
    noteUsage: nobody,
  })
  return parts.map(({ text }) => text)
}

test('a long answer is cut by bytes, and no character is torn', async () => {
  const body = 'Straße 😀 è così. '.repeat(200)
  const texts = (await textsOf({ body })).map((text) => text ?? '')
  expect(Math.max(...texts.map((text) => Buffer.byteLength(text)))).toBeLessThanOrEqual(1000)
  expect(texts.join(' ').replaceAll(/\s+/g, ' ')).toBe(body.trim())
  expect(texts.join('')).not.toMatch(/\ufffd/)
})

const files: [type: string, isText: boolean][] = [
  ['image/jpeg', false],
  ['image/png', false],
  ['audio/mp4', false],
  ['video/mp4', false],
  ['application/pdf', false],
  ['image/tiff', true],
  ['application/zip', true],
]
for (const [type, isText] of files)
  test(`a file of ${type} goes out as ${isText ? 'its address' : 'it is'}`, async () => {
    const file = { id: '1', name: 'a.bin', type, url: 'https://desk.example/f/1' }
    expect(await textsOf({ file })).toEqual([isText ? 'a.bin: https://desk.example/f/1' : null])
  })
