// Runs everything that must hold: types, lint, schema, and every test with the browser. `node scripts/test.js e2e` runs one project.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import '../kit/src/require-node.js'
import { ensureChromium } from './chromium.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const only = process.argv.slice(2)

function step(title, command, args) {
  const started = Date.now()
  process.stdout.write(`\n== ${title}\n`)
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  process.stdout.write(
    `== ${title}: ${status === 0 ? 'ok' : 'failed'} in ${Math.round((Date.now() - started) / 1000)} s\n`,
  )
  return status === 0
}

const chromium = ensureChromium()
if (!chromium.ok) {
  process.stderr.write(`${chromium.sentence}\n`)
  process.exit(1)
}

let ok = true
if (only.length === 0) {
  ok = step('types', 'npm', ['run', '--silent', 'types']) && ok
  ok = step('lint and format', 'npm', ['run', '--silent', 'lint']) && ok
  ok = step('translations', 'npm', ['run', '--silent', 'i18n:check', '--workspace', 'web']) && ok
  ok =
    step('schema.sql and row types are those of the migrations', 'npm', ['run', '--silent', 'db:check']) && ok
}

const folder = mkdtempSync(join(tmpdir(), 'patchbay-report-'))
const report = join(folder, 'report.json')
const projects = only.flatMap((name) => ['--project', name])
// A shared machine in another's noise fails a test in twenty runs of thousands: there a test has a second attempt, and is named for it.
const attempts = process.env.CI ? ['--retry=1'] : []
step('tests', 'vitest', [
  'run',
  ...projects,
  ...attempts,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
])

let passed = 0
let failed = ok ? 0 : 1
let skipped = 0
const suites = new Map()
const unsteady = []
try {
  for (const file of JSON.parse(readFileSync(report, 'utf8')).testResults) {
    const suite = file.name.slice(root.length).split('/').slice(0, 3).join('/')
    const counts = suites.get(suite) ?? { passed: 0, failed: 0, skipped: 0 }
    if (file.assertionResults.length === 0 && file.status === 'failed') counts.failed++
    for (const { status, fullName, failureMessages } of file.assertionResults) {
      if (status === 'passed') counts.passed++
      else if (status === 'failed') counts.failed++
      else counts.skipped++
      if (status === 'passed' && failureMessages.length > 0)
        unsteady.push(`  ${file.name.slice(root.length)}: ${fullName}\n${failureMessages.join('\n')}`)
    }
    suites.set(suite, counts)
  }
} catch (error) {
  process.stderr.write(`The test runner left no report: ${error.message}\n`)
  failed++
}
rmSync(folder, { recursive: true, force: true })

process.stdout.write('\nSuites\n')
for (const [suite, counts] of [...suites].sort(([a], [b]) => a.localeCompare(b))) {
  process.stdout.write(
    `  ${suite}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
  )
  passed += counts.passed
  failed += counts.failed
  skipped += counts.skipped
}
if (unsteady.length > 0) process.stdout.write(`\nPassed at the second attempt only\n${unsteady.join('\n')}\n`)
process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
