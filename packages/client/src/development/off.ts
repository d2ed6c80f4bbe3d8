/** In production, what only a developer needs to be told goes out with the bundle. */
export const development: boolean = false
