/** The headers of a web request. A secret one is written once and never shown again; what is stored stays until another is written. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { RequestHeader } from '@patchbay/protocol/api/actions.ts'
import { Plus, X } from 'lucide-react'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { Checkbox } from '../../../ui/Choice.tsx'
import { PasswordField, TextField } from '../../../ui/TextField.tsx'

const mostHeaders = 20

export interface RequestHeadersProps {
  headers: readonly RequestHeader[] | undefined
  /** Whether a secret value of this name is stored. */
  isKept: (name: string) => boolean
  fault?: string | undefined
  /** Undefined: none are left. */
  onChange: (headers: RequestHeader[] | undefined) => void
}

export function RequestHeaders({ headers = [], isKept, fault, onChange }: RequestHeadersProps) {
  const { t } = useLingui()
  const change = (next: RequestHeader[]) => onChange(next.length > 0 ? next : undefined)
  return (
    <fieldset className="flex flex-col items-start gap-2">
      <legend className="label">{t`Headers`}</legend>
      {headers.map((header, at) => {
        const { name, value, secret = false } = header
        const put = (part: Partial<RequestHeader>) => change(headers.with(at, { ...header, ...part }))
        const words = {
          label: t`Value`,
          isLabelHidden: true,
          maxLength: 4000,
          placeholder: value === null ? t`Stored` : t`Value`,
          value: value ?? '',
        }
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a header is nothing but its place
          <div key={at} className="flex w-full flex-wrap items-start gap-2">
            <TextField
              className="min-w-0 flex-[2_1_140px]"
              label={t`Header`}
              isLabelHidden
              placeholder={t`Header`}
              isMono
              maxLength={100}
              value={name}
              onChange={(next) => put({ name: next, ...(value === null ? { value: '' } : {}) })}
              error={fault?.startsWith(`headers[${at}]`) ? t`Look at this header.` : undefined}
            />
            <span className="flex min-w-0 flex-[3_1_160px] flex-col">
              {secret ? (
                <PasswordField
                  {...words}
                  autoComplete="off"
                  onChange={(text) => put({ value: text === '' && isKept(name) ? null : text })}
                />
              ) : (
                <TextField {...words} isMono onChange={(text) => put({ value: text })} />
              )}
            </span>
            <span className="flex flex-none items-center">
              <Checkbox
                isSelected={secret}
                onChange={(isSecret) => {
                  const { secret: _, ...open } = header
                  change(
                    headers.with(
                      at,
                      isSecret ? { ...header, secret: true } : { ...open, value: value ?? '' },
                    ),
                  )
                }}
              >
                {t`Secret`}
              </Checkbox>
              <IconButton
                label={t`Remove header ${at + 1}`}
                icon={<X aria-hidden />}
                onPress={() => change(headers.toSpliced(at, 1))}
              />
            </span>
          </div>
        )
      })}
      {headers.length < mostHeaders ? (
        <Button
          size="small"
          icon={<Plus aria-hidden />}
          onPress={() => change([...headers, { name: '', value: '' }])}
        >
          <Trans>Add a header</Trans>
        </Button>
      ) : null}
    </fieldset>
  )
}
