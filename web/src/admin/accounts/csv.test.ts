import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { expect, test } from 'vitest'
import { accountsCsv } from './csv.ts'

test('accounts become lines of a table: quoted where they must be, harmless in a spreadsheet, without token and address', () => {
  const account = {
    id: 7,
    name: 'Shop, "north"',
    listId: 2,
    mapKey: null,
    replyUrl: 'https://api.example.com/reply',
    description: '=1+1',
    sandbox: false,
    agentIds: [1, 2],
    teamIds: [],
    firstMessageAt: null,
    createdAt: '2026-11-20T10:00:00.000Z',
    token: 'pbt_secret',
    receiveUrl: 'https://desk.example.com/notify?token=pbt_secret',
  } as unknown as Account
  const text = accountsCsv([account], new Map([[2, 'Business']]))
  expect(text.split('\r\n')).toEqual([
    'id,name,list,mapKey,replyUrl,description,sandbox,agents,teams,firstMessageAt,createdAt',
    `7,"Shop, ""north""",Business,,https://api.example.com/reply,'=1+1,false,2,0,,2026-11-20T10:00:00.000Z`,
    '',
  ])
  expect(text).not.toContain('pbt_')
})
