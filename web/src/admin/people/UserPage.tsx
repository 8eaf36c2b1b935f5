/** One user: who he is, his password, whether he may sign in. */
import { useLingui } from '@lingui/react/macro'
import type { User } from '@patchbay/protocol/api/people.ts'
import { useQuery } from '@tanstack/react-query'
import { useMe } from '../../api/queries.ts'
import { useId } from '../../shell/useId.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { TextLink } from '../../ui/Button.tsx'
import { Card } from '../../ui/Page.tsx'
import { AdminPage, Waiting } from '../common/AdminPage.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { userQuery } from '../common/queries.ts'
import { SavedFormBar } from '../common/SavedFormBar.tsx'
import { useSavedForm } from '../common/useSavedForm.ts'
import { Access } from './Access.tsx'
import { Invitation } from './Invitation.tsx'
import { Rights } from './Rights.tsx'
import { UserFields } from './UserFields.tsx'
import { UserSkills } from './UserSkills.tsx'
import { UserState } from './UserState.tsx'
import { useSaveUser } from './useSaveUser.ts'

export function UserPage() {
  const { t } = useLingui()
  const id = useId()
  const me = useMe()
  const user = useQuery(userQuery(id))
  if (!user.data) return <Waiting error={user.error} />
  const { fullname } = user.data
  return (
    <AdminPage
      back={{ href: '/admin/users', label: t`Users` }}
      icon={<Avatar name={fullname} />}
      title={fullname}
      tags={<UserState user={user.data} />}
      history={{ object: 'app_user', id }}
      calls={[
        { key: 'GET /api/users/:id', params: { id } },
        { key: 'PATCH /api/users/:id', params: { id }, body: { capacity: 5 } },
        ...(user.data.invited
          ? [{ key: 'POST /api/users/:id/invitation' as const, params: { id }, body: { mail: true } }]
          : []),
      ]}
    >
      <div className="flex max-w-[760px] flex-col gap-3">
        <Profile key={id} user={user.data} reload={user.refetch} />
        {user.data.invited && !user.data.disabled ? <Invitation user={user.data} /> : null}
        {me?.permissions.includes('queues.manage') ? <UserSkills user={user.data} /> : null}
        <Rights user={user.data} />
        <Access user={user.data} />
      </div>
    </AdminPage>
  )
}

const read = ({ email, name, fullname, roleId, capacity }: User) => ({
  email,
  name,
  fullname,
  roleId,
  capacity,
})

function Profile({ user, reload }: { user: User; reload: () => Promise<unknown> }) {
  const { t } = useLingui()
  const save = useSaveUser(user.id)
  const saved = useSavedForm({
    entity: user,
    read,
    stampOf: ({ version }) => version,
    save: (changes, { version }) => save({ ...changes, version }),
    reload,
  })
  return (
    <Card>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void saved.submit()
        }}
      >
        <FormFault form={saved.form} />
        <UserFields control={saved.form.control} />
      </form>
      {user.teams.length > 0 ? (
        <p className="text-text-2">
          {t`Teams`}:{' '}
          {user.teams.map(({ id, name }, at) => (
            <span key={id}>
              {at > 0 ? ', ' : ''}
              <TextLink href={`/admin/teams/${id}`}>
                <bdi>{name}</bdi>
              </TextLink>
            </span>
          ))}
        </p>
      ) : null}
      <SavedFormBar
        saved={saved}
        labels={{
          email: t`E-mail`,
          name: t`Short name`,
          fullname: t`Full name`,
          roleId: t`Role`,
          capacity: t`Capacity`,
        }}
      />
    </Card>
  )
}
