/** Starts the pages of the cloud: words first, then the routes. */
import './cloud.css'
import { createRoot } from 'react-dom/client'
import { App } from '../App.tsx'
import { addProblems } from '../api/useProblem.ts'
import { problems } from './problems.ts'
import { router } from './routes.ts'
import { startWords } from './words.ts'

addProblems(problems)
const root = document.getElementById('root')
// The first page's data and code are fetched while the words are.
if (root)
  Promise.all([startWords(), router.load()]).then(() => createRoot(root).render(<App router={router} />))
