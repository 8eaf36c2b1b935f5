// The wall: posts with their comments, and what one can do with each.
import { button, files, make, order, redraw } from './dom.js'
import { short } from './thread.js'
import { dateTime, say } from './words.js'

export function drawWall(container, { scene, state, choose }) {
  const posts = state.posts.filter(({ pageId }) => pageId === scene.page).reverse()
  const drawn = posts.map((post) => story(post, { scene, state, choose, isPost: true }))
  redraw(container, drawn.length > 0 ? drawn : [make('p', { className: 'empty' }, say.noPosts)])
}

function story(given, context) {
  const { scene, state, choose, isPost } = context
  const author = authorOf(given, state)
  const replies = state.comments
    .filter(({ parentId }) => parentId === given.id)
    .map((comment) => story(comment, { ...context, isPost: false }))
  const facts = [
    isPost && dateTime.format(given.createdAt),
    isPost && !given.isPublished && say.notPublished,
    given.reactions > 0 && say.reactions(given.reactions),
  ].filter(Boolean)
  const isMine = scene.isPage ? given.author.kind === 'page' : given.author.id === scene.person
  const label = (text) => ({ 'aria-label': `${text}${say.ofMessage(short(given.message || author.name))}` })
  const act = (name, text, run) => button(`${name} ${given.id}`, text, run, label(text))
  const acts = [
    act('reply', isPost ? say.comment : say.reply, () =>
      choose({ kind: 'comment', id: given.id, text: author.name }),
    ),
    !scene.isPage &&
      act('like', say.like, () =>
        order('customer/react-story', { person: scene.person, id: given.id, kind: 'like' }),
      ),
    isMine && act('edit', say.edit, () => choose({ kind: 'edit-story', id: given.id, text: given.message })),
    scene.isPage &&
      !isMine &&
      act('hide', given.isHidden ? say.unhide : say.hide, () =>
        order('admin/hide', { id: given.id, isHidden: !given.isHidden }),
      ),
    isMine && act('remove', say.remove, () => order('customer/delete-story', { id: given.id })),
  ].filter(Boolean)
  const text = given.message === '' ? undefined : given.message
  const comments = replies.length > 0 ? make('div', { className: 'comments' }, ...replies) : undefined
  const hidden = given.isHidden ? ' hidden-story' : ''
  const foot = make('div', { className: 'acts' }, facts.length > 0 ? facts.join(' · ') : '', ...acts)
  if (!isPost) {
    const bubble = make(
      'div',
      { className: 'bubble', dir: 'auto' },
      make('strong', {}, author.name),
      text ? `\n${text}` : '',
    )
    return make('div', { className: `comment${hidden}` }, bubble, ...files(given.files), foot, comments)
  }
  return make(
    'article',
    { className: `story${hidden}` },
    make(
      'div',
      { className: 'who' },
      make('img', { className: 'face', src: author.face, alt: '' }),
      make('h3', {}, author.name),
    ),
    text && make('div', { className: 'text', dir: 'auto' }, text),
    ...files(given.files),
    foot,
    comments,
  )
}

function authorOf({ author }, { people, pages }) {
  const list = author.kind === 'page' ? pages : people
  return list.find(({ id }) => id === author.id) ?? { name: '', face: '' }
}
