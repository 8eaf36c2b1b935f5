/** What came of calling a Reply URL, in plain words, by the codes of the server. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'

export const diagnosisWords: Readonly<Record<string, MessageDescriptor>> = {
  unusable: msg`It answered with something that cannot be used.`,
  ok: msg`Your service took the answer.`,
  'no-reply-url': msg`There is no Reply URL yet. Enter the address that shall get the answers, or use the built-in receiver.`,
  'bad-url': msg`This is not an address that can be called. Write it whole, such as https://api.example.com/reply.`,
  'blocked-address': msg`This address lies in a private network, which is not called. The operator may allow it with OUTBOUND_ALLOW.`,
  dns: msg`No such host is known. Check the spelling of its name.`,
  refused: msg`Nobody listens there. Check that your service runs, its port, and any firewall between.`,
  timeout: msg`Your service did not answer in time. Let it say 200 at once and do its work afterwards.`,
  tls: msg`The certificate is not trusted. Renew it, or add the missing intermediate one.`,
  redirect: msg`It leads elsewhere, and redirects are not followed. Enter the address at the end of it.`,
  auth: msg`It wants to know who calls. Answers are signed, not logged in: check the signature, or put a key into the address.`,
  'not-found': msg`Nothing is at this address. Compare its path with the one your service listens on.`,
  'client-error': msg`Your service did not accept what was sent. Its own words may say why.`,
  'server-error': msg`Your service failed, or a proxy could not reach it. Look into its log.`,
  reset: msg`The connection broke off. Look into the log of your service, or of the proxy before it.`,
  'no-answer': msg`Your service did not answer. Look into its log, or into that of the proxy before it.`,
  'not-sent': msg`Nothing could be sent.`,
  protocol: msg`What answered does not speak HTTP as it should. Check the port, and http or https.`,
}

export const unknownDiagnosis = msg`The call failed.`
