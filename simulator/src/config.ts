/** Reads the simulator's environment; pure, and lists every problem at once. */
import { type Env, readEnv } from '@patchbay/kit/config.ts'

export interface Config {
  host: string
  port: number
  /** undefined: that of this machine. */
  publicUrl: string | undefined
  dataDir: string
  appId: string
  appSecret: string
  redirectUris: string[]
}

/** The app that every box begins with; its secret is no secret, for nothing real stands behind it. */
export const usualApp = { id: '910000000000001', secret: '0123456789abcdef0123456789abcdef' } as const

export function readConfig(env: Env): Config {
  return readEnv(env, (read) => {
    const appId = read.text('SIMULATOR_APP_ID', usualApp.id)
    if (!/^\d{6,17}$/.test(appId)) read.problem('SIMULATOR_APP_ID must be 6 to 17 digits.')
    return {
      host: read.host('SIMULATOR_HOST', '127.0.0.1'),
      port: read.port('SIMULATOR_PORT', 3005),
      publicUrl: read.url('SIMULATOR_PUBLIC_URL', undefined),
      dataDir: read.path('DATA_DIR', 'data'),
      appId,
      appSecret: read.text('SIMULATOR_APP_SECRET', usualApp.secret),
      redirectUris: read.list('SIMULATOR_REDIRECT_URIS', []),
    }
  })
}
