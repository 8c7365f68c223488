/** Replaces `server-only` in tests. Next's bundler resolves that import itself. */
export {}
