/** Addresses as they are shown: the host alone, and a Receive URL without its secret. */

/** What cannot be read as an address is shown as it is. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}

/** The token as dots but for its end, by which one recognises it. */
export function masked(receiveUrl: string): string {
  return receiveUrl.replace(/(token=)(.+)(.{4})$/, '$1••••••••••••$3')
}
