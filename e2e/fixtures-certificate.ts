import { generateKeyPairSync, sign } from 'node:crypto'

/** A self-signed certificate for `localhost` and its key, made for one run: no key lies in the repository. */
export function makeCertificate(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaWithSha256 = sequence(identifier([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]))
  const commonName = identifier([0x55, 0x04, 0x03])
  const localhost = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from('localhost')))))
  const time = (year: string) => der(0x18, Buffer.from(`${year}0101000000Z`))
  const alternative = sequence(der(0x82, Buffer.from('localhost')))
  const extension = sequence(identifier([0x55, 0x1d, 0x11]), der(0x04, alternative))
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    localhost,
    sequence(time('2020'), time('2120')),
    localhost,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension)),
  )
  const signature = sign('sha256', content, privateKey)
  const certificate = sequence(
    content,
    ecdsaWithSha256,
    der(0x03, Buffer.concat([Buffer.from([0]), signature])),
  )
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  }
}

/** One value of X.509's encoding: tag, length, content. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const long = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : long)]), content])
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

function identifier(bytes: number[]): Buffer {
  return der(0x06, Buffer.from(bytes))
}
