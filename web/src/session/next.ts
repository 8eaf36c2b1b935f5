/** Where to go after signing in: only within this desk, whatever the address bar says. */
export function safeNext(next: string | undefined): string {
  if (!next) return '/'
  const url = URL.canParse(next, 'http://desk.invalid') ? new URL(next, 'http://desk.invalid') : null
  const isInside =
    url?.origin === 'http://desk.invalid' && next.startsWith('/') && !url.pathname.startsWith('/signin')
  return isInside ? `${url.pathname}${url.search}${url.hash}` : '/'
}
