// Connections of the guarded door: pinned to checked addresses, kept alive, bounded in number.
import { isIP, type LookupFunction, connect as netConnect, type Socket } from 'node:net'
import { connect as tlsConnect } from 'node:tls'
import { type buildConnector, Client } from 'undici'
import { DoorError } from './door-error.ts'
import { isAllowedAddress, isAllowedHost, type OutboundAllow } from './outbound-policy.ts'
import type { Resolve } from './resolver.ts'

export interface ConnectTiming {
  dnsMs: number
  connectMs: number
  tlsMs: number
}

/** One connection to one origin, which reconnects by itself when it was closed while idle. */
export interface Connection {
  client: Client
  /** Counts the sockets opened so far, so that a request can tell whether one was opened for it. */
  opened: number
  timing: ConnectTiming
  remoteAddress: string
}

export interface Connections {
  /** A kept connection, or a new one. */
  take(url: URL, isExempt: boolean): Connection
  open(url: URL, isExempt: boolean): Connection
  give(connection: Connection, url: URL, isExempt: boolean): void
  /** A connection for another protocol than HTTP, checked like any other. */
  socket(url: URL): Promise<Socket>
  close(): Promise<void>
}

const IDLE_CONNECTIONS = 2_000
const KEEP_ALIVE_MS = 10_000

/** undici's own pools keep a pool per origin for ever and do not tell which socket served a request. */
export function createConnections(
  allow: OutboundAllow,
  resolve: Resolve,
  connectTimeoutMs: number,
): Connections {
  // In order of use: the origin at the front has waited longest. Exempt URLs have connections of their own, or an
  // ordinary URL of the same origin would travel on a connection that nobody checked.
  const idle = new Map<string, Connection[]>()
  let idleCount = 0
  const keyOf = (url: URL, isExempt: boolean): string => (isExempt ? `exempt ${url.origin}` : url.origin)

  const open = (url: URL, isExempt: boolean): Connection => {
    const policy = isExempt ? everything : allow
    const connection: Connection = {
      client: new Client(url.origin, {
        connect: (options, done) => connect(options, done, policy, resolve, connectTimeoutMs, connection),
        allowH2: false,
        pipelining: 1,
        keepAliveTimeout: KEEP_ALIVE_MS,
        keepAliveMaxTimeout: 60_000,
        headersTimeout: 0,
        bodyTimeout: 0,
        maxHeaderSize: 16 * 1024,
      }),
      opened: 0,
      timing: { dnsMs: 0, connectMs: 0, tlsMs: 0 },
      remoteAddress: '',
    }
    return connection
  }

  return {
    open,
    socket: (url) =>
      new Promise((answer, fail) => {
        const unused = { opened: 0, timing: { dnsMs: 0, connectMs: 0, tlsMs: 0 }, remoteAddress: '' }
        connect(
          url,
          (error, socket) => (socket ? answer(socket) : fail(error)),
          allow,
          resolve,
          connectTimeoutMs,
          unused,
        )
      }),
    take(url, isExempt) {
      const key = keyOf(url, isExempt)
      const waiting = idle.get(key)
      const connection = waiting?.pop()
      if (waiting?.length === 0) idle.delete(key)
      if (!connection) return open(url, isExempt)
      idleCount--
      return connection
    },
    give(connection, url, isExempt) {
      if (connection.client.destroyed || connection.client.closed) return
      const key = keyOf(url, isExempt)
      const waiting = idle.get(key) ?? []
      waiting.push(connection)
      idle.delete(key)
      idle.set(key, waiting)
      if (++idleCount <= IDLE_CONNECTIONS) return
      const [oldestKey, oldest] = idle.entries().next().value ?? []
      oldest
        ?.shift()
        ?.client.destroy()
        .catch(() => {})
      if (oldest?.length === 0 && oldestKey !== undefined) idle.delete(oldestKey)
      idleCount--
    },
    async close() {
      const all = [...idle.values()].flat()
      idle.clear()
      idleCount = 0
      await Promise.all(all.map(({ client }) => client.destroy()))
    },
  }
}

function connect(
  options: Pick<buildConnector.Options, 'hostname' | 'port' | 'protocol'>,
  done: (...result: [null, Socket] | [Error, null]) => void,
  allow: OutboundAllow | typeof everything,
  resolve: Resolve,
  timeoutMs: number,
  connection: Omit<Connection, 'client'>,
): void {
  const host = options.hostname.replace(/^\[|\]$/g, '')
  const mayCall = (address: string): boolean =>
    allow === everything || isAllowedHost(allow, host) || isAllowedAddress(allow, address)
  const startedAt = performance.now()
  let resolvedAt = startedAt
  let connectedAt = startedAt

  // The system connects to what this answers and asks nobody again: a name cannot change its address in between.
  const lookup: LookupFunction = (name, _options, answer) => {
    resolve(name).then(
      (addresses) => {
        resolvedAt = performance.now()
        const checked = addresses.filter(mayCall).map((address) => ({ address, family: isIP(address) }))
        if (checked.length > 0) answer(null, checked)
        else
          answer(
            addresses.length > 0
              ? blocked(host)
              : new DoorError('dns', `${host} is a name without an address.`),
            [],
          )
      },
      (error: NodeJS.ErrnoException) => answer(asLookupError(error, host), []),
    )
  }

  // An address in the URL needs no lookup, so it is checked here.
  if (isIP(host) !== 0 && !mayCall(host)) {
    done(blocked(host), null)
    return
  }
  const isTls = options.protocol === 'https:'
  const port = Number(options.port) || (isTls ? 443 : 80)
  const target = { host, port, lookup, autoSelectFamily: true, noDelay: true, keepAlive: true }
  const servername = isIP(host) === 0 ? { servername: host } : {}
  const socket: Socket = isTls
    ? tlsConnect({ ...target, ...servername, ALPNProtocols: ['http/1.1'] })
    : netConnect(target)

  const timer = setTimeout(() => {
    socket.destroy(
      new DoorError('timeout', `${host} did not accept a connection within ${timeoutMs / 1000} seconds.`),
    )
  }, timeoutMs)
  const failed = (error: Error): void => {
    clearTimeout(timer)
    done(error, null)
  }
  socket.once('error', failed)
  socket.once('connect', () => {
    connectedAt = performance.now()
    const address = socket.remoteAddress ?? ''
    if (!mayCall(address)) socket.destroy(blocked(host))
  })
  socket.once(isTls ? 'secureConnect' : 'connect', () => {
    if (socket.destroyed) return
    clearTimeout(timer)
    socket.off('error', failed)
    connection.opened++
    connection.remoteAddress = socket.remoteAddress ?? ''
    const readyAt = performance.now()
    connection.timing = {
      dnsMs: resolvedAt - startedAt,
      connectMs: connectedAt - resolvedAt,
      tlsMs: isTls ? readyAt - connectedAt : 0,
    }
    done(null, socket)
  })
}

const everything = 'everything'

function blocked(host: string): DoorError {
  return new DoorError(
    'blocked-address',
    `${host} leads to an address that may not be called from here; OUTBOUND_ALLOW opens it.`,
  )
}

function asLookupError(error: NodeJS.ErrnoException, host: string): Error {
  // A refusing name server has the same code as a refusing host.
  return error.code === 'ECONNREFUSED'
    ? new DoorError('dns', `${host} could not be looked up: no name server answers.`, error)
    : error
}
