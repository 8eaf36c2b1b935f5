/** Makes a skill, to be asked for and given to agents. */
import { useLingui } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { NameDialog } from '../common/NameDialog.tsx'
import { skillsQuery } from '../common/queries.ts'

export function NewSkill() {
  const { t } = useLingui()
  const client = useQueryClient()
  return (
    <NameDialog
      verb={t`New skill`}
      description={t`Such as Italian, Contracts or Returns. Agents get it with a level, queues ask for it.`}
      onSave={async (name) => {
        await api('POST /api/openchannel/skills', { body: { name } })
        await client.invalidateQueries({ queryKey: skillsQuery.queryKey })
      }}
    />
  )
}
