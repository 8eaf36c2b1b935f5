/** What a check found, line by line. */

import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react'
import type { CheckResult } from '@patchbay/protocol/api/cloud-integrations.ts'
import { toneIcons } from '../../ui/tone.ts'
import { useSaid } from './useSaid.ts'

type Check = CheckResult['checks'][number]
type Name = Check['name']

const words: Readonly<Record<Name, { good: MessageDescriptor; bad: MessageDescriptor }>> = {
  'receive-url': { good: msg`The Receive URL takes messages`, bad: msg`The Receive URL does not work` },
  'api-key': { good: msg`The API key is accepted`, bad: msg`The API key does not work` },
  token: { good: msg`Meta takes the token of the page`, bad: msg`The token of the page does not work` },
  permissions: { good: msg`Everything needed is granted`, bad: msg`Permissions are missing` },
  subscription: {
    good: msg`Meta tells us what happens there`,
    bad: msg`Meta does not tell us all that happens there`,
  },
}

const unreached = {
  'receive-url': msg`The contact centre cannot be reached`,
  'api-key': msg`The API key could not be tried`,
}

/** What it is called: a key is not bad because nobody was there to ask. */
function titleOf({ name, ok, detail }: Check): MessageDescriptor {
  if (ok) return words[name].good
  const isUnreached = detail.sentences[0]?.code.startsWith('door-')
  return isUnreached && (name === 'receive-url' || name === 'api-key') ? unreached[name] : words[name].bad
}

export function Checks({ result }: { result: CheckResult }) {
  const { i18n } = useLingui()
  const say = useSaid()
  return (
    <div role="status">
      <ul className="flex flex-col gap-3">
        {result.checks.map((check) => {
          const { name, ok, detail } = check
          const Icon = toneIcons[ok ? 'ok' : 'bad']
          return (
            <li key={name} className="flex gap-2">
              <Icon aria-hidden className={`mt-0.5 ${ok ? 'text-ok' : 'text-bad'}`} />
              <span className="flex min-w-0 flex-col [overflow-wrap:anywhere]">
                <span className={ok ? '' : 'font-medium'}>{i18n._(titleOf(check))}</span>
                {ok ? null : <span className="text-small text-text-2">{say(detail)}</span>}
              </span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
