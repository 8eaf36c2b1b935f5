/** Shows the calls of the API that do what this page does. */
import { Trans, useLingui } from '@lingui/react/macro'
import { Code } from 'lucide-react'
import { fillPath, type Key, splitKey } from '../../api/api.ts'
import { Button, TextLink } from '../../ui/Button.tsx'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { Popover } from '../../ui/Popover.tsx'
import { curlOf } from './curl.ts'

export interface ShownCall {
  key: Key
  params?: Record<string, string | number>
  body?: unknown
}

export function ApiHint({ calls }: { calls: readonly ShownCall[] }) {
  const { t } = useLingui()
  return (
    <Popover
      label={t`Calls of the API`}
      placement="bottom end"
      trigger={
        <Button variant="quiet" icon={<Code aria-hidden />}>
          <Trans>Show API call</Trans>
        </Button>
      }
    >
      <div className="flex w-[min(560px,calc(100vw-32px))] flex-col gap-4 p-4">
        {calls.map(({ key, params, body }) => {
          const [method, path] = splitKey(key)
          return (
            <div key={key} className="flex flex-col gap-2">
              <p className="truncate font-mono text-small" dir="ltr">
                <strong className="font-semibold">{method}</strong> {path}
              </p>
              <CodeBlock
                label={key}
                samples={curlOf(method, `${location.origin}${params ? fillPath(path, params) : path}`, body)}
              />
            </div>
          )
        })}
        <p className="text-text-2">
          <TextLink href="/apidoc" target="_blank">
            <Trans>All calls</Trans>
          </TextLink>
          {' · '}
          <TextLink href="/docs/errors" target="_blank">
            <Trans>All errors with their fix</Trans>
          </TextLink>
        </p>
      </div>
    </Popover>
  )
}
