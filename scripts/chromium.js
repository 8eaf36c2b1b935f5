// @ts-check
// Finds the Chromium that the browser tests drive; on Debian as root it is installed when missing.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const places = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
const find = () => places.find((place) => place && existsSync(place))

/** @returns {{ ok: true, path: string } | { ok: false, sentence: string }} */
export function ensureChromium() {
  const found = find()
  if (found) return { ok: true, path: found }
  const debianRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (debianRoot) {
    process.stdout.write('Installing Chromium for the browser tests (Debian package, about a minute) ...\n')
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    /** @param {string[]} args */
    const apt = (...args) => spawnSync('apt-get', ['-qq', ...args], { env: environment, encoding: 'utf8' })
    const update = apt('update')
    const install = apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-core')
    const installed = find()
    if (installed) return { ok: true, path: installed }
    const why = `${update.stderr}${install.stderr}`.trim().split('\n').at(-1) ?? 'unknown'
    return { ok: false, sentence: `Chromium could not be installed by apt-get: ${why}` }
  }
  return {
    ok: false,
    sentence:
      'The browser tests need Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM to its path.',
  }
}
