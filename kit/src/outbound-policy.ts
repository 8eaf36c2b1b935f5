// Says which addresses the outside may make us call: public ones, and what the operator opened.
import { networkInterfaces } from 'node:os'
import ipaddr from 'ipaddr.js'
import { type EnvReader, isLoopbackHost } from './config.ts'

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Network = readonly [Address, number]

export interface OutboundAllow {
  /** Names that may resolve to any address. */
  hosts: ReadonlySet<string>
  networks: readonly Network[]
}

/**
 * OUTBOUND_ALLOW: `list` is undefined when the variable is unset, which opens loopback for a program that can itself
 * be reached by loopback only. Throws a RangeError with a sentence for an entry that is neither host nor CIDR.
 */
export function parseOutboundAllow(
  list: readonly string[] | undefined,
  where: { host: string; publicUrl: string },
): OutboundAllow {
  const isLocal = isLoopbackHost(where.host) && isLoopbackHost(new URL(where.publicUrl).hostname)
  const entries = list ?? (isLocal ? ['127.0.0.0/8', '::1/128'] : [])
  const hosts = new Set<string>()
  const networks: Network[] = []
  for (const entry of entries) {
    const network = parseNetwork(entry)
    if (network) networks.push(network)
    else hosts.add(normalHost(entry))
  }
  return { hosts, networks }
}

/** For a program's `readConfig`: the same, with what is wrong among the other problems. */
export function readOutboundAllow(
  read: EnvReader,
  where: { host: string; publicUrl: string },
): OutboundAllow {
  try {
    return parseOutboundAllow(read.list('OUTBOUND_ALLOW', undefined), where)
  } catch (error) {
    read.problem((error as RangeError).message)
    return { hosts: new Set(), networks: [] }
  }
}

function parseNetwork(entry: string): Network | undefined {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry)
  const address = parseAddress(entry.replace(/^\[|\]$/g, ''))
  return address && [address, address.kind() === 'ipv4' ? 32 : 128]
}

function normalHost(entry: string): string {
  if (/^[^\s/:@?#*]+$/.test(entry) && URL.canParse(`http://${entry}`))
    return withoutDot(new URL(`http://${entry}`).hostname)
  throw new RangeError(
    `OUTBOUND_ALLOW takes host names, addresses and CIDRs such as 10.1.0.0/16, not ${JSON.stringify(entry)}.`,
  )
}

export function isAllowedHost(allow: OutboundAllow, host: string): boolean {
  return allow.hosts.has(withoutDot(host))
}

export function isAllowedAddress(allow: OutboundAllow, text: string): boolean {
  const address = parseAddress(text)
  if (!address) return false
  return (
    allow.networks.some((network) => contains(network, address)) || (isPublic(address) && !isOwn(address))
  )
}

function parseAddress(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  return ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : undefined
}

function contains([network, bits]: Network, address: Address): boolean {
  return network.kind() === address.kind() && address.match(network as ipaddr.IPv6, bits)
}

// ipaddr.js names each reserved range and calls the rest unicast. For IPv6 that is too wide: global addresses are
// given out of 2000::/3 alone, and some ranges in it hold another address that is what would be reached.
const globalIPv6 = ipaddr.IPv6.parse('2000::')
const deniedIPv6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'].map((cidr) =>
  ipaddr.IPv6.parseCIDR(cidr),
)

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false
  if (!isIPv6(address)) return true
  return address.match(globalIPv6, 3) && !deniedIPv6.some((cidr) => address.match(cidr)) && !isIsatap(address)
}

function isIPv6(address: Address): address is ipaddr.IPv6 {
  return address.kind() === 'ipv6'
}

/** An interface id of ISATAP (RFC 5214) holds an IPv4 address. */
function isIsatap(address: ipaddr.IPv6): boolean {
  const parts = address.parts
  return ((parts[4] ?? 0) & 0xfdff) === 0 && parts[5] === 0x5efe
}

const OWN_FOR_MS = 10_000
let own: { until: number; addresses: ReadonlySet<string> } = { until: 0, addresses: new Set() }

/** This machine's own public addresses lead to services that listen only for neighbours. */
function isOwn(address: Address): boolean {
  if (own.until < performance.now()) {
    const all = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
    const addresses = new Set(all.map((item) => parseAddress(item.address)?.toNormalizedString() ?? ''))
    own = { until: performance.now() + OWN_FOR_MS, addresses }
  }
  return own.addresses.has(address.toNormalizedString())
}

function withoutDot(host: string): string {
  return host.toLowerCase().replace(/\.$/, '')
}
