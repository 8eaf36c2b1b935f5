// Runs the server and the desk with reload, for those who change them. Ctrl-C stops both.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import '../kit/src/require-node.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const programs = [
  ['node', ['--watch', '--watch-preserve-output', 'server/start.js']],
  ['npm', ['run', '--silent', 'dev', '--workspace', 'web']],
].map(([command, args]) =>
  spawn(String(command), /** @type {string[]} */ (args), { cwd: root, stdio: 'inherit' }),
)

/** @param {number} code */
function stop(code) {
  for (const program of programs) if (program.exitCode === null) program.kill('SIGTERM')
  process.exitCode = code
}
for (const program of programs) program.once('exit', (code) => stop(code ?? 0))
process.on('SIGINT', () => stop(0))
process.on('SIGTERM', () => stop(0))
