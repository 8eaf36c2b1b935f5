/** How a service of one's own is connected, without the cloud: the two addresses of an account. */
import { Trans, useLingui } from '@lingui/react/macro'
import { sampleMessage, sendSamples } from '../../admin/accounts/connect/samples.ts'
import { Back } from '../../shell/Back.tsx'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { Card, Page, PageHeader } from '../../ui/Page.tsx'

const receiveUrl = 'https://desk.example.com/api/openchannel/accounts/1/notify?token=…'
const answered = JSON.stringify({ message: { id: 1 }, interaction: { id: 1 }, contact: { id: 1 } }, null, 2)

export function Build() {
  const { t } = useLingui()
  return (
    <Page isNarrow>
      <Back href="/" label={t`Integrations`} />
      <PageHeader
        title={t`Build your own`}
        description={t`A service posts messages to the Receive URL of an account, and gets the answers at its Reply URL.`}
      />
      <Card title={t`Send a message in`}>
        <p className="text-text-2">
          <Trans>
            Make an account under Admin, Accounts, copy its Receive URL from the Connect tab, and post:
          </Trans>
        </p>
        <CodeBlock label={t`Send a message in`} samples={sendSamples(receiveUrl, sampleMessage('email'))} />
        <p className="text-text-2">
          <Trans>The answer 200 means that the message is stored:</Trans>
        </p>
        <CodeBlock label={t`The answer`} samples={answered} />
      </Card>
      <Card title={t`Take the answers`}>
        <p className="text-text-2">
          <Trans>
            Set the address of your service as the Reply URL of the account. What an agent answers is posted
            there as JSON, signed with the secret of the account, and repeated until your service takes it.
          </Trans>
        </p>
        <p className="text-text-2">
          <Trans>
            Your contact centre describes both addresses under /apidoc, and every refusal with its fix under
            /docs/errors.
          </Trans>
        </p>
      </Card>
    </Page>
  )
}
