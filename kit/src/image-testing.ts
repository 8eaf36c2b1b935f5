/** Holds a service of the compose file against the program that it starts. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

export interface Service {
  command: string[]
  environment: Record<string, string | number>
  profiles: string[]
  ports: string[]
  healthcheck: { test: string[] }
  volumes: string[]
  read_only: boolean
}

export function readService(name: string): Service {
  const file = fileURLToPath(new URL('../../compose.yml', import.meta.url))
  const { services } = parse(readFileSync(file, 'utf8'), { merge: true }) as {
    services: Record<string, Service>
  }
  const service = services[name]
  if (!service) throw new Error(`compose.yml has no service ${name}.`)
  return service
}

/** As compose fills them with the given variables; throws for one that is required. */
export function fillEnvironment(
  { environment }: Pick<Service, 'environment'>,
  variables: Record<string, string>,
): Record<string, string> {
  const fill = (text: string): string =>
    text.replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name: string, kind: string, rest: string) => {
      if (variables[name]) return variables[name]
      if (kind === '?') throw new Error(`${name} is required`)
      return rest
    })
  return Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, fill(String(text))]))
}
