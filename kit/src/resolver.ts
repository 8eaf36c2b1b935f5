// Turns names into addresses without letting a slow name server hold up the others.
import { promises as dns } from 'node:dns'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'

/** Rejects or answers an empty list for a name without addresses. */
export type Resolve = (host: string) => Promise<readonly string[]>

const REMEMBER_MS = 10_000
const REMEMBER_NAMES = 5_000

/**
 * Names are asked of the name servers directly: getaddrinfo, which knows search domains and mDNS, takes one of the few
 * threads that files and passwords need too, for as long as a server stays silent. Only names without a dot get there.
 */
export function createResolver(): Resolve {
  const resolver = new dns.Resolver({ timeout: 2_500, tries: 2 })
  const known = new Map<string, { until: number; addresses: Promise<readonly string[]> }>()

  async function find(host: string): Promise<readonly string[]> {
    const local = (await readHosts()).get(host)
    if (local) return local
    if (!host.includes('.') || host.endsWith('.localhost') || host.endsWith('.local')) {
      return (await dns.lookup(host, { all: true })).map(({ address }) => address)
    }
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    if (v4.status === 'rejected' && v6.status === 'rejected') throw v4.reason
    return [v4, v6].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  }

  return (host) => {
    const name = host.toLowerCase().replace(/\.$/, '')
    const remembered = known.get(name)
    if (remembered && remembered.until > performance.now()) return remembered.addresses
    const addresses = find(name)
    known.delete(name)
    known.set(name, { until: performance.now() + REMEMBER_MS, addresses })
    addresses.catch(() => known.delete(name))
    const oldest = known.keys().next()
    if (known.size > REMEMBER_NAMES && !oldest.done) known.delete(oldest.value)
    return addresses
  }
}

let hosts: { until: number; names: Promise<ReadonlyMap<string, readonly string[]>> } | undefined

function readHosts(): Promise<ReadonlyMap<string, readonly string[]>> {
  if (!hosts || hosts.until < performance.now()) {
    const text = readFile('/etc/hosts', 'utf8').catch(() => '')
    hosts = { until: performance.now() + REMEMBER_MS, names: text.then(parseHosts) }
  }
  return hosts.names
}

export function parseHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [address = '', ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (isIP(address) === 0) continue
    for (const alias of aliases) {
      const name = alias.toLowerCase()
      names.set(name, [...(names.get(name) ?? []), address])
    }
  }
  return names
}
