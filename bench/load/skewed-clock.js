// Preloaded into a worker: shifts its clock by SKEW_SECONDS, like a machine without NTP.
const offset = Number(process.env.SKEW_SECONDS) * 1000
const RealDate = Date
const now = () => RealDate.now() + offset
globalThis.Date = new Proxy(RealDate, {
  construct: (_, given, target) => Reflect.construct(RealDate, given.length > 0 ? given : [now()], target),
  apply: () => new RealDate(now()).toString(),
  get: (_, name) => (name === 'now' ? now : RealDate[name]),
})
