// The framework alone, answering a constant to every POST: what the machine can do at best.
import Fastify from 'fastify'

const app = Fastify()
const answer = {
  message: { id: 1 },
  interaction: { id: 1 },
  contact: { id: 1 },
  duplicate: false,
  ignored: [],
}
app.post('/notify', () => answer)
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
process.stdout.write('ready\n')
