/** What this server asks of a relay over HTTP, each call through the guarded door. */
import { DoorError } from '@patchbay/kit/door-error.ts'
import type { Door } from '@patchbay/kit/outbound.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Reach, Registration } from '@patchbay/protocol/relay.ts'

export interface RelayCalls {
  /** Throws RL-104 or RL-107. */
  activate(url: string, code: string, name: string): Promise<{ serverId: string; key: string }>
  /** Whether the relay accepts the key; throws RL-107 when it cannot be asked. */
  accepts(url: string, key: string): Promise<boolean>
  /** Answers how many digests another server has; throws RL-107. */
  register(url: string, key: string, registration: Registration): Promise<number>
  /**
   * Never throws: whoever leaves does not depend on the relay. While this server stays with another relay of the same operator,
   * which may be the same one by another name, its key stays good and only what leads here is taken back.
   */
  leave(url: string, key: string, staysElsewhere: boolean): Promise<void>
  reach(url: string, key: string, publicUrl: string): Promise<Reach>
}

const nobody: Registration = { name: '', accounts: [], keys: [] }

export function createRelayCalls(door: Pick<Door, 'request'>): RelayCalls {
  async function call(
    method: 'POST' | 'PUT' | 'DELETE',
    url: string,
    path: string,
    body: unknown,
    key?: string,
  ): Promise<{ status: number; body: unknown }> {
    try {
      const answer = await door.request({
        method,
        url: `${url}${path}`,
        headers: {
          'content-type': 'application/json',
          ...(key && { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify(body),
      })
      return { status: answer.status, body: parse(answer.body.toString('utf8')) }
    } catch (error) {
      if (error instanceof DoorError) throw new Refusal('RL-107', error.message, { field: 'url' })
      throw error
    }
  }

  const unusable = (url: string, status: number): Refusal =>
    new Refusal('RL-107', `${url} answered ${status}, which a relay does not.`, { field: 'url' })

  const register = async (url: string, key: string, registration: Registration): Promise<number> => {
    const { status, body } = await call('PUT', url, '/api/servers/me', registration, key)
    const refused = (body as { refused?: unknown } | undefined)?.refused
    if (status === 200 && typeof refused === 'number') return refused
    throw unusable(url, status)
  }

  return {
    register,
    async activate(url, code, name) {
      const { status, body } = await call('POST', url, '/api/servers', { code, name })
      const { serverId, key, code: problem } = (body ?? {}) as Record<string, unknown>
      if (status === 201 && typeof serverId === 'string' && typeof key === 'string') return { serverId, key }
      if (problem === 'RL-104' || problem === 'AU-102')
        throw new Refusal('RL-104', undefined, { field: 'code' })
      throw unusable(url, status)
    },
    async accepts(url, key) {
      const { status } = await call('PUT', url, '/api/servers/me', nobody, key)
      if (status === 200 || status === 401) return status === 200
      throw unusable(url, status)
    },
    async leave(url, key, staysElsewhere) {
      const leaving = staysElsewhere
        ? call('PUT', url, '/api/servers/me', nobody, key)
        : call('DELETE', url, '/api/servers/me', {}, key)
      await leaving.catch(() => undefined)
    },
    async reach(url, key, publicUrl) {
      const { status, body } = await call('POST', url, '/api/servers/me/reach', { url: publicUrl }, key)
      if (status === 200) return body as Reach
      throw unusable(url, status)
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
