// Preloaded: the clock of this process is off by SKEW_SECONDS, as on a machine without time service.
const offset = Number(process.env.SKEW_SECONDS) * 1000
const Right = Date
const now = () => Right.now() + offset
globalThis.Date = new Proxy(Right, {
  construct: (_, given, target) => Reflect.construct(Right, given.length > 0 ? given : [now()], target),
  apply: () => new Right(now()).toString(),
  get: (_, name) => (name === 'now' ? now : Right[name]),
})
