/** Writing to a customer first: on which account, to whom, what. Loaded on first use. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { api } from '../api/api.ts'
import { useProblem } from '../api/useProblem.ts'
import { contactName } from '../contacts/fields.ts'
import { useGo } from '../inbox/address.ts'
import { wishFocus } from '../inbox/focus.ts'
import { accountsQuery } from '../inbox/queries.ts'
import { Failed } from '../shell/Failed.tsx'
import { Button } from '../ui/Button.tsx'
import { ComboBox } from '../ui/ComboBox.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Select } from '../ui/Select.tsx'
import { TextArea } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'

export interface BeginContact {
  id: number
  listId: number
  name: string
}

interface BeginProps {
  /** To whom; without, he is asked for. */
  contact?: BeginContact
  onOpenChange: (isOpen: boolean) => void
}

export default function Begin({ contact, onOpenChange }: BeginProps) {
  const { t } = useLingui()
  return (
    <Dialog title={t`New interaction`} isOpen onOpenChange={onOpenChange}>
      {(close) => <Form onDone={close} {...(contact ? { contact } : {})} />}
    </Dialog>
  )
}

const TYPED = 0
const leastSearched = 2

function Form({ contact, onDone }: { contact?: BeginContact; onDone: () => void }) {
  const { t } = useLingui()
  const problem = useProblem()
  const { open } = useGo()
  const all = useQuery(accountsQuery)
  const accounts = (all.data?.rows ?? []).filter(
    ({ canReply, listId }) => canReply && (!contact || contact.listId === listId),
  )
  const [chosen, setAccount] = useState<number>()
  const account = accounts.find(({ id }) => id === chosen) ?? accounts[0]
  const [contactId, setContact] = useState<number | null>(contact?.id ?? null)
  const [typed, setTyped] = useState<string>()
  const [search, setSearch] = useState('')
  const [body, setBody] = useState('')
  const [fault, setFault] = useState<string>()
  const [isPending, setPending] = useState(false)
  // The same when it is tried again, so that it is sent once.
  const [clientId] = useState(() => crypto.randomUUID())
  const wanted = useDeferredValue(search.trim())
  const contacts = useQuery({
    queryKey: ['contacts', 'to', account?.listId, wanted],
    queryFn: ({ signal }) =>
      api('GET /api/contacts', {
        query: { search: wanted, limit: 20, ...(account && { listId: account.listId }) },
        signal,
      }),
    enabled: !contact && account !== undefined && wanted.length >= leastSearched,
  })
  const people = (contacts.data?.rows ?? []).map((row) => ({
    id: row.id,
    label: contactName(row),
    ...(row.phone || row.email ? { description: row.phone || row.email || '' } : {}),
  }))
  const options = typed === undefined ? people : [{ id: TYPED, label: typed }, ...people]
  const isNamed = contactId !== null || typed !== undefined

  const send = async () => {
    if (!account || !isNamed || isPending) return
    setPending(true)
    setFault(undefined)
    try {
      const answer = await api('POST /api/openchannel/interactions', {
        body: {
          OpenchannelAccountId: account.id,
          ...(typed === undefined ? { ContactId: contactId } : { from: typed }),
          body,
          clientId,
        },
      })
      onDone()
      if (!answer.begun) toast(t`This contact had an open interaction: it goes on there.`)
      open(answer.interaction.id, 'mine')
      wishFocus('composer', answer.interaction.id)
    } catch (error) {
      setFault(problem(error))
    } finally {
      setPending(false)
    }
  }

  if (all.isError && !all.data) return <Failed error={all.error} onRetry={() => void all.refetch()} />
  if (all.data && accounts.length === 0)
    return <p className="text-text-2">{t`No account that you work on can send: none has a Reply URL.`}</p>
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
        event.preventDefault()
        void send()
      }}
    >
      <Select
        label={t`Account`}
        value={account?.id ?? null}
        onChange={(id) => {
          setAccount(id)
          if (!contact) setContact(null)
        }}
        options={accounts.map(({ id, name }) => ({ id, label: name }))}
      />
      {contact ? (
        <p>
          <Trans>
            To <bdi>{contact.name}</bdi>
          </Trans>
        </p>
      ) : (
        <ComboBox
          label={t`To`}
          description={
            account?.mapKeyDescription ||
            t`A contact by name, or the ${account?.mapKey ?? 'phone'} by which the channel knows them`
          }
          placeholder={t`Name, phone or e-mail`}
          value={typed === undefined ? contactId : TYPED}
          onChange={(id) => {
            if (id === TYPED) return
            setTyped(undefined)
            setContact(id)
          }}
          onSearch={setSearch}
          onCreate={setTyped}
          options={options}
        />
      )}
      <TextArea label={t`First message`} value={body} onChange={setBody} rows={4} maxLength={65_536} />
      {fault ? (
        <p role="alert" className="field-error">
          {fault}
        </p>
      ) : null}
      <Button type="submit" variant="primary" isDisabled={!isNamed || !account} isPending={isPending}>
        {body.trim() ? t`Send` : t`Open without a message`}
      </Button>
    </form>
  )
}
