/** The contact beside the thread, with the tags of the interaction. */
import { ContactPanel } from '../../contacts/ContactPanel.tsx'
import { useLive } from '../../live/store.ts'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { TagEditor } from './TagEditor.tsx'

export interface PanelProps {
  interactionId: number
}

export default function Panel({ interactionId }: PanelProps) {
  const contactId = useLive(({ rows }) => rows.get(interactionId)?.contact.id)
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
