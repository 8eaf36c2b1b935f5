/** Asks a bot or sends a web request through the guarded door, once, and reads what came back. */
import { DoorError } from '@patchbay/kit/door-error.ts'
import type { ActionOf } from '@patchbay/protocol/api/actions.ts'
import type { BotCall } from '@patchbay/protocol/bot.ts'
import type { Said } from '@patchbay/protocol/said.ts'
import { openBotSecret, openHeader } from '../../accounts/action-secrets.ts'
import type { AccountEntry } from '../../accounts/directory.ts'
import { type BotSays, readBotAnswer } from '../../actions/bot-answer.ts'
import { CALL_SECONDS } from '../../actions/calls.ts'
import type { Flow } from '../../actions/walk.ts'
import { fillRequest, keptOf } from '../../actions/web-request.ts'
import { customOf, textsOf } from '../../contacts/contact-row.ts'
import type { Context } from '../../context.ts'
import { type Made, makeCall } from '../../delivery/call-records.ts'
import { signatureHeaders } from '../../delivery/sign.ts'
import { describeStatus } from '../../delivery/verdict.ts'
import { version } from '../../version.ts'
import { type FactsRow, toFacts } from '../../views/flow-facts.ts'

type Asker = Pick<Context, 'door' | 'sealingKey'>
export type CallStep = ActionOf<'bot'> | ActionOf<'web-request'>
export type Told =
  | { type: 'bot'; says: BotSays }
  | { type: 'kept'; said: Said; vars: Record<string, string>; isAnswered: boolean }
  | { type: 'fault'; said: Said }

export interface Question {
  account: Pick<AccountEntry, 'uid' | 'secrets'>
  flow: Flow
  step: CallStep
  facts: FactsRow
  vars: Readonly<Record<string, string>>
  /** The same for every repetition. */
  webhookId: string
  signal: AbortSignal
}

const RESPONSE_BYTES = 64 * 1024
const userAgent = `Patchbay/${version}`

export interface Asked {
  told: Told
  attempt: Made['attempt']
  /** Why it did not work, for the delivery log. */
  error: string | null
}

/** Rejects only when `signal` is aborted, which is no answer. */
export async function ask(ctx: Asker, question: Question): Promise<Asked> {
  return question.step.type === 'bot'
    ? askBot(ctx, question, question.step)
    : send(ctx, question, question.step)
}

async function askBot(ctx: Asker, question: Question, step: ActionOf<'bot'>): Promise<Asked> {
  const { account, flow, webhookId, signal } = question
  const body = JSON.stringify(bodyOf(question))
  const own = openBotSecret(ctx.sealingKey, account.uid, step)
  const secrets = own === null ? account.secrets() : [own]
  const signature = signatureHeaders(webhookId, new Date(), body, secrets)
  const { answer, attempt } = await makeCall(
    ctx.door,
    {
      method: 'POST',
      url: step.url,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'user-agent': userAgent,
        ...signature,
      },
      body,
      timeoutMs: Math.min(step.timeoutSeconds, CALL_SECONDS) * 1000,
      maxResponseBytes: RESPONSE_BYTES,
      signal,
      repeatable: true,
    },
    [...secrets, signature['webhook-signature']],
  )
  const failed = (said: Said, error: string): Asked => ({ told: { type: 'fault', said }, attempt, error })
  if (answer instanceof DoorError) return failed({ code: 'bot-fault', text: answer.message }, answer.message)
  const { status } = answer
  if (status < 200 || status > 299)
    return failed({ code: 'bot-status', count: status }, describeStatus(status, 'bot') ?? '')
  if (answer.truncated) return failed({ code: 'bot-long' }, 'The answer of the bot is longer than 64 KiB.')
  const says = readBotAnswer(answer.body, (id) => flow.some((other) => other.id === id))
  if ('fault' in says) return failed({ code: 'bot-unusable', text: says.fault }, `The bot ${says.fault}`)
  return { told: { type: 'bot', says }, attempt, error: null }
}

function bodyOf({ facts: row, vars, step }: Question): BotCall {
  const { contact } = row
  const custom = Object.entries(customOf(contact)).map(([id, value]) => [`cf_${id}`, value])
  return {
    type: 'bot.message',
    timestamp: new Date().toISOString(),
    data: {
      step: step.id,
      account: { id: row.account_id, uid: row.account_uid, name: row.account_name },
      interaction: {
        id: row.id,
        to: row.to_address,
        threadId: row.thread_id || null,
        externalUrl: row.external_url,
        subject: row.subject,
        createdAt: row.created_at.toISOString(),
      },
      contact: {
        id: contact.id,
        ListId: row.list_id,
        ...textsOf(contact),
        tags: contact.tags,
        ...Object.fromEntries(custom),
      },
      message:
        row.message_id === null
          ? null
          : {
              id: row.message_id,
              body: row.message_body ?? '',
              attachmentName: row.message_file,
              createdAt: (row.message_at ?? row.created_at).toISOString(),
            },
      variables: { ...vars },
    },
  }
}

async function send(ctx: Asker, question: Question, step: ActionOf<'web-request'>): Promise<Asked> {
  const { account, facts, vars, webhookId, signal } = question
  const { read } = toFacts(facts, vars, [])
  const secrets: string[] = []
  const filled = fillRequest(step, read, (header) => {
    const value = openHeader(ctx.sealingKey, account.uid, step, header)
    secrets.push(value)
    return value
  })
  const { answer, attempt } = await makeCall(
    ctx.door,
    {
      method: filled.method,
      url: filled.url,
      headers: { 'user-agent': userAgent, 'idempotency-key': webhookId, ...filled.headers },
      ...(filled.body !== undefined && { body: filled.body }),
      timeoutMs: Math.min(step.timeoutSeconds, CALL_SECONDS) * 1000,
      maxResponseBytes: RESPONSE_BYTES,
      signal,
    },
    secrets,
  )
  if (answer instanceof DoorError) {
    const said: Said = { code: 'request-fault', name: step.variable, text: answer.message }
    const kept = keptOf(step.variable, null, Buffer.alloc(0))
    return {
      told: { type: 'kept', isAnswered: false, said, vars: kept },
      attempt,
      error: answer.message,
    }
  }
  const { status, body } = answer
  const said: Said = { code: 'request-answered', name: step.variable, count: status }
  const told: Told = { type: 'kept', isAnswered: true, said, vars: keptOf(step.variable, status, body) }
  return { told, attempt, error: describeStatus(status, 'web request') }
}
