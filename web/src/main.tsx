/** Starts the desk: words first, then the routes. */
import './ui/index.css'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { router } from './routes.tsx'
import { startWords } from './shell/words.ts'

const root = document.getElementById('root')
// The first page's data and code are fetched while the words are.
if (root)
  Promise.all([startWords(), router.load()]).then(() => createRoot(root).render(<App router={router} />))
