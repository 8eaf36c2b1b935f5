/** The form of a web request: what is called, with which headers and body, and in which variable the answer is kept. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { ActionOf } from '@patchbay/protocol/api/actions.ts'
import { Select } from '../../../ui/Select.tsx'
import { TextField } from '../../../ui/TextField.tsx'
import { VariableText } from '../../common/VariableText.tsx'
import type { FormProps } from './form.ts'
import { RequestHeaders } from './RequestHeaders.tsx'
import { Seconds } from './Seconds.tsx'
import { isKept } from './steps.ts'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

export function WebRequestForm({ step, account, fault, onChange }: FormProps<ActionOf<'web-request'>>) {
  const { t } = useLingui()
  const { body: _, ...withoutBody } = step
  const answer = `vars.${step.variable}`
  return (
    <>
      <div className="flex flex-wrap items-start gap-4">
        <Select<(typeof methods)[number]>
          className="flex-[0_1_120px]"
          label={t`Method`}
          options={methods.map((id) => ({ id, label: id }))}
          value={step.method}
          onChange={(method) => onChange({ ...step, method })}
        />
        <VariableText
          className="min-w-0 flex-[1_1_260px]"
          label={t`Address`}
          rows={1}
          isMono
          listId={account.listId}
          isFaulty={fault === 'url'}
          description={t`Variables may stand in the path and after the question mark.`}
          value={step.url}
          onChange={(url) => onChange({ ...step, url })}
        />
      </div>
      <RequestHeaders
        headers={step.headers}
        isKept={(name) => isKept(account.actions, step.id, name)}
        fault={fault}
        onChange={(headers) => {
          const { headers: _, ...rest } = step
          onChange(headers ? { ...rest, headers } : rest)
        }}
      />
      {step.method === 'GET' && !step.body ? null : (
        <VariableText
          label={t`Body`}
          isMono
          listId={account.listId}
          isFaulty={fault === 'body'}
          value={step.body ?? ''}
          onChange={(body) => onChange(body ? { ...step, body } : withoutBody)}
        />
      )}
      <div className="grid gap-4 narrow:grid-cols-2">
        <TextField
          label={t`Keeps the answer in`}
          prefix={<span className="font-mono text-text-2">vars.</span>}
          isMono
          maxLength={40}
          description={
            <Trans>
              Its status stands in <code>{answer}.status</code>.
            </Trans>
          }
          error={fault === 'variable' ? t`A letter, then letters, digits and _.` : undefined}
          value={step.variable}
          onChange={(variable) => onChange({ ...step, variable })}
        />
        <Seconds
          label={t`Waits for an answer`}
          description={t`10 seconds at most. The next step runs in any case.`}
          maxValue={10}
          value={step.timeoutSeconds}
          onChange={(timeoutSeconds) => onChange({ ...step, timeoutSeconds })}
        />
      </div>
    </>
  )
}
