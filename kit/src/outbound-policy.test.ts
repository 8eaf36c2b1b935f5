// Which addresses the guarded door lets through, one by one and by rule.
import { networkInterfaces } from 'node:os'
import { describe, expect, test } from 'vitest'
import { readEnv } from './config.ts'
import { isAllowedAddress, isAllowedHost, parseOutboundAllow, readOutboundAllow } from './outbound-policy.ts'

const anywhere = { host: '0.0.0.0', publicUrl: 'https://desk.example.com' }
const local = { host: '127.0.0.1', publicUrl: 'http://localhost:3000' }
const nothing = parseOutboundAllow([], anywhere)

describe('without anything opened', () => {
  test.each([
    '93.184.216.34',
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '169.253.1.1',
    '192.167.1.1',
    '198.17.1.1',
    '198.20.0.1',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:80e::200e',
    '2620:fe::fe',
  ])('the public address %s may be called', (address) => {
    expect(isAllowedAddress(nothing, address)).toBe(true)
  })

  test.each([
    ['0.0.0.0', 'this network'],
    ['0.1.2.3', 'this network'],
    ['10.0.0.1', 'private'],
    ['10.255.255.255', 'private'],
    ['100.64.0.1', 'CGNAT'],
    ['100.127.255.255', 'CGNAT'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.0.0.1', 'protocols'],
    ['192.0.2.1', 'documentation'],
    ['192.88.99.1', '6to4 relay'],
    ['192.168.1.1', 'private'],
    ['198.18.0.1', 'benchmark'],
    ['198.19.255.255', 'benchmark'],
    ['198.51.100.1', 'documentation'],
    ['203.0.113.1', 'documentation'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::127.0.0.1', 'v4-compatible'],
    ['::ffff:127.0.0.1', 'v4-mapped'],
    ['::ffff:8.8.8.8', 'v4-mapped'],
    ['::ffff:0:127.0.0.1', 'v4-translated'],
    ['64:ff9b::7f00:1', 'NAT64'],
    ['64:ff9b:1::7f00:1', 'local NAT64'],
    ['100::1', 'discard'],
    ['2001::1', 'Teredo'],
    ['2001:2::1', 'benchmark'],
    ['2001:10::1', 'ORCHID'],
    ['2001:20::1', 'ORCHIDv2'],
    ['2001:db8::1', 'documentation'],
    ['2002:7f00:1::', '6to4'],
    ['3fff::1', 'documentation'],
    ['5f00::1', 'segment routing'],
    ['fc00::1', 'unique local'],
    ['fdff::1', 'unique local'],
    ['fe80::1', 'link-local'],
    ['febf::1', 'link-local'],
    ['fec0::1', 'site-local'],
    ['ff02::1', 'multicast'],
    ['2a00::5efe:7f00:1', 'ISATAP'],
    ['2a00::200:5efe:7f00:1', 'ISATAP'],
    ['4000::1', 'not given out'],
    ['0177.0.0.1', 'no plain spelling'],
    ['127.1', 'no plain spelling'],
    ['localhost', 'a name'],
    ['', 'nothing'],
  ])('%s may not be called (%s)', (address) => {
    expect(isAllowedAddress(nothing, address)).toBe(false)
  })

  test("this machine's own addresses may not be called", () => {
    const own = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
    expect(own.length).toBeGreaterThan(0)
    for (const { address } of own) expect(isAllowedAddress(nothing, address)).toBe(false)
  })
})

describe('OUTBOUND_ALLOW', () => {
  test('unset opens loopback for a program on loopback', () => {
    const allow = parseOutboundAllow(undefined, local)
    expect(isAllowedAddress(allow, '127.0.0.1')).toBe(true)
    expect(isAllowedAddress(allow, '::1')).toBe(true)
    expect(isAllowedAddress(allow, '10.0.0.1')).toBe(false)
  })

  test.each([
    ['the host is not loopback', { ...local, host: '0.0.0.0' }],
    ['the public URL is not loopback', { ...local, publicUrl: 'https://desk.example.com' }],
  ])('unset opens nothing when %s', (_why, where) => {
    expect(isAllowedAddress(parseOutboundAllow(undefined, where), '127.0.0.1')).toBe(false)
  })

  test('set to the empty string opens nothing, also on loopback', () => {
    expect(isAllowedAddress(parseOutboundAllow([], local), '127.0.0.1')).toBe(false)
  })

  test('opens exactly the networks and addresses that it names', () => {
    const allow = parseOutboundAllow(['10.1.0.0/16', '192.168.7.7', 'fd00:1::/32', '[::1]'], local)
    const opened = ['10.1.0.1', '10.1.255.255', '192.168.7.7', 'fd00:1::5', '::1']
    const closed = ['10.2.0.1', '192.168.7.8', 'fd00:2::5', '127.0.0.1', '::ffff:10.1.0.1']
    expect(opened.filter((address) => !isAllowedAddress(allow, address))).toEqual([])
    expect(closed.filter((address) => isAllowedAddress(allow, address))).toEqual([])
  })

  test('opens names, whatever their spelling', () => {
    const allow = parseOutboundAllow(['Intranet.Example', 'crm'], anywhere)
    expect(isAllowedHost(allow, 'intranet.example')).toBe(true)
    expect(isAllowedHost(allow, 'intranet.example.')).toBe(true)
    expect(isAllowedHost(allow, 'evil.intranet.example')).toBe(false)
    expect(isAllowedAddress(allow, '10.0.0.1')).toBe(false)
  })

  test.each(['http://crm', 'crm:8080', '10.0.0.0/99', '*.example', 'a b'])(
    '%s is refused with a sentence',
    (entry) => {
      expect(() => parseOutboundAllow([entry], anywhere)).toThrow(/OUTBOUND_ALLOW takes host names/)
    },
  )

  test('what is wrong in it stands among the other problems of the configuration', () => {
    const env = { PORT: 'x', OUTBOUND_ALLOW: '*' }
    const read = () => readEnv(env, (reader) => [reader.port('PORT', 1), readOutboundAllow(reader, local)])
    expect(read).toThrow(
      expect.objectContaining({
        problems: [expect.stringMatching(/^PORT/), expect.stringMatching(/^OUTBOUND_ALLOW/)],
      }),
    )
  })
})
