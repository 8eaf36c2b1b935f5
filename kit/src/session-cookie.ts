/** The session cookie: its name, its attributes, and whether this program can ask browsers to guard it. */
import { isLoopbackHost } from './config.ts'

export interface SessionCookie {
  name: string
  /** Without it anybody between browser and server can take the session; admins are warned in the desk. */
  isGuarded: boolean
  options: { path: '/'; httpOnly: true; sameSite: 'lax'; secure: boolean; maxAge: number }
}

// The browser may keep it as long as the session can last; when that ends earlier, the server knows.
const LONGEST_SESSION_SECONDS = 30 * 24 * 3600

// Browsers take Secure cookies on plain http from loopback alone. Cookies ignore ports, so programs on one host have names of their own.
export function sessionCookie(program: string, publicUrl: string): SessionCookie {
  const { protocol, hostname } = new URL(publicUrl)
  const isGuarded = protocol === 'https:' || isLoopbackHost(hostname)
  return {
    name: `${isGuarded ? '__Host-' : ''}patchbay_${program}`,
    isGuarded,
    options: {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: isGuarded,
      maxAge: LONGEST_SESSION_SECONDS,
    },
  }
}
