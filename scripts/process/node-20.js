// Runs before each installation. npm silently skips optional packages that do not support its own
// Node, so that an old one breaks the build later. `node` may already be the installed one, so the
// version is taken from npm's user agent. Plain JavaScript, so that any Node can run it.

const [, version = ''] = /\bnode\/v(\S+)/.exec(process.env.npm_config_user_agent ?? '') ?? []
if (version && Number.parseInt(version, 10) < 20) {
  console.error(`Node 20 or newer is needed to install this; npm runs on Node ${version} here.`)
  process.exitCode = 1
}
