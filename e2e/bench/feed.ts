// New customers at a steady rate, whatever the answers take, by bare sockets: what the driver takes, the program under test does not have.
import { once } from 'node:events'
import { connect } from 'node:net'

const TICK_MS = 20
const CONNECTIONS = 8
const STATUS = /HTTP\/1\.1 (\d)/g
const STATUS_LENGTH = 10

export interface Feed {
  /** Resolves when all that was sent is answered. */
  stop(): Promise<{ sent: number; seconds: number; failures: number }>
}

/** Posts `body(0)`, `body(1)` and so on as JSON; each connection carries several at once. */
export async function feed(
  address: string,
  perSecond: number,
  body: (index: number) => string,
): Promise<Feed> {
  const url = new URL(address)
  const head = `POST ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\ncontent-length: `
  let answered = 0
  let good = 0
  let told = (): void => {}
  const sockets = await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const socket = connect(Number(url.port), url.hostname)
      await once(socket, 'connect')
      let rest = ''
      socket.setEncoding('latin1').on('data', (chunk: string) => {
        rest += chunk
        let end = 0
        for (const found of rest.matchAll(STATUS)) {
          answered++
          if (found[1] === '2') good++
          end = found.index + STATUS_LENGTH
        }
        rest = rest.slice(Math.max(end, rest.length - STATUS_LENGTH + 1))
        told()
      })
      return socket
    }),
  )
  const startedMs = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedMs) / 1000) * perSecond)
    const texts = sockets.map(() => '')
    for (; sent < due; sent++) {
      const text = body(sent)
      texts[sent % CONNECTIONS] += `${head}${Buffer.byteLength(text)}\r\n\r\n${text}`
    }
    for (const [place, text] of texts.entries()) if (text) sockets[place]?.write(text)
  }, TICK_MS)
  return {
    async stop() {
      clearInterval(timer)
      const seconds = (performance.now() - startedMs) / 1000
      await new Promise<void>((done) => {
        told = () => answered >= sent && done()
        for (const socket of sockets) socket.once('close', () => done())
        told()
      })
      for (const socket of sockets) socket.destroy()
      return { sent, seconds, failures: sent - good }
    },
  }
}
