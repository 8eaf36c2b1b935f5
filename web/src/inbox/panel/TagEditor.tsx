/** The tags of an interaction: type to find one, Enter puts it on or takes it off; a new one is made on the way. */
import { useLingui } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Check, Plus } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { useLive } from '../../live/store.ts'
import { Button } from '../../ui/Button.tsx'
import { PickList } from '../../ui/PickList.tsx'
import { Popover } from '../../ui/Popover.tsx'
import { TagList } from '../../ui/TagList.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useHandler } from '../../ui/useHandler.ts'
import { useOpenFor } from '../../ui/useOpenFor.ts'
import { useFocusWish } from '../focus.ts'
import { tagsQuery } from '../queries.ts'
import { useChange } from '../thread/useChanges.ts'

const none: never[] = []

export function TagEditor({ interactionId: id }: { interactionId: number }) {
  const { t } = useLingui()
  const tags = useLive(({ rows }) => rows.get(id)?.tags ?? none)
  const change = useChange('POST /api/openchannel/interactions/:id/tags')
  const [isOpen, setOpen] = useOpenFor(id)
  useFocusWish(
    'tags',
    id,
    useHandler(() => setOpen(true)),
  )
  const set = (ids: number[]) => change.mutate({ params: { id }, body: { ids } })
  const ids = tags.map((tag) => tag.id)
  const toggle = useHandler((tagId: number) =>
    set(ids.includes(tagId) ? ids.filter((one) => one !== tagId) : [...ids, tagId]),
  )
  const choice = useHandler((close: () => void) => (
    <Choice
      taken={ids}
      onChoose={(tagId) => {
        toggle(tagId)
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
  return (
    <PickList
      label={t`Tag`}
      options={(tags.data?.rows ?? []).map(({ id, name }) => ({
        id,
        label: name,
        note: taken.includes(id) ? <Check aria-label={t`on it`} className="size-4" /> : undefined,
      }))}
      isPending={making.isPending}
      onPick={onChoose}
      onCreate={(name) => making.mutate(name)}
    />
  )
}
