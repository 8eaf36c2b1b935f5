/** The permissions that the dialog can ask for, and what they are for. */
export const permissionNames: Readonly<Record<string, string>> = {
  public_profile: 'Your name and profile picture',
  email: 'Your email address',
  pages_show_list: 'Show a list of the pages you manage',
  pages_manage_metadata: 'Manage accounts, settings and webhooks for your pages',
  pages_messaging: 'Manage and access page conversations in Messenger',
  pages_read_engagement: 'Read content posted on your pages',
  pages_read_user_content: 'Read user content on your pages',
  pages_manage_engagement: 'Answer comments on your pages',
  pages_manage_posts: 'Create posts on your pages',
  business_management: 'Manage your business',
  instagram_basic: 'Access the Instagram account connected to your page',
  instagram_manage_messages: 'Manage messages of that Instagram account',
}

export function parseScope(scope: string): string[] {
  const asked = scope.split(/[\s,]+/).filter(Boolean)
  return [...new Set(['public_profile', ...asked])]
}
