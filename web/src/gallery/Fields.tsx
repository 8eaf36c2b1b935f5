/** Everything that takes a value. */
import { useState } from 'react'
import { Checkbox, CheckboxGroup, RadioGroup, Switch } from '../ui/Choice.tsx'
import { ComboBox, MultiSelect } from '../ui/ComboBox.tsx'
import { CopyField } from '../ui/CopyField.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { Card } from '../ui/Page.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { Select } from '../ui/Select.tsx'
import { PasswordField, TextArea, TextField } from '../ui/TextField.tsx'

const queues = ['Sales IT', 'Support EN', 'Billing', 'Returns'].map((label, at) => ({
  id: at + 1,
  label,
  description: `${at + 2} agents`,
}))
const many = [...Array(300).keys()].map((at) => ({ id: at, label: `Agent ${at}` }))

export function Fields() {
  const [queue, setQueue] = useState<number | null>(2)
  const [search, setSearch] = useState('')
  const [agent, setAgent] = useState<number | null>(null)
  const [chosen, setChosen] = useState<number[]>([1, 3])
  return (
    <Card title="Fields">
      <div className="grid gap-4 narrow:grid-cols-2">
        <TextField label="Name" defaultValue="Nord shop app" />
        <TextField
          label="Reply URL"
          defaultValue="htp://example"
          error="Start with https:// or http://"
          isMono
        />
        <PasswordField label="Password" description="12 characters or more." defaultValue="correct horse" />
        <NumberField label="Timeout" suffix="s" defaultValue={20} minValue={5} maxValue={600} />
        <Select label="Queue" options={queues} value={queue} onChange={setQueue} />
        <ComboBox label="Agent" options={many} value={agent} onChange={setAgent} onCreate={() => {}} />
        <MultiSelect label="Queues" options={queues} value={chosen} onChange={setChosen} />
        <TextField label="Key" defaultValue="phone" isDisabled />
        <SearchField label="Search accounts" value={search} onChange={setSearch} />
      </div>
      <TextArea label="Description" placeholder="What is it for?" />
      <div className="grid gap-4 narrow:grid-cols-2">
        <div className="flex flex-col gap-1">
          <Checkbox defaultSelected>Ring</Checkbox>
          <Checkbox isIndeterminate description="Some of them">
            All accounts
          </Checkbox>
          <Checkbox isDisabled>Disabled</Checkbox>
          <Switch defaultSelected description="Messages are visible but not in reports.">
            Sandbox
          </Switch>
          <Switch>Auto-answer</Switch>
        </div>
        <RadioGroup
          label="Strategy"
          defaultValue="all"
          options={[
            { id: 'all', label: 'Ring all', description: 'The first who accepts has it.' },
            { id: 'next', label: 'Next after the last' },
          ]}
        />
        <CheckboxGroup
          label="Scopes"
          defaultValue={['notify']}
          error="Choose one that covers the call."
          options={[
            { id: 'notify', label: 'notify' },
            { id: 'contacts', label: 'contacts' },
          ]}
        />
      </div>
      <CopyField
        label="Receive URL"
        value="https://cc.nord.example/api/openchannel/accounts/12/notify?token=octk_7hY2kf93mXw"
        masked="https://cc.nord.example/api/openchannel/accounts/12/notify?token=••••••••••••3mXw"
      />
    </Card>
  )
}
