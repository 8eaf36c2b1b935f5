// The page on which one plays the customer and the page's admin: who plays, where, and what the composer is about.
import { at, button, make, order, redraw, toFile } from './dom.js'
import { drawControls, drawWire } from './panel.js'
import { drawThread, short } from './thread.js'
import { drawWall } from './wall.js'
import { dateTime, language, say } from './words.js'

document.documentElement.lang = language
for (const element of document.querySelectorAll('[data-text]'))
  element.textContent = say[element.dataset.text]
for (const element of document.querySelectorAll('[data-label]'))
  element.setAttribute('aria-label', say[element.dataset.label])

let state
/** `player` is a person's id, or 'page'. */
const chosen = { page: undefined, player: undefined, view: 'messenger', with: undefined, panel: 'wire' }
/** What the next text is for: a new message where this is undefined. */
let about

function sceneOf() {
  const isPage = chosen.player === 'page'
  const person = isPage ? chosen.with : chosen.player
  const platform = chosen.view === 'instagram' ? 'instagram' : 'messenger'
  return { isPage, person, page: chosen.page, sides: { person, page: chosen.page, platform } }
}

function draw() {
  if (!state) return
  const page = state.pages.find(({ id }) => id === chosen.page) ?? state.pages[0]
  chosen.page = page?.id
  const customers = state.people.filter(({ roles }) => !roles[page?.id])
  chosen.player ??= customers[0]?.id
  if (chosen.view === 'instagram' && !page?.isOnInstagram) chosen.view = 'messenger'
  const known = state.threads.filter(({ pageId, messages }) => pageId === page?.id && messages.length > 0)
  if (!state.people.some(({ id }) => id === chosen.with)) chosen.with = undefined
  chosen.with ??= known.at(-1)?.personId ?? customers[0]?.id

  const scene = sceneOf()
  const person = state.people.find(({ id }) => id === scene.person)
  const thread = state.threads.find(
    ({ pageId, personId, platform }) =>
      pageId === scene.page && personId === scene.person && platform === scene.sides.platform,
  )
  const names = { page: page?.name ?? '', person: person?.name ?? '' }
  drawClock()
  drawCast(page, names)
  const isWall = chosen.view === 'wall'
  at('thread').hidden = isWall
  at('wall').hidden = !isWall
  at('with-row').hidden = isWall || !scene.isPage
  fill(at('with'), state.people, chosen.with)
  if (isWall) drawWall(at('wall'), { scene, state, choose })
  else drawThread(at('thread'), { scene, state, thread, names, choose })
  drawComposer(scene, names)
  const isWire = chosen.panel === 'wire'
  at('wire').hidden = !isWire
  at('controls').hidden = isWire
  at('side').textContent = isWire ? say.wire : say.controls
  at('show-wire').setAttribute('aria-pressed', String(isWire))
  at('show-controls').setAttribute('aria-pressed', String(!isWire))
  if (isWire) drawWire(state)
  else drawControls(state, scene, thread)
}

function drawClock() {
  const minutes = Math.round(state.aheadMs / 60_000)
  const days = Math.floor(minutes / 1440)
  const hours = Math.round((minutes % 1440) / 60)
  const ahead = [days > 0 && say.days(days), hours > 0 && say.hours(hours)].filter(Boolean).join(' ')
  at('clock').textContent = dateTime.format(state.now) + (ahead ? ` · ${say.ahead(ahead)}` : '')
}

function fill(select, list, value) {
  if (document.activeElement !== select || select.options.length !== list.length)
    redraw(
      select,
      list.map(({ id, name }) => make('option', { value: id }, name)),
    )
  select.value = value ?? ''
}

function drawCast(page, names) {
  fill(at('page'), state.pages, chosen.page)
  const cast = [
    ...state.people.map((person) => ({
      ...person,
      hint: person.roles[chosen.page] ? say.worksHere : say.customer,
    })),
    ...(page ? [{ id: 'page', name: page.name, face: page.face, hint: say.thePage }] : []),
  ]
  redraw(
    at('people'),
    cast.map(({ id, name, face, hint }) =>
      make(
        'li',
        {},
        make(
          'button',
          {
            type: 'button',
            className: 'player',
            'data-key': `play ${id}`,
            'aria-pressed': String(chosen.player === id),
            onclick: () => choosePlayer(id),
          },
          make('img', { className: 'face', src: face, alt: '' }),
          make('span', {}, name, make('small', {}, hint)),
        ),
      ),
    ),
  )
  const views = ['messenger', ...(page?.isOnInstagram ? ['instagram'] : []), 'wall']
  redraw(
    at('views'),
    views.map((view) =>
      button(`view ${view}`, say[view], () => chooseView(view), {
        'aria-pressed': String(chosen.view === view),
      }),
    ),
  )
  at('stage').textContent = names.page
}

function drawComposer({ isPage }, names) {
  const isWall = chosen.view === 'wall'
  const name = isPage ? names.page : names.person
  at('text').placeholder = isWall && !about ? say.postAs(name) : say.writeAs(name)
  at('send').textContent = isWall && !about ? say.post : say.send
  at('sticker').hidden = isWall || isPage
  for (const id of ['mention', 'story']) at(id).hidden = chosen.view !== 'instagram' || isPage
  // Only a text can take these places.
  const isTextAlone = ['edit', 'edit-story', 'story'].includes(about?.kind)
  for (const id of ['picture', 'file']) at(id).hidden = isTextAlone
  at('context').hidden = !about
  const describe = {
    quote: say.answering,
    story: say.answering,
    edit: say.editing,
    'edit-story': say.editing,
    comment: say.commenting,
  }[about?.kind]
  at('context-text').textContent = describe ? describe(short(about.text)) : ''
}

function choose(next) {
  about = next
  if (next?.kind === 'edit' || next?.kind === 'edit-story') at('text').value = next.text
  draw()
  if (next) at('text').focus()
}

function choosePlayer(id) {
  // The page answers who was just played.
  if (id === 'page' && chosen.player !== 'page') chosen.with = chosen.player
  chosen.player = id
  choose(undefined)
}

function chooseView(view) {
  chosen.view = view
  choose(undefined)
}

/** One text, some files, or both: what the composer holds, said as whoever plays, about what was chosen. */
async function saySomething(text, files) {
  const scene = sceneOf()
  const said = text === '' ? {} : { text }
  const side = scene.isPage ? 'admin' : 'customer'
  const [file] = files
  if (about?.kind === 'comment') {
    const author = scene.isPage ? {} : { person: scene.person }
    return order(`${side}/comment`, { ...author, on: about.id, ...said, ...(file && { file }) })
  }
  if (about?.kind === 'edit-story') return order('customer/edit-story', { id: about.id, text })
  if (about?.kind === 'story')
    return order('customer/answer-story', { person: scene.person, page: scene.page, text })
  if (about?.kind === 'edit') return order('customer/edit', { ...scene.sides, mid: about.mid, text })
  if (chosen.view === 'wall') {
    const author = scene.isPage ? {} : { person: scene.person }
    return order(`${side}/post`, { ...author, page: scene.page, ...said, files })
  }
  if (scene.isPage) return order('admin/answer', { ...scene.sides, ...said, ...(file && { file }) })
  if (files.length > 0) return order('customer/send-file', { ...scene.sides, ...said, files })
  return order('customer/write', {
    ...scene.sides,
    text,
    ...(about?.kind === 'quote' && { replyTo: about.mid }),
  })
}

async function submit(files = []) {
  const field = at('text')
  const text = field.value.trim()
  if (text === '' && files.length === 0) return
  if (!(await saySomething(text, files))) return
  field.value = ''
  choose(undefined)
  field.focus()
}

at('composer').addEventListener('submit', (event) => {
  event.preventDefault()
  void submit()
})
at('text').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
  event.preventDefault()
  void submit()
})
at('picture').addEventListener('click', () => {
  const name = `picture-${Date.now() % 100_000}.png`
  void submit([{ name, type: 'image/png' }])
})
at('sticker').addEventListener('click', () => order('customer/send-sticker', sceneOf().sides))
at('mention').addEventListener('click', () => {
  const { person, page } = sceneOf()
  return order('customer/mention-in-story', { person, page })
})
at('story').addEventListener('click', () => choose({ kind: 'story', text: say.ofStory }))
at('file').addEventListener('click', () => at('chosen').click())
at('chosen').addEventListener('change', async () => {
  const files = await Promise.all([...at('chosen').files].map(toFile))
  at('chosen').value = ''
  await submit(files)
})
at('context-end').addEventListener('click', () => {
  at('text').value = ''
  choose(undefined)
  at('text').focus()
})
at('page').addEventListener('change', () => {
  chosen.page = at('page').value
  chosen.player = undefined
  chosen.with = undefined
  choose(undefined)
})
at('with').addEventListener('change', () => {
  chosen.with = at('with').value
  choose(undefined)
})
for (const panel of ['wire', 'controls'])
  at(`show-${panel}`).addEventListener('click', () => {
    chosen.panel = panel
    draw()
  })

// Links to a post lead to the wall of its page.
const [view, page] = location.hash.slice(1).split('/')
if (view === 'wall') Object.assign(chosen, { view, page })

const news = new EventSource('/simulator/events')
news.addEventListener('message', ({ data }) => {
  state = JSON.parse(data)
  draw()
})
