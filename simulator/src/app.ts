/** Everything over HTTP, on one origin: dialog, Graph API, CDN, control interface and page. */
import Fastify, { type FastifyInstance } from 'fastify'
import type { Box } from './box.ts'
import { cdnRoutes } from './cdn/cdn.routes.ts'
import { controlRoutes } from './control/control.routes.ts'
import { dialogRoutes } from './dialog/dialog.routes.ts'
import { graphRoutes } from './graph/graph.routes.ts'
import { pageRoutes } from './page/page.routes.ts'

/** Larger than the largest file that the API takes, so that it can say so itself. */
const BODY_BYTES = 64 * 1024 * 1024

export function createApp(box: Box): FastifyInstance {
  const app = Fastify({
    bodyLimit: BODY_BYTES,
    forceCloseConnections: true,
    // Any version, or none: /v26.0/me is /me. The CDN's /v/ is none.
    rewriteUrl: ({ url = '/' }) => url.replace(/^\/v\d+\.\d+(?=[/?]|$)/, '') || '/',
    routerOptions: { maxParamLength: 2_048, ignoreTrailingSlash: true },
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  pageRoutes(app, box)
  controlRoutes(app, box)
  dialogRoutes(app, box)
  cdnRoutes(app, box)
  graphRoutes(app, box)
  return app
}
