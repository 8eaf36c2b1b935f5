/** The page on which one plays the customer and the page's admin. */
import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import type { Box } from '../box.ts'

const files = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/simulator/base.css': ['base.css', 'text/css; charset=utf-8'],
  '/simulator/dialog.css': ['dialog.css', 'text/css; charset=utf-8'],
  '/simulator/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/simulator/panel.css': ['panel.css', 'text/css; charset=utf-8'],
  '/simulator/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/simulator/panel.js': ['panel.js', 'text/javascript; charset=utf-8'],
  '/simulator/thread.js': ['thread.js', 'text/javascript; charset=utf-8'],
  '/simulator/wall.js': ['wall.js', 'text/javascript; charset=utf-8'],
  '/simulator/dom.js': ['dom.js', 'text/javascript; charset=utf-8'],
  '/simulator/words.js': ['words.js', 'text/javascript; charset=utf-8'],
  '/simulator/favicon.svg': ['favicon.svg', 'image/svg+xml'],
} as const

export function pageRoutes(app: FastifyInstance, box: Box): void {
  for (const [path, [name, type]] of Object.entries(files)) {
    const content = readFileSync(new URL(name, import.meta.url))
    app.get(path, async (_request, reply) =>
      reply
        .headers({
          // Pictures come from the box's own CDN, which may be known under another name than the page is opened by.
          'content-security-policy': `default-src 'self'; img-src 'self' ${new URL(box.origin).origin}; media-src 'self' ${new URL(box.origin).origin}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'cache-control': 'no-store',
        })
        .type(type)
        .send(content),
    )
  }
}
