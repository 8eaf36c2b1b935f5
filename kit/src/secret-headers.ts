// Which headers open a door, by their names.

const secret = /authorization|cookie|token|secret|signature|api-?key|password|^x-.*-key$/i

/** What is shown in the place of a secret. */
export const BLANK = '[secret]'

export function isSecretHeader(name: string): boolean {
  return secret.test(name)
}
