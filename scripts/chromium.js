// @ts-check
// Finds the Chromium that the browser tests drive; on Debian as root it is installed when missing.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/**
 * What the decision depends on, so that it can be tested without another machine.
 * @typedef {object} Machine
 * @property {string | undefined} wanted the path in CHROMIUM
 * @property {boolean} isRoot
 * @property {(path: string) => boolean} exists
 * @property {(...args: string[]) => string} apt runs apt-get and answers what it complained of
 * @property {(text: string) => void} say
 */

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]
const byHand = 'install it (Debian: apt-get install chromium) or set CHROMIUM to its path.'

/** @returns {{ ok: true, path: string } | { ok: false, sentence: string }} */
export function ensureChromium(machine = thisMachine()) {
  const { wanted, isRoot, exists, apt, say } = machine
  if (wanted) {
    if (exists(wanted)) return { ok: true, path: wanted }
    return { ok: false, sentence: `CHROMIUM is set to ${wanted}, and there is no such file.` }
  }
  const find = () => places.find(exists)
  const found = find()
  if (found) return { ok: true, path: found }
  if (!isRoot || !exists('/usr/bin/apt-get'))
    return { ok: false, sentence: `The browser tests need Chromium: ${byHand}` }

  say('Installing Chromium for the browser tests (Debian package, about a minute) ...\n')
  // Lists that are a little old often do; so the second complaint counts, if there is one.
  const complaints = [
    apt('update'),
    apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-core'),
  ]
  const installed = find()
  if (installed) return { ok: true, path: installed }
  const why = complaints.join('\n').trim().split('\n').at(-1) || 'apt-get did not say why'
  return { ok: false, sentence: `Chromium could not be installed (${why}): ${byHand}` }
}

/** @returns {Machine} */
function thisMachine() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return {
    wanted: process.env.CHROMIUM,
    isRoot: process.getuid?.() === 0,
    exists: existsSync,
    say: (text) => void process.stdout.write(text),
    apt(...args) {
      // Another apt-get may be at work, as on a machine that has just started.
      const { stderr, error } = spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'ignore', 'pipe'],
        timeout: 600_000,
      })
      return `${stderr ?? ''}${error ? `\n${error.message}` : ''}`
    },
  }
}
