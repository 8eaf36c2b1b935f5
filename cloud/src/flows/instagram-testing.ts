/** Accounts on Instagram for tests, with one person who writes to them. */
import type { startTraffic } from './testing.ts'

export function accountsOf({
  centre,
  graph,
  bind,
  webhook,
  reply,
}: Awaited<ReturnType<typeof startTraffic>>) {
  let pages = 900_000

  /** Linked to a page and bound to the contact centre. */
  return async () => {
    const page = String(++pages)
    const { id, pageId } = await bind({ kind: 'instagram', linked_page_id: page, page_name: '@bakery' })
    const direct = (item: object, timestamp = Date.now()) =>
      webhook({
        object: 'instagram',
        entry: [
          {
            id: pageId,
            time: timestamp,
            messaging: [{ sender: { id: '77' }, recipient: { id: pageId }, timestamp, ...item }],
          },
        ],
      })
    /** As Instagram does: without a mark, and without saying which app has sent. */
    const echo = (mid: string, content: object) =>
      direct({
        sender: { id: pageId },
        recipient: { id: '77' },
        message: { mid, ...content, is_echo: true },
      })
    const told = (end: string) =>
      centre
        .to(end)
        .filter(({ query }) => query.get('token') === `t-${pageId}`)
        .map(({ body }) => body)
    const write = (change: object = {}) =>
      reply(pageId, { Contact: { id: 5, facebook: 'instagram:77' }, ...change })
    const sent = () => graph.to(`/${page}/messages`).map(({ body }) => body as { message: { text?: string } })
    return { id, pageId, page, direct, echo, told, write, sent }
  }
}
