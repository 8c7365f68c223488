import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'

/** A name server on loopback. Each question for a name takes its next addresses; the last stay. */
export const startNameServer = async (names: Record<string, string[][]>) => {
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (question, from) => {
    const { name, type, end } = readQuestion(question)
    const answers = names[name] ?? []
    const addresses =
      answers[Math.min(asked.filter((each) => each === `${name} ${type}`).length, answers.length - 1)] ?? []
    asked.push(`${name} ${type}`)
    const wanted = addresses.filter((address) => address.includes(':') === (type === aaaa))
    const head = Buffer.from([
      ...question.subarray(0, 2),
      0x81,
      addresses.length ? 0x80 : 0x83,
      0,
      1,
      0,
      wanted.length,
      0,
      0,
      0,
      0,
    ])
    const records = wanted.map((address) => {
      const bytes = address.includes(':') ? bytesOfSix(address) : address.split('.').map(Number)
      return Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, bytes.length, ...bytes])
    })
    socket.send(Buffer.concat([head, question.subarray(12, end), ...records]), from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const resolver = new Resolver({ timeout: 2000, tries: 2 })
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  return { resolver, asked, stop: () => new Promise<void>((resolve) => socket.close(() => resolve())) }
}

const aaaa = 28

const readQuestion = (message: Buffer) => {
  const labels: string[] = []
  let at = 12
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 }
}

/** Of an address written out in eight groups. */
const bytesOfSix = (address: string) =>
  address.split(':').flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
