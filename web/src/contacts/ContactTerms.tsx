/** The fields of a contact to read: phones ring, addresses open. */
import { useLingui } from '@lingui/react/macro'
import type { Contact, Field } from '@patchbay/protocol/api/contacts.ts'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Id, Phone } from '../ui/Bidi.tsx'
import { Tag } from '../ui/Mark.tsx'
import { DescriptionList } from '../ui/Page.tsx'
import { Time } from '../ui/Time.tsx'
import {
  customValue,
  fieldWords,
  linkOf,
  mainFields,
  nameOfCustom,
  phoneOf,
  type TextField,
  textFields,
} from './fields.ts'
import { listsQuery } from './queries.ts'

const inTheHead: ReadonlySet<TextField> = new Set(['firstName', 'lastName'])

export function ContactTerms({ contact, custom }: { contact: Contact; custom: readonly Field[] }) {
  const { i18n, t } = useLingui()
  const lists = useQuery(listsQuery).data?.rows
  const list = lists && lists.length > 1 ? lists.find(({ id }) => id === contact.listId) : undefined
  const texts = textFields
    .filter((name) => !inTheHead.has(name) && (mainFields.has(name) || contact[name]))
    .map((name) => ({
      term: i18n._(fieldWords[name]),
      value: textIn(name, name === 'phone' ? phoneOf(contact) : contact[name]),
    }))
  const others = custom
    .filter((field) => customValue(contact, field) !== null)
    .map((field) => ({ term: field.name, value: <Custom contact={contact} field={field} /> }))
  const items = [
    ...texts,
    ...others,
    ...(contact.tags.length > 0
      ? [{ term: t`Labels`, value: contact.tags.map((tag) => <Tag key={tag}>{tag}</Tag>) }]
      : []),
    ...(list ? [{ term: t`List`, value: list.name }] : []),
  ]
  return <DescriptionList items={items} />
}

function textIn(name: TextField, value: string | null): ReactNode {
  if (!value) return null
  if (name === 'phone' || name === 'mobile') return <Phone>{value}</Phone>
  if (name === 'email')
    return (
      <a href={`mailto:${value}`} className="no-underline hover:underline">
        <Id>{value}</Id>
      </a>
    )
  if (name === 'url') return <Web address={value} />
  return value
}

/** Only what is surely a web address becomes a link: the value came from outside. */
function Web({ address }: { address: string }) {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return <Id>{address}</Id>
  return (
    <a href={url.href} target="_blank" rel="noopener noreferrer" className="link">
      <Id>{address}</Id>
    </a>
  )
}

function Custom({ contact, field }: { contact: Contact; field: Field }) {
  const shown = <CustomText contact={contact} field={field} />
  const href = linkOf(contact, field)
  return href ? (
    <a href={href} target="_blank" rel="noopener noreferrer" className="link">
      {shown}
    </a>
  ) : (
    shown
  )
}

function CustomText({ contact, field }: { contact: Contact; field: Field }) {
  const { t, i18n } = useLingui()
  const value = customValue(contact, field)
  if (typeof value === 'boolean') return value ? t`Yes` : t`No`
  if (typeof value === 'number') return <span className="tabular">{i18n.number(value)}</span>
  if (field.type === 'datetime' && value) return <Time value={value} style="long" />
  if (field.type === 'url' && value && !field.link) return <Web address={value} />
  return <span data-field={nameOfCustom(field)}>{value}</span>
}
