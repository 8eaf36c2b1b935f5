/** How the desk sounds and answers to keys, for this browser. Loaded on first use. */
import { Trans, useLingui } from '@lingui/react/macro'
import { BellRing, Volume2 } from 'lucide-react'
import { useState } from 'react'
import { ring } from '../inbox/offers/sound.ts'
import { Button } from '../ui/Button.tsx'
import { RadioGroup, Switch } from '../ui/Choice.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { keysInWords } from '../ui/Kbd.tsx'
import { Slider } from '../ui/Slider.tsx'
import { setPreferences, usePreferences } from './preferences.ts'

export default function PreferencesDialog({ onOpenChange }: { onOpenChange: (isOpen: boolean) => void }) {
  const { t } = useLingui()
  return (
    <Dialog title={t`Preferences`} size="small" isOpen onOpenChange={onOpenChange}>
      <div className="flex flex-col gap-6">
        <Sounds />
        <Notifications />
        <Keys />
      </div>
    </Dialog>
  )
}

function Sounds() {
  const { t } = useLingui()
  const { sound, messageSound, volume } = usePreferences()
  return (
    <section className="flex flex-col gap-3">
      <h3 className="text-h4">
        <Trans>Sound</Trans>
      </h3>
      <Switch
        isSelected={sound}
        onChange={(is) => setPreferences({ sound: is })}
        description={t`Again every few seconds until it is answered.`}
      >
        <Trans>Ring when an offer comes</Trans>
      </Switch>
      <Switch isSelected={messageSound} onChange={(is) => setPreferences({ messageSound: is })}>
        <Trans>A soft note for a new message in the open interaction</Trans>
      </Switch>
      <Slider
        label={t`Volume`}
        value={volume}
        isDisabled={!sound && !messageSound}
        onChange={(next) => setPreferences({ volume: next })}
      />
      <Button className="self-start" icon={<Volume2 aria-hidden />} onPress={ring}>
        {t`Test the sound`}
      </Button>
    </section>
  )
}

function Notifications() {
  const { t } = useLingui()
  const isPossible = 'Notification' in window
  const [permission, setPermission] = useState(isPossible ? Notification.permission : 'denied')
  const words = {
    granted: t`Allowed. They appear while you look at something else.`,
    denied: t`This browser does not allow them. Its settings for this site can change that.`,
    default: t`They tell of an offer while you look at something else.`,
  }
  return (
    <section className="flex flex-col gap-3">
      <h3 className="text-h4">
        <Trans>Notifications</Trans>
      </h3>
      <p className="text-text-2">{words[permission]}</p>
      {permission === 'default' ? (
        <Button
          className="self-start"
          icon={<BellRing aria-hidden />}
          onPress={() => void Notification.requestPermission().then(setPermission)}
        >
          {t`Allow notifications`}
        </Button>
      ) : null}
    </section>
  )
}

function Keys() {
  const { t } = useLingui()
  const { sendWith } = usePreferences()
  const enter = keysInWords('enter')
  const modEnter = keysInWords('mod+enter')
  return (
    <section className="flex flex-col gap-3">
      <h3 className="text-h4">
        <Trans>Sending</Trans>
      </h3>
      <RadioGroup
        label={t`Send with`}
        value={sendWith}
        onChange={(value) => setPreferences({ sendWith: value === 'mod+enter' ? value : 'enter' })}
        options={[
          { id: 'enter', label: enter, description: t`Shift and ${enter} make a new line.` },
          { id: 'mod+enter', label: modEnter, description: t`${enter} makes a new line.` },
        ]}
      />
    </section>
  )
}
