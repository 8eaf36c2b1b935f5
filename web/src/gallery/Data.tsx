/** Tables, code, files, saving. */
import { Play } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/Button.tsx'
import { CodeBlock } from '../ui/CodeBlock.tsx'
import { DataTable, type Sort } from '../ui/DataTable.tsx'
import { FileDrop, useFilePicker } from '../ui/FileDrop.tsx'
import { LoadMore } from '../ui/LoadMore.tsx'
import { Tag } from '../ui/Mark.tsx'
import { Card } from '../ui/Page.tsx'
import { SaveBar } from '../ui/SaveBar.tsx'

const deliveries = [
  { id: 1, event: 'message.reply · 9812', status: 502, tries: '3 / 30', at: '10:08' },
  { id: 2, event: 'message.reply · 9811', status: 200, tries: '1', at: '10:04' },
  { id: 3, event: 'message.received · 9812', status: 200, tries: '1', at: '10:02' },
]

const curl = `curl -X POST "$RECEIVE_URL" \\
  -H "content-type: application/json" \\
  -d '{"from":"+39 347 555 0142","mapKey":"phone",
       "body":"Hello from my app","firstName":"Giulia"}'`
const node = `const answer = await fetch(process.env.RECEIVE_URL, {
  method: 'POST',
  body: JSON.stringify({ from: '+39 347 555 0142', mapKey: 'phone', body: 'Hello' }),
}) // 200`

export function Data() {
  const [sort, setSort] = useState<Sort>({ column: 'at', direction: 'descending' })
  const [selected, setSelected] = useState(new Set([2]))
  const [files, setFiles] = useState<string[]>([])
  const picker = useFilePicker((picked) => setFiles(picked.map(({ name }) => name)))
  return (
    <div className="grid gap-3 narrow:grid-cols-2">
      <Card title="Deliveries" meta={<Tag tone="ok">99.2 % · p95 210 ms</Tag>} isFlush>
        <DataTable
          label="Deliveries"
          rows={deliveries}
          rowId={({ id }) => id}
          rowName={({ event }) => event}
          rowHref={({ id }) => `#${id}`}
          current={1}
          sort={sort}
          onSort={setSort}
          selected={selected}
          onSelect={setSelected}
          columns={[
            { id: 'event', title: 'Event', cell: ({ event }) => event, isSortable: true },
            {
              id: 'status',
              title: 'Status',
              cell: ({ status }) => <Tag tone={status === 200 ? 'ok' : 'bad'}>{status}</Tag>,
            },
            { id: 'tries', title: 'Tries', align: 'end', cell: ({ tries }) => tries, priority: 'low' },
            { id: 'at', title: 'Time', align: 'end', cell: ({ at }) => at, isSortable: true },
          ]}
        />
        <LoadMore hasMore isLoading={false} onLoadMore={() => {}} />
      </Card>
      <Card title="First message">
        <CodeBlock
          label="Send a first message"
          samples={[
            { id: 'curl', label: 'curl', code: curl },
            { id: 'node', label: 'Node', code: node },
          ]}
          output="# 200 · interaction 9812 · waiting in “Sales IT” · 38 ms"
          actions={
            <Button size="small" icon={<Play aria-hidden />}>
              Run from here
            </Button>
          }
        />
        <FileDrop label="Drop to attach" onFiles={(dropped) => setFiles(dropped.map(({ name }) => name))}>
          <div className="flex items-center gap-3 rounded-card border border-border p-4">
            <Button onPress={picker.open}>Choose files</Button>
            <span className="text-text-2">{files.join(', ') || 'or drop them here'}</span>
            {picker.input}
          </div>
        </FileDrop>
        <SaveBar changes={['Name', 'Reply URL']} onSave={() => {}} onUndo={() => {}} />
      </Card>
    </div>
  )
}
