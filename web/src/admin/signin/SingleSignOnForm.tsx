/** Single sign-on: the identity provider, who may come in, and what becomes of those who are new. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { SignInSettings } from '@patchbay/protocol/api/sign-in.ts'
import { useQuery } from '@tanstack/react-query'
import { Controller } from 'react-hook-form'
import { CheckboxGroup } from '../../ui/Choice.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { FormPassword, FormRadio, FormSelect, FormSwitch, FormText } from '../../ui/FormFields.tsx'
import { Tag } from '../../ui/Mark.tsx'
import { Card } from '../../ui/Page.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { teamsQuery } from '../common/queries.ts'
import { SavedFormBar } from '../common/SavedFormBar.tsx'
import { useSavedForm } from '../common/useSavedForm.ts'
import { useRoleName } from '../people/permissions.ts'
import type { SettingsFormProps } from './SecondFactorRoles.tsx'
import { TryProvider } from './TryProvider.tsx'
import { useSaveSignIn } from './useSaveSignIn.ts'

/** The role of agents, whichever that is. */
const usualRole = 0

const read = ({ singleSignOn: of }: SignInSettings) => ({
  enabled: of.enabled,
  issuer: of.issuer,
  clientId: of.clientId,
  clientSecret: '',
  button: of.button,
  domains: of.domains.join(', '),
  createsUsers: of.createsUsers,
  roleId: of.roleId ?? usualRole,
  teamIds: of.teamIds,
  passwordFor: of.passwordFor,
})
type Fields = ReturnType<typeof read>

export function SingleSignOnForm({ settings, reload }: SettingsFormProps) {
  const nameOf = useRoleName()
  const { t } = useLingui()
  const save = useSaveSignIn()
  const teams = useQuery(teamsQuery)
  const saved = useSavedForm<SignInSettings, Fields>({
    entity: settings,
    read,
    stampOf: ({ version }) => version,
    save: ({ domains, roleId, ...changes }, base) =>
      save(
        {
          singleSignOn: {
            ...changes,
            ...(domains === undefined ? {} : { domains: domains.split(/[\s,;]+/).filter(Boolean) }),
            ...(roleId === undefined ? {} : { roleId: roleId === usualRole ? null : roleId }),
          },
        },
        base,
      ),
    reload,
  })
  const { form } = saved
  const { control } = form
  const labels = {
    enabled: t`On`,
    issuer: t`Issuer`,
    clientId: t`Client id`,
    clientSecret: t`Client secret`,
    button: t`Words on the button`,
    domains: t`Domains that may come in`,
    createsUsers: t`New users`,
    roleId: t`Role of new users`,
    teamIds: t`Teams of new users`,
    passwordFor: t`Password`,
  }
  const { singleSignOn } = settings
  const { enabled } = singleSignOn
  return (
    <Card
      title={t`Single sign-on`}
      meta={<Tag tone={enabled ? 'ok' : 'neutral'}>{enabled ? t`On` : t`Off`}</Tag>}
    >
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void saved.submit()
        }}
      >
        <p className="text-text-2">
          <Trans>
            People sign in where your organisation already knows them, by OpenID Connect. A user here is found
            by the verified e-mail address.
          </Trans>
        </p>
        <FormFault form={form} />
        <CopyField label={t`Redirect URI, to register at the provider`} value={singleSignOn.redirectUri} />
        <FormText
          {...{ control, name: 'issuer' }}
          label={labels.issuer}
          description={t`Such as https://login.example.com/realms/main.`}
          isMono
        />
        <FormText {...{ control, name: 'clientId' }} label={labels.clientId} isMono />
        <FormPassword
          {...{ control, name: 'clientSecret' }}
          label={labels.clientSecret}
          autoComplete="off"
          description={
            singleSignOn.hasSecret
              ? t`One is stored. Write only to replace it.`
              : t`Stored sealed, never shown again.`
          }
        />
        <TryProvider read={() => form.getValues()} />
        <FormText
          {...{ control, name: 'domains' }}
          label={labels.domains}
          description={t`Of e-mail addresses, with commas between. Empty: all.`}
        />
        <FormText
          {...{ control, name: 'button' }}
          label={labels.button}
          description={t`On the sign-in page. Empty: Sign in with single sign-on.`}
        />
        <FormSwitch
          {...{ control, name: 'createsUsers' }}
          description={t`Otherwise only who was made a user before comes in.`}
        >
          {t`Make a user of everybody who comes from there`}
        </FormSwitch>
        {form.watch('createsUsers') ? (
          <>
            <FormSelect
              {...{ control, name: 'roleId' }}
              label={labels.roleId}
              options={[
                { id: usualRole, label: t`As usual: agent` },
                ...settings.roles.map((role) => ({ id: role.id, label: nameOf(role) })),
              ]}
            />
            {teams.data && teams.data.length > 0 ? (
              <Controller
                control={control}
                name="teamIds"
                render={({ field }) => (
                  <CheckboxGroup
                    label={labels.teamIds}
                    value={field.value.map(String)}
                    onChange={(chosen) =>
                      field.onChange(chosen.map(Number).sort((one, other) => one - other))
                    }
                    options={(teams.data ?? []).map(({ id, name }) => ({ id: String(id), label: name }))}
                  />
                )}
              />
            ) : null}
          </>
        ) : null}
        <FormRadio
          {...{ control, name: 'passwordFor' }}
          label={t`Signing in by password stays for`}
          options={[
            { id: 'everybody', label: t`Everybody` },
            {
              id: 'admins',
              label: t`Admins only`,
              description: t`The way in when the provider is down. Counts while single sign-on is on.`,
            },
          ]}
        />
        <FormSwitch {...{ control, name: 'enabled' }}>{t`Show the button on the sign-in page`}</FormSwitch>
      </form>
      <SavedFormBar saved={saved} labels={labels} />
    </Card>
  )
}
