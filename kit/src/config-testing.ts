/** Holds the page for operators against what a program reads from its environment. */
import type { Env } from './config.ts'

/** Every variable that is asked for, whatever becomes of it. */
export function namesReadBy(readConfig: (env: Env) => unknown): Set<string> {
  const names = new Set<string>()
  const env = new Proxy<Env>({}, { get: (_, name) => void names.add(String(name)) })
  readConfig(env)
  return names
}

/** The variables in the first column of the table below a heading of the second level. */
export function namesInTable(page: string, heading: string): string[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? ''
  const rows = section.split('\n').filter((line) => /^\| `[A-Z]/.test(line))
  return rows.flatMap((line) =>
    [...(line.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  )
}
