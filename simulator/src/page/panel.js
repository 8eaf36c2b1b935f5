// The panel beside the scene: what crossed the wire, and what can be changed about the box.
import { at, button, make, order, redraw } from './dom.js'
import { clockTime, say } from './words.js'

const SHOWN = 60
const hour = 3_600_000

export function drawWire(state) {
  const entries = [
    ...state.deliveries.map((delivery) => ({ at: delivery.createdAt, key: delivery.id, delivery })),
    ...state.calls.map((call, index) => ({ at: call.at, key: `call ${call.at} ${index}`, call })),
  ]
  entries.sort((one, other) => other.at - one.at)
  at('quiet').hidden = entries.length > 0
  const open = new Set([...at('entries').children].filter((entry) => entry.open).map(({ id }) => id))
  redraw(
    at('entries'),
    entries.slice(0, SHOWN).map((entry) => {
      const made = entry.call ? callEntry(entry.call) : deliveryEntry(entry.delivery)
      made.id = entry.key
      made.open = open.has(entry.key)
      return made
    }),
  )
}

function callEntry({ at: when, method, path, status, request, answer }) {
  const shown = { ...request, ...(request.access_token && { access_token: '…' }) }
  return entryOf(when, `${method} ${shortPath(path)}`, tag(status, status < 400 && !answer?.error), {
    request: shown,
    answer,
  })
}

/** Without the version and with ids cut: the whole stands inside. */
const shortPath = (path) => path.replace(/^\/v\d+\.\d+/, '').replace(/\d{10,}(_\d+)?/g, '…')

function deliveryEntry({ createdAt, body, attempts, state }) {
  const last = attempts.at(-1)
  const word = state === 'delivered' ? String(last?.status) : (say[state] ?? state)
  const kind = state === 'delivered' ? true : state === 'dropped' ? false : undefined
  return entryOf(createdAt, `${say.webhook} ${kindOf(body)}`, tag(word, kind), { body, attempts })
}

function kindOf({ entry }) {
  const [first] = entry
  const event = first?.messaging?.[0] ?? first?.standby?.[0]
  if (event) return Object.keys(event).find((key) => !/^(sender|recipient|timestamp)$/.test(key))
  const value = first?.changes?.[0]?.value
  return value ? `${value.item} ${value.verb}` : ''
}

const tag = (text, isGood) =>
  make('span', { className: `tag ${isGood === undefined ? 'warn' : isGood ? 'ok' : 'bad'}` }, String(text))

function entryOf(when, title, mark, content) {
  const pre = make('pre', { tabIndex: 0 }, '')
  const details = make(
    'details',
    { className: 'entry' },
    make('summary', {}, make('time', {}, clockTime.format(when)), make('span', {}, title), mark),
    pre,
  )
  // Only what is looked at is written out.
  details.addEventListener('toggle', () => {
    if (details.open) pre.textContent = JSON.stringify(content, null, 2)
  })
  return details
}

const orders = {
  500: { status: 500, error: { code: 2, message: 'Service temporarily unavailable', isTransient: true } },
  429: { status: 429, error: { code: 613 } },
  hidden: { status: 200, error: { code: 1200, subcode: 2018024 } },
  window: { error: { code: 10, subcode: 2018278 } },
  token: { error: { code: 190, subcode: 460 } },
  temporary: { error: { code: 1200, subcode: 2018024 } },
  slow: { delayMs: 6000 },
  cut: { cut: 'after' },
  lost: { cut: 'before' },
}
let chosenFault = '500'

const switchValues = {
  subscribedApps: ['replace', 'merge'],
  success: ['string', 'boolean'],
  sticker: ['sticker', 'both', 'image'],
  hiddenProfile: ['empty', 'error'],
  receipts: ['none', 'delivered', 'read'],
}
const switchTicks = ['hasFromName', 'hasFragment', 'hasStateOnCancel']

export function drawControls(state, scene, thread) {
  const page = state.pages.find(({ id }) => id === scene.page)
  redraw(
    at('controls'),
    [
      clockGroup(state),
      connectionGroup(state, page),
      scene.person ? personGroup(state, scene, thread) : undefined,
      answerGroup(state, page),
      deliveryGroup(state),
      switchGroup(state),
    ].filter(Boolean),
  )
}

const group = (title, ...children) =>
  make('section', { className: 'group' }, make('h3', {}, title), ...children)
const row = (...children) => make('div', { className: 'row' }, ...children)

function clockGroup() {
  const forward = (label, ms) => button(`clock ${ms}`, `+ ${label}`, () => order('clock/advance', { ms }))
  return group(
    say.clock,
    make('p', {}, say.clockHint),
    row(forward(say.hours(1), hour), forward(say.hours(24), 24 * hour), forward(say.days(7), 168 * hour)),
  )
}

function connectionGroup({ apps }, page) {
  const lines = apps
    .filter(({ id }) => page?.subscribed[id])
    .map(({ id, name }) => make('p', {}, say.subscribed(name, page.subscribed[id].length)))
  const own = apps[0]
  const grant = own?.grants.find(({ pages }) => pages.includes(page?.id))
  return group(
    say.connection,
    ...(lines.length > 0 ? lines : [make('p', {}, say.notConnected)]),
    make('p', {}, own?.callbackUrl ? say.callback(own.callbackUrl) : say.noCallback),
    row(
      button('revoke', say.revoke, () => order('world/revoke-tokens', { page: page.id })),
      button(
        'take back',
        say.takeBack,
        () => order('world/deauthorize', { app: own.id, person: grant?.person }),
        { disabled: !grant },
      ),
    ),
  )
}

function personGroup({ people, apps }, scene, thread) {
  const person = people.find(({ id }) => id === scene.person)
  const isBlocked = person?.blocked.includes(scene.page)
  const isTaken = thread?.ownerAppId !== undefined
  return group(
    `${say.person}: ${person?.name ?? ''}`,
    row(
      button('block', isBlocked ? say.unblock : say.block, () =>
        order('world/block', { person: scene.person, page: scene.page, isBlocked: !isBlocked }),
      ),
      button('take', isTaken ? say.freeThread : say.takeThread, () =>
        order('admin/take-thread', {
          person: scene.person,
          page: scene.page,
          ...(!isTaken && { app: `${Number(apps[0]?.id ?? 1) + 1}` }),
        }),
      ),
    ),
  )
}

function answerGroup({ faults }, page) {
  const select = make(
    'select',
    {
      'data-key': 'fault',
      'aria-label': say.nextFault,
      onchange: () => {
        chosenFault = select.value
      },
    },
    ...Object.entries(say.faults).map(([value, text]) => make('option', { value }, text)),
  )
  select.value = chosenFault
  return group(
    say.nextFault,
    row(
      select,
      button('arm', say.arm, () => order('faults/next', { match: 'POST', ...orders[chosenFault] })),
    ),
    ...(faults.next.length > 0 ? [make('p', {}, say.armed(faults.next.length))] : []),
    row(
      button('limit', say.limit, () => order('faults/limit', { id: page.id, minutes: 5 })),
      button('clear', say.clear, () => order('faults/clear')),
    ),
  )
}

function tick(name, text, isOn, onchange) {
  return make(
    'label',
    { className: 'tick' },
    make('input', { type: 'checkbox', 'data-key': name, checked: isOn, onchange }),
    text,
  )
}

function choice(name, text, values, value, label, onchange) {
  const id = `choice-${name}`
  const select = make(
    'select',
    { id, 'data-key': name, onchange: () => onchange(select.value) },
    ...values.map((option) => make('option', { value: option }, label(option))),
  )
  select.value = value
  return make('div', { className: 'pair' }, make('label', { for: id }, text), select)
}

function deliveryGroup({ faults }) {
  const set = (change) => order('faults/set', change)
  const flag = (name) => tick(name, say[name], faults[name], () => set({ [name]: !faults[name] }))
  return group(
    say.deliveries,
    choice(
      'signature',
      say.signature,
      Object.keys(say.signatures),
      faults.signature,
      (value) => say.signatures[value],
      (signature) => set({ signature }),
    ),
    tick('duplicates', say.duplicates, faults.duplicates > 0, () =>
      set({ duplicates: faults.duplicates > 0 ? 0 : 1 }),
    ),
    flag('hasUnknownFields'),
    flag('hasNumberIds'),
    flag('hasSeconds'),
    tick('cdn', say.cdnGone, faults.cdn.status !== undefined, () =>
      set({ cdn: faults.cdn.status === undefined ? { status: 404 } : {} }),
    ),
    flag('holds'),
    row(button('release', say.release, () => order('deliveries/release', { order: 'reverse', batch: 1000 }))),
  )
}

const switchValue = (value) => say.switchValues[value]

function switchGroup({ switches }) {
  const set = (change) => order('switches/set', change)
  return group(
    say.switches,
    make('p', {}, say.switchHint),
    ...Object.entries(switchValues).map(([name, values]) =>
      choice(name, say.switchNames[name], values, switches[name], switchValue, (value) =>
        set({ [name]: value }),
      ),
    ),
    ...switchTicks.map((name) =>
      tick(name, say.switchNames[name], switches[name], () => set({ [name]: !switches[name] })),
    ),
  )
}
