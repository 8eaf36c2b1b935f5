/** The Graph API over HTTP: reads a call, lets faults happen, answers as Meta does. */
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Box } from '../box.ts'
import type { NextFault } from '../world/settings.ts'
import { type Call, createCall } from './call.ts'
import { findEndpoint } from './endpoints.ts'
import { errorBody, GraphError, type GraphProblem, graphError, notFound } from './errors.ts'
import { type Parameters, readParameters } from './parameters.ts'
import { countCall } from './usage.ts'

const CALLS_KEPT = 200

export function graphRoutes(app: FastifyInstance, box: Box): void {
  for (const method of ['GET', 'POST', 'DELETE'] as const) {
    app.route({
      method,
      url: '/*',
      handler: async (request, reply) => {
        const fault = takeFault(box, `${method} ${request.originalUrl}`)
        if (fault?.delayMs) await wait(fault.delayMs)
        if (fault?.cut === 'before') return cut(reply)
        let parameters: Parameters | undefined
        let call: Call | undefined
        let outcome: Outcome
        try {
          parameters = readParameters(request)
          call = createCall(box, request, parameters)
          outcome = faultyOutcome(box, fault) ?? { status: 200, body: await answer(box, call) }
        } catch (error) {
          if (!(error instanceof GraphError)) throw error
          outcome = failed(box, error.problem)
        }
        note(box, method, request.originalUrl, parameters, outcome)
        if (fault?.cut === 'after') return cut(reply)
        const { body, problem, status } = outcome
        if (problem) {
          const { type = 'OAuthException', code, message } = problem
          const error = code === 190 ? 'invalid_token' : 'invalid_request'
          if (type === 'OAuthException')
            reply.header('www-authenticate', `OAuth "Facebook Platform" "${error}" "${ascii(message)}"`)
        }
        reply.headers({ 'facebook-api-version': 'v26.0', ...call?.headers })
        // Meta answers with this type at times; who parses by the type alone is caught.
        return reply.code(status).type('text/javascript; charset=UTF-8').send(JSON.stringify(body))
      },
    })
  }
}

interface Outcome {
  status: number
  body: unknown
  problem?: GraphProblem
}

async function answer(box: Box, call: Call): Promise<object> {
  const endpoint = findEndpoint(call)
  if (!endpoint) {
    if (call.segments.length > 1)
      throw new GraphError({
        code: 2500,
        message: `Unknown path components: /${call.segments.slice(1).join('/')}`,
      })
    throw call.segments.length === 0 ? graphError('noToken') : notFound(call.segments[0] ?? '')
  }
  if (call.segments[0] !== 'oauth') countCall(box, call.caller(), call.headers)
  return endpoint(call)
}

function failed(box: Box, problem: GraphProblem): Outcome {
  const { code, subcode } = problem
  const { statusOf } = box.switches
  const status = statusOf[`${code}/${subcode}`] ?? statusOf[String(code)] ?? 400
  return { status, body: errorBody(problem), problem }
}

function takeFault(box: Box, call: string): NextFault | undefined {
  const { next } = box.faults
  const index = next.findIndex(({ match }) => match === undefined || call.includes(match))
  const fault = next[index]
  if (!fault) return undefined
  fault.times = (fault.times ?? 1) - 1
  if (fault.times <= 0) next.splice(index, 1)
  box.changed()
  return fault
}

/** An error that was ordered, also with a status that does not fit it; undefined when the call goes on as usual. */
function faultyOutcome(box: Box, fault: NextFault | undefined): Outcome | undefined {
  if (!fault?.status && !fault?.error) return undefined
  const { code = 2, subcode, message, isTransient } = fault.error ?? {}
  const problem: GraphProblem = {
    code,
    message: message ?? `(#${code}) An error that was ordered.`,
    ...(subcode !== undefined && { subcode }),
    ...(isTransient !== undefined && { isTransient }),
  }
  const outcome = failed(box, problem)
  return { ...outcome, status: fault.status ?? outcome.status }
}

function cut(reply: FastifyReply): FastifyReply {
  reply.hijack()
  reply.raw.destroy()
  return reply
}

function note(
  box: Box,
  method: string,
  url: string,
  parameters: Parameters | undefined,
  { status, body }: Outcome,
): void {
  const [path = ''] = url.split('?')
  box.calls.push({
    at: box.clock.now(),
    method,
    path,
    status,
    request: parameters?.all() ?? {},
    answer: body,
  })
  if (box.calls.length > CALLS_KEPT) box.calls.shift()
  box.changed()
}

const ascii = (text: string): string => text.replace(/[^ -~]|"/g, "'")
