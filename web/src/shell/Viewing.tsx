/** Somebody looks at the desk of another: whose it is, and the way back. */
import { useLingui } from '@lingui/react/macro'
import { api } from '../api/api.ts'
import { useMe } from '../api/queries.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'

export default function Viewing() {
  const { t } = useLingui()
  const { fullname } = useMe()
  const end = async () => {
    await api('DELETE /api/me/view-as')
    location.assign('/admin/users')
  }
  return (
    <Banner
      tone="warn"
      action={
        <Button size="small" variant="primary" onPress={() => void end()}>
          {t`End`}
        </Button>
      }
    >
      {t`You see the desk of ${fullname} and can change nothing.`}
    </Banner>
  )
}
