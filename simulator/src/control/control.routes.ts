/** The control interface over HTTP: verbs, the state of the box, and news of it as they happen. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Box } from '../box.ts'
import { adminVerbs } from './admin.ts'
import { customerVerbs } from './customer.ts'
import { stateOf } from './state.ts'
import { ControlError } from './verb.ts'
import { worldVerbs } from './world-verbs.ts'

export const CONTROL_PATH = '/simulator'
const verbs = { ...customerVerbs, ...adminVerbs, ...worldVerbs }
/** Many changes at once are one piece of news. */
const GATHER_MS = 50

export function controlRoutes(app: FastifyInstance, box: Box): void {
  app.get('/readyz', async () => ({ status: 'ready' }))
  app.get(`${CONTROL_PATH}/state`, async () => stateOf(box))

  const watchers = new Set<FastifyReply>()
  let timer: NodeJS.Timeout | undefined
  const stopListening = box.onChange(() => {
    if (watchers.size === 0) return
    timer ??= setTimeout(() => {
      timer = undefined
      const line = `data: ${JSON.stringify(stateOf(box))}\n\n`
      for (const watcher of watchers) watcher.raw.write(line)
    }, GATHER_MS)
  })
  app.addHook('preClose', async () => {
    stopListening()
    clearTimeout(timer)
    for (const watcher of watchers) watcher.raw.end()
  })
  app.get(`${CONTROL_PATH}/events`, (request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    reply.raw.write(`data: ${JSON.stringify(stateOf(box))}\n\n`)
    watchers.add(reply)
    request.raw.on('close', () => watchers.delete(reply))
  })

  for (const [name, { run }] of Object.entries(verbs)) {
    app.post(`${CONTROL_PATH}/${name}`, async (request, reply) => {
      // A page elsewhere in the browser can post forms here, but not this type without asking first.
      if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
        return reply.code(415).send({ detail: 'The body must be application/json.' })
      try {
        const text = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '{}'
        return (await run(box, JSON.parse(text || '{}'))) ?? { done: true }
      } catch (error) {
        if (error instanceof SyntaxError)
          return reply.code(400).send({ detail: 'The body is not valid JSON.' })
        // Also a refused verification of an address is the caller's to mend.
        if (error instanceof ControlError || (error as Error).name === 'GraphError')
          return reply.code(400).send({ detail: (error as Error).message })
        throw error
      }
    })
  }
}
