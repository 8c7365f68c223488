// With each installation. npm leaves out what does not run on its own Node, without a word: an older one ends in a build that fails
// on a missing part. By now `node` is the one that was installed, so npm says on which it runs. Plain JavaScript, for whatever that is.

const [, version = ''] = /\bnode\/v(\S+)/.exec(process.env.npm_config_user_agent ?? '') ?? []
if (version && Number.parseInt(version, 10) < 20) {
  console.error(`Node 20 or newer is needed to install this; npm runs on Node ${version} here.`)
  process.exitCode = 1
}
