/** Posts to Receive URLs in tests as services do, and looks at what became of it. */
import type { Accepted } from '@patchbay/protocol/open-channel.ts'
import type { TestAccount, TestServer } from '../../testing.ts'

export interface Answer {
  status: number
  headers: Headers
  /** An acceptance or a refusal, whichever it is. */
  body: Accepted & {
    code?: string
    detail?: string
    field?: string
    allowed?: string[]
    fields?: string[]
  }
}

export interface Sending {
  /** An object is sent as JSON. */
  body?: unknown
  /** Null: no Content-Type at all. */
  type?: string | null
  headers?: Record<string, string>
}

export async function post(url: string | URL, { body, type, headers = {} }: Sending): Promise<Answer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData
  const bytes = typeof body === 'string' ? Buffer.from(body) : isRaw ? body : JSON.stringify(body)
  const contentType = type === undefined && !isRaw ? 'application/json' : type
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...(contentType && { 'content-type': contentType }), ...headers },
    // Bytes carry no content type of their own, as a string would.
    ...(bytes !== undefined && { body: typeof bytes === 'string' ? Buffer.from(bytes) : bytes }),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  }
}

/** The contact as the API shows it. */
export async function contactOf(server: TestServer, answer: Answer): Promise<Record<string, unknown>> {
  const { body } = await server.call('GET /api/contacts/:id', { params: { id: answer.body.contact.id } })
  return body
}

/** Posts a message that is taken. */
export async function send(account: TestAccount, body: object): Promise<Answer> {
  const answer = await post(account.receiveUrl, { body })
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body.code}: ${answer.body.detail}`)
  return answer
}
