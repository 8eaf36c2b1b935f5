/** The relay in the compose file, held against the program: nothing here needs Docker. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { namesReadBy } from '@patchbay/kit/config-testing.ts'
import { fillEnvironment, readService } from '@patchbay/kit/image-testing.ts'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

const service = readService('relay')
const secrets = {}

test('the compose file starts the relay when it is asked for, and it sets nothing that the program does not read', () => {
  expect(service.profiles).toEqual(['relay'])
  expect(service.read_only).toBe(true)
  const [node, file = ''] = service.command
  expect([node, existsSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)))]).toEqual(['node', true])
  const known = namesReadBy(readConfig)
  expect(Object.keys(service.environment).filter((name) => !known.has(name))).toEqual([])
})

test('it starts with no more than the secrets, listens where it is published, and its health is asked there', () => {
  const config = readConfig({ ...fillEnvironment(service, secrets), DATA_DIR: '/data', HOST: '0.0.0.0' })
  expect(config).toMatchObject({ host: '0.0.0.0', port: 3002 })
  expect(service.ports).toEqual([`127.0.0.1:${config.port}:${config.port}`])
  expect(service.healthcheck.test.join(' ')).toContain(`http://127.0.0.1:${config.port}/readyz`)
  expect(service.volumes).toEqual(['relay:/data'])
})
