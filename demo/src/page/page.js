// The customer's side of the demo: who is writing, the chat, and the last call on the wire.
const customers = [
  { from: '+39 347 555 0142', firstName: 'Giulia', lastName: 'Ferri' },
  { from: '+34 612 555 0177', firstName: 'Tomás', lastName: 'Herrera' },
  { from: '+91 98555 50123', firstName: 'Ravi', lastName: 'Menon' },
  { from: '+44 20 5555 0199', firstName: 'Amara', lastName: 'Okafor' },
]
const lines = []
let current = customers[0]

const element = (id) => document.getElementById(id)

function draw() {
  element('customers').replaceChildren(
    ...customers.map((customer) => {
      const button = document.createElement('button')
      button.type = 'button'
      button.textContent = `${customer.firstName} ${customer.lastName}`
      button.setAttribute('aria-pressed', String(customer === current))
      button.addEventListener('click', () => {
        current = customer
        draw()
        element('text').focus()
      })
      return button
    }),
  )
  const chat = element('chat')
  chat.replaceChildren(...lines.filter((line) => line.customer === current.from).map(bubble))
  chat.scrollTop = chat.scrollHeight
}

function bubble(line) {
  const box = document.createElement('div')
  box.className = `line ${line.direction}`
  box.dir = 'auto'
  if (line.file) {
    const link = document.createElement('a')
    link.href = `/files/${line.file.id}`
    link.textContent = line.file.name
    box.append(link)
  } else {
    box.textContent = line.text
  }
  return box
}

new EventSource('/lines').addEventListener('message', ({ data }) => {
  const line = JSON.parse(data)
  lines.push(line)
  element('wire').textContent = JSON.stringify(line.wire, null, 2)
  draw()
})

async function say() {
  const text = element('text')
  const body = text.value.trim()
  if (body === '') return
  text.value = ''
  const answer = await fetch('/say', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...current, body }),
  }).catch((error) => ({ ok: false, json: async () => ({ detail: error.message }) }))
  element('problem').textContent = answer.ok
    ? ''
    : ((await answer.json()).detail ?? 'The message was refused.')
  if (!answer.ok) text.value = body
}

element('form').addEventListener('submit', (event) => {
  event.preventDefault()
  say()
})
element('text').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
  event.preventDefault()
  say()
})
draw()
