/** The tags of an interaction: take one off, put one on, make a new one. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { memo, type ReactNode, useState } from 'react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { useLive } from '../../live/store.ts'
import { useShortcut } from '../../shell/shortcuts.ts'
import { Button } from '../../ui/Button.tsx'
import { Popover } from '../../ui/Popover.tsx'
import { TagList } from '../../ui/TagList.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useHandler } from '../../ui/useHandler.ts'
import { useOpenFor } from '../../ui/useOpenFor.ts'
import { tagsQuery } from '../queries.ts'
import { useChange } from '../thread/useChanges.ts'

const none: never[] = []

export function TagEditor({ interactionId: id }: { interactionId: number }) {
  const { t } = useLingui()
  const tags = useLive(({ rows }) => rows.get(id)?.tags ?? none)
  const change = useChange('POST /api/openchannel/interactions/:id/tags')
  const [isOpen, setOpen] = useOpenFor(id)
  useShortcut('tag', () => setOpen(true))
  const set = (ids: number[]) => change.mutate({ params: { id }, body: { ids } })
  const ids = tags.map((tag) => tag.id)
  const add = useHandler((tagId: number) => set([...ids, tagId]))
  const choice = useHandler((close: () => void) => (
    <Choice
      taken={ids}
      onChoose={(tagId) => {
        add(tagId)
        close()
      }}
    />
  ))
  return (
    <div className="tag-editor">
      {tags.length > 0 ? (
        <TagList
          label={t`Tags`}
          items={tags.map((tag) => ({ id: tag.id, label: tag.name }))}
          onRemove={(gone) => set(ids.filter((one) => one !== gone))}
        />
      ) : null}
      <AddTag isOpen={isOpen} onOpenChange={setOpen} choice={choice} />
    </div>
  )
}

interface AddTagProps {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  choice: (close: () => void) => ReactNode
}

const AddTag = memo(function AddTag({ choice, ...state }: AddTagProps) {
  const { t } = useLingui()
  return (
    <Popover
      label={t`Add a tag`}
      {...state}
      trigger={
        <Button size="small" icon={<Plus aria-hidden />}>
          {t`Add tag`}
        </Button>
      }
    >
      {choice}
    </Popover>
  )
})

function Choice({ taken, onChoose }: { taken: readonly number[]; onChoose: (tagId: number) => void }) {
  const { t } = useLingui()
  const [text, setText] = useState('')
  const client = useQueryClient()
  const problem = useProblem()
  const tags = useQuery(tagsQuery)
  const making = useMutation({
    mutationFn: (name: string) => api('POST /api/tags', { body: { name } }),
    onSuccess: async (tag) => {
      onChoose(tag.id)
      await client.invalidateQueries({ queryKey: ['tags'] })
    },
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
  const wanted = text.trim()
  const free = (tags.data?.rows ?? []).filter(({ id }) => !taken.includes(id))
  const found = free.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()))
  const isNew =
    wanted !== '' && !(tags.data?.rows ?? []).some(({ name }) => name.toLowerCase() === wanted.toLowerCase())
  return (
    <form
      className="asks"
      onSubmit={(event) => {
        event.preventDefault()
        const first = found[0]
        if (first) onChoose(first.id)
        else if (isNew) making.mutate(wanted)
      }}
    >
      <TextField label={t`Tag`} value={text} onChange={setText} autoFocus maxLength={200} />
      <ul className="asks-choices">
        {found.slice(0, 8).map(({ id, name }) => (
          <li key={id}>
            <Button variant="quiet" size="small" isWide onPress={() => onChoose(id)}>
              {name}
            </Button>
          </li>
        ))}
      </ul>
      {isNew ? (
        <Button size="small" isPending={making.isPending} onPress={() => making.mutate(wanted)}>
          <Trans>Make “{wanted}”</Trans>
        </Button>
      ) : null}
    </form>
  )
}
