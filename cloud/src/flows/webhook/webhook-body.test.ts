import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { ChannelEvent } from '../../channels/channel-event.ts'
import { readWebhookBody } from './webhook-body.ts'

const page = '134968929707951'
const person = '7689966077685933'
const ms = 1_698_637_600_838
const at = new Date(ms).toISOString()

const read = (entry: object): ReturnType<typeof readWebhookBody> =>
  readWebhookBody(JSON.stringify({ object: 'page', entry: [{ id: page, time: ms, ...entry }] }))

function one(item: object, list: 'messaging' | 'standby' = 'messaging'): ChannelEvent | undefined {
  const envelope = { sender: { id: person }, recipient: { id: page }, timestamp: ms }
  return read({ [list]: [{ ...envelope, ...item }] }).events[0]
}

const message = (content: object) => one({ message: { mid: 'm_1', ...content } })
const attached = (type: string, payload: unknown, rest: object = {}) =>
  message({ attachments: [{ type, payload, ...rest }] })
const url = 'https://scontent.xx.fbcdn.net/v/a.jpg?oe=6574893B'

test('a text comes with its ids, its time and its conversation', () => {
  expect(message({ text: 'Grüezi 😢' })).toEqual({
    type: 'message',
    key: 'message:m_1',
    pageId: page,
    conversation: `m:${person}`,
    person,
    at,
    messageId: 'm_1',
    body: 'Grüezi 😢',
    files: [],
  })
})

const bodies: [name: string, event: ChannelEvent | undefined, body: string, files: string[]][] = [
  ['an image', attached('image', { url }), '', [url]],
  ['a sound', attached('audio', { url }), '', [url]],
  ['a sticker', attached('sticker', { url, sticker_id: 369239263222822 }), '', [url]],
  [
    'a sticker that also came as an image',
    message({
      attachments: [
        { type: 'image', payload: { url } },
        { type: 'sticker', payload: { url, sticker_id: '1' } },
      ],
    }),
    '',
    [url],
  ],
  [
    'text and several files',
    message({
      text: 'Both',
      attachments: ['a', 'b'].map((n) => ({ type: 'file', payload: { url: url + n } })),
    }),
    'Both',
    [`${url}a`, `${url}b`],
  ],
  [
    'a location',
    attached('location', { coordinates: { lat: '47.3', long: 8.5 } }),
    'Location: 47.3,8.5\nhttps://www.google.com/maps?q=47.3,8.5',
    [],
  ],
  ['a link', attached('fallback', { url: 'https://a.example', title: 'A' }), 'A\nhttps://a.example', []],
  [
    'a link of the older form',
    attached('fallback', null, { title: 'A', url: 'https://a.example' }),
    'A\nhttps://a.example',
    [],
  ],
  ['a reel', attached('reel', { url: '/reel/1', title: 'R' }), 'R\nhttps://www.facebook.com/reel/1', []],
  [
    'a product',
    attached('template', { product: { elements: [{ title: 'Cup', subtitle: '9 €' }] } }),
    'Cup – 9 €',
    [],
  ],
  [
    'an appointment',
    attached('appointment_booking', { status: 'CONFIRMED', start_time: 1 }),
    '(Appointment: confirmed, 1)',
    [],
  ],
  ['something new', attached('hologram', { url: 'https://x.example' }), '(hologram: https://x.example)', []],
  ['a file without an address', attached('image', null), '(image)', []],
  [
    'nothing that can be passed on',
    message({ is_unsupported: true }),
    '(The customer sent something that Messenger does not pass on.)',
    [],
  ],
  ['a tapped quick reply', message({ text: 'Green', quick_reply: { payload: 'G' } }), 'Green', []],
  ['an answer to a message', message({ text: 'That one', reply_to: { mid: 'm_0' } }), 'That one', []],
  [
    'a tapped button',
    one({ postback: { mid: 'm_2', title: 'Get started', payload: 'P' } }),
    'Get started',
    [],
  ],
]
for (const [name, event, body, files] of bodies)
  test(`${name} becomes a message`, () => {
    expect(event).toMatchObject({ type: 'message', body })
    expect(event?.type === 'message' && event.files.map((file) => file.url)).toEqual(files)
  })

const others: [name: string, event: ChannelEvent | undefined, shape: object | undefined][] = [
  ['an unsend', message({ is_deleted: true }), { type: 'deleted', messageId: 'm_1', person }],
  [
    'an edit',
    one({ message_edit: { mid: 'm_1', text: 'New', num_edit: '2' } }),
    { type: 'edited', body: 'New', key: 'edit:m_1:2' },
  ],
  [
    'a reaction',
    one({ reaction: { mid: 'm_1', action: 'react', emoji: '❤️', reaction: 'love' } }),
    { type: 'reacted', action: 'react', emoji: '❤️' },
  ],
  [
    'a reaction by name',
    one({ reaction: { mid: 'm_1', action: 'react', reaction: 'wow' } }),
    { emoji: '😮' },
  ],
  [
    'a reaction taken back',
    one({ reaction: { mid: 'm_1', action: 'unreact' } }),
    { type: 'reacted', action: 'unreact' },
  ],
  [
    'a delivery',
    one({ delivery: { watermark: String(ms), mids: ['m_9'] } }),
    { type: 'delivered', until: at, messageIds: ['m_9'] },
  ],
  ['a reading', one({ read: { watermark: ms } }), { type: 'read', until: at }],
  ['a followed link', one({ referral: { ref: null, source: 'SHORTLINK' } }), { type: 'window', person }],
  [
    'a message seen on standby',
    one({ message: { mid: 'm_1', text: 'x' } }, 'standby'),
    { type: 'message', body: 'x' },
  ],
  [
    'a time in seconds',
    one({ timestamp: 1_698_637_600, message: { mid: 'm_1', text: 'x' } }),
    { at: '2023-10-30T03:46:40.000Z' },
  ],
  ['an opt-in', one({ optin: { ref: 'x' } }), undefined],
  ['a handover', one({ pass_thread_control: { new_owner_app_id: 1 } }), undefined],
  ['an unknown kind', one({ telepathy: {} }), undefined],
  ['a message without an id', one({ message: { text: 'x' } }), undefined],
  ['null', one({ message: null }), undefined],
]
for (const [name, event, shape] of others)
  test(`${name} is ${shape ? 'told' : 'passed over'}`, () => {
    if (shape) expect(event).toMatchObject(shape)
    else expect(event).toBeUndefined()
  })

test('an echo is never a message of the customer, whoever it names as the sender', () => {
  const echo = { mid: 'm_5', text: 'We', is_echo: true, app_id: 26_390_203_743_090, metadata: 'ours' }
  const shape = { type: 'echo', person, body: 'We', appId: '26390203743090', metadata: 'ours' }
  expect(one({ message: echo })).toMatchObject(shape)
  expect(one({ sender: { id: page }, recipient: { id: person }, message: echo })).toMatchObject(shape)
})

const feed = (value: object): ChannelEvent | undefined =>
  read({
    time: 1_603_845_975,
    changes: [
      {
        field: 'feed',
        value: { from: { id: person, name: 'Jane Example' }, created_time: 1_603_845_970, ...value },
      },
    ],
  }).events[0]
const post = `${page}_150`
const comment = {
  item: 'comment',
  verb: 'add',
  post_id: post,
  comment_id: '150_7',
  parent_id: post,
  message: 'Nice',
}

const changes: [name: string, event: ChannelEvent | undefined, shape: object | undefined][] = [
  [
    'a post of a visitor',
    feed({ item: 'post', verb: 'add', post_id: post, message: 'Hello page' }),
    {
      type: 'message',
      messageId: post,
      threadId: post,
      conversation: `w:${post}`,
      body: 'Hello page',
      personName: 'Jane Example',
      externalUrl: `https://www.facebook.com/${post}`,
      at: '2020-10-28T00:46:10.000Z',
    },
  ],
  [
    'a photo without words',
    feed({ item: 'photo', verb: 'add', post_id: post, photo: url }),
    { body: '(photo, to be seen on Facebook)', files: [{ url, kind: 'image' }], isWordless: true },
  ],
  [
    'a comment',
    feed({ ...comment, post: { permalink_url: 'https://www.facebook.com/p/150' } }),
    {
      type: 'message',
      messageId: '150_7',
      threadId: post,
      answerTo: '150_7',
      externalUrl: 'https://www.facebook.com/p/150',
    },
  ],
  [
    'an answer to a comment',
    feed({ ...comment, comment_id: '150_9', parent_id: '150_7' }),
    { messageId: '150_9', answerTo: '150_7' },
  ],
  [
    'a comment as it came before names',
    feed({ ...comment, from: undefined, sender_id: 42, sender_name: 'Old' }),
    { person: '42', personName: 'Old' },
  ],
  [
    'an edited comment',
    feed({ ...comment, verb: 'edited', message: 'Nicer' }),
    { type: 'edited', messageId: '150_7', body: 'Nicer' },
  ],
  [
    'a removed comment',
    feed({ ...comment, verb: 'remove', message: undefined }),
    { type: 'deleted', messageId: '150_7', person },
  ],
  [
    'a comment removed by the page',
    feed({ ...comment, verb: 'remove', from: { id: page } }),
    { type: 'deleted', person: null },
  ],
  [
    'a removed post',
    feed({ item: 'post', verb: 'remove', post_id: post }),
    { type: 'deleted', messageId: post },
  ],
  [
    'a post of the page',
    feed({ item: 'status', verb: 'add', post_id: post, from: { id: page }, message: 'x' }),
    undefined,
  ],
  ['a comment of the page', feed({ ...comment, from: { id: page } }), undefined],
  ['a post not yet published', feed({ item: 'status', verb: 'add', post_id: post, published: 0 }), undefined],
  ['a trashed post', feed({ item: 'status', verb: 'edited', post_id: post }), undefined],
  ['a hidden comment', feed({ ...comment, verb: 'hide' }), undefined],
  [
    'a reaction on a post',
    feed({ item: 'reaction', verb: 'add', post_id: post, reaction_type: 'love' }),
    undefined,
  ],
  ['a like of the page', feed({ item: 'like', verb: 'add' }), undefined],
  ['a comment of nobody', feed({ ...comment, from: {} }), undefined],
  ['a comment without its id', feed({ ...comment, comment_id: undefined }), undefined],
]
for (const [name, event, shape] of changes)
  test(`on the wall, ${name} is ${shape ? 'told' : 'passed over'}`, () => {
    if (shape) expect(event).toMatchObject(shape)
    else expect(event).toBeUndefined()
  })

test('ids beyond what a number holds keep their digits', () => {
  const text = `{"object":"page","entry":[{"id":184719329217930001,"time":1,"messaging":[{"sender":{"id":184719329217930003},"message":{"mid":"m","text":"x"}}]}]}`
  expect(readWebhookBody(text).events).toMatchObject([
    { pageId: '184719329217930001', person: '184719329217930003' },
  ])
})

test('one odd element costs no other, and what is not of a page is counted', () => {
  const good = { sender: { id: person }, timestamp: ms, message: { mid: 'm_1', text: 'x' } }
  const entry = [
    null,
    7,
    { id: page, messaging: [null, 'x', good, { message: [] }], changes: [{ field: 'ratings' }, null] },
  ]
  const body = readWebhookBody(
    JSON.stringify({ object: 'page', entry: [...entry, { id: '0', messaging: [good] }] }),
  )
  expect(body.events).toHaveLength(1)
  expect(body.ignored).toBe(8)
  for (const text of ['[]', '{}', '7', '{"object":"permissions","entry":[{"id":"1"}]}'])
    expect(readWebhookBody(text).events).toEqual([])
})

test('a thousand entries of several pages are read in their order', () => {
  const entry = Array.from({ length: 1000 }, (_, n) => ({
    id: String(1 + (n % 3)),
    time: ms,
    messaging: [{ sender: { id: person }, timestamp: ms + n, message: { mid: `m_${n}`, text: 'x' } }],
  }))
  const { events } = readWebhookBody(JSON.stringify({ object: 'page', entry }))
  expect(events.map((event) => 'messageId' in event && event.messageId)).toEqual(
    entry.map((_, n) => `m_${n}`),
  )
})

// Recorded bodies, where a folder of them is given: none may throw, and what the page wrote is never a customer's.
const instagrams: Readonly<Record<string, string[]>> = {
  'ig.att': ['message'],
  'ig.comments': [],
  'ig.echo': ['echo'],
  'ig.seen': ['read'],
  'ig.story': ['message'],
  'ig.text': ['message'],
  'ig.unsend': ['deleted'],
}
const recorded = process.env.FACEBOOK_SAMPLES
if (recorded)
  for (const name of readdirSync(recorded).filter((file) =>
    /^(msg|evt|feed|edge|batch|page|ig|wa|permissions)\./.test(file),
  ))
    test(`the recorded ${name} is read`, () => {
      const { events } = readWebhookBody(readFileSync(path.join(recorded, name), 'utf8'))
      const own = /^(feed\.own|msg\.echo)/.test(name)
      expect(events.filter(({ type }) => own && type === 'message')).toEqual([])
      if (/^msg\.(text|att|sticker|quick|reply)/.test(name))
        expect(events.map(({ type }) => type)).toEqual(['message'])
      if (/^feed\.(comment-add--|comment-add-photo|comment-reply|visitor)/.test(name))
        expect(events.map(({ type }) => type)).toEqual(['message'])
      const ofInstagram = Object.entries(instagrams).find(([start]) => name.startsWith(start))
      if (ofInstagram) expect(events.map(({ type }) => type)).toEqual(ofInstagram[1])
    })
