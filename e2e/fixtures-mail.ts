import { SMTPServer } from 'smtp-server'

export type Letter = { to: string[]; text: string }

/** A mail server that keeps what it gets. `refuse` makes it turn mail away. */
export type Mail = {
  url: string
  letters: Letter[]
  refuse: boolean
  /** The first link of the newest letter to an address. */
  linkTo(address: string): string | undefined
  stop(): Promise<void>
}

export async function startMail(): Promise<Mail> {
  const mail = { letters: [] as Letter[], refuse: false }
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (mail.refuse) return done(Object.assign(new Error('Mailbox unavailable'), { responseCode: 550 }))
        const to = session.envelope.rcptTo.map(({ address }) => address)
        mail.letters.push({ to, text: unfolded(Buffer.concat(chunks).toString()) })
        done()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as { port: number }
  const linkTo = (address: string) =>
    mail.letters
      .findLast(({ to }) => to.includes(address))
      ?.text.match(/https?:\/\/\S+/)
      ?.at(0)
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return Object.assign(mail, { url: `smtp://127.0.0.1:${port}`, linkTo, stop })
}

/** Quoted-printable, as far as plain letters use it. */
const unfolded = (text: string) =>
  text
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
