'use client'
import Link from 'next/link'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '#components/ui/card.tsx'
import { Pill } from '#components/ui/pill.tsx'
import { TimeAgo } from '#components/ui/time-ago.tsx'
import type { Member } from '#lib/auth/schema.ts'
import { type ApiKey, scopeLabels } from '#lib/receptionist/keys/schema.ts'
import type { Service } from '#lib/services/schema.ts'
import { NewKeyDialog } from './new-key-dialog.tsx'
import { RevokeKeyDialog } from './revoke-key-dialog.tsx'

type KeysCardProps = { businessId: string; keys: ApiKey[]; services: Service[]; members: Member[] }

/** What agents and programs may do. A secret is shown once, when its key is created. */
export const KeysCard = ({ businessId, keys, services, members }: KeysCardProps) => {
  const [isAdding, setIsAdding] = useState(false)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  const active = keys.filter(({ revokedAt }) => revokedAt === null)
  const revoked = keys.filter(({ revokedAt }) => revokedAt !== null)
  const namesOf = (key: ApiKey) => limitsOf(key, { services, members })
  return (
    <Card labelledBy="keys">
      <CardHeader
        id="keys"
        title="API keys"
        lead={
          <>
            Each voice agent or program gets its own key.{' '}
            <Link href="/help/api" prefetch={false} className="text-accent underline underline-offset-2">
              How to connect
            </Link>
          </>
        }
      >
        <Button tone={active.length === 0 ? 'primary' : 'plain'} onClick={() => setIsAdding(true)}>
          Create key
        </Button>
      </CardHeader>
      {active.length === 0 && <CardBody className="text-ink-2">No keys. Nothing outside can read or book.</CardBody>}
      <ul className="divide-y divide-line">
        {active.map((key) => (
          <KeyRow key={key.id} apiKey={key} limits={namesOf(key)}>
            <Button tone="danger" size="small" aria-label={`Revoke ${key.name}`} onClick={() => setRevoking(key)}>
              Revoke
            </Button>
          </KeyRow>
        ))}
      </ul>
      {revoked.length > 0 && (
        <details className="border-t border-line">
          <summary className="flex h-11 cursor-pointer items-center px-4 text-sm font-medium text-ink-2 -outline-offset-2 md:px-5">
            Revoked keys ({revoked.length})
          </summary>
          <ul className="divide-y divide-line border-t border-line">
            {revoked.map((key) => (
              <KeyRow key={key.id} apiKey={key} limits={namesOf(key)}>
                <Pill>Revoked</Pill>
              </KeyRow>
            ))}
          </ul>
        </details>
      )}
      {isAdding && (
        <NewKeyDialog
          businessId={businessId}
          services={services}
          members={members.filter(({ active: isActive }) => isActive)}
          onClose={() => setIsAdding(false)}
        />
      )}
      {revoking && <RevokeKeyDialog apiKey={revoking} onClose={() => setRevoking(null)} />}
    </Card>
  )
}

type KeyRowProps = { apiKey: ApiKey; limits: string; children: React.ReactNode }

const KeyRow = ({ apiKey, limits, children }: KeyRowProps) => {
  const { name, hint, test, scopes, createdAt, lastUsedAt } = apiKey
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 md:px-5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-2">
          <b className="font-semibold break-words">{name}</b>
          {test && <Pill>Test</Pill>}
          <code className="text-sm text-ink-3">{hint}</code>
        </p>
        <p className="text-sm text-ink-2">{scopes.map((scope) => scopeLabels[scope]).join(' · ')}</p>
        <p className="text-sm text-ink-3">
          {limits && `${limits} · `}created <TimeAgo at={createdAt} />,{' '}
          {lastUsedAt ? (
            <>
              last used <TimeAgo at={lastUsedAt} />
            </>
          ) : (
            'never used'
          )}
        </p>
      </div>
      {children}
    </li>
  )
}

type Names = { services: Service[]; members: Member[] }

/** "only Leaking tap, only Mia Chen"; empty without limits. */
const limitsOf = ({ serviceIds, memberIds }: ApiKey, { services, members }: Names) =>
  [
    ...(serviceIds ? [namesOf(serviceIds, services, 'deleted services')] : []),
    ...(memberIds ? [namesOf(memberIds, members, 'former members')] : []),
  ]
    .map((names) => `only ${names}`)
    .join(', ')

const namesOf = (ids: readonly string[], from: readonly { id: string; name: string }[], otherwise: string) =>
  from
    .filter(({ id }) => ids.includes(id))
    .map(({ name }) => name)
    .join(', ') || otherwise
