/** What the palette finds besides commands: interactions that the desk holds, and contacts that the server knows. */
import { useLingui } from '@lingui/react/macro'
import type { InboxRow } from '@patchbay/protocol/api/interactions.ts'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Contact, MessageCircle } from 'lucide-react'
import { useEffect, useState } from 'react'
import { api } from '../api/api.ts'
import { useMe } from '../api/queries.ts'
import { contactName, phoneOf } from '../contacts/fields.ts'
import { useLive } from '../live/store.ts'
import type { PaletteItem } from '../ui/Palette.tsx'

const mostShown = 5
const fewestLetters = 2
const restMs = 150

export function useFound(typed: string): { title: string; items: PaletteItem[] }[] {
  const { t } = useLingui()
  const navigate = useNavigate()
  const me = useMe()
  const rows = useLive((state) => state.rows)
  const text = useRested(typed.trim())
  const isEnough = text.length >= fewestLetters
  const contacts = useQuery({
    queryKey: ['contacts', 'palette', text],
    queryFn: ({ signal }) => api('GET /api/contacts', { query: { search: text, limit: mostShown }, signal }),
    enabled: isEnough && me.permissions.includes('contacts.read'),
    placeholderData: keepPreviousData,
  })
  if (!isEnough) return []
  const wanted = text.toLocaleLowerCase()
  const numbered = Number(/^#?([1-9]\d{0,15})$/.exec(text)?.[1])
  const interactions = [...rows.values()]
    .filter(({ id, contact }) => id === numbered || contact.name.toLocaleLowerCase().includes(wanted))
    .slice(0, mostShown)
  return [
    {
      title: t`Interactions`,
      items: interactions.map((row) => ({
        id: `interaction-${row.id}`,
        label: row.contact.name,
        description: `${row.account.name} · ${row.preview}`,
        keywords: typed,
        icon: <MessageCircle aria-hidden />,
        run: () => void navigate({ href: `/inbox/${viewOf(row, me.id)}/${row.id}` }),
      })),
    },
    {
      title: t`Contacts`,
      items: (contacts.data?.rows ?? []).map((contact) => ({
        id: `contact-${contact.id}`,
        label: contactName(contact),
        description: [phoneOf(contact), contact.email].filter(Boolean).join(' · '),
        // The server finds by more than the name.
        keywords: typed,
        icon: <Contact aria-hidden />,
        run: () => void navigate({ href: `/contacts/${contact.id}` }),
      })),
    },
  ]
}

function viewOf({ closedAt, user }: InboxRow, myId: number): string {
  if (closedAt !== null) return 'closed'
  if (user === null) return 'waiting'
  return user.id === myId ? 'mine' : 'team'
}

/** The text once nobody has typed for a moment. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), restMs)
    return () => clearTimeout(timer)
  }, [text])
  return rested
}
