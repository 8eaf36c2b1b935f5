import { expect, test } from 'vitest'
import { createExchanges, type Exchange, type Exchanges, type Listener } from './exchanges.ts'

const MIB = 1024 * 1024

/** Two sides with a wire between them that delivers at once, and keeps what passed. */
function connect(onAsked: (exchange: Exchange) => Listener) {
  const passed: Buffer[] = []
  let isBroken = false
  const wire = (to: () => Exchanges) => ({
    bufferedAmount: 0,
    send(frame: Buffer, sent: () => void) {
      passed.push(frame)
      to().receive(frame)
      sent()
    },
    terminate() {
      isBroken = true
      asking.close()
      answering.close()
    },
  })
  let hasLeft = false
  const asking: Exchanges = createExchanges({
    wire: wire(() => answering),
    onLeave: () => {
      hasLeft = true
    },
  })
  const answering: Exchanges = createExchanges({ wire: wire(() => asking), onAsked })
  return { asking, answering, passed, isBroken: () => isBroken, hasLeft: () => hasLeft }
}

function recorder() {
  const said: string[] = []
  const listener: Listener = {
    head: (head, body, isWhole) =>
      said.push(`head ${JSON.stringify(head)} ${body.toString()}${isWhole ? ' whole' : ''}`),
    data: (chunk) => said.push(`data ${chunk.length}`),
    end: () => said.push('end'),
    cut: () => said.push('cut'),
    room: () => said.push('room'),
  }
  return { said, listener }
}

/** Answers every request with its body, once it is whole. */
const echo = (exchange: Exchange): Listener => {
  const chunks: Buffer[] = []
  const answer = (): void => void exchange.head({ status: 200 }, Buffer.concat(chunks).subarray(0, 100), true)
  return {
    head(_head, body, isWhole) {
      chunks.push(body)
      if (isWhole) answer()
    },
    data(chunk) {
      chunks.push(chunk)
      exchange.took(chunk.length)
    },
    end: answer,
    cut: () => undefined,
    room: () => undefined,
  }
}

test('a small request and its answer are one frame each, and then nothing is under way', async () => {
  const { asking, answering, passed } = connect(echo)
  const { said, listener } = recorder()
  asking.open(listener).head({ path: '/è' }, Buffer.from('hello'), true)
  expect(said).toEqual(['head {"status":200} hello whole'])
  expect(passed).toHaveLength(2)
  expect([asking.size(), answering.size()]).toEqual([0, 0])
  await asking.settled()
})

test('who reads slowly is sent a window and no more, while others pass; the writer hears when there is room', () => {
  const slow: { exchange?: Exchange; bytes: number } = { bytes: 0 }
  const { asking } = connect((exchange) => {
    if (slow.exchange) return echo(exchange)
    slow.exchange = exchange
    return { ...recorder().listener, data: (chunk) => (slow.bytes += chunk.length) }
  })
  const { said, listener } = recorder()
  const writing = asking.open(listener)
  writing.head({})
  let writes = 0
  while (writing.write(Buffer.alloc(64 * 1024))) writes++
  expect(writes).toBe(15)
  expect(slow.bytes).toBe(MIB)
  const other = recorder()
  asking.open(other.listener).head({}, Buffer.from('quick'), true)
  expect(other.said).toEqual(['head {"status":200} quick whole'])
  expect(said).toEqual([])
  slow.exchange?.took(MIB)
  expect(said).toEqual(['room'])
})

test('a body of many windows arrives whole where it is read', () => {
  const { asking } = connect(echo)
  const { said, listener } = recorder()
  const exchange = asking.open(listener)
  exchange.head({})
  for (let chunks = 0; chunks < 100; chunks++) exchange.write(Buffer.alloc(MIB / 4))
  exchange.end()
  expect(said.filter((word) => word.startsWith('head'))).toHaveLength(1)
  expect(asking.size()).toBe(0)
})

test('what one side gives up the other hears of, and late words for it change nothing', () => {
  const asked = recorder()
  let answerer: Exchange | undefined
  const { asking, answering, isBroken } = connect((exchange) => {
    answerer = exchange
    return asked.listener
  })
  const { said, listener } = recorder()
  const exchange = asking.open(listener)
  exchange.head({})
  exchange.cut()
  expect(asked.said).toEqual(['head {} ', 'cut'])
  answerer?.head({ status: 200 }, undefined, true)
  exchange.write(Buffer.from('late'))
  exchange.end()
  expect([said, asking.size(), answering.size(), isBroken()]).toEqual([[], 0, 0, false])
})

test('with the connection everything that is under way is cut on both sides', () => {
  const asked = recorder()
  const { asking, answering } = connect(() => asked.listener)
  const { said, listener } = recorder()
  asking.open(listener).head({})
  asking.close()
  answering.close()
  expect([said, asked.said.at(-1)]).toEqual([['cut'], 'cut'])
})

test('who leaves is asked nothing more by those who heed it, and what is under way settles', async () => {
  let answerer: Exchange | undefined
  const { asking, answering, hasLeft } = connect((exchange) => {
    answerer = exchange
    return recorder().listener
  })
  const { said, listener } = recorder()
  asking.open(listener).head({}, undefined, true)
  answering.leave()
  const settled = answering.settled()
  expect(hasLeft()).toBe(true)
  answerer?.head({ status: 204 }, undefined, true)
  await settled
  expect(said).toEqual(['head {"status":204}  whole'])
})

const frame = (type: number, flags: number, id: number, ...rest: number[]): Buffer =>
  Buffer.from([type, flags, 0, 0, 0, id, ...rest])

test.each([
  ['too short', Buffer.from([1, 0, 0])],
  ['a head without its length', frame(1, 0, 9)],
  ['a head that is longer than its frame', frame(1, 0, 9, 0, 0, 1, 0)],
  ['a head that is no JSON', frame(1, 0, 9, 0, 0, 0, 1, 123)],
  ['a second head', frame(1, 0, 1, 0, 0, 0, 2, 123, 125)],
  ['an unknown type', frame(77, 0, 1)],
  ['room without a number', frame(4, 0, 1)],
])('%s breaks the connection', (_, bytes) => {
  const { asking, answering, isBroken } = connect(() => recorder().listener)
  asking.open(recorder().listener).head({})
  expect(isBroken()).toBe(false)
  answering.receive(bytes)
  expect(isBroken()).toBe(true)
})

test('who sends far beyond the window breaks the connection', () => {
  const { asking, isBroken } = connect(() => recorder().listener)
  const exchange = asking.open(recorder().listener)
  exchange.head({})
  for (let sent = 0; sent <= 2 && !isBroken(); sent++) exchange.write(Buffer.alloc(MIB))
  expect(isBroken()).toBe(true)
})
