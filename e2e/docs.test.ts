// What the page for channel developers shows is run as it stands there, and must answer what stands there.
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, client, dataFolder, type Program, startProgram } from './program.ts'
import { makeAccount, makeKey, type OwnAccount, post, type Service, startService } from './service.ts'

const page = await readFile(fileURLToPath(new URL('../docs/open-channel.md', import.meta.url)), 'utf8')

/** The code blocks of a language, in their order. */
function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, code]) => code ?? '',
  )
}

/** A command ends where its line does, unless that ends with a backslash. */
const commands = blocks('sh').flatMap((block) => block.trim().split(/(?<!\\)\n/))

interface Answered {
  status: number
  body: Record<string, unknown>
}

let program: Program
let service: Service
let removeFolder: () => Promise<void>
let api: Client
let account: OwnAccount
let folder: string
let run: (command: string) => Promise<Answered>
const answered: Answered[] = []

beforeAll(async () => {
  const data = await dataFolder()
  removeFolder = data.remove
  folder = data.path
  service = await startService()
  program = await startProgram({ dataDir: join(folder, 'data') })
  api = client(program.origin)
  account = await makeAccount(api, { replyUrl: service.replyUrl })
  const { key } = await makeKey(api)
  await writeFile(join(folder, 'photo.jpg'), Buffer.from('ffd8ffe000104a464946', 'hex'))
  const env = {
    PATH: process.env.PATH ?? '',
    RECEIVE_URL: account.receiveUrl,
    ORIGIN: program.origin,
    API_KEY: key,
    TOKEN: account.token,
    PHOTO_URL: `${program.origin}/healthz`,
  }
  run = async (command) => {
    const quiet = `curl() { command curl --silent --show-error --write-out '\\n%{http_code}' "$@"; }\n${command}`
    const { stdout } = await promisify(execFile)('bash', ['-c', quiet], { env, cwd: folder })
    const cut = stdout.lastIndexOf('\n')
    return { status: Number(stdout.slice(cut + 1)), body: JSON.parse(stdout.slice(0, cut)) }
  }
})

afterAll(async () => {
  await program?.stop()
  await service?.stop()
  await removeFolder?.()
})

test('the page has commands, each of them a curl of its own', () => {
  expect(commands.length).toBeGreaterThan(7)
  for (const command of commands) expect(command).toMatch(/^curl /)
})

describe('run in their order on a new installation', () => {
  test.each(commands.map((command) => [command]))('%s', async (command) => {
    const answer = await run(command)
    answered.push(answer)
    const isMade = command.includes('/api/attachments') || command.includes('/api/openchannel/messages')
    expect(answer).toMatchObject({ status: isMade ? 201 : 200 })
  })

  test('they are all answered, and the first as the page shows', () => {
    expect(answered).toHaveLength(commands.length)
    const [shown = ''] = blocks('json')
    expect(answered[0]?.body).toEqual(JSON.parse(shown))
  })

  test('the file that they sent is the one of the message, and the interaction is closed', async () => {
    const { rows } = await api.get<{ rows: { body: string; AttachmentId: number | null }[] }>(
      '/api/openchannel/interactions/1/messages',
    )
    expect(rows.map(({ body, AttachmentId }) => [body, AttachmentId])).toEqual([
      ['Hello', null],
      ['photo.jpg', 1],
      ['This is it', expect.any(Number)],
      ['See this', expect.any(Number)],
      ['Hello', null],
      ['I answered on my phone', null],
    ])
    const closing = answered[commands.findIndex((command) => command.includes('-X PUT'))]
    expect(closing?.body).toMatchObject({ closed: true, disposition: 'Solved' })
    expect(rows[4]).toMatchObject({ status: 'read' })
  })
})

test('a refusal is what the page shows', async () => {
  const shown = JSON.parse(blocks('json')[1] ?? '') as Record<string, unknown>
  const { body } = await post(account.receiveUrl, { from: '1', body: 'x', mapKey: 'telephone' })
  expect({ ...body, allowed: [...(body.allowed ?? []).slice(0, 2), '...'] }).toEqual({
    ...shown,
    detail: expect.stringContaining(String(shown.detail)),
  })
})

test('an answer has the members that the page shows, and the page’s own function verifies its signature', async () => {
  const [call] = await service.callsFor(1, 1)
  if (!call) throw new Error('no call')
  const shown = JSON.parse((blocks('json')[2] ?? '').replaceAll('…', '...')) as Record<string, unknown>
  expect(Object.keys(call.body).sort()).toEqual(Object.keys(shown).sort())
  for (const name of ['Contact', 'contact', 'Interaction', 'agent'] as const)
    expect(Object.keys(call.body[name])).toEqual(expect.arrayContaining(Object.keys(shown[name] as object)))

  const [code = ''] = blocks('js')
  const source = `${code}\nexport { signed }`
  const { signed } = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as {
    signed(secret: string, headers: object, body: string): boolean
  }
  const { secret } = await api.send<{ secret: string }>(
    'POST',
    `/api/openchannel/accounts/${account.id}/secret`,
    {},
  )
  expect(signed(secret, call.headers, call.text)).toBe(true)
  expect(signed(secret, call.headers, `${call.text} `)).toBe(false)
  expect(signed('whsec_b3RoZXI=', call.headers, call.text)).toBe(false)
})

test('every field that the page names is taken, and every code leads to its explanation', async () => {
  const errors = await (await fetch(`${program.origin}/docs/errors`)).text()
  for (const [code] of page.matchAll(/\b[A-Z]{2}-\d{3}\b/g)) expect(errors).toContain(`id="${code}"`)
  const ofMessages = page.slice(0, page.indexOf('### Repeat safely'))
  const fields = [...ofMessages.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''),
  )
  expect(fields).toEqual(expect.arrayContaining(['from', 'body', 'mapKey', 'messageId', 'timestamp']))
  const usable: Record<string, unknown> = {
    mapKey: 'phone',
    AttachmentId: null,
    externalUrl: 'https://example.com/',
    timestamp: 1_772_357_400,
    attachments: [],
  }
  const body = Object.fromEntries(fields.map((name) => [name, usable[name] ?? 'x']))
  expect(await post(account.receiveUrl, { ...body, AttachmentId: null })).toMatchObject({
    status: 200,
    body: { ignored: [] },
  })
})
