/** What each permission at Facebook is needed for, in plain words. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react'

const words: Readonly<Record<string, MessageDescriptor>> = {
  pages_show_list: msg`Show you your pages, so that you can choose one`,
  pages_manage_metadata: msg`Have Facebook tell us when somebody writes to the page`,
  pages_messaging: msg`Read and answer the messages of the page`,
  pages_read_engagement: msg`Read the name of the page and what it has published`,
  pages_read_user_content: msg`Read what visitors write on the wall and below posts`,
  pages_manage_engagement: msg`Answer as the page below posts and comments`,
  instagram_basic: msg`See which Instagram account is linked to the page`,
  instagram_manage_messages: msg`Read and answer the direct messages of the Instagram account`,
}

/** A permission that is not known here is called by its name. */
export function usePermissionWords(): (name: string) => string {
  const { i18n } = useLingui()
  return (name) => (words[name] ? i18n._(words[name]) : name)
}
