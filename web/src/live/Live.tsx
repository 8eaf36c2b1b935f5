/** Ties the live model to the page: connects, sends what waited, and renews what was fetched before it changed elsewhere. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { meQuery, useMe } from '../api/queries.ts'
import { useConnection } from '../shell/connection.ts'
import { connect } from './connection.ts'
import { drafts } from './drafts.ts'
import { flush, outbox } from './outbox.ts'
import { useLive } from './store.ts'

export function Live() {
  const { id } = useMe()
  const client = useQueryClient()
  const { state } = useConnection()
  const presence = useLive((live) => live.presence)
  const changed = useLive((live) => live.changed)

  useEffect(() => {
    drafts.open(id)
    outbox.open(id)
    return connect()
  }, [id])
  useEffect(() => {
    if (state === 'live') flush()
  }, [state])
  useEffect(() => {
    if (presence) client.setQueryData(meQuery.queryKey, (me) => me && { ...me, presence })
  }, [client, presence])
  useEffect(() => {
    // What changed is the first part of the keys of what was fetched of it.
    for (const what of Object.keys(changed)) void client.invalidateQueries({ queryKey: [what] })
  }, [client, changed])
  return null
}
