// The operator's page of a relay: makes codes, shows servers, revokes them. The token lives in this tab alone.
const words = {
  en: {
    connected: 'Connected',
    connectedBy: (links) => `Connected by ${links} nodes`,
    away: 'Away',
    lastSeen: (when) => `last seen ${when}`,
    never: 'never seen',
    nameless: 'Without a name',
    until: (when) => `It works once, until ${when}.`,
    copied: 'Copied',
    copy: 'Copy',
    revoke: 'Revoke',
    revokeText: (name) =>
      `${name} loses its connection at once, and what is sent to it through this relay is refused. It comes back only with a new code.`,
    wrongToken: 'That is not the token of this relay.',
    unreachable: 'The relay does not answer.',
  },
  it: {
    title: 'Relay di Patchbay',
    api: 'API',
    signOut: 'Esci',
    signIn: 'Accedi',
    signInHint: 'Con il token dell’operatore di questo relay.',
    token: 'Token dell’operatore',
    newServer: 'Attiva un server',
    newServerHint:
      'Crea un codice e consegnalo all’amministratore del server, che lo inserisce in Amministrazione, Raggiungibilità, insieme all’indirizzo di questo relay.',
    makeCode: 'Crea un codice monouso',
    servers: 'Server',
    none: 'Nessun server è stato ancora attivato.',
    name: 'Nome',
    state: 'Stato',
    accounts: 'Account',
    keys: 'Chiavi',
    activated: 'Attivato',
    actions: 'Azioni',
    revokeTitle: 'Revocare questo server?',
    cancel: 'Annulla',
    connected: 'Connesso',
    connectedBy: (links) => `Connesso da ${links} nodi`,
    away: 'Assente',
    lastSeen: (when) => `visto ${when}`,
    never: 'mai visto',
    nameless: 'Senza nome',
    until: (when) => `Funziona una volta, fino al ${when}.`,
    copied: 'Copiato',
    copy: 'Copia',
    revoke: 'Revoca',
    revokeText: (name) =>
      `${name} perde subito la connessione, e ciò che gli si invia tramite questo relay è rifiutato. Torna solo con un nuovo codice.`,
    wrongToken: 'Non è il token di questo relay.',
    unreachable: 'Il relay non risponde.',
  },
}
const language = navigator.language.startsWith('it') ? 'it' : 'en'
const say = words[language]
const at = (id) => document.getElementById(id)
const time = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
const refreshMs = 5000

document.documentElement.lang = language
for (const element of document.querySelectorAll('[data-text]')) {
  const text = say[element.dataset.text]
  if (text) element.textContent = text
}

let token = sessionStorage.getItem('token') ?? ''
let timer

async function call(method, path) {
  const answer = await fetch(path, { method, headers: { authorization: `Bearer ${token}` } }).catch(() => {
    throw new Error(say.unreachable)
  })
  if (answer.status === 401) {
    leave()
    throw new Error(say.wrongToken)
  }
  const body = answer.status === 204 ? undefined : await answer.json()
  if (!answer.ok) throw new Error(body.detail)
  return body
}

async function attempt(work) {
  try {
    await work()
    at('problem').textContent = ''
  } catch (error) {
    at('problem').textContent = error.message
  }
}

function leave() {
  token = ''
  sessionStorage.removeItem('token')
  clearInterval(timer)
  at('inside').hidden = true
  at('out').hidden = true
  at('made').hidden = true
  at('in').hidden = false
  at('token').focus()
}

async function enter() {
  await attempt(async () => {
    await show()
    sessionStorage.setItem('token', token)
    at('in').hidden = true
    at('inside').hidden = false
    at('out').hidden = false
    clearInterval(timer)
    timer = setInterval(() => attempt(show), refreshMs)
  })
}

async function show() {
  const { rows } = await call('GET', '/api/servers')
  at('none').hidden = rows.length > 0
  at('scroll').hidden = rows.length === 0
  at('rows').replaceChildren(...rows.map(rowOf))
}

function rowOf(server) {
  const name = server.name || say.nameless
  const row = document.createElement('tr')
  const title = cell(row, name)
  const id = document.createElement('small')
  id.textContent = server.id
  title.append(id)
  const state = document.createElement('span')
  state.className = server.links > 0 ? 'state connected' : 'state'
  state.textContent =
    server.links > 1 ? say.connectedBy(server.links) : server.links === 1 ? say.connected : say.away
  const stateCell = cell(row, '')
  stateCell.append(state)
  if (server.links === 0) {
    const seen = document.createElement('small')
    seen.textContent = server.lastSeenAt ? say.lastSeen(time.format(new Date(server.lastSeenAt))) : say.never
    stateCell.append(seen)
  }
  cell(row, server.accounts).className = 'number'
  cell(row, server.keys).className = 'number'
  cell(row, time.format(new Date(server.activatedAt)))
  const revoke = document.createElement('button')
  revoke.type = 'button'
  revoke.className = 'quiet'
  revoke.textContent = say.revoke
  revoke.setAttribute('aria-label', `${say.revoke} ${name}`)
  revoke.addEventListener('click', () => askToRevoke(server.id, name))
  cell(row, '').append(revoke)
  return row
}

function cell(row, text) {
  const made = row.insertCell()
  made.textContent = text
  return made
}

function askToRevoke(id, name) {
  at('sure-text').textContent = say.revokeText(name)
  const dialog = at('sure')
  dialog.returnValue = ''
  dialog.onclose = () => {
    if (dialog.returnValue !== 'yes') return
    attempt(async () => {
      await call('DELETE', `/api/servers/${id}`)
      await show()
    })
  }
  dialog.showModal()
}

at('in').addEventListener('submit', (event) => {
  event.preventDefault()
  token = at('token').value.trim()
  at('token').value = ''
  enter()
})
at('out').addEventListener('click', leave)
at('make').addEventListener('click', () =>
  attempt(async () => {
    const { code, expiresAt } = await call('POST', '/api/codes')
    at('code').textContent = code
    at('until').textContent = say.until(time.format(new Date(expiresAt)))
    at('made').hidden = false
  }),
)
at('copy').addEventListener('click', async () => {
  await navigator.clipboard.writeText(at('code').textContent)
  at('copy').textContent = say.copied
  setTimeout(() => {
    at('copy').textContent = say.copy
  }, 2000)
})

if (token) enter()
else leave()
