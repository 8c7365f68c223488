/** Result of one check; `fix` says how to put it right. */
export type Finding = { state: 'ok' | 'warning' | 'error'; message: string; fix?: string }

export const ok = (message: string): Finding => ({ state: 'ok', message })
export const warning = (message: string, fix: string): Finding => ({ state: 'warning', message, fix })
export const error = (message: string, fix: string): Finding => ({ state: 'error', message, fix })

/** Milliseconds that a check waits for an answer from the network. */
export const timeoutMs = 8000
