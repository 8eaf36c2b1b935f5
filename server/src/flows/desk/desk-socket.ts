/** The desk's socket at `/api/socket`: lets in who is signed in at this site, or holds a key that may read interactions. */
import type { ServerResponse } from 'node:http'
import websocket from '@fastify/websocket'
import { sha256 } from '@patchbay/kit/crypto.ts'
import { createGrouping, type Grouping } from '@patchbay/kit/grouping.ts'
import { isOwnOrigin } from '@patchbay/kit/own-site.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { requireAccess } from '../../access/access.ts'
import { findCredential } from '../../access/credential.ts'
import { type Pass, type Standing, standingOf } from '../../access/standing.ts'
import type { Context } from '../../context.ts'
import { version } from '../../version.ts'
import type { Board } from '../../views/board.ts'
import { createHub, type Hub, type HubOptions } from './hub.ts'

const MAX_FRAME_BYTES = 64 * 1024
// Without the Open Channel module a desk hears of its own rights and of settings alone: see `standingOf`.
const access = { may: null, scopes: ['interactions:read'] } as const

interface LetIn {
  pass: Pass
  standing: Standing
}

/** At the root of the server, since the upgrade of a connection is the whole server's matter. */
export async function acceptSockets(
  app: FastifyInstance,
  ctx: Context,
  board: Board,
  options: Pick<HubOptions, 'triggers' | 'pollMs'>,
): Promise<Hub> {
  const hub = createHub({ ...ctx, ...options, board, version })
  await app.register(websocket, {
    options: { maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false, clientTracking: false },
    preClose: (done) => {
      hub.close().then(() => done(), done)
    },
    errorHandler: (error, socket) => {
      ctx.log.error({ err: error }, 'a socket failed by a mistake of ours')
      socket.terminate()
    },
  })
  return hub
}

/** The address itself, where cookies are read. */
export function deskSocket(site: FastifyInstance, ctx: Context, hub: Hub): void {
  const standings = groupStandings(ctx)
  const admitted = new WeakMap<FastifyRequest, LetIn & { answer: ServerResponse }>()
  site.get(
    '/api/socket',
    {
      websocket: true,
      onRequest: async (request, reply) => {
        admitted.set(request, { ...(await letIn(request, ctx, standings)), answer: reply.raw })
      },
    },
    (ws, request) => {
      const { pass, standing, answer } = admitted.get(request) ?? refuse()
      const { socket } = request
      // What led here would otherwise live as long as the socket: half of what a socket costs.
      answer.detachSocket(socket)
      ws.removeAllListeners('error')
      ws.on('error', onBroken)
      hub.connect(ws, socket, pass, standing)
    },
  )
}

// The other side broke the connection or the protocol; the socket closes by itself.
function onBroken(): void {}

type Standings = Grouping<Pass, Standing | 'disabled' | null>

/** Thousands come back at the same moment after a restart. */
function groupStandings({ db, log }: Pick<Context, 'db' | 'log'>): Standings {
  const read = async (passes: readonly Pass[]) => {
    const found = await standingOf(db, passes)
    return passes.map(({ digest }) => found.get(digest.toString('hex')) ?? null)
  }
  return createGrouping({
    size: 500,
    underWay: 2,
    together: read,
    alone: async (pass) => (await read([pass]))[0] ?? null,
    onFailure: (err, size) => log.warn({ err, size }, 'the rights of desks could not be read together'),
  })
}

async function letIn(
  request: FastifyRequest,
  { gatekeeper, config }: Context,
  standings: Standings,
): Promise<LetIn> {
  const caller = (await gatekeeper.authenticate(request)) ?? refuse()
  requireAccess(caller, access)
  // A browser lets any site open a socket with the visitor's cookie, and tells which site it was.
  if (caller.via === 'session' && !isOwnOrigin(request, config.publicUrl))
    throw new Refusal('AU-106', `The Origin ${request.headers.origin ?? '(none)'} is not this server's.`)
  const pass = passOf(request, gatekeeper.cookie.name)
  const standing = await standings.write(pass)
  if (!standing || standing === 'disabled') return refuse()
  return { pass, standing }
}

function passOf(request: FastifyRequest, cookieName: string): Pass {
  const credential = findCredential(request, cookieName)
  if (credential?.type === 'session') return { kind: 'session', digest: sha256(credential.token) }
  if (credential?.type === 'key') return { kind: 'key', digest: sha256(credential.key) }
  throw new Refusal('AU-105', 'A socket is opened with a session or a key, not with a password.')
}

function refuse(): never {
  throw new Refusal('AU-104')
}
