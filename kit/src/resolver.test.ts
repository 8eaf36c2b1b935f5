// Names become addresses from the hosts file, the system or the name servers.
import { expect, test } from 'vitest'
import { createResolver, parseHosts } from './resolver.ts'

test('the hosts file is read as the system reads it', () => {
  const names = parseHosts(
    '127.0.0.1 localhost\n# 10.0.0.9 no\n10.0.0.1\tCRM crm.example # ours\n::1 localhost\nnonsense x\n',
  )
  expect(Object.fromEntries(names)).toEqual({
    localhost: ['127.0.0.1', '::1'],
    crm: ['10.0.0.1'],
    'crm.example': ['10.0.0.1'],
  })
})

test('localhost is this machine, however it is written', async () => {
  const resolve = createResolver()
  for (const name of ['localhost', 'LOCALHOST.']) expect(await resolve(name)).toContain('127.0.0.1')
})

test('a name that does not exist is a failure', async () => {
  await expect(createResolver()('no-such-name.invalid')).rejects.toMatchObject({ code: expect.any(String) })
})
