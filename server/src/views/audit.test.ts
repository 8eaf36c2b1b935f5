/** The audit log as it is read and taken along. */
import { transaction } from '@patchbay/kit/database.ts'
import { expect, test } from 'vitest'
import { record } from '../audit/audit.ts'
import { startTestServer } from '../testing.ts'

const server = await startTestServer()
const { ctx, admin } = server

const ask = (query: string, as = admin) =>
  fetch(`${server.url}/api/audit/export${query}`, { headers: as.headers })
const linesOf = async (query: string) => (await (await ask(query)).text()).trimEnd().split('\r\n')

test('the whole log is taken along as CSV, page after page, and what a spreadsheet would run is text', async () => {
  const names = Array.from({ length: 450 }, (_, n) => `=cmd|'/c calc'!A${n}`)
  await transaction(ctx.db, async (tx) => {
    const caller = { user: { id: admin.id }, address: '192.0.2.1' }
    for (const [n, name] of names.entries())
      await record(tx, caller, { action: 'created', object: 'exported', objectId: n + 1, after: { name } })
  })
  const answer = await ask('?object=exported')
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
  expect(answer.headers.get('content-disposition')).toContain('audit-log.csv')
  const [head, ...lines] = (await answer.text()).trimEnd().split('\r\n')
  expect(head).toContain('id,at,user')
  expect(lines).toHaveLength(450)
  // Newest first, each once.
  expect(lines.map((line) => Number(line.split(',')[7]))).toEqual(names.map((_, n) => 450 - n))
  expect(lines[0]).toContain(`,'=cmd|'/c calc'!A449,`)
  expect(await linesOf('?object=exported&objectId=7')).toHaveLength(2)
})

test('who may not read the log does not take it along either', async () => {
  expect((await ask('', await server.makeUser('agent'))).status).toBe(403)
})
