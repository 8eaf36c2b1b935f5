// Starts the programs of the demo as children, waits until they answer, and takes them down.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Child {
  name: string
  origin: string
  /** Seen from the root of the repository. */
  startFile: string
  env: Record<string, string>
}

const READY_WITHIN_MS = 120_000

export function startPrograms(children: readonly Child[], onExit: (code: number) => void) {
  const running = new Map<string, ChildProcess>()
  let isStopping = false
  for (const { name, startFile, env } of children) {
    const path = fileURLToPath(new URL(`../../${startFile}`, import.meta.url))
    const child = spawn(process.execPath, [path], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...env },
    })
    running.set(name, child)
    child.once('exit', (code) => {
      running.delete(name)
      if (!isStopping) onExit(code ?? 1)
    })
  }
  return {
    async ready(): Promise<void> {
      await Promise.all(children.map(({ name, origin }) => answers(name, origin)))
    },
    async stop(): Promise<void> {
      isStopping = true
      const ends = [...running.values()].map((child) => once(child, 'exit'))
      for (const child of running.values()) child.kill('SIGTERM')
      await Promise.all(ends)
    },
  }
}

async function answers(name: string, origin: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (Date.now() < deadline) {
    const answer = await fetch(`${origin}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((resume) => setTimeout(resume, 150))
  }
  throw new Error(`the ${name} did not answer at ${origin} within ${READY_WITHIN_MS / 60_000} minutes`)
}
