/** The contact beside the thread, with the tags of the interaction. */
import { ContactPanel } from '../../contacts/ContactPanel.tsx'
import { TagEditor } from './TagEditor.tsx'

export interface PanelProps {
  interactionId: number
  contactId: number
}

export default function Panel({ interactionId, contactId }: PanelProps) {
  return (
    <ContactPanel key={contactId} contactId={contactId}>
      <TagEditor key={interactionId} interactionId={interactionId} />
    </ContactPanel>
  )
}
