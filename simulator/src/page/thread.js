// The conversation: bubbles, and what one can do with each.
import { button, files, make, order, redraw } from './dom.js'
import { clockTime, say } from './words.js'

/** `scene` says who plays, on which page, with whom, where; `choose` sets what the composer is about. */
export function drawThread(container, { scene, state, thread, names, choose }) {
  const isAtEnd = container.scrollHeight - container.scrollTop - container.clientHeight < 60
  const messages = thread?.messages ?? []
  const lines = messages.map((message) => line(message, { scene, messages, names, choose }))
  if (thread?.typing && !scene.isPage)
    lines.push(make('p', { className: 'line' }, make('small', {}, say.typing(names.page))))
  redraw(container, lines.length > 0 ? lines : [make('p', { className: 'empty' }, say.noMessages)])
  if (isAtEnd || container.dataset.of !== thread?.id) container.scrollTop = container.scrollHeight
  container.dataset.of = thread?.id ?? ''
  readWhatIsSeen(scene, state, messages)
}

/** Who looks at a conversation has read it. */
function readWhatIsSeen(scene, _state, messages) {
  const isUnread = messages.some(({ isFromPage, isRead }) => isFromPage && !isRead)
  if (!scene.isPage && isUnread && document.visibilityState === 'visible')
    void order('customer/read', scene.sides)
}

function line(message, { scene, messages, names, choose }) {
  const isMine = message.isFromPage === scene.isPage
  const quoted = messages.find(({ mid }) => mid === message.replyTo)
  const body = message.isDeleted
    ? [make('div', { className: 'bubble gone' }, say.unsent)]
    : [
        message.story && make('small', {}, say.answering(say.ofStory)),
        ...(message.story ? files([message.story]) : []),
        quoted && make('small', {}, say.answering(short(quoted.text))),
        message.text !== undefined && make('div', { className: 'bubble', dir: 'auto' }, message.text),
        message.attachments.some(({ type }) => type === 'story_mention') && make('small', {}, say.mention),
        ...files(message.attachments),
        ...message.attachments
          .filter(({ url }) => !url)
          .map(({ type }) => make('div', { className: 'bubble' }, type)),
      ].filter(Boolean)
  return make(
    'div',
    { className: isMine ? 'line mine' : 'line' },
    make('span', { className: 'unseen' }, message.isFromPage ? names.page : names.person),
    ...body,
    make('div', { className: 'acts' }, ...meta(message, scene, choose)),
  )
}

function meta(message, scene, choose) {
  const { mid, at, edits, reactions, isFromPage, isDeleted } = message
  const mark = isFromPage
    ? message.isRead
      ? say.read
      : message.isDelivered
        ? say.delivered
        : say.sent
    : undefined
  const facts = [
    clockTime.format(at),
    edits > 0 && say.edited,
    mark,
    reactions.length > 0 && reactions.join(' '),
  ].filter(Boolean)
  const acts = isDeleted || scene.isPage ? [] : customerActs(message, scene, choose)
  return [make('span', {}, facts.join(' · ')), ...acts].filter((part) => part !== undefined && mid)
}

function customerActs({ mid, text, isFromPage, reactions }, scene, choose) {
  const act = (name, label, run) =>
    button(`${name} ${mid}`, label, run, { 'aria-label': label + say.ofMessage(short(text)) })
  const react = (emoji) => order('customer/react', { ...scene.sides, mid, ...(emoji && { emoji }) })
  if (isFromPage) {
    return [
      act('quote', say.quote, () => choose({ kind: 'quote', mid, text: short(text) })),
      ...(reactions.length > 0
        ? [act('unreact', say.unreact, () => react())]
        : [act('like', say.like, () => react('👍')), act('love', say.love, () => react('❤'))]),
    ]
  }
  return [
    text !== undefined && act('edit', say.edit, () => choose({ kind: 'edit', mid, text })),
    act('unsend', say.unsend, () => order('customer/unsend', { ...scene.sides, mid })),
  ].filter(Boolean)
}

export const short = (text = '') => (text.length > 40 ? `${text.slice(0, 40)}…` : text)
