/** The folders of what npm publishes. */
export const packageFolders: readonly string[] = [
  'packages/client',
  'packages/server',
  'packages/testing',
]
