/** Ties the live model to the page: connects, sends what waited, renews what was fetched before it changed elsewhere. */
import { useQueryClient } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { useEffect, useLayoutEffect, useRef } from 'react'
import { meQuery, useMe } from '../api/queries.ts'
import { useConnection } from '../shell/connection.ts'
import { connect } from './connection.ts'
import { dispositions } from './dispositions.ts'
import { drafts } from './drafts.ts'
import { closeOutbox, flush, openOutbox } from './outbox.ts'
import { type Changed, initialState, refetched } from './reduce.ts'
import { update, useLive } from './store.ts'
import { forgetThreads } from './threads.ts'
import { cancelUploads } from './uploads.ts'

/** So long some desks wait longer than others before they fetch what all of them need. */
const spreadMs = 1_000

export function Live() {
  const { id } = useMe()
  const client = useQueryClient()
  const { state } = useConnection()
  const presence = useLive((live) => live.presence)
  const changed = useLive((live) => live.changed)
  const sync = useLive((live) => live.sync)
  const isStale = sync === 'stale'
  const hasList = useLocation({ select: ({ pathname }) => pathname.startsWith('/inbox') })

  // Before anything is painted, so that nobody sees what another has left.
  useLayoutEffect(() => {
    drafts.open(id)
    dispositions.open(id)
    openOutbox(id)
    const disconnect = connect()
    return () => {
      disconnect()
      forgetThreads()
      update(() => initialState)
      drafts.close()
      dispositions.close()
      closeOutbox()
      cancelUploads()
    }
  }, [id])
  useEffect(() => {
    if (state === 'live') flush()
  }, [state])
  useEffect(() => {
    if (presence) client.setQueryData(meQuery.queryKey, (me) => me && { ...me, presence })
  }, [client, presence])
  const told = useRef<Readonly<Partial<Record<Changed, number>>>>({})
  useEffect(() => {
    // What changed is the first part of the keys of what was fetched of it.
    for (const [what, times] of Object.entries(changed) as [Changed, number][]) {
      if (told.current[what] !== times) void client.invalidateQueries({ queryKey: [what] })
    }
    told.current = changed
  }, [client, changed])
  // What is not in the model is not resumed either: what is on screen of it is fetched again after every break, not by all desks at once.
  const wasCut = useRef(false)
  useEffect(() => {
    if (sync === 'offline') wasCut.current = true
    if (sync !== 'synced' || !wasCut.current) return
    wasCut.current = false
    const timer = setTimeout(() => void client.invalidateQueries(), Math.random() * spreadMs)
    return () => clearTimeout(timer)
  }, [client, sync])
  useEffect(() => {
    // On other pages nothing of it is on screen; the inbox fetches what it needs when it is opened.
    if (isStale && !hasList) update((live) => refetched(live, []))
  }, [isStale, hasList])
  return null
}
