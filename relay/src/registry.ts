/**
 * Which servers were activated here and which digests lead to them: the only thing a relay keeps. One JSON file, written whole beside
 * the old one and put in its place, so that an end at any moment leaves one of the two.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Registration } from '@patchbay/protocol/relay.ts'

export interface Server {
  readonly id: string
  readonly activatedAt: string
  lastSeenAt: string | null
  revoked: boolean
  registration: Registration
}

interface Stored {
  version: 1
  servers: Server[]
  /** Ids of the servers whose codes were used, until when the code would have worked. */
  used: Record<string, string>
}

export interface Registry {
  servers(): Server[]
  get(serverId: string): Server | undefined
  /** False when the code was used before. */
  activate(serverId: string, name: string, until: Date, now: Date): Promise<boolean>
  /** A server that another relay of the same operator activated. */
  meet(serverId: string, now: Date): Server
  revoke(serverId: string): Promise<void>
  /** Answers how many digests another server has. */
  register(serverId: string, wanted: Registration): Promise<number>
  seen(serverId: string, now: Date): void
  /** The server to which an account's token leads. */
  serverOfAccount(accountId: number, digest: string): string | undefined
  serverOfKey(digest: string): string | undefined
  /** By the uid of an account, which signed links name. */
  serverOfUid(digest: string): string | undefined
  /** Writes what waits to be written. */
  close(): Promise<void>
}

const FILE = 'registry.json'
const unnamed: Registration = { name: '', accounts: [], keys: [] }

export async function openRegistry(folder: string): Promise<Registry> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const stored = await read(join(folder, FILE))
  const servers = new Map(stored.servers.map((server) => [server.id, server]))
  const used = new Map(Object.entries(stored.used))
  const owners = new Map<string, string>()
  for (const { id, registration, revoked } of servers.values())
    if (!revoked) for (const name of namesOf(registration)) owners.set(name, id)

  let isDirty = false
  let writing = Promise.resolve()
  const save = (): Promise<void> => {
    isDirty = true
    // Whoever comes while a write is under way is served by the next, together with all others who came.
    const next = writing
      .catch(() => {})
      .then(async () => {
        if (!isDirty) return
        isDirty = false
        const text: Stored = { version: 1, servers: [...servers.values()], used: Object.fromEntries(used) }
        await write(folder, JSON.stringify(text))
      })
    writing = next
    return next
  }
  const release = ({ id, registration }: Server): void => {
    for (const name of namesOf(registration)) if (owners.get(name) === id) owners.delete(name)
  }
  const add = (id: string, name: string, now: Date): Server => {
    const at = now.toISOString()
    const server: Server = {
      id,
      activatedAt: at,
      lastSeenAt: null,
      revoked: false,
      registration: { ...unnamed, name },
    }
    servers.set(id, server)
    return server
  }

  return {
    servers: () => [...servers.values()].filter(({ revoked }) => !revoked),
    get: (serverId) => servers.get(serverId),
    async activate(serverId, name, until, now) {
      for (const [id, end] of used) if (new Date(end) <= now) used.delete(id)
      if (used.has(serverId) || servers.has(serverId)) return false
      used.set(serverId, until.toISOString())
      add(serverId, name, now)
      await save()
      return true
    },
    meet(serverId, now) {
      const known = servers.get(serverId)
      if (known) return known
      void save().catch(() => {})
      return add(serverId, '', now)
    },
    async revoke(serverId) {
      const server = servers.get(serverId)
      if (!server) return
      release(server)
      server.revoked = true
      server.registration = { ...unnamed, name: server.registration.name }
      await save()
    },
    async register(serverId, wanted) {
      const server = servers.get(serverId)
      if (!server || server.revoked) return 0
      release(server)
      let refused = 0
      const isMine = (name: string): boolean => {
        const owner = owners.get(name)
        if (owner === undefined) owners.set(name, serverId)
        else if (owner !== serverId) refused++
        return owner === undefined || owner === serverId
      }
      server.registration = {
        name: wanted.name,
        accounts: wanted.accounts
          .map(({ id, digests, uid }) => ({
            id,
            digests: digests.filter((digest) => isMine(accountName(id, digest))),
            ...(uid !== undefined && isMine(uidName(uid)) && { uid }),
          }))
          .filter(({ digests, uid }) => digests.length > 0 || uid !== undefined),
        keys: wanted.keys.filter((digest) => isMine(keyName(digest))),
      }
      await save()
      return refused
    },
    seen(serverId, now) {
      const server = servers.get(serverId)
      if (server) server.lastSeenAt = now.toISOString()
      isDirty = true
    },
    serverOfAccount: (accountId, digest) => owners.get(accountName(accountId, digest)),
    serverOfKey: (digest) => owners.get(keyName(digest)),
    serverOfUid: (digest) => owners.get(uidName(digest)),
    close: () => (isDirty ? save() : writing),
  }
}

const accountName = (id: number, digest: string): string => `account ${id} ${digest}`
const keyName = (digest: string): string => `key ${digest}`
const uidName = (digest: string): string => `uid ${digest}`

function namesOf({ accounts, keys }: Registration): string[] {
  return [
    ...accounts.flatMap(({ id, digests, uid }) => [
      ...digests.map((digest) => accountName(id, digest)),
      ...(uid === undefined ? [] : [uidName(uid)]),
    ]),
    ...keys.map(keyName),
  ]
}

async function read(path: string): Promise<Stored> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Stored
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return { version: 1, servers: [], used: {} }
  }
}

async function write(folder: string, text: string): Promise<void> {
  const path = join(folder, FILE)
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
  const parent = await open(folder, 'r')
  await parent.sync().finally(() => parent.close())
}
