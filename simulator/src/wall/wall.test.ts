/** The wall: what subscribers hear of visitors and of the page itself, and answering over the API. */
import { beforeAll, expect, test } from 'vitest'
import { connected, ids, type Json } from '../testing.ts'

let box: Awaited<ReturnType<typeof connected>>
beforeAll(async () => {
  box = await connected()
})
const giulia = { person: ids.giulia }
const post = async (text: string): Promise<string> =>
  (await box.control('customer/post', { ...giulia, page: ids.bikes, text })).id
const comment = async (on: string, text: string): Promise<string> =>
  (await box.control('customer/comment', { ...giulia, on, text })).id
const api = (method: string, path: string, given: object = {}) =>
  box.graph(method, path, { access_token: box.token, ...given })
const last = async (): Promise<Json> => {
  await box.settle()
  return box.subscriber.changes().at(-1)
}

test('a visitor’s post is an event with seconds, the visitor’s id and the page as recipient', async () => {
  const id = await post('Open on Sunday?')
  expect(id).toMatch(new RegExp(`^${ids.bikes}_\\d{15}$`))
  expect(await last()).toEqual({
    from: { id: expect.stringMatching(/^\d{16}$/), name: 'Giulia Ferri' },
    message: 'Open on Sunday?',
    post_id: id,
    created_time: expect.any(Number),
    item: 'post',
    is_hidden: false,
    recipient_id: ids.bikes,
    verb: 'add',
  })
  const { body } = box.subscriber.taken.at(-1) ?? {}
  expect(body.entry[0].time).toBeLessThan(1e11)
})

test('the page’s own posts carry its id as author, and whether they are published', async () => {
  const { body } = await api('POST', `${ids.bikes}/feed`, { message: 'New frames', published: false })
  expect(await last()).toMatchObject({
    from: { id: ids.bikes, name: 'Nord Bikes' },
    post_id: body.id,
    item: 'status',
    published: 0,
    verb: 'add',
  })
  await box.control('admin/post', {
    page: ids.bikes,
    text: 'Sale',
    files: [{ name: 'a', type: 'image/png' }],
  })
  expect(await last()).toMatchObject({
    item: 'photo',
    published: 1,
    link: expect.stringContaining('/v/'),
    from: { id: ids.bikes },
  })
})

test('comments hang on their post, replies on their comment', async () => {
  const postId = await post('A question')
  const first = await comment(postId, 'Me too')
  expect(first).toMatch(new RegExp(`^${postId.split('_')[1]}_\\d{15}$`))
  expect(await last()).toMatchObject({
    item: 'comment',
    verb: 'add',
    comment_id: first,
    parent_id: postId,
    post_id: postId,
    message: 'Me too',
    post: { id: postId, is_published: true, status_type: 'wall_post' },
  })
  const reply = await api('POST', `${first}/comments`, { message: 'Yes, we are' })
  expect(reply.body.id).toMatch(new RegExp(`^${postId.split('_')[1]}_`))
  expect(await last()).toMatchObject({
    comment_id: reply.body.id,
    parent_id: first,
    post_id: postId,
    from: { id: ids.bikes, name: 'Nord Bikes' },
  })
})

test('edited, hidden and removed stories say so', async () => {
  const postId = await post('Helo')
  await box.control('customer/edit-story', { id: postId, text: 'Hello' })
  expect(await last()).toMatchObject({ item: 'post', verb: 'edit', message: 'Hello' })
  const id = await comment(postId, 'Spam')
  await api('POST', id, { is_hidden: true })
  expect(await last()).toMatchObject({
    item: 'comment',
    verb: 'hide',
    from: { id: ids.bikes },
    comment_id: id,
  })
  await box.control('customer/edit-story', { id, text: 'Ham' })
  expect(await last()).toMatchObject({ verb: 'edited', message: 'Ham' })
  expect((await api('DELETE', id)).body).toEqual({ success: true })
  const removed = await last()
  expect(removed).toMatchObject({ item: 'comment', verb: 'remove', comment_id: id })
  expect(removed.message).toBeUndefined()
  expect(removed.from.name).toBeUndefined()
  expect((await api('POST', `${id}/comments`, { message: 'x' })).body.error).toMatchObject({
    code: 100,
    error_subcode: 33,
  })
  await box.control('customer/delete-story', { id: postId })
  expect(await last()).toMatchObject({ item: 'post', verb: 'remove', recipient_id: ids.bikes })
})

test('a comment with a picture alone has no message; names of visitors can be missing', async () => {
  const on = await post('Look')
  await box.control('switches/set', { hasFromName: false })
  await box.control('customer/comment', { ...giulia, on, file: { name: 'bike.png', type: 'image/png' } })
  await box.control('switches/set', { hasFromName: true })
  const value = await last()
  expect(value.message).toBeUndefined()
  expect(value.from.name).toBeUndefined()
  const picture = await fetch(value.photo)
  expect(picture.headers.get('content-type')).toBe('image/png')
})

test('a reaction is added, changed and taken back', async () => {
  const id = await post('Like me')
  const verbs: Json[] = []
  for (const kind of ['like', 'love', undefined]) {
    await box.control('customer/react-story', { ...giulia, id, kind })
    const { verb, reaction_type, item, parent_id } = await last()
    expect({ item, parent_id }).toEqual({ item: 'reaction', parent_id: id })
    verbs.push([verb, reaction_type])
  }
  expect(verbs).toEqual([
    ['add', 'like'],
    ['edit', 'love'],
    ['remove', 'love'],
  ])
})

test('a comment takes a picture sent along, an address or an unpublished photo, and nothing else', async () => {
  const id = await post('Send me a picture')
  const file = (type: string | undefined, path = `${id}/comments`) => {
    const head = `Content-Disposition: form-data; name="source"; filename="a.png"${type ? `\r\nContent-Type: ${type}` : ''}`
    return fetch(`${box.origin}/${path}?access_token=${box.token}&published=false`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=mark' },
      body: `--mark\r\n${head}\r\n\r\nbytes\r\n--mark--\r\n`,
    }).then(async (answer) => JSON.parse(await answer.text()))
  }
  expect((await file('image/png')).id).toMatch(/_/)
  expect((await last()).photo).toContain('/v/')
  expect((await file(undefined)).error).toMatchObject({ code: 200, message: '(#200) Permissions error' })
  expect((await file('application/pdf')).error).toMatchObject({ code: 100 })
  const photo = await file('image/png', `${ids.bikes}/photos`)
  const answered = await api('POST', `${id}/comments`, { attachment_id: photo.id, message: 'Here' })
  const read = await api('GET', answered.body.id, { fields: 'message,attachment,can_comment' })
  expect(read.body).toMatchObject({ message: 'Here', can_comment: true, attachment: { type: 'photo' } })
  expect((await api('POST', `${id}/comments`, { attachment_id: '1' })).body.error.code).toBe(100)
  expect((await api('POST', `${id}/comments`)).body.error.code).toBe(100)
})

test('a private reply goes once, within seven days, and waits for an answer', async () => {
  const own = await connected()
  const { id } = await own.control('customer/post', { ...giulia, page: ids.bikes, text: 'Price?' })
  const reply = (given: object) => own.send({ message: { text: 'See here' }, ...given })
  const first = await reply({ recipient: { post_id: id } })
  expect(first.body).toEqual({
    recipient_id: expect.stringMatching(/^\d{16}$/),
    message_id: expect.any(String),
  })
  expect((await reply({ recipient: { post_id: id } })).body.error).toMatchObject({ code: 10900 })
  const more = await reply({ recipient: { id: first.body.recipient_id } })
  expect(more.body.error).toMatchObject({ code: 10, error_subcode: 2018278 })
  await own.write('Thank you')
  expect((await reply({ recipient: { id: first.body.recipient_id } })).status).toBe(200)

  const { id: late } = await own.control('customer/comment', { ...giulia, on: id, text: 'And this?' })
  await own.control('clock/advance', { ms: 8 * 86_400_000 })
  expect((await reply({ recipient: { comment_id: late } })).body.error).toMatchObject({ code: 10903 })
})

test('the wall can be read back, visitors by name only with the permission', async () => {
  const own = await connected()
  const { id } = await own.control('customer/post', { ...giulia, page: ids.bikes, text: 'first' })
  await own.control('customer/comment', { ...giulia, on: id, text: 'second' })
  const read = (path: string, given: object = {}) =>
    own.graph('GET', path, { access_token: own.token, ...given })
  const feed = await read(`${ids.bikes}/feed`, { fields: 'id,from,message,permalink_url,created_time' })
  expect(feed.body.data).toEqual([
    {
      id,
      from: { id: expect.any(String), name: 'Giulia Ferri' },
      message: 'first',
      permalink_url: expect.any(String),
      created_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/),
    },
  ])
  const comments = await read(`${id}/comments`, { summary: true, filter: 'stream' })
  expect(comments.body.summary.total_count).toBe(1)
  expect(comments.body.data[0]).toMatchObject({ message: 'second', from: { name: 'Giulia Ferri' } })
  await own.control('world/permission', {
    app: own.app.id,
    person: ids.anna,
    permission: 'pages_read_user_content',
    status: 'removed',
  })
  expect((await read(`${ids.bikes}/feed`, { fields: 'from' })).body.data).toEqual([{ id }])
  expect((await read(`${ids.bikes}/feed`, { limit: 101 })).body.error.code).toBe(100)
  expect((await read(`${ids.bikes}/settings`)).body.data[0]).toEqual({
    setting: 'USERS_CAN_POST',
    value: true,
  })
})
