/** What is forwarded of a page, and how: the same fields when it is connected and later. */
import { useLingui } from '@lingui/react/macro'
import type { Integration, IntegrationOptions } from '@patchbay/protocol/api/cloud-integrations.ts'
import { RadioGroup, Switch } from '../../ui/Choice.tsx'
import { Select } from '../../ui/Select.tsx'

export interface OptionFieldsProps {
  kind: Integration['kind']
  value: IntegrationOptions
  onChange: (options: IntegrationOptions) => void
  /** Whether Facebook allows the wall. */
  canWall: boolean
}

export function OptionFields({ kind, value, onChange, canWall }: OptionFieldsProps) {
  const { t } = useLingui()
  const set = (change: Partial<IntegrationOptions>) => onChange({ ...value, ...change })
  return (
    <div className="flex flex-col gap-5">
      {kind === 'instagram' ? (
        <p className="text-text-2">
          {t`Direct messages to the account reach the contact centre; its answers reach the customer. Comments are not forwarded.`}
        </p>
      ) : (
        <PageFields {...{ value, set, canWall }} />
      )}
      <Select
        className="max-w-[240px]"
        label={t`Language`}
        description={t`Of what the connection itself writes into a conversation.`}
        value={value.language}
        onChange={(language) => set({ language })}
        options={[
          { id: 'en' as const, label: 'English' },
          { id: 'it' as const, label: 'Italiano' },
        ]}
      />
    </div>
  )
}

interface PageFieldsProps extends Pick<OptionFieldsProps, 'value' | 'canWall'> {
  set: (change: Partial<IntegrationOptions>) => void
}

function PageFields({ value, set, canWall }: PageFieldsProps) {
  const { t } = useLingui()
  return (
    <>
      <Switch
        isSelected={value.messenger}
        onChange={(messenger) => set({ messenger })}
        description={t`Messages to the page reach the contact centre; its answers reach the customer.`}
      >
        {t`Messenger`}
      </Switch>
      <Switch
        isSelected={value.wallPosts}
        isDisabled={!canWall && !value.wallPosts}
        onChange={(wallPosts) => set({ wallPosts })}
        description={
          canWall
            ? t`What visitors post on the wall and write below posts; answers are public comments of the page.`
            : t`Facebook was not allowed the wall: log in again and leave everything ticked.`
        }
      >
        {t`Wall posts and comments`}
      </Switch>
      {value.wallPosts ? (
        <div className="flex flex-col gap-5 border-s border-border ps-5">
          <RadioGroup
            label={t`How deep`}
            value={String(value.commentDepth)}
            onChange={(depth) => set({ commentDepth: Number(depth) })}
            options={[
              { id: '0', label: t`Posts alone` },
              { id: '1', label: t`Posts and comments on them` },
              { id: '2', label: t`Posts, comments, and answers to comments` },
            ]}
          />
          <Switch
            isSelected={value.wallFiles}
            onChange={(wallFiles) => set({ wallFiles })}
            description={t`Pictures and videos that visitors put on the wall are passed on as files.`}
          >
            {t`Files from the wall`}
          </Switch>
        </div>
      ) : null}
    </>
  )
}
