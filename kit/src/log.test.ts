// The log tells what happened and no secret.
import { expect, test } from 'vitest'
import { Secret } from './config.ts'
import { createLog, redactPath, redactUrl } from './log.ts'

function logged(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: string[] = []
  write(createLog({ program: 'test', level: 'info', write: (line) => lines.push(line) }))
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('a line names its program, level and time', () => {
  const [line] = logged((log) => log.warn({ count: 3 }, 'slow'))
  expect(line).toMatchObject({
    level: 'warn',
    program: 'test',
    count: 3,
    msg: 'slow',
    time: expect.stringMatching(/^\d{4}-.*Z$/),
  })
})

test('below the level nothing is written', () => {
  expect(logged((log) => log.debug('detail'))).toEqual([])
})

test.each([
  [{ token: 'hush' }],
  [{ headers: { authorization: 'hush', cookie: 'hush', 'set-cookie': 'hush' } }],
  [{ request: { body: { password: 'hush', apiKey: 'hush' } } }],
  [{ secret: new Secret('hush') }],
  [{ anything: new Secret('hush') }],
  [{ err: new Error('GET https://x.example/?token=hush&a=1 failed', { cause: new Error('?apikey=hush') }) }],
  [{ err: Object.assign(new Error('insert failed'), { parameters: ['hush'], config: { headers: 'hush' } }) }],
])('%j is written without its secret', (fields) => {
  expect(JSON.stringify(logged((log) => log.error(fields, 'x')))).not.toContain('hush')
})

test('only the values that open a door are taken out of an address', () => {
  expect(redactUrl('/notify?token=a%20b&x=1&apikey=c#d')).toBe('/notify?token=[secret]&x=1&apikey=[secret]#d')
  expect(redactUrl('/notify?mytoken=a')).toBe('/notify?mytoken=a')
  expect(redactUrl('https://me:hush@x.example/@you?api-key=hush')).toBe(
    'https://me:[secret]@x.example/@you?api-key=[secret]',
  )
  expect(redactPath('/echo/7/hush?a=1', { uid: '7', mac: 'hush' })).toBe('/echo/7/[secret]?a=1')
})

test('what strangers wrote stays within its line', () => {
  const lines: string[] = []
  const log = createLog({ program: 'test', level: 'info', write: (line) => lines.push(line) })
  const written = 'x\n{"level":"error","msg":"forged"}\r\n\u2028\u001b[31m'
  log.warn({ from: written, err: new Error(written) }, written)
  expect(lines).toHaveLength(1)
  for (const mark of ['\n', '\r', '\u001b']) expect(lines[0]?.trimEnd()).not.toContain(mark)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', from: written, msg: written })
})
