/** What came of calling a Reply URL, as a code for which the desk has words, and in words with the way to mend it. */
import { STATUS_CODES } from 'node:http'
import type { DoorCode, DoorError } from '@patchbay/kit/door-error.ts'

export interface Diagnosis {
  code: DiagnosisCode
  detail: string
}

export type DiagnosisCode =
  | 'ok'
  | 'no-reply-url'
  | 'blocked-address'
  | 'dns'
  | 'refused'
  | 'timeout'
  | 'tls'
  | 'redirect'
  | 'auth'
  | 'not-found'
  | 'client-error'
  | 'server-error'
  | 'bad-url'
  | 'reset'
  | 'protocol'

export function diagnose(status: number, durationMs: number): Diagnosis {
  const answered = `It answered ${[status, STATUS_CODES[status]].filter(Boolean).join(' ')}`
  if (status >= 200 && status < 300) return { code: 'ok', detail: `${answered} after ${durationMs} ms.` }
  const [code, advice] = adviceFor(status)
  return { code, detail: `${answered}. ${advice}` }
}

function adviceFor(status: number): [DiagnosisCode, string] {
  if (status < 400) return ['redirect', 'Redirects are not followed: enter the address to which it leads.']
  if (status === 401 || status === 403)
    return [
      'auth',
      'It wants to know who calls. Answers carry no login, they are signed: let it check the signature with the secret of this account, or put a key into the address.',
    ]
  if (status === 404 || status === 410)
    return ['not-found', 'Nothing is at this address: compare its path with the one your service listens on.']
  if (status === 408 || status === 425 || status === 429)
    return ['client-error', 'It takes no more at the moment. Real answers are tried again until it does.']
  if (status < 500)
    return [
      'client-error',
      'It does not accept what was sent: its own words below may say why. A POST with a JSON body arrives.',
    ]
  return [
    'server-error',
    'Your service failed while it worked on the answer: look into its log. Real answers are tried again.',
  ]
}

/** The door names the host and what happened; what to do about it stands here. */
export function diagnoseFailure(error: DoorError): Diagnosis {
  // The status came, only the rest did not.
  if (error.status !== undefined) return diagnose(error.status, 0)
  return diagnoseFailureCode(error.code, error.message)
}

/** `sentence`: what the door said. */
export function diagnoseFailureCode(failure: DoorCode, sentence: string): Diagnosis {
  const [code, advice] = failures[failure]
  return { code, detail: `${sentence} ${advice}`.trim() }
}

const failures: Readonly<Record<DoorCode, [DiagnosisCode, string]>> = {
  'bad-url': ['bad-url', ''],
  'blocked-address': [
    'blocked-address',
    'Private and reserved addresses are not called, unless the operator names them in OUTBOUND_ALLOW.',
  ],
  dns: ['dns', 'Check the spelling of the host name.'],
  connect: ['refused', 'Check that your service runs, the port, and any firewall between.'],
  tls: [
    'tls',
    'Renew or complete its certificate; a chain that lacks an intermediate one is the usual cause.',
  ],
  timeout: ['timeout', 'It should answer at once and do its work afterwards.'],
  reset: ['reset', 'Look into the log of your service or of the proxy before it.'],
  protocol: ['protocol', 'Check that the port speaks HTTP, and https where the address says so.'],
  cancelled: ['timeout', ''],
}
