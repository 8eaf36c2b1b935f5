/** What skills a queue asks for, at which level, and how it asks for less the longer somebody waits. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { RequiredSkill, Skill } from '@patchbay/protocol/api/skills.ts'
import { Plus, X } from 'lucide-react'
import { Button, IconButton } from '../../ui/Button.tsx'
import { NumberField } from '../../ui/NumberField.tsx'
import { Select } from '../../ui/Select.tsx'

interface SkillsFieldProps {
  value: readonly RequiredSkill[]
  onChange: (value: RequiredSkill[]) => void
  skills: readonly Skill[]
}

export function SkillsField({ value, onChange, skills }: SkillsFieldProps) {
  const { t } = useLingui()
  const unused = skills.filter(({ id }) => !value.some(({ skillId }) => skillId === id))
  const change = (skillId: number, patch: Partial<RequiredSkill>) =>
    onChange(value.map((one) => (one.skillId === skillId ? { ...one, ...patch } : one)))
  const [next] = unused
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-1 font-medium">
        <Trans>Skills it asks for</Trans>
      </legend>
      {value.length === 0 ? (
        <p className="text-small text-text-2">
          <Trans>None: every member can be asked.</Trans>
        </p>
      ) : null}
      {value.map((required) => {
        const name = skills.find(({ id }) => id === required.skillId)?.name ?? `#${required.skillId}`
        return (
          <div key={required.skillId} className="flex flex-col gap-2 rounded-card border border-border p-3">
            <div className="flex flex-wrap items-end gap-2">
              <Select<number>
                label={t`Skill`}
                className="min-w-[160px] flex-1"
                value={required.skillId}
                onChange={(skillId) => change(required.skillId, { skillId })}
                options={[
                  { id: required.skillId, label: name },
                  ...unused.map(({ id, name }) => ({ id, label: name })),
                ]}
              />
              <NumberField
                label={t`Level`}
                className="w-[104px]"
                value={required.level}
                minValue={1}
                maxValue={10}
                onChange={(level) => Number.isNaN(level) || change(required.skillId, { level })}
              />
              <IconButton
                label={t`Ask for ${name} no more`}
                icon={<X aria-hidden />}
                onPress={() => onChange(value.filter(({ skillId }) => skillId !== required.skillId))}
              />
            </div>
            <Patience required={required} onChange={(relax) => change(required.skillId, { relax })} />
          </div>
        )
      })}
      <div>
        <Button
          icon={<Plus aria-hidden />}
          isDisabled={!next}
          onPress={() => next && onChange([...value, { skillId: next.id, level: 5, relax: [] }])}
        >
          {t`Ask for a skill`}
        </Button>
      </div>
    </fieldset>
  )
}

/** Each step later than the one before, and for less. */
function Patience({
  required,
  onChange,
}: {
  required: RequiredSkill
  onChange: (relax: RequiredSkill['relax']) => void
}) {
  const { t } = useLingui()
  const { relax, level } = required
  const last = relax.at(-1) ?? { afterSeconds: 0, level }
  const set = (at: number, patch: Partial<RequiredSkill['relax'][number]>) =>
    onChange(relax.map((step, index) => (index === at ? { ...step, ...patch } : step)))
  return (
    <>
      {relax.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step has nothing but its place
        <div key={at} className="flex flex-wrap items-end gap-2 ps-4">
          <NumberField
            label={t`From a wait of`}
            suffix={t`s`}
            className="w-[136px]"
            value={step.afterSeconds}
            minValue={(relax[at - 1]?.afterSeconds ?? 0) + 1}
            maxValue={86_400}
            onChange={(afterSeconds) => Number.isNaN(afterSeconds) || set(at, { afterSeconds })}
          />
          <NumberField
            label={t`Level, 0 for none`}
            className="w-[136px]"
            value={step.level}
            minValue={0}
            maxValue={Math.max(0, (relax[at - 1]?.level ?? level) - 1)}
            onChange={(level) => Number.isNaN(level) || set(at, { level })}
          />
          <IconButton
            label={t`Remove this step`}
            icon={<X aria-hidden />}
            onPress={() => onChange(relax.filter((_, index) => index !== at))}
          />
        </div>
      ))}
      {last.level > 0 && relax.length < 10 ? (
        <Button
          size="small"
          variant="text"
          className="self-start"
          onPress={() =>
            onChange([...relax, { afterSeconds: last.afterSeconds + 30, level: Math.floor(last.level / 2) }])
          }
        >
          {relax.length === 0 ? t`Ask for less after a while` : t`And for less later`}
        </Button>
      ) : null}
    </>
  )
}
