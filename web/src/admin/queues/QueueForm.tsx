/** How a queue is called and how it rings. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Queue } from '@patchbay/protocol/api/queues.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { FormNumber, FormSwitch, FormText, FormTextArea } from '../../ui/FormFields.tsx'
import { Card } from '../../ui/Page.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { queueQuery, skillsQuery } from '../common/queries.ts'
import { SavedFormBar } from '../common/SavedFormBar.tsx'
import { useSavedForm } from '../common/useSavedForm.ts'
import { NewSkill } from './NewSkill.tsx'
import { SkillsField } from './SkillsField.tsx'
import { StrategyChoice } from './StrategyChoice.tsx'

const read = ({
  name,
  description,
  group,
  strategy,
  agentTimeoutSeconds,
  weight,
  wrapUpSeconds,
  autoAnswer,
  dispositionRequired,
  skills,
}: Queue) => ({
  name,
  description,
  group,
  strategy,
  agentTimeoutSeconds,
  weight,
  wrapUpSeconds,
  autoAnswer,
  dispositionRequired,
  skills,
})

export function QueueForm({ queue, reload }: { queue: Queue; reload: () => Promise<unknown> }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const saved = useSavedForm({
    entity: queue,
    read,
    stampOf: ({ version }) => version,
    save: async (changes, { id, version }) => {
      const fresh = await api('PATCH /api/openchannel/queues/:id', {
        params: { id },
        body: { ...changes, version },
      })
      client.setQueryData(queueQuery(id).queryKey, fresh)
      void client.invalidateQueries({ queryKey: ['queues', 'all'] })
      return fresh
    },
    reload,
  })
  const { control } = saved.form
  const labels = {
    name: t`Name`,
    description: t`Description`,
    strategy: t`How it rings`,
    agentTimeoutSeconds: t`Rings each agent for`,
    weight: t`Weight`,
    group: t`Group`,
    wrapUpSeconds: t`Wrap-up`,
    autoAnswer: t`Accept for the agent`,
    dispositionRequired: t`Ask how it ended`,
    skills: t`Skills it asks for`,
  }
  const skills = useQuery(skillsQuery).data ?? []
  const seconds = saved.form.watch('agentTimeoutSeconds')
  const isOneByOne = saved.form.watch('strategy') !== 'beepall'
  const needed = (value: unknown) => !Number.isNaN(value) || t`Write a number.`
  return (
    <Card>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void saved.submit()
        }}
      >
        <FormFault form={saved.form} />
        <div className="grid gap-4 narrow:grid-cols-2">
          <FormText
            {...{ control, name: 'name' }}
            label={labels.name}
            rules={{ validate: (value) => Boolean(String(value).trim()) || t`Write a name.` }}
          />
          <FormTextArea {...{ control, name: 'description' }} label={labels.description} rows={1} />
        </div>
        <StrategyChoice control={control} label={labels.strategy} />
        <div className="grid gap-4 narrow:grid-cols-2">
          <FormNumber
            {...{ control, name: 'agentTimeoutSeconds' }}
            label={labels.agentTimeoutSeconds}
            suffix={t`s`}
            minValue={3}
            maxValue={3600}
            rules={{ validate: needed }}
            description={
              Number.isNaN(seconds) ? undefined : isOneByOne ? (
                <Trans>
                  With three free agents who do not answer, the third is rung after {2 * seconds} s and the
                  first again after {3 * seconds} s.
                </Trans>
              ) : (
                <Trans>All free agents ring for {seconds} s; if nobody accepts, they ring anew.</Trans>
              )
            }
          />
          <FormNumber
            {...{ control, name: 'weight' }}
            label={labels.weight}
            minValue={0}
            maxValue={10}
            rules={{ validate: needed }}
            description={t`0 to 10. An agent of several queues is rung first by the one of higher weight.`}
          />
          <FormText
            {...{ control, name: 'group' }}
            label={labels.group}
            description={t`A word under which queues stand together in lists, such as a country or a team.`}
          />
          <FormNumber
            {...{ control, name: 'wrapUpSeconds' }}
            label={labels.wrapUpSeconds}
            suffix={t`s`}
            minValue={0}
            maxValue={3600}
            rules={{ validate: needed }}
            description={t`So long an agent is left alone after closing an interaction of this queue.`}
          />
        </div>
        <FormSwitch
          {...{ control, name: 'autoAnswer' }}
          description={t`The desk accepts its offers by itself and opens them. Who must not be interrupted pauses.`}
        >
          {labels.autoAnswer}
        </FormSwitch>
        <FormSwitch
          {...{ control, name: 'dispositionRequired' }}
          description={t`Nobody closes an interaction of this queue without a disposition, where there are any.`}
        >
          {labels.dispositionRequired}
        </FormSwitch>
        <SkillsField
          value={saved.form.watch('skills')}
          onChange={(value) => saved.form.setValue('skills', value, { shouldDirty: true })}
          skills={skills}
        />
        <div>
          <NewSkill />
        </div>
      </form>
      <SavedFormBar saved={saved} labels={labels} />
    </Card>
  )
}
