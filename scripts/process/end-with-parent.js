// Preloaded into every child: its standard input is a pipe that closes when the parent is gone,
// however the parent ended, so that nothing is left running behind it. Grandchildren inherit the
// preload but have another parent.
if (process.ppid === Number(process.env.END_WITH_PARENT)) {
  process.stdin.on('error', () => {})
  process.stdin.once('close', () => process.kill(process.pid, 'SIGTERM'))
  process.stdin.resume()
  process.stdin.unref?.()
}
