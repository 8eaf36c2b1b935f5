/** The contact beside the thread, with the tags of the interaction. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ContactPanel } from '../../contacts/ContactPanel.tsx'
import { contactQuery } from '../../contacts/queries.ts'
import { useLive } from '../../live/store.ts'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { TagEditor } from './TagEditor.tsx'

export interface PanelProps {
  interactionId: number
}

export default function Panel({ interactionId }: PanelProps) {
  const contactId = useLive(({ rows }) => rows.get(interactionId)?.contact.id)
  useContactChanges(interactionId, contactId)
  if (contactId === undefined) {
    return (
      <div className="p-4">
        <SkeletonLines lines={8} />
      </div>
    )
  }
  return (
    <ContactPanel contactId={contactId}>
      <TagEditor interactionId={interactionId} />
    </ContactPanel>
  )
}

/** Per interaction the last change of its contact that the panel was fetched after. */
const seen = new Map<number, number>()

/** A colleague's change of the contact stands in the thread: the panel is fetched again, also when it came while one was elsewhere. */
function useContactChanges(interactionId: number, contactId: number | undefined): void {
  const client = useQueryClient()
  const seq = useLive(
    ({ threads }) => threads.get(interactionId)?.items.findLast(({ type }) => type === 'changed')?.seq,
  )
  useEffect(() => {
    if (seq === undefined || contactId === undefined || seen.get(interactionId) === seq) return
    seen.set(interactionId, seq)
    void client.invalidateQueries({ queryKey: contactQuery(contactId).queryKey, exact: true })
  }, [client, interactionId, contactId, seq])
}
